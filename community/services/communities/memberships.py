"""A member's time in a community: joining, leaving, how its messages arrive."""

from datetime import datetime

from django.db import transaction

from community.enums import DeliveryMode, DeliveryState, SkipReason
from community.models import Community, Delivery, Member, Membership

from .roles import refresh_moderators_group


@transaction.atomic
def join(
    *, member: Member, community: Community, now: datetime, delivery_mode: str = DeliveryMode.DAILY_SUMMARY
) -> Membership:
    """Let ``member`` into ``community``, at once; a present membership stays as it is."""
    membership, _created = Membership.objects.get_or_create(
        member=member,
        community=community,
        ended_at=None,
        defaults={"requested_at": now, "started_at": now, "delivery_mode": delivery_mode},
    )
    return membership


@transaction.atomic
def leave(*, membership: Membership, now: datetime) -> Membership:
    """End a membership; what was still to be mailed for it is skipped."""
    membership.ended_at = now
    membership.save(update_fields=["ended_at"])
    _waiting(membership).update(state=DeliveryState.SKIPPED, reason=SkipReason.LEFT)
    refresh_moderators_group()
    return membership


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
