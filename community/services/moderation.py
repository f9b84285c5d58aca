"""Every change of a submission's state: the only writer of ``state`` and of the log.

Each action is one compare-and-swap on the version, one log entry, and the rows of what follows, in one
transaction. Opening an item is a read and stays one.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from community.enums import SubmissionKind
from community.models import Member, ModerationEvent, ModerationReason, Question, Revision, Submission
from community.permissions import NotAllowed, Viewer, moderates
from community.states import Action, InvalidTransition, SubmissionState, next_state
from knowledge.slugs import unique_slug
from search.indexing import schedule_index

from . import distribution, notices
from .revisions import Text, freeze


class Conflict(Exception):
    """Somebody else acted on the item first; ``event`` says who did what and when."""

    def __init__(self, event: ModerationEvent | None) -> None:
        super().__init__(str(event))
        self.event = event


def _conflict(submission: Submission) -> Conflict:
    last = ModerationEvent.objects.filter(submission_id=submission.pk).select_related("actor").order_by("-number")
    return Conflict(last.first())


def _move(
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
        raise _conflict(submission)
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


def _locked(submission: Submission, version: int, action: Action) -> Submission:
    """Return the row as it is now, locked. Raises Conflict where somebody acted since ``version`` was shown."""
    fresh = (
        Submission.objects.select_for_update(of=("self",) if connection.features.has_select_for_update_of else ())
        .select_related("community", "author", "revision")
        .get(pk=submission.pk)
    )
    if fresh.version != version:
        raise _conflict(fresh)
    next_state(fresh.state, action)
    return fresh


def _check_moderator(submission: Submission, moderator: Viewer) -> Member:
    if not moderates(moderator, submission.community):
        raise NotAllowed(_("Only moderators of this community decide on its messages."))
    if submission.author_id == moderator.member.pk:
        raise NotAllowed(_("A second person decides on your own message."))
    return moderator.member


def due_at(kind: str, now: datetime) -> datetime:
    """Return the moment until which a moderator should have decided on a submission of ``kind``."""
    return now + timedelta(hours=settings.DUE_HOURS[kind])


# What authors do


@transaction.atomic
def submit(*, submission: Submission, text: Text, now: datetime) -> Submission:
    """Send a fresh draft in: its text is frozen and it joins the queue."""
    revision = freeze(submission=submission, text=text, made_by=submission.author, now=now)
    _move(
        submission,
        Action.SUBMIT,
        actor=submission.author.user,
        now=now,
        version=submission.version,
        revision=revision,
        submitted_at=now,
        due_at=due_at(submission.kind, now),
    )
    return submission


@transaction.atomic
def revise(*, submission: Submission, author: Viewer, version: int, text: Text, now: datetime) -> Submission:
    """Take an author's new text: a pending item stays pending, a returned one goes back into the queue.

    Raises NotAllowed, Conflict, InvalidTransition.
    """
    action = Action.RESUBMIT if submission.state == SubmissionState.RETURNED else Action.EDIT
    submission = _locked(submission, version, action)
    if submission.author.user_id != author.pk:
        raise NotAllowed("Only the author changes a message.")
    revision = freeze(submission=submission, text=text, made_by=submission.author, now=now)
    changes = {"due_at": due_at(submission.kind, now)} if action == Action.RESUBMIT else {}
    _move(submission, action, actor=author, now=now, version=version, revision=revision, **changes)
    return submission


@transaction.atomic
def withdraw(*, submission: Submission, author: Viewer, version: int, now: datetime) -> Submission:
    """Take an author's message back before it is released. Raises NotAllowed, Conflict, InvalidTransition."""
    submission = _locked(submission, version, Action.WITHDRAW)
    if submission.author.user_id != author.pk:
        raise NotAllowed("Only the author withdraws a message.")
    _move(submission, Action.WITHDRAW, actor=author, now=now, version=version, release_at=None)
    return submission


# What moderators do


@transaction.atomic
def approve(
    *, submission: Submission, moderator: Viewer, version: int, now: datetime, amended: Text | None = None
) -> Submission:
    """Approve an item, with the moderator's own wording where ``amended`` is given; it goes out after the hold.

    Raises NotAllowed, Conflict, InvalidTransition.
    """
    submission = _locked(submission, version, Action.APPROVE)
    member = _check_moderator(submission, moderator)
    if amended is not None and amended.hash != submission.revision.text_hash:
        revision = freeze(submission=submission, text=amended, made_by=member, now=now)
        _move(submission, Action.AMEND, actor=moderator, now=now, version=version, revision=revision)
    _move(
        submission,
        Action.APPROVE,
        actor=moderator,
        now=now,
        version=submission.version,
        release_at=now + timedelta(seconds=settings.RELEASE_HOLD_SECONDS),
        lease_holder=None,
        lease_until=None,
    )
    return submission


@transaction.atomic
def undo_approval(*, submission: Submission, moderator: Viewer, version: int, now: datetime) -> Submission:
    """Take an approval back while the item is held: it is pending again and nobody was told.

    Raises NotAllowed, Conflict, InvalidTransition (it has gone out already).
    """
    submission = _locked(submission, version, Action.UNDO)
    _check_moderator(submission, moderator)
    _move(submission, Action.UNDO, actor=moderator, now=now, version=version, release_at=None)
    return submission


def _answer_author(
    submission: Submission,
    action: Action,
    *,
    moderator: Viewer,
    version: int,
    reason: ModerationReason,
    message: str,
    now: datetime,
) -> Submission:
    submission = _locked(submission, version, action)
    _check_moderator(submission, moderator)
    if reason.action != action:
        raise InvalidTransition(reason.code, action)
    event = _move(
        submission,
        action,
        actor=moderator,
        now=now,
        version=version,
        reason=reason,
        message=message.strip() or reason.text,
        lease_holder=None,
        lease_until=None,
    )
    notices.tell_author(event=event, now=now)
    return submission


@transaction.atomic
def return_to_author(
    *,
    submission: Submission,
    moderator: Viewer,
    version: int,
    reason: ModerationReason,
    message: str,
    now: datetime,
) -> Submission:
    """Give an item back to its author with a reason; the same item comes back when it is sent in again.

    Raises NotAllowed, Conflict, InvalidTransition.
    """
    return _answer_author(
        submission, Action.RETURN, moderator=moderator, version=version, reason=reason, message=message, now=now
    )


@transaction.atomic
def decline(
    *,
    submission: Submission,
    moderator: Viewer,
    version: int,
    reason: ModerationReason,
    message: str,
    now: datetime,
) -> Submission:
    """Decline an item with a reason. Raises NotAllowed, Conflict, InvalidTransition."""
    return _answer_author(
        submission, Action.DECLINE, moderator=moderator, version=version, reason=reason, message=message, now=now
    )


# What the timer does


@transaction.atomic
def release(*, submission_id: int, now: datetime) -> Submission | None:
    """Release an approved item whose hold is over: readers see it, members are owed it, the index takes it.

    Returns None where another process has it, it was undone, or its time has not come.
    """
    submission = (
        Submission.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        .due_for_release(now)
        .filter(pk=submission_id)
        .first()
    )
    if submission is None:
        return None
    event = _move(
        submission,
        Action.RELEASE,
        actor=None,
        now=now,
        version=submission.version,
        released_revision=submission.revision,
        released_at=now,
        release_at=None,
    )
    if submission.kind == SubmissionKind.QUESTION:
        question = submission.as_question
        if question.slug is None:
            slug = unique_slug(submission.revision.title, Question.objects.all())
            Question.objects.filter(pk=question.pk).update(slug=slug)
    else:
        question = submission.thread
    distribution.record_release(submission=submission, now=now)
    notices.tell_author(event=event, now=now)
    schedule_index("question", question.pk)
    return submission


def release_due(*, now: datetime) -> int:
    """Release everything whose hold is over at ``now``; return how many were released here."""
    due = list(Submission.objects.due_for_release(now).values_list("pk", flat=True))
    return sum(release(submission_id=pk, now=now) is not None for pk in due)
