"""Giving a question to another community, where it fits better."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from community.models import Appeal, Community, Membership, Submission
from community.permissions import NotAllowed, Viewer
from community.states import Action

from .deadlines import note_arrival
from .kinds import check_action
from .moves import NO_LEASE, check_moderator, locked, move


@transaction.atomic
def move_to_community(
    *, submission: Submission, moderator: Viewer, version: int, to: Community, note: str, now: datetime
) -> Submission:
    """Put what waits into the queue of another community; its state and its clock stay as they are.

    The author reads where it went; ``note`` is for moderators. Raises NotAllowed (also where the author is not a
    member of ``to``, or appeals), Conflict, InvalidTransition.
    """
    submission = locked(submission, version, Action.MOVE)
    check_moderator(submission, moderator)
    check_action(submission, Action.MOVE)
    if to.pk == submission.community_id:
        raise NotAllowed(_("It is in this community already."))
    if not Membership.objects.current().filter(member_id=submission.author_id, community=to).exists():
        raise NotAllowed(
            _("The author is no member of %(community)s. Return it, and say that it fits there.") % {"community": to}
        )
    if Appeal.objects.filter(submission_id=submission.pk, outcome="").exists():
        raise NotAllowed(_("An appeal is decided where it was made."))
    with override(submission.author.mail_language):
        words = _("Your question went from “%(source)s” to “%(to)s”, where it fits better.") % {
            "source": submission.community,
            "to": to,
        }
    move(
        submission,
        Action.MOVE,
        actor=moderator,
        now=now,
        version=version,
        message=words,
        note=note,
        community=to,
        preferred_moderator=None,
        preferred_until=None,
        **NO_LEASE,
    )
    submission.community = to
    note_arrival(submission, now)
    return submission
