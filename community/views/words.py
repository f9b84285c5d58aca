"""Sentences that several pages say."""

from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import gettext as _

from community.models import Submission


def expected_decision(submission: Submission) -> str:
    """Return until when the author can expect a decision; an apology where that moment has passed."""
    due_at = timezone.localtime(submission.due_at)
    if due_at < timezone.now():
        return _("This took longer than we promised. Sorry. It is next in the queue.")
    if due_at.date() == timezone.localdate():
        return _("Expect a decision by %(time)s today.") % {"time": time_format(due_at, "H:i")}
    moment = {"time": time_format(due_at, "H:i"), "day": date_format(due_at, "j F")}
    return _("Expect a decision by %(time)s on %(day)s.") % moment
