"""A member's profile: made with the account, changed, and taken away for good."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from community.enums import MembershipChangeKind, Occupation
from community.models import Invitation, Member, Note
from community.permissions import NotAllowed, Viewer, member_of
from community.services.compiling import crediting
from knowledge.models import Theme

from . import memberships


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
def anonymise(*, user: Viewer, now: datetime) -> Member:
    """Let a member leave for good: contributions stay under "former member", the account opens nothing any more.

    Raises NotAllowed where the account has no member.
    """
    member = member_of(user)
    if member is None:
        raise NotAllowed(_("This account has no member profile."))
    for membership in member.memberships.filter(ended_at=None).select_related("community"):
        # Also where it is the last lead: nobody is held back.
        memberships.end(membership=membership, kind=MembershipChangeKind.LEFT, by=user, now=now)
    member.name = member.organisation = member.district = member.languages = ""
    crediting.forget(member=member)
    member.slug, member.state, member.left_at = None, None, now
    member.save()
    member.themes.clear()
    member.drafts.all().delete()
    Note.objects.filter(member=member).delete()
    user.name, user.email, user.is_active = "", f"former-member-{user.pk}@portal.invalid", False
    user.set_unusable_password()
    user.save()
    user.emailaddress_set.all().delete()
    Invitation.objects.filter(accepted_by=user).update(address=user.email)
    return member
