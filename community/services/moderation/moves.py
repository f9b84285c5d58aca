"""The one step that changes a submission's state: a compare-and-swap on its version, and an entry in the log."""

from datetime import datetime

from django.db import connection
from django.db.models import F, Max
from django.utils.translation import gettext as _

from community.models import Member, ModerationEvent, ModerationReason, Revision, Submission
from community.permissions import NotAllowed, Viewer, moderates
from community.states import Action, next_state


class Conflict(Exception):
    """Somebody else acted on the item first; ``event`` says who did what and when."""

    def __init__(self, event: ModerationEvent | None) -> None:
        super().__init__(str(event))
        self.event = event


def conflict(submission: Submission) -> Conflict:
    """Return what to raise where somebody else was first."""
    last = ModerationEvent.objects.filter(submission_id=submission.pk).select_related("actor").order_by("-number")
    return Conflict(last.first())


def move(
    submission: Submission,
    action: Action,
    *,
    actor: Viewer | None,
    now: datetime,
    version: int,
    revision: Revision | None = None,
    reason: ModerationReason | None = None,
    message: str = "",
    **changes,
) -> ModerationEvent:
    """Take ``submission`` from the state its log is at to the one ``action`` leads to.

    Raises InvalidTransition where the table forbids it, Conflict where ``version`` is no longer the item's.
    """
    before = submission.revision
    after = revision or before
    from_state = submission.state
    to_state = next_state(from_state, action)
    taken = Submission.objects.filter(pk=submission.pk, version=version, state=from_state).update(
        state=to_state, version=F("version") + 1, revision=after, **changes
    )
    if not taken:
        raise conflict(submission)
    submission.refresh_from_db()
    number = (submission.events.aggregate(last=Max("number"))["last"] or 0) + 1
    return ModerationEvent.objects.create(
        submission_id=submission.pk,
        number=number,
        actor=actor,
        action=action,
        from_state=from_state,
        to_state=to_state,
        reason=reason,
        message=message,
        revision_before=before,
        revision_after=after,
        text_hash=after.text_hash if after else "",
        at=now,
    )


def locked(submission: Submission, version: int, action: Action) -> Submission:
    """Return the row as it is now, locked. Raises Conflict where somebody acted since ``version`` was shown."""
    fresh = (
        Submission.objects.select_for_update(of=("self",) if connection.features.has_select_for_update_of else ())
        .select_related("community", "author", "revision")
        .get(pk=submission.pk)
    )
    if fresh.version != version:
        raise conflict(fresh)
    next_state(fresh.state, action)
    return fresh


def check_moderator(submission: Submission, moderator: Viewer) -> Member:
    """Return the profile of ``moderator``, who may decide on ``submission``. Raises NotAllowed."""
    if not moderates(moderator, submission.community):
        raise NotAllowed(_("Only moderators of this community decide on its messages."))
    if submission.author_id == moderator.member.pk:
        raise NotAllowed(_("A second person decides on your own message."))
    return moderator.member
