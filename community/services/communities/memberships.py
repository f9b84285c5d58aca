"""A member's time in a community: joining, leaving, being removed, how its messages arrive."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.enums import DeliveryMode, DeliveryState, MembershipChangeKind, SkipReason
from community.models import Community, Delivery, Member, Membership, MembershipChange
from community.permissions import NotAllowed, Viewer

from . import duties, notices, roles


@transaction.atomic
def join(
    *,
    member: Member,
    community: Community,
    now: datetime,
    delivery_mode: str = DeliveryMode.DAILY_SUMMARY,
    invited_by: Viewer | None = None,
) -> Membership:
    """Let ``member`` into ``community``, at once, and welcome them once; a present membership stays as it is."""
    membership, created = Membership.objects.get_or_create(
        member=member,
        community=community,
        ended_at=None,
        defaults={"requested_at": now, "started_at": now, "delivery_mode": delivery_mode},
    )
    if created:
        kind = MembershipChangeKind.INVITED if invited_by else MembershipChangeKind.JOINED
        roles.record(membership=membership, kind=kind, by=invited_by or member.user, before="", now=now)
        notices.welcome(membership=membership, now=now)
    return membership


@transaction.atomic
def leave(*, membership: Membership, now: datetime) -> Membership:
    """End one's own membership; what was still to be mailed for it is skipped. Raises NotAllowed for the last lead."""
    membership = roles.locked(membership)
    user = membership.member.user
    roles.check_another_lead(membership, user)
    end(membership=membership, kind=MembershipChangeKind.LEFT, by=user, now=now)
    return membership


@transaction.atomic
def remove(*, membership: Membership, by: Viewer, message: str, now: datetime) -> Membership:
    """Take somebody out of the community. ``message`` says why; the person gets it once by mail.

    Raises NotAllowed: only a lead or an administrator removes, never themselves, and never without a word.
    """
    membership = roles.locked(membership)
    refusal = _("Only a lead of the community or an administrator removes members.")
    roles.check_lead(by, membership.community, refusal)
    if membership.member.user_id == by.pk:
        raise NotAllowed(_("You cannot remove yourself. Leave the community on its page."))
    if not message.strip():
        raise NotAllowed(_("Say why, in words for the person."))
    roles.check_another_lead(membership, by)
    duties.revoke_invitations_of(member=membership.member, community=membership.community, now=now)
    change = end(membership=membership, kind=MembershipChangeKind.REMOVED, by=by, now=now, message=message)
    notices.tell_of_change(change=change, now=now)
    return membership


def end(*, membership: Membership, kind: str, by: Viewer | None, now: datetime, message: str = "") -> MembershipChange:
    """End a membership with its entry; mail that waits is skipped, duties pass on. The caller has checked."""
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    _waiting(membership).update(state=DeliveryState.SKIPPED, reason=SkipReason.LEFT)
    duties.pass_on(member=membership.member, community=membership.community, now=now)
    roles.refresh_moderators_group()
    return roles.record(membership=membership, kind=kind, by=by, before=membership.role, now=now, message=message)


def _waiting(membership: Membership):
    return Delivery.objects.filter(
        member_id=membership.member_id, event__community_id=membership.community_id, state=DeliveryState.PENDING
    )


@transaction.atomic
def change_delivery(*, membership: Membership, mode: str, wants_digest: bool) -> Membership:
    """Change how messages arrive. What waits goes the new way too, so that nothing is lost or repeated."""
    membership.delivery_mode, membership.wants_digest = mode, wants_digest
    membership.save(update_fields=["delivery_mode", "wants_digest"])
    if mode == DeliveryMode.NONE:
        _waiting(membership).update(state=DeliveryState.SKIPPED, reason=SkipReason.MODE_NONE)
    else:
        _waiting(membership).update(mode=mode)
    return membership


def stop_mail(*, membership: Membership) -> Membership:
    """Stop the mails of exactly this membership; the digest too. Done twice, it changes nothing more."""
    return change_delivery(membership=membership, mode=DeliveryMode.NONE, wants_digest=False)
