"""Who may do what in the exchange. The rows of ``Membership`` decide, never a group's name."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from .enums import MODERATING_ROLES
from .models import Community, Member, Membership

Viewer = AbstractBaseUser | AnonymousUser


class NotAllowed(Exception):
    """The person may not do this; the message says why, in words for the person. ``status`` is that of the page."""

    status = 403


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


def roles_shown(user: Viewer) -> dict[int, str]:
    """Return the role of ``user`` in each community of theirs, read once for the account that a request carries.

    For what is listed and offered: the admin's menu asks some twenty times on each page. Decisions ask
    ``moderates`` anew, so that a role that ended a second ago decides nothing.
    """
    roles = getattr(user, "_roles_shown", None)
    if roles is None:
        member = member_of(user)
        rows = Membership.objects.acting().filter(member=member) if member else Membership.objects.none()
        roles = user._roles_shown = dict(rows.values_list("community_id", "role"))
    return roles


def moderated_ids_shown(user: Viewer) -> set[int]:
    """Return the communities that ``user`` moderates, as ``roles_shown`` remembers them."""
    return {community for community, role in roles_shown(user).items() if role in MODERATING_ROLES}
