"""An item that waits too long is told to more and more people, each step once, whatever else arrives or not.

The level stands on the item. It grows in the transaction that also writes who is to be told, so a sweep that dies,
comes late, or runs beside another tells nobody twice and forgets nobody.
"""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from community.enums import NoticeCause
from community.models import Submission
from community.services import notices
from community.services.moderation.kinds import kind_of
from community.states import SubmissionState

from .speakers import leads_of, speakers_of, write_notices

#: What each level tells; the last one also apologises to the author.
CAUSES = (NoticeCause.HALF, NoticeCause.OVERDUE, NoticeCause.LONG_OVERDUE)


def moments_of(submission: Submission) -> list[datetime | None]:
    """Return when the item reaches each level."""
    return [submission.half_due_at, submission.due_at, submission.long_overdue_at]


def _people(submission: Submission, level: int) -> list[AbstractBaseUser]:
    return leads_of(submission) if level == len(CAUSES) else speakers_of(submission)


@transaction.atomic
def escalate(*, submission_id: int, now: datetime) -> int | None:
    """Bring an item to the level that it has reached at ``now`` and note who is told; return the level.

    None where another process has it or there is nothing to do. A late sweep goes over several levels at once: then
    everybody is told the gravest thing only.
    """
    submission = (
        Submission.objects.select_for_update(
            skip_locked=connection.features.has_select_for_update_skip_locked,
        )
        .filter(pk=submission_id, state=SubmissionState.PENDING, escalate_at__lte=now)
        .first()
    )
    if submission is None:
        return None
    moments = moments_of(submission)
    before, level = submission.escalation_level, submission.escalation_level
    while level < len(moments) and moments[level] is not None and moments[level] <= now:
        level += 1
    submission.escalation_level = level
    submission.escalate_at = moments[level] if level < len(moments) else None
    submission.save(update_fields=["escalation_level", "escalate_at"])
    told: set[int] = set()
    for step in range(level, before, -1):
        people = [user for user in _people(submission, step) if user.pk not in told]
        write_notices(CAUSES[step - 1], people, community_id=submission.community_id, submission=submission, now=now)
        told.update(user.pk for user in people)
    if before < len(CAUSES) <= level:
        notices.apologise(submission=submission, members=kind_of(submission).people(submission), now=now)
    return level


def escalate_due(*, now: datetime, limit: int = 500) -> int:
    """Escalate every item whose next level is due; return how many were escalated here."""
    due = Submission.objects.filter(state=SubmissionState.PENDING, escalate_at__lte=now).order_by("escalate_at", "pk")
    levels = [escalate(submission_id=pk, now=now) for pk in list(due.values_list("pk", flat=True)[:limit])]
    return sum(level is not None for level in levels)
