"""What a moderator holds passes on when the role ends: items, hints of the queue, appeals."""

from datetime import datetime

from community.enums import Role
from community.models import Community, Invitation, Member, Submission
from community.services.moderation import appeals, leases


def pass_on(*, member: Member, community: Community, now: datetime) -> None:
    """Free what ``member``, who moderates ``community`` no more, holds there; ask others first; revoke invitations."""
    leases.let_go(member=member, community=community)
    appeals.ask_others(member=member, community=community, now=now)
    hints = Submission.objects.filter(preferred_moderator=member, community=community)
    hints.update(preferred_moderator=None, preferred_until=None)
    sent = Invitation.objects.filter(by_id=member.user_id, community=community).waiting()
    sent.update(revoked_at=now)


def revoke_appointments(*, member: Member, community: Community, now: datetime) -> None:
    """Revoke the invitations to a role above that of a member that ``member``, who leads no more, has sent."""
    sent = Invitation.objects.filter(by_id=member.user_id, community=community).waiting()
    sent.exclude(role=Role.MEMBER).update(revoked_at=now)


def revoke_invitations_of(*, member: Member, community: Community, now: datetime) -> None:
    """Revoke what was sent to the addresses of ``member``, who was removed."""
    addresses = {each.lower() for each in member.user.emailaddress_set.values_list("email", flat=True)}
    Invitation.objects.filter(community=community, address__in=addresses).waiting().update(revoked_at=now)
