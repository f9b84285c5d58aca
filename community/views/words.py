"""Sentences that several pages say."""

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from community.models import Submission
from community.services.moderation.deadlines.working_time import Calendar, between

#: A day of the week alone is plain for so long.
_THIS_WEEK = timedelta(days=6)
#: What is late for longer is better said by its date.
_LONG_AGO = timedelta(days=28)
_HOUR = timedelta(hours=1)


def expected_decision(submission: Submission) -> str:
    """Return by when the author can expect a decision; an apology where that moment has passed."""
    now = timezone.now()
    if submission.due_at is None:
        return ""
    if submission.long_overdue_at and submission.long_overdue_at <= now:
        return _("This took far longer than we promised. Sorry. Those who lead the community have been told.")
    if submission.due_at <= now:
        return _("This took longer than we promised. Sorry. The moderators have been reminded.")
    due_at = timezone.localtime(submission.due_at)
    when = {"time": time_format(due_at, "H:i")}
    if due_at.date() == timezone.localdate():
        return _("Usually decided by %(time)s today.") % when
    if due_at - now < _THIS_WEEK:
        return _("Usually decided by %(day)s, %(time)s.") % (when | {"day": date_format(due_at, "l")})
    return _("Usually decided by %(time)s on %(day)s.") % (when | {"day": date_format(due_at, "j F")})


def due_words(due_at: datetime, now: datetime, calendar: Calendar) -> str:
    """Return in working time how far ahead a deadline is, or how long ago: "due in 3 working hours"."""
    if now - due_at > _LONG_AGO:
        return _("overdue since %(day)s") % {"day": date_format(timezone.localtime(due_at), "j F Y")}
    if due_at <= now:
        return _late(between(calendar, due_at, now), calendar.day_length)
    return _ahead(between(calendar, now, due_at), calendar.day_length)


def _late(work: timedelta, day: timedelta) -> str:
    if work < _HOUR:
        return _("overdue by less than a working hour")
    if work < day or not day:
        hours = work // _HOUR
        words = ngettext("overdue by %(hours)d working hour", "overdue by %(hours)d working hours", hours)
        return words % {"hours": hours}
    days = work // day
    return ngettext("overdue by %(days)d working day", "overdue by %(days)d working days", days) % {"days": days}


def _ahead(work: timedelta, day: timedelta) -> str:
    if work < _HOUR:
        return _("due in less than a working hour")
    if work < day or not day:
        hours = work // _HOUR
        return ngettext("due in %(hours)d working hour", "due in %(hours)d working hours", hours) % {"hours": hours}
    days = work // day
    return ngettext("due in %(days)d working day", "due in %(days)d working days", days) % {"days": days}
