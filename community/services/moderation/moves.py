"""The one step that changes a submission's state: a compare-and-swap on its version, and an entry in the log."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.db.models import F, Max, Q
from django.utils.translation import gettext as _

from community.models import Appeal, Flag, Member, ModerationEvent, ModerationReason, Revision, Submission
from community.permissions import NotAllowed, Viewer, member_of, moderates
from community.states import OPEN_STATES, Action, SubmissionState, next_state

from .kinds import check_action, kind_of
from .reasons import version_of

#: What clears a lease; part of the UPDATE of everything that takes an item out of the queue.
NO_LEASE = {"lease_holder": None, "lease_kind": "", "leased_at": None, "lease_until": None}


class Conflict(Exception):
    """Somebody else acted on the item first; ``event`` says who did what and when."""

    def __init__(self, event: ModerationEvent | None) -> None:
        super().__init__(str(event))
        self.event = event


class Held(Conflict):
    """Somebody else holds the item: ``holder``, ``since`` when and ``until`` when."""

    def __init__(self, submission: Submission) -> None:
        super().__init__(None)
        self.holder, self.since, self.until = submission.lease_holder, submission.leased_at, submission.lease_until


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
    note: str = "",
    kept: Mapping[str, object] | None = None,
    **changes,
) -> ModerationEvent:
    """Take ``submission`` from the state its log is at to the one ``action`` leads to.

    ``kept`` are further columns of the entry. A moderator's action on a waiting item also needs that nobody else
    holds it; what leaves the queue is held no more. Raises InvalidTransition where the table forbids it, Conflict
    where ``version`` is no longer the item's, Held where somebody else holds it, NotAllowed where the kind knows no
    such action.
    """
    before = submission.revision
    after = revision or before
    from_state = submission.state
    to_state = next_state(from_state, action)
    check_action(submission, action)
    changes["open_key"] = kind_of(submission).open_key(submission) if to_state in OPEN_STATES else None
    rows = Submission.objects.filter(pk=submission.pk, version=version, state=from_state)
    member = member_of(actor) if actor is not None else None
    if from_state == SubmissionState.PENDING and member is not None and member.pk != submission.author_id:
        rows = rows.free_for(member, now)
    if to_state != SubmissionState.PENDING:
        changes |= NO_LEASE
    if not rows.update(state=to_state, version=F("version") + 1, revision=after, **changes):
        raise _refusal(submission, version, from_state)
    submission.refresh_from_db()
    return write_entry(
        submission,
        action,
        actor=actor,
        now=now,
        from_state=from_state,
        before=before,
        reason=reason,
        message=message,
        note=note,
        kept=kept,
    )


def _refusal(submission: Submission, version: int, from_state: str) -> Conflict:
    now_there = Submission.objects.select_related("lease_holder").get(pk=submission.pk)
    same = now_there.version == version and now_there.state == from_state
    return Held(now_there) if same and now_there.lease_holder_id else conflict(submission)


def write_entry(
    submission: Submission,
    action: Action,
    *,
    actor: Viewer | None,
    now: datetime,
    from_state: str,
    before: Revision | None,
    reason: ModerationReason | None = None,
    message: str = "",
    note: str = "",
    kept: Mapping[str, object] | None = None,
) -> ModerationEvent:
    """Write the next entry of the log about ``submission`` as it is now. The caller holds the submission's lock."""
    after = submission.revision
    number = (submission.events.aggregate(last=Max("number"))["last"] or 0) + 1
    return ModerationEvent.objects.create(
        submission_id=submission.pk,
        number=number,
        actor=actor,
        action=action,
        from_state=from_state,
        to_state=submission.state,
        reason=reason,
        reason_version=version_of(reason, now) if reason else None,
        message=message,
        note=note,
        revision_before=before,
        revision_after=after,
        text_hash=after.text_hash if after else "",
        at=now,
        **(kept or {}),
    )


def locked(submission: Submission, version: int, action: Action) -> Submission:
    """Return the row as it is now, locked.

    Raises Conflict where somebody acted since ``version`` was shown, NotAllowed where the kind knows no such action.
    """
    before = kind_of(submission).locks(submission)
    if before is not None:
        list(before.select_for_update().values_list("pk", flat=True))
    fresh = (
        Submission.objects.select_for_update(of=("self",) if connection.features.has_select_for_update_of else ())
        .select_related("community", "author", "revision")
        .get(pk=submission.pk)
    )
    if fresh.version != version:
        raise conflict(fresh)
    next_state(fresh.state, action)
    check_action(fresh, action)
    return fresh


def is_barred(moderator: Viewer, submission: Submission) -> bool:
    """Return whether an appeal of ``moderator``'s own decision is what has to be decided."""
    return Appeal.objects.filter(submission_id=submission.pk, outcome="", declined__actor_id=moderator.pk).exists()


def left_to_administrators() -> Q:
    """Return what no moderator of its community can decide on: appeals of the only one, reports of their messages."""
    appeals = Appeal.objects.without_moderator().values("submission_id")
    return Q(pk__in=appeals) | Q(pk__in=Flag.objects.without_moderator().values("pk"))


def steps_in(moderator: Viewer, submission: Submission) -> bool:
    """Return whether ``moderator``, an administrator, decides on what no moderator there can decide on."""
    if not moderator.is_superuser or member_of(moderator) is None:
        return False
    return Submission.objects.filter(left_to_administrators(), pk=submission.pk).exists()


def check_moderator(submission: Submission, moderator: Viewer) -> Member:
    """Return the profile of ``moderator``, who may decide on ``submission``. Raises NotAllowed."""
    if not moderates(moderator, submission.community) and not steps_in(moderator, submission):
        raise NotAllowed(_("Only moderators of this community decide on its messages."))
    if submission.author_id == moderator.member.pk:
        raise NotAllowed(_("A second person decides on your own message."))
    if words := kind_of(submission).bars(submission, moderator.member):
        raise NotAllowed(words)
    if is_barred(moderator, submission):
        raise NotAllowed(_("You declined this message: somebody else decides on the appeal."))
    return moderator.member
