"""Suspending a member, and lifting it early. A suspension ends by itself at its date: nothing sweeps.

Who moderates a community suspends its members; who moderates there is suspended by a lead or an administrator, a
lead by an administrator; an administrator by nobody. Only administrators suspend everywhere.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from community.enums import MODERATING_ROLES, Role
from community.models import Community, Member, Membership, Suspension
from community.models.moderation.trust import TrustLost
from community.permissions import NotAllowed, Viewer, moderates
from community.services import trust

from . import telling

REASON_MAX_LENGTH = 1000
NOTE_MAX_LENGTH = 300


def why_not_suspend(*, member: Member, community: Community | None, by: Viewer) -> str:
    """Return why ``by`` may not suspend ``member`` in ``community`` (None: everywhere), in words; empty if allowed."""
    if member.user_id == by.pk:
        return _("Nobody suspends themselves.")
    if member.user.is_superuser:
        return _("An administrator is not suspended.")
    if by.is_active and by.is_superuser:
        return ""
    if community is None:
        return _("Only an administrator suspends everywhere.")
    if not moderates(by, community):
        return _("Only moderators of this community suspend its members.")
    role = _role_of(member, community)
    if role == Role.LEAD:
        return _("Only an administrator suspends a lead.")
    if role in MODERATING_ROLES and not _leads(by, community):
        return _("Only a lead or an administrator suspends a moderator.")
    return ""


def _role_of(member: Member, community: Community) -> str:
    rows = Membership.objects.current().filter(member=member, community=community)
    return rows.values_list("role", flat=True).first() or ""


def _leads(user: Viewer, community: Community) -> bool:
    return Membership.objects.moderating().filter(member__user=user, community=community, role=Role.LEAD).exists()


@transaction.atomic
def suspend(
    *, member: Member, community: Community | None, by: Viewer, reason: str, ends_at: datetime, now: datetime
) -> Suspension:
    """Suspend ``member`` until ``ends_at``; every trust there ends, what waits stays in the queue, a mail says why.

    Raises NotAllowed: also without a reason, with an end that is past or too far, and where one is in force already.
    """
    # One at a time: of two who suspend the same member, the second is told of the first.
    member = Member.objects.select_for_update(of=("self",)).select_related("user").get(pk=member.pk)
    if refusal := why_not_suspend(member=member, community=community, by=by):
        raise NotAllowed(refusal)
    if not reason.strip():
        raise NotAllowed(_("Say why, in words for the member."))
    if not now < ends_at <= now + timedelta(days=settings.SUSPENSION_MAX_DAYS):
        raise NotAllowed(_("It ends after now, and within %(days)d days.") % {"days": settings.SUSPENSION_MAX_DAYS})
    standing = Suspension.objects.in_force(now).filter(member=member, community=community).first()
    if standing:
        raise NotAllowed(_("%(who)s suspended this member already.") % {"who": standing.imposed_by})
    suspension = Suspension.objects.create(
        member=member,
        community=community,
        reason=reason.strip()[:REASON_MAX_LENGTH],
        imposed_by=by,
        started_at=now,
        ends_at=ends_at,
    )
    trust.lose(member=member, community=community, kind=None, because=TrustLost.SUSPENDED, by=by, now=now)
    telling.tell(suspension=suspension, what="suspended", now=now)
    return suspension


def may_lift(suspension: Suspension, user: Viewer) -> bool:
    """Return whether ``user`` decides on ``suspension``: administrators do, and who moderates where it counts."""
    if suspension.member.user_id == user.pk:
        return False
    if user.is_active and user.is_superuser:
        return True
    return suspension.community is not None and moderates(user, suspension.community)


def locked(suspension: Suspension, user: Viewer, now: datetime) -> Suspension:
    """Return the row as it is now, locked, for ``user`` who decides on it. Raises NotAllowed."""
    suspension = Suspension.objects.select_for_update().get(pk=suspension.pk)
    if not may_lift(suspension, user):
        raise NotAllowed(_("Only moderators of the community, or administrators, decide on this."))
    if suspension.lifted_at is not None or suspension.ends_at <= now:
        raise NotAllowed(_("It has ended already."))
    return suspension


@transaction.atomic
def lift(*, suspension: Suspension, by: Viewer, note: str, now: datetime) -> Suspension:
    """End a suspension early, with a line on why; the member is told. Raises NotAllowed."""
    suspension = locked(suspension, by, now)
    if not note.strip():
        raise NotAllowed(_("Say in one line why it ends early."))
    return end_early(suspension, by, note, now)


def end_early(suspension: Suspension, by: Viewer, note: str, now: datetime) -> Suspension:
    """Write the early end of a locked suspension, and the mail about it."""
    suspension.lifted_at, suspension.lifted_by = now, by
    suspension.lifted_note = " ".join(note.split())[:NOTE_MAX_LENGTH]
    suspension.save(update_fields=["lifted_at", "lifted_by", "lifted_note"])
    telling.tell(suspension=suspension, what="lifted", now=now)
    return suspension
