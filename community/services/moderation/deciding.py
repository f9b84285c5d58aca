"""What moderators decide."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from community.enums import AppealOutcome
from community.models import ModerationReason, Submission
from community.permissions import NotAllowed, Viewer
from community.services import notices
from community.services.revisions import Text, freeze
from community.states import Action, InvalidTransition

from .appeals import settle_appeal
from .deadlines import clock_stopped
from .moves import check_moderator, locked, move
from .reasons import version_of, words_for


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
) -> Submission:
    """Approve an item, with the moderator's own wording where ``amended`` is given; it goes out after the hold.

    The author reads what changed and the ``note`` on it; a change of the sense needs one. Raises NotAllowed,
    Conflict, InvalidTransition.
    """
    submission = locked(submission, version, Action.APPROVE)
    member = check_moderator(submission, moderator)
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
        release_at=now + timedelta(seconds=settings.RELEASE_HOLD_SECONDS),
    )
    return submission


@transaction.atomic
def undo_approval(*, submission: Submission, moderator: Viewer, version: int, now: datetime) -> Submission:
    """Take an approval back while the item is held: it is pending again and nobody was told.

    Raises NotAllowed, Conflict, InvalidTransition (it has gone out already).
    """
    submission = locked(submission, version, Action.UNDO)
    check_moderator(submission, moderator)
    move(submission, Action.UNDO, actor=moderator, now=now, version=version, release_at=None)
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
    submission = locked(submission, version, action)
    check_moderator(submission, moderator)
    if reason.action != action:
        raise InvalidTransition(reason.code, action)
    event = move(
        submission,
        action,
        actor=moderator,
        now=now,
        version=version,
        reason=reason,
        message=words_for(version_of(reason, now), submission, text=message.strip()),
        **(clock_stopped(submission, now) if action == Action.RETURN else {}),
    )
    if action == Action.DECLINE:
        settle_appeal(submission, AppealOutcome.STANDS, now)
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
