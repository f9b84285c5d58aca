"""Roles in a community, and the group of the admin that follows from them."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from community.enums import MODERATING_ROLES, Role
from community.models import Membership
from community.permissions import NotAllowed, Viewer, current_membership

#: The derived group: gives entry to the admin and page rights; what one may do to an object the rows decide.
MODERATORS_GROUP = "Moderators"


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
