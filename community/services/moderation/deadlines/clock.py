"""The clock of an item: it runs while a moderator has it, stands while the author has it, then goes on with the rest.

The moments are fixed when the clock starts. Who edits the calendar or the hours later changes what is sent in, or
comes back, after that; a promise that was made stays.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q

from community.models import DecisionTime, Holiday, Submission
from community.states import Action

from . import working_time
from .working_time import Calendar

#: Shares of the allowed time at which an item escalates; the second one is when it is due.
ESCALATION_SHARES = (0.5, 1.0, 1.5)


def calendars_of(community_ids: Iterable[int]) -> dict[int, Calendar]:
    """Return the calendar of each community, all of them with one query."""
    wanted = set(community_ids)
    holidays = list(Holiday.objects.filter(Q(community=None) | Q(community_id__in=wanted), is_kept=True))
    return {pk: _calendar([holiday for holiday in holidays if holiday.community_id in (None, pk)]) for pk in wanted}


def _calendar(holidays: list[Holiday]) -> Calendar:
    return Calendar(
        zone=ZoneInfo(settings.TIME_ZONE),
        weekdays=frozenset(settings.WORKING_DAYS),
        opens=settings.WORKING_DAY_OPENS,
        closes=settings.WORKING_DAY_CLOSES,
        holidays=frozenset(holiday.falls_on for holiday in holidays if not holiday.every_year),
        yearly=frozenset((holiday.falls_on.month, holiday.falls_on.day) for holiday in holidays if holiday.every_year),
    )


def calendar_of(community_id: int) -> Calendar:
    """Return the calendar of one community."""
    return calendars_of([community_id])[community_id]


def time_to_decide(*, community_id: int, kind: str) -> timedelta:
    """Return how much working time a decision may take: the community's row, else what the settings say."""
    own = DecisionTime.objects.filter(community_id=community_id, kind=kind).values_list("hours", flat=True).first()
    return timedelta(hours=own or settings.DUE_HOURS.get(kind, settings.DUE_HOURS_OTHERWISE))


def clock_started(submission: Submission, now: datetime) -> dict[str, object]:
    """Return the columns of an item whose time begins at ``now``: of a new one, and of one that is appealed."""
    allowed = time_to_decide(community_id=submission.community_id, kind=submission.kind)
    fresh = {"seconds_allowed": int(allowed.total_seconds()), "seconds_used": 0, "escalation_level": 0}
    return fresh | _running(submission, now, allowed=allowed, used=timedelta(), level=0)


def clock_stopped(submission: Submission, now: datetime) -> dict[str, object]:
    """Return the columns of an item that goes back to its author at ``now``: what was used, when to remind."""
    calendar = calendar_of(submission.community_id)
    since = submission.clock_started_at or now
    used = timedelta(seconds=submission.seconds_used) + working_time.between(calendar, since, max(since, now))
    return {
        "seconds_used": int(used.total_seconds()),
        "clock_started_at": None,
        "half_due_at": None,
        "due_at": None,
        "long_overdue_at": None,
        "escalate_at": None,
        "returned_at": now,
        "reminder_step": 0,
        "remind_at": now + timedelta(days=settings.RETURNED_REMINDER_DAYS[0]),
    }


def clock_resumed(submission: Submission, now: datetime) -> dict[str, object]:
    """Return the columns of an item that its author sends in again at ``now``: the rest, and whose it is first."""
    if submission.seconds_allowed is None:  # sent in before there was a clock
        return clock_started(submission, now) | _handed_back(submission, now)
    allowed, used = (timedelta(seconds=each) for each in (submission.seconds_allowed, submission.seconds_used))
    running = _running(submission, now, allowed=allowed, used=used, level=submission.escalation_level)
    return running | _handed_back(submission, now)


def _running(
    submission: Submission, now: datetime, *, allowed: timedelta, used: timedelta, level: int
) -> dict[str, object]:
    calendar = calendar_of(submission.community_id)
    moments = [working_time.add(calendar, now, max(allowed * share - used, timedelta())) for share in ESCALATION_SHARES]
    return {
        "clock_started_at": now,
        "half_due_at": moments[0],
        "due_at": moments[1],
        "long_overdue_at": moments[2],
        "escalate_at": moments[level] if level < len(moments) else None,
    }


def _handed_back(submission: Submission, now: datetime) -> dict[str, object]:
    """Return to whom an item goes first that comes back: the one who returned it, for a day."""
    last = submission.events.filter(action=Action.RETURN).select_related("actor__member").order_by("-number").first()
    moderator = getattr(last.actor, "member", None) if last else None
    return {
        "returned_at": None,
        "remind_at": None,
        "preferred_moderator": moderator,
        "preferred_until": now + timedelta(hours=settings.PREFERRED_HOURS) if moderator else None,
    }
