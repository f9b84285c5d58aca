"""An approved item goes out: the timer sees to it when the hold is over, where its kind is held at all."""

from datetime import datetime

from django.db import connection, transaction

from community.enums import AppealOutcome
from community.models import Submission
from community.services import trust
from community.states import Action

from .appeals import settle_appeal
from .automatic import is_distrusted, take_back
from .kinds import Approval, kind_of, tell
from .moves import move


@transaction.atomic
def release(*, submission_id: int, now: datetime) -> Submission | None:
    """Release an approved item whose hold is over: readers see it, members are owed it, the index takes it.

    Returns None where another process has it, it was undone, its time has not come, or the trust that approved it
    was lost meanwhile: then it waits for a moderator.
    """
    submission = (
        Submission.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        .due_for_release(now)
        .filter(pk=submission_id)
        .first()
    )
    if submission is None:
        return None
    if is_distrusted(submission):
        take_back(submission, now)
        return None
    go_out(submission, Approval(), now)
    return submission


def go_out(submission: Submission, approval: Approval, now: datetime) -> None:
    """Release what is approved: what that means its kind says, in this transaction. The caller holds the lock."""
    event = move(
        submission,
        Action.RELEASE,
        actor=None,
        now=now,
        version=submission.version,
        released_revision=submission.revision,
        released_at=now,
        release_at=None,
    )
    kind_of(submission).release(submission, approval, now)
    settle_appeal(submission, AppealOutcome.OVERTURNED, now)
    trust.earn(submission=submission, now=now)
    tell(event, now)


def release_due(*, now: datetime) -> int:
    """Release everything whose hold is over at ``now``; return how many were released here."""
    due = list(Submission.objects.due_for_release(now).values_list("pk", flat=True))
    return sum(release(submission_id=pk, now=now) is not None for pk in due)
