"""Invitations by e-mail address: sent, sent again, revoked, accepted by the account that has the address.

Nothing here tells who invites whether an address has an account: the same is said, and the same mail is sent.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from community.enums import MODERATING_ROLES, Role
from community.models import Community, Invitation, Member, Membership
from community.permissions import NotAllowed, Viewer, current_membership

from . import duties, memberships, notices, roles

_DAY = timedelta(days=1)
_RANKS = {Role.MEMBER: 0, Role.MODERATOR: 1, Role.LEAD: 2}


def hash_of(secret: str) -> str:
    """Return the SHA-256 of the word in a link, in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


def roles_to_give(by: Viewer, community: Community) -> tuple[Role, ...]:
    """Return the roles to which ``by`` may invite now: a lead and an administrator to any, a moderator to members."""
    own = current_membership(by, community)
    if (by.is_active and by.is_superuser) or (own and own.role == Role.LEAD):
        return tuple(Role)
    return (Role.MEMBER,) if own and own.role in MODERATING_ROLES else ()


@transaction.atomic
def invite(*, community: Community, address: str, role: str, by: Viewer, now: datetime) -> tuple[Invitation, str]:
    """Invite ``address``, which is well-formed; return the invitation and the secret of its link.

    One that waits already is revoked: the newest link is the one that opens. Raises NotAllowed: without the role for
    it, and beyond the number of mails in 24 hours.
    """
    get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)  # their mails of the day are counted
    roles.lock_community(community.pk)
    if role not in roles_to_give(by, community):
        raise NotAllowed(_("Moderators invite members; only a lead invites moderators and leads."))
    address = address.strip().lower()
    of_a_day = Invitation.objects.filter(sent_at__gt=now - _DAY)
    if of_a_day.filter(by=by).count() >= settings.INVITATIONS_PER_DAY:
        limit = settings.INVITATIONS_PER_DAY
        raise NotAllowed(_("You sent %(limit)d invitations in 24 hours. Go on tomorrow.") % {"limit": limit})
    earlier = Invitation.objects.filter(community=community, address=address)
    if earlier.filter(sent_at__gt=now - _DAY).count() >= settings.INVITATIONS_TO_ONE_ADDRESS:
        raise NotAllowed(_("This address got several invitations in 24 hours. Try again tomorrow."))
    duties.take_back(earlier, now=now)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        community=community,
        address=address,
        role=role,
        by=by,
        secret_hash=hash_of(secret),
        sent_at=now,
        expires_at=now + timedelta(days=settings.INVITATION_DAYS),
    )
    notices.invite(invitation=invitation, secret=secret, now=now)
    return invitation, secret


@transaction.atomic
def revoke(*, invitation: Invitation, by: Viewer, now: datetime) -> Invitation:
    """Take an invitation back that waits; done twice, it changes nothing more. Raises NotAllowed."""
    roles.lock_community(invitation.community_id)
    invitation = _locked(invitation.pk)
    if invitation.role not in roles_to_give(by, invitation.community):
        raise NotAllowed(_("Moderators revoke invitations of members; only a lead revokes the others."))
    if invitation.accepted_at is not None:
        raise NotAllowed(_("It was accepted meanwhile."))
    duties.take_back(Invitation.objects.filter(pk=invitation.pk), now=now)
    invitation.refresh_from_db()
    return invitation


def _locked(pk: int) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",) if connection.features.has_select_for_update_of else ())
    return rows.select_related("community", "by").get(pk=pk)


def waiting_of(community: Community) -> QuerySet[Invitation]:
    """Return what waits in ``community``, newest first, with who sent it."""
    waiting = Invitation.objects.filter(community=community).waiting()
    return waiting.select_related("by__member").order_by("-sent_at", "-pk")


def found(secret: str) -> Invitation | None:
    """Return the invitation to which ``secret`` belongs, None where there is none."""
    rows = Invitation.objects.select_related("community", "by__member")
    return rows.filter(secret_hash=hash_of(secret)).first()


def why_closed(invitation: Invitation, now: datetime) -> str:
    """Return why an invitation opens nothing any more, in words for who holds the link; empty where it does."""
    if invitation.accepted_at is not None:
        return _("This invitation was used already.")
    if invitation.revoked_at is not None:
        return _("This invitation was taken back, or a newer one was sent. Look for a newer mail.")
    if invitation.expires_at <= now:
        return _("This invitation has expired. Ask for another one.")
    return ""


def is_for(invitation: Invitation, user: Viewer) -> bool:
    """Return whether ``user`` has shown that the invited address is theirs."""
    return user.emailaddress_set.filter(email__iexact=invitation.address, verified=True).exists()


@transaction.atomic
def accept(*, secret: str, member: Member, now: datetime) -> Membership:
    """Let ``member`` in with the role of the invitation, at once, also where others wait for a moderator's word.

    Accepted again by the same member it changes nothing. Who has a higher role keeps it. Raises NotAllowed.
    """
    known = found(secret)
    if known is None:
        raise NotAllowed(_("This link belongs to no invitation."))
    community, user = known.community, member.user
    roles.lock_community(community.pk)
    invitation = _locked(known.pk)
    membership = current_membership(user, community)
    if invitation.accepted_by_id == user.pk and membership is not None:
        return membership
    if refusal := why_closed(invitation, now):
        raise NotAllowed(refusal)
    if not is_for(invitation, user):
        raise NotAllowed(_("This invitation was sent to another address than those you have confirmed."))
    membership = memberships.join(member=member, community=community, now=now, invited_by=invitation.by)
    if _RANKS[Role(invitation.role)] > _RANKS[Role(membership.role)]:
        roles.set_role(membership=membership, role=invitation.role, by=invitation.by, now=now)
    invitation.accepted_at, invitation.accepted_by = now, user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return membership
