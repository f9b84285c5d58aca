"""What goes out by trust: approved by nobody, held like everything, and a drawn share looked at afterwards."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from community.models import AutomaticApproval, Submission
from community.models.moderation.trust import AfterwardsOutcome
from community.permissions import NotAllowed, Viewer
from community.services import trust
from community.states import Action

from .deadlines import clock_started, note_arrival
from .moves import check_moderator, move

#: What the log says where trust approved.
AUTO = "auto"
#: Draws a number from 0 up to 1, the same for nobody who watches.
_draw = random.SystemRandom().random


def approve_by_trust(
    submission: Submission, now: datetime, *, draw: Callable[[], float] = _draw
) -> AutomaticApproval | None:
    """Approve what its author has just sent in, where the author is trusted and no rule holds it; None otherwise.

    ``draw`` decides whether a moderator looks at it afterwards.
    """
    if submission.held_because:
        return None
    trusted = trust.trust_for(submission, now)
    if trusted is None:
        return None
    move(
        submission,
        Action.APPROVE,
        actor=None,
        now=now,
        version=submission.version,
        note=AUTO,
        release_at=now + timedelta(seconds=settings.RELEASE_HOLD_SECONDS),
    )
    return AutomaticApproval.objects.create(
        submission_id=submission.pk, trust=trusted, is_sampled=draw() < settings.TRUST_SAMPLED, made_at=now
    )


def is_distrusted(submission: Submission) -> bool:
    """Return whether trust approved ``submission`` and was lost since."""
    approval = AutomaticApproval.objects.filter(submission_id=submission.pk, trust__ended_at__isnull=False)
    return approval.exists() and submission.events.filter(action=Action.APPROVE).latest("number").actor_id is None


def take_back(submission: Submission, now: datetime) -> None:
    """Put what trust approved into the queue, because the trust is gone before it went out."""
    move(
        submission,
        Action.UNDO,
        actor=None,
        now=now,
        version=submission.version,
        note=AUTO,
        release_at=None,
        **clock_started(submission, now),
    )
    note_arrival(submission, now)


def to_look_at(submission: Submission, moderator: Viewer) -> AutomaticApproval | None:
    """Return what ``moderator`` can note having looked at of ``submission``; None where there is nothing."""
    rows = AutomaticApproval.objects.to_look_at().filter(submission_id=submission.pk)
    return rows.exclude(submission__author__user_id=moderator.pk).first()


@transaction.atomic
def look_at(*, submission: Submission, moderator: Viewer, now: datetime) -> AutomaticApproval:
    """Note that a moderator looked at what went out by trust and found it fine.

    Raises NotAllowed: also where somebody else has looked already, and of one's own.
    """
    check_moderator(submission, moderator)
    if not settle_sample(submission, AfterwardsOutcome.FINE, moderator, now):
        raise NotAllowed(_("Nobody has to look at this: it was not drawn, or somebody has looked already."))
    return AutomaticApproval.objects.get(submission_id=submission.pk)


def settle_sample(submission: Submission, outcome: AfterwardsOutcome, moderator: Viewer, now: datetime) -> int:
    """Note what a moderator did with a message that was drawn to be looked at; return whether it was to be."""
    drawn = AutomaticApproval.objects.filter(submission_id=submission.pk, is_sampled=True, looked_at=None)
    return drawn.update(looked_at=now, looked_by=moderator, outcome=outcome)
