"""Until when a question takes answers: to the end of a day."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community.models import Community
from community.permissions import NotAllowed

_LAST_MOMENT = time(23, 59, 59)


def end_of(day: date) -> datetime:
    """Return the last second of ``day`` here."""
    return timezone.make_aware(datetime.combine(day, _LAST_MOMENT))


def closing_of(community: Community, now: datetime) -> datetime:
    """Return when a question that is opened at ``now`` closes by itself: as many days on as the community gives."""
    days = community.answer_days or settings.ANSWER_DAYS
    return end_of(timezone.localdate(now) + timedelta(days=days))


def check_day(day: date, now: datetime, *, later_than: datetime | None = None) -> datetime:
    """Return the closing time of ``day``.

    Raises NotAllowed where the day is not ahead, farther than MOST_ANSWER_DAYS, or not after ``later_than``.
    """
    today = timezone.localdate(now)
    earliest = max(today, timezone.localdate(later_than)) if later_than else today
    if day <= earliest:
        raise NotAllowed(_("Choose a day after %(day)s.") % {"day": date_format(earliest, "j F Y")})
    if day > today + timedelta(days=settings.MOST_ANSWER_DAYS):
        raise NotAllowed(_("Choose a day within the next %(days)d days.") % {"days": settings.MOST_ANSWER_DAYS})
    return end_of(day)
