"""Who may do what in the exchange. The rows of ``Membership`` decide, never a group's name."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from .models import Community, Member, Membership

Viewer = AbstractBaseUser | AnonymousUser


class NotAllowed(Exception):
    """The person may not do this; the message says why, in words for the person."""


def member_of(user: Viewer) -> Member | None:
    """Return the profile of ``user``, or None for visitors, accounts without one, and members who left."""
    if not user.is_authenticated or not user.is_active:
        return None
    member = getattr(user, "member", None)
    return member if member and member.left_at is None else None


def current_membership(user: Viewer, community: Community) -> Membership | None:
    """Return the membership that ``user`` holds in ``community`` now."""
    member = member_of(user)
    if member is None:
        return None
    return Membership.objects.current().filter(member=member, community=community).first()


def moderated_community_ids(user: Viewer) -> set[int]:
    """Return the communities in which ``user`` decides on submissions."""
    member = member_of(user)
    if member is None:
        return set()
    return set(Membership.objects.moderating().filter(member=member).values_list("community_id", flat=True))


def moderates(user: Viewer, community: Community) -> bool:
    """Return whether ``user`` decides on submissions in ``community``."""
    return community.pk in moderated_community_ids(user)
