"""How moderation is doing, counted from the log. Samples count for nothing: nobody waited for them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.db.models import Min

from community.enums import READ_KINDS
from community.models import ModerationEvent, Question, Submission
from community.states import Action, SubmissionState

PERIOD = timedelta(days=90)
ANSWERED_WITHIN = timedelta(days=7)
#: Fewer decisions than this say nothing about the next one.
FEWEST_DECISIONS = 20
_SENT_IN = {Action.SUBMIT, Action.RESUBMIT}
_DECIDED = {Action.APPROVE, Action.RETURN, Action.DECLINE}


@dataclass(frozen=True)
class Figures:
    """Figures of the last 90 days; shares in percent. ``answered`` is None where no question is old enough."""

    decisions: int
    median_hours: float
    returned: int
    declined: int
    answered: int | None
    overdue: int


def moderation_figures_at(now: datetime) -> Figures | None:
    """Return the figures as of ``now``; None where too few decisions were taken."""
    since = now - PERIOD
    entries = (
        ModerationEvent.objects.filter(
            at__gt=since, at__lte=now, submission__author__is_sample=False, submission__kind__in=READ_KINDS
        )
        .order_by("submission_id", "number")
        .values_list("submission_id", "action", "at")
    )
    sent_in: dict[int, datetime] = {}
    waits: list[timedelta] = []
    counts: dict[str, int] = defaultdict(int)
    for submission_id, action, at in entries:
        if action in _SENT_IN:
            sent_in[submission_id] = at
        elif action in _DECIDED:
            counts[action] += 1
            if submission_id in sent_in:
                waits.append(at - sent_in.pop(submission_id))
    decisions = sum(counts.values())
    if decisions < FEWEST_DECISIONS or not waits:
        return None
    return Figures(
        decisions=decisions,
        median_hours=round(median(wait.total_seconds() for wait in waits) / 3600, 1),
        returned=round(100 * counts[Action.RETURN] / decisions),
        declined=round(100 * counts[Action.DECLINE] / decisions),
        answered=_answered(since, now),
        overdue=Submission.objects.waiting()
        .filter(due_at__lt=now, author__is_sample=False, kind__in=READ_KINDS)
        .count(),
    )


def _answered(since: datetime, now: datetime) -> int | None:
    """Return the share of questions answered within a week, of those that are a week old."""
    questions = Question.objects.filter(
        state=SubmissionState.RELEASED,
        released_at__gt=since,
        released_at__lte=now - ANSWERED_WITHIN,
        author__is_sample=False,
    ).annotate(first_answer_at=Min("replies__released_at"))
    times = list(questions.values_list("released_at", "first_answer_at"))
    if not times:
        return None
    in_time = sum(answered is not None and answered - released <= ANSWERED_WITHIN for released, answered in times)
    return round(100 * in_time / len(times))
