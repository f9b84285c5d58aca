"""Until when a decision is due, who is told when it is late, and what becomes of what lies with its author.

One sweep does all of it from rows: late, doubled or beside itself, it tells everybody once. Nothing that waits is
ever deleted or decided because of its age.
"""

from datetime import datetime

from .clock import calendar_of, calendars_of, clock_resumed, clock_started, clock_stopped
from .escalating import escalate, escalate_due
from .returned import remind, remind_due
from .speakers import communities_without_moderator, free_what_nobody_holds, note_arrival, watch_communities
from .telling import tell, tell_due

__all__ = [
    "calendar_of",
    "calendars_of",
    "clock_resumed",
    "clock_started",
    "clock_stopped",
    "communities_without_moderator",
    "escalate",
    "escalate_due",
    "free_what_nobody_holds",
    "keep_deadlines",
    "note_arrival",
    "remind",
    "remind_due",
    "tell",
    "tell_due",
    "watch_communities",
]


def keep_deadlines(*, now: datetime) -> None:
    """Do everything that deadlines ask for at ``now``."""
    free_what_nobody_holds()
    watch_communities(now=now)
    escalate_due(now=now)
    remind_due(now=now)
    tell_due(now=now)
