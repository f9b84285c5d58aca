"""What moderators do with what is out already: hide it from every output at once, and restore it."""

from datetime import datetime

from django.db import transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from community.enums import Role
from community.models import Flag, Membership, ModerationReason, Quote, Submission
from community.models.moderation.trust import AfterwardsOutcome
from community.permissions import NotAllowed, Viewer, current_membership
from community.services import distribution, trust
from community.states import Action, InvalidTransition
from search.indexing import schedule_index, schedule_indexes

from .automatic import settle_sample
from .kinds import check_reason, tell
from .moves import check_moderator, locked, move
from .reasons import version_of, words_for

#: Sent in the transaction that hides ``submission``, at ``now``.
message_hidden = Signal()


@transaction.atomic
def hide(
    *,
    submission: Submission,
    moderator: Viewer,
    version: int,
    reason: ModerationReason,
    message: str,
    now: datetime,
    case: Flag | None = None,
) -> Submission:
    """Hide a released message: readers see nothing of it, what has not left is not sent, the author is told why.

    ``case`` is the report on which ``moderator`` has just decided, and so may do what it asks for.
    Raises NotAllowed, Conflict, InvalidTransition (also where the reason is none for hiding).
    """
    submission = locked(submission, version, Action.HIDE)
    if case is None or case.about_id != submission.pk:
        check_moderator(submission, moderator)
    if reason.action != Action.HIDE:
        raise InvalidTransition(reason.code, Action.HIDE)
    check_reason(submission, reason)
    event = move(
        submission,
        Action.HIDE,
        actor=moderator,
        now=now,
        version=version,
        reason=reason,
        message=words_for(version_of(reason, now), submission, text=message.strip()),
    )
    distribution.cancel(submission=submission)
    settle_sample(submission, AfterwardsOutcome.HIDDEN, moderator, now)
    trust.lose_by_reason(submission=submission, reason=reason, by=moderator, now=now)
    _index_anew(submission)
    tell(event, now)
    message_hidden.send(Submission, submission=submission, now=now)
    return submission


@transaction.atomic
def restore(*, submission: Submission, moderator: Viewer, version: int, note: str, now: datetime) -> Submission:
    """Show a hidden message again, with a line on why that the log keeps; nobody is mailed a second time.

    A lead may, and every moderator but the one who hid it. Raises NotAllowed, Conflict, InvalidTransition.
    """
    submission = locked(submission, version, Action.RESTORE)
    check_moderator(submission, moderator)
    if not may_restore(submission, moderator):
        raise NotAllowed(_("You hid this message: a lead or another moderator restores it."))
    if not note.strip():
        raise NotAllowed(_("Say in one line why it is restored: the log keeps it."))
    move(submission, Action.RESTORE, actor=moderator, now=now, version=version, note=" ".join(note.split())[:300])
    _index_anew(submission)
    return submission


def may_restore(submission: Submission, moderator: Viewer) -> bool:
    """Return whether ``moderator``, who decides in the community, is not bound by having hidden the message."""
    hidden = submission.events.filter(action=Action.HIDE).order_by("-number").first()
    if hidden is None or hidden.actor_id != moderator.pk:
        return True
    own: Membership | None = current_membership(moderator, submission.community)
    return own is not None and own.role == Role.LEAD


def _index_anew(submission: Submission) -> None:
    """Have search read the thread again, and the articles that quote it."""
    question = submission.thread
    schedule_index("question", question.pk)
    quotes = Quote.objects.filter(reply=submission.pk) | Quote.objects.filter(reply__question=submission.pk)
    schedule_indexes("solution", quotes.values_list("page_id", flat=True).distinct())
