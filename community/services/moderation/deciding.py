"""What moderators decide."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.enums import AppealOutcome
from community.mail.addresses import absolute
from community.models import ModerationReason, Submission
from community.models.moderation.merge_fields import ANSWER, names_in
from community.models.moderation.trust import AfterwardsOutcome, TrustLost
from community.permissions import NotAllowed, Viewer
from community.services import trust
from community.services.answers import Answer
from community.services.revisions import Text, freeze
from community.states import Action, InvalidTransition

from .appeals import settle_appeal
from .automatic import settle_sample
from .deadlines import clock_stopped
from .kinds import Approval, Kind, check_reason, kind_of, tell
from .moves import check_moderator, locked, move
from .reasons import version_of, words_for
from .releasing import go_out


@transaction.atomic
def approve(
    *,
    submission: Submission,
    moderator: Viewer,
    version: int,
    now: datetime,
    amended: Text | None = None,
    is_substantive: bool = False,
    note: str = "",
    trusts: bool = False,
    reason: ModerationReason | None = None,
    message: str = "",
) -> Submission:
    """Approve an item, with the moderator's own wording where ``amended`` is given; it goes out after the hold.

    The author reads what changed and the ``note`` on it; a change of the sense needs one. ``trusts`` also lets what
    its author sends of this kind go out unread from now on. Kinds that are not held go out at once; to uphold a report
    takes a ``reason`` for hiding, and the ``message`` goes to whose message is hidden. Raises NotAllowed (also where
    nobody is trusted with the kind), Conflict, InvalidTransition.
    """
    submission = locked(submission, version, Action.APPROVE)
    member = check_moderator(submission, moderator)
    kind = kind_of(submission)
    approval = _approval(kind, Approval(moderator, reason, message.strip()))
    if trusts:
        trust.give(submission=submission, by=moderator, now=now)
    if amended is not None and amended.hash != submission.revision.text_hash:
        revision = freeze(submission=submission, text=amended, made_by=member, now=now)
        if is_substantive and not note.strip():
            raise NotAllowed(_("Say in a line what you changed in the sense, and why: the author reads it."))
        move(
            submission,
            Action.AMEND,
            actor=moderator,
            now=now,
            version=version,
            revision=revision,
            message=note.strip(),
            kept={"is_substantive": is_substantive},
        )
    move(
        submission,
        Action.APPROVE,
        actor=moderator,
        now=now,
        version=submission.version,
        release_at=now + kind.hold,
    )
    if not kind.is_held:
        go_out(submission, approval, now)
    return submission


def _approval(kind: Kind, approval: Approval) -> Approval:
    if kind.approval_reason is None:
        return approval
    if approval.reason is None:
        raise NotAllowed(_("Open it and choose a reason: without one it cannot be approved."))
    if approval.reason.action != kind.approval_reason:
        raise InvalidTransition(approval.reason.code, kind.approval_reason)
    return approval


@transaction.atomic
def undo_approval(*, submission: Submission, moderator: Viewer, version: int, now: datetime) -> Submission:
    """Take an approval back while the item is held: it is pending again and nobody was told.

    Raises NotAllowed, Conflict, InvalidTransition (it has gone out already).
    """
    submission = locked(submission, version, Action.UNDO)
    check_moderator(submission, moderator)
    move(submission, Action.UNDO, actor=moderator, now=now, version=version, release_at=None)
    trust.undo(submission=submission, by=moderator, now=now)
    settle_sample(submission, AfterwardsOutcome.UNDONE, moderator, now)
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
    answer: Answer | None = None,
) -> Submission:
    submission = locked(submission, version, action)
    check_moderator(submission, moderator)
    if reason.action != action:
        raise InvalidTransition(reason.code, action)
    check_reason(submission, reason)
    words = version_of(reason, now)
    if answer is None and ANSWER in names_in(message.strip() or words.text + words.text_hi):
        raise NotAllowed(_("These words name what answers it already: give its address."))
    address = absolute(answer.address) if answer else None
    event = move(
        submission,
        action,
        actor=moderator,
        now=now,
        version=version,
        reason=reason,
        message=words_for(words, submission, text=message.strip(), answer=address),
        kept={"answer_address": answer.address, "answer_title": answer.title[:255]} if answer else None,
        **(clock_stopped(submission, now) if action == Action.RETURN else {}),
    )
    if action == Action.DECLINE:
        settle_appeal(submission, AppealOutcome.STANDS, now)
        trust.lose_by_reason(submission=submission, reason=reason, by=moderator, now=now)
    tell(event, now)
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
    answer: Answer | None = None,
) -> Submission:
    """Decline an item with a reason, and with what answers it already where ``answer`` is given.

    Raises NotAllowed (also where the words name an answer and none is given), Conflict, InvalidTransition.
    """
    return _answer_author(
        submission,
        Action.DECLINE,
        moderator=moderator,
        version=version,
        reason=reason,
        message=message,
        now=now,
        answer=answer,
    )


@transaction.atomic
def mark_spam(*, submission: Submission, moderator: Viewer, version: int, now: datetime) -> Submission:
    """Take a message out of the queue as spam; its sender is not told.

    Raises NotAllowed, Conflict, InvalidTransition.
    """
    submission = locked(submission, version, Action.MARK_SPAM)
    check_moderator(submission, moderator)
    move(submission, Action.MARK_SPAM, actor=moderator, now=now, version=version)
    settle_appeal(submission, AppealOutcome.STANDS, now)
    trust.lose(
        member=submission.author,
        community=submission.community,
        kind=None,
        because=TrustLost.SPAM,
        by=moderator,
        now=now,
    )
    return submission
