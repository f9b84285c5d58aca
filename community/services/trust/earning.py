"""How trust is earned: the last messages of a kind went out as their author wrote them.

Counted from the log when a message is released, so that an approval which is undone has never counted.
"""

from datetime import datetime

from django.conf import settings
from django.db.models import Max, Q

from community.models import ModerationEvent, Submission, Trust
from community.models.moderation.trust import TrustLost
from community.states import Action, SubmissionState

from .keeping import give, is_suspended

#: Clean approvals in a row that earn trust (moderation notes, section 3.3).
CLEAN_APPROVALS = 3
#: How many of the newest messages are looked at.
LOOKED_AT = 20
#: States that say nothing of an author, unless the message was returned or changed before.
_UNSAID = (SubmissionState.PENDING, SubmissionState.APPROVED, SubmissionState.WITHDRAWN)
#: What makes a message none that went out as it was written.
_UNCLEAN = Q(action=Action.RETURN) | Q(action=Action.AMEND, is_substantive=True)


def earn(*, submission: Submission, now: datetime) -> Trust | None:
    """Trust the author of a released message where its release is the last that was needed."""
    if submission.kind not in settings.TRUSTED_KINDS or not is_earned(submission) or is_suspended(submission, now):
        return None
    return give(submission=submission, by=None, now=now)


def is_earned(submission: Submission) -> bool:
    """Return whether the newest messages of the author, of this kind and here, are clean approvals, enough of them.

    A message counts where moderators approved it, released and not hidden since, never returned and not changed in
    the sense; one that trust itself approved says nothing. What was before the last loss of trust counts no more.
    """
    whose = {"community_id": submission.community_id, "kind": submission.kind}
    lost = (
        Trust.objects.filter(member_id=submission.author_id, ended_at__isnull=False, **whose)
        .exclude(ended_because=TrustLost.UNDONE)
        .aggregate(at=Max("ended_at"))["at"]
    )
    newest = Submission.objects.filter(author_id=submission.author_id, automatic_approval=None, **whose)
    newest = newest.exclude(state=SubmissionState.DRAFT).order_by("-submitted_at", "-pk")
    if lost is not None:
        newest = newest.filter(submitted_at__gt=lost)
    states = dict(newest.values_list("pk", "state")[:LOOKED_AT])
    unclean = set(
        ModerationEvent.objects.filter(_UNCLEAN, submission_id__in=states).values_list("submission_id", flat=True)
    )
    clean = 0
    for pk, state in states.items():
        if pk in unclean:
            break
        clean += state == SubmissionState.RELEASED
        if clean == CLEAN_APPROVALS or state not in (*_UNSAID, SubmissionState.RELEASED):
            break
    return clean == CLEAN_APPROVALS
