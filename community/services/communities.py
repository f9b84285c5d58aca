"""Members, communities and who belongs to them."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from community.enums import MODERATING_ROLES, DeliveryMode, DeliveryState, Occupation, Role, SkipReason
from community.models import Community, Delivery, Member, Membership
from community.permissions import NotAllowed, Viewer, current_membership, member_of
from knowledge.models import Theme

#: The derived group: gives entry to the admin and page rights; what one may do to an object the rows decide.
MODERATORS_GROUP = "Moderators"


@transaction.atomic
def register_member(*, user, name: str, now: datetime, occupation: str = Occupation.CDA, **profile) -> Member:
    """Give an account its public profile; the licence of contributions was accepted at ``now``."""
    member, _created = Member.objects.get_or_create(
        user=user,
        defaults={"name": name, "occupation": occupation, "licence_accepted_at": now, "joined_at": now, **profile},
    )
    if user.name != name:
        user.name = name
        user.save(update_fields=["name"])
    return member


@transaction.atomic
def change_profile(*, member: Member, name: str, themes: Iterable[Theme], **profile) -> Member:
    """Change what a member says of themselves; the account carries the same name."""
    for field, value in {"name": name, **profile}.items():
        setattr(member, field, value)
    member.save(update_fields=["name", *profile])
    member.themes.set(themes)
    member.user.name = name
    member.user.save(update_fields=["name"])
    return member


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


@transaction.atomic
def change_role(*, membership: Membership, role: str, by: Viewer | None, now: datetime) -> Membership:
    """Give a member another role in the community. ``by`` is a lead of it, or None for set-up commands.

    Raises NotAllowed.
    """
    if by is not None and not by.is_superuser:
        own = current_membership(by, membership.community)
        if own is None or own.role != Role.LEAD:
            raise NotAllowed(_("Only a lead of the community or an administrator changes roles."))
    membership.role = role
    membership.save(update_fields=["role"])
    refresh_moderators_group()
    return membership


def refresh_moderators_group() -> None:
    """Make the group equal to the accounts that moderate a community now: only services and the sweep call it."""
    group, _created = Group.objects.get_or_create(name=MODERATORS_GROUP)
    moderators = set(
        Membership.objects.current()
        .filter(role__in=MODERATING_ROLES, member__left_at=None)
        .values_list("member__user_id", flat=True)
    )
    group.user_set.set(moderators)


@transaction.atomic
def anonymise(*, user: Viewer, now: datetime) -> Member:
    """Let a member leave for good: contributions stay under "former member", the account opens nothing any more.

    Raises NotAllowed where the account has no member.
    """
    member = member_of(user)
    if member is None:
        raise NotAllowed(_("This account has no member profile."))
    for membership in member.memberships.filter(ended_at=None):
        leave(membership=membership, now=now)
    member.name = member.organisation = member.district = member.languages = ""
    member.state, member.left_at = None, now
    member.save()
    member.themes.clear()
    user.name, user.email, user.is_active = "", f"former-member-{user.pk}@portal.invalid", False
    user.set_unusable_password()
    user.save()
    user.emailaddress_set.all().delete()
    return member
