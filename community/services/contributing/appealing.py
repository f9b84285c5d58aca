"""The one appeal of a suspension: decided by somebody else than who imposed it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.enums import AppealOutcome
from community.models import Member, Suspension
from community.permissions import NotAllowed, Viewer

from . import telling
from .suspending import end_early, locked


@transaction.atomic
def appeal(*, suspension: Suspension, member: Member, text: str, now: datetime) -> Suspension:
    """Take what a suspended member says against it, once, while it lasts. Raises NotAllowed."""
    suspension = Suspension.objects.select_for_update().get(pk=suspension.pk)
    if suspension.member_id != member.pk:
        raise NotAllowed(_("Only the member appeals."))
    if suspension.lifted_at is not None or suspension.ends_at <= now:
        raise NotAllowed(_("It has ended already."))
    if suspension.appealed_at is not None:
        raise NotAllowed(_("You have appealed once."))
    if not text.strip():
        raise NotAllowed(_("Say what speaks against it."))
    suspension.appeal, suspension.appealed_at = text.strip(), now
    suspension.save(update_fields=["appeal", "appealed_at"])
    return suspension


@transaction.atomic
def decide(*, suspension: Suspension, by: Viewer, lifts: bool, answer: str, now: datetime) -> Suspension:
    """Decide an appeal: the suspension is lifted or stands; the member reads ``answer``. Raises NotAllowed."""
    suspension = locked(suspension, by, now)
    if suspension.appealed_at is None or suspension.appeal_outcome:
        raise NotAllowed(_("No appeal waits for a decision."))
    if suspension.imposed_by_id == by.pk:
        raise NotAllowed(_("You imposed it: somebody else decides on the appeal."))
    if not answer.strip():
        raise NotAllowed(_("Answer the member in a few words."))
    suspension.appeal_outcome = AppealOutcome.OVERTURNED if lifts else AppealOutcome.STANDS
    suspension.appeal_decided_by, suspension.appeal_decided_at = by, now
    suspension.appeal_answer = answer.strip()
    suspension.save(update_fields=["appeal_outcome", "appeal_decided_by", "appeal_decided_at", "appeal_answer"])
    if lifts:
        return end_early(suspension, by, answer, now)
    telling.tell(suspension=suspension, what="stands", now=now)
    return suspension
