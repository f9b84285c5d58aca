"""Roles in a community, and the group of the admin that follows from them.

One change at a time in a community: each locks its row and asks again who leads it, so that nobody acts with a role
lost a second ago, and two leads who step down together do not leave it without one.
"""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.utils.translation import gettext as _

from community.enums import MODERATING_ROLES, MembershipChangeKind, Role
from community.models import Community, Membership, MembershipChange
from community.permissions import NotAllowed, Viewer, member_of

from . import duties, notices

#: The derived group: gives entry to the admin and page rights; what one may do to an object the rows decide.
MODERATORS_GROUP = "Moderators"


def locked(membership: Membership) -> Membership:
    """Return ``membership`` as it is now, nobody else changing memberships of the community. Raises NotAllowed."""
    lock_community(membership.community_id)
    rows = Membership.objects.select_for_update(of=("self",) if connection.features.has_select_for_update_of else ())
    now_there = rows.select_related("member__user", "community").get(pk=membership.pk)
    if now_there.ended_at is not None or now_there.started_at is None:
        raise NotAllowed(_("%(name)s is no longer a member here.") % {"name": now_there.member})
    return now_there


def lock_community(community_id: int) -> None:
    """Let nobody else change who belongs to the community until the caller's transaction ends."""
    # Not the key: messages that come in meanwhile name the community and need not wait.
    Community.objects.select_for_update(no_key=True).get(pk=community_id)


def check_lead(by: Viewer | None, community: Community, refusal: str) -> None:
    """Raise NotAllowed with ``refusal`` where ``by`` is neither a lead of the community now nor an administrator.

    None stands for a command on the server, which may.
    """
    if by is None or (by.is_active and by.is_superuser):
        return
    own = Membership.objects.acting().filter(member=member_of(by), community=community, role=Role.LEAD)
    if member_of(by) is None or not own.exists():
        raise NotAllowed(refusal)


def check_another_lead(membership: Membership, by: Viewer | None) -> None:
    """Raise NotAllowed where ``membership`` is the last one that leads and ``by`` is no administrator."""
    if membership.role != Role.LEAD or by is None or by.is_superuser:
        return
    leads = Membership.objects.current().filter(community_id=membership.community_id, role=Role.LEAD)
    if not leads.exclude(pk=membership.pk).exists():
        raise NotAllowed(_("A community needs a lead. Let somebody else become one first."))


@transaction.atomic
def change_role(
    *, membership: Membership, role: str, by: Viewer | None, now: datetime, message: str = ""
) -> Membership:
    """Give a member another role. ``by`` is a lead of the community, an administrator, or None for set-up commands.

    Whoever takes a role away from somebody else says why, in words for the person, who gets them once by mail.
    Raises NotAllowed.
    """
    membership = locked(membership)
    check_lead(by, membership.community, _("Only a lead of the community or an administrator changes roles."))
    if membership.role == role:
        return membership
    is_own = by is not None and by.pk == membership.member.user_id
    lowered = membership.role in MODERATING_ROLES and role == Role.MEMBER
    if lowered and by is not None and not is_own and not message.strip():
        raise NotAllowed(_("Say why, in words for the person."))
    if role != Role.LEAD:
        check_another_lead(membership, by)
    change = set_role(membership=membership, role=role, by=by, now=now, message=message)
    if by is not None and not is_own:
        notices.tell_of_change(change=change, now=now)
    return membership


@transaction.atomic
def step_down(*, membership: Membership, by: Viewer, now: datetime) -> Membership:
    """Let a moderator or lead become a member again by themselves. Raises NotAllowed."""
    membership = locked(membership)
    if membership.member.user_id != by.pk:
        raise NotAllowed(_("Only you yourself step down."))
    if membership.role not in MODERATING_ROLES:
        raise NotAllowed(_("You do not moderate here any more."))
    check_another_lead(membership, by)
    kind = MembershipChangeKind.STEPPED_DOWN
    set_role(membership=membership, role=Role.MEMBER, by=by, now=now, kind=kind)
    return membership


def set_role(
    *,
    membership: Membership,
    role: str,
    by: Viewer | None,
    now: datetime,
    kind: str = MembershipChangeKind.ROLE,
    message: str = "",
) -> MembershipChange:
    """Write the role with its entry. What only a moderator may hold passes on. The caller has checked and locked."""
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    change = record(membership=membership, kind=kind, by=by, before=before, now=now, message=message)
    if before in MODERATING_ROLES and role not in MODERATING_ROLES:
        duties.pass_on(member=membership.member, community=membership.community, now=now)
    elif before == Role.LEAD:
        duties.revoke_appointments(member=membership.member, community=membership.community, now=now)
    refresh_moderators_group()
    return change


def record(
    *, membership: Membership, kind: str, by: Viewer | None, before: str, now: datetime, message: str = ""
) -> MembershipChange:
    """Write who changed what of ``membership``, which is as it became; ``before`` is the role until then."""
    return MembershipChange.objects.create(
        membership=membership,
        community_id=membership.community_id,
        kind=kind,
        role_before=before,
        role_after="" if membership.ended_at else membership.role,
        by=by,
        message=message.strip(),
        at=now,
    )


def refresh_moderators_group() -> None:
    """Make the group equal to the accounts that moderate a community now: only services and the sweep call it."""
    group, _created = Group.objects.get_or_create(name=MODERATORS_GROUP)
    moderators = set(
        Membership.objects.current()
        .filter(role__in=MODERATING_ROLES, member__left_at=None)
        .values_list("member__user_id", flat=True)
    )
    group.user_set.set(moderators)
