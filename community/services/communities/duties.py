"""What a moderator holds passes on when the role ends: items, hints of the queue, appeals."""

from datetime import datetime

from django.db.models import QuerySet

from community.enums import EnvelopeState, Role
from community.models import Community, Envelope, Invitation, Member, Submission
from community.services.moderation import appeals, leases


def pass_on(*, member: Member, community: Community, now: datetime) -> None:
    """Free what ``member``, who moderates ``community`` no more, holds there; ask others first; revoke invitations."""
    leases.let_go(member=member, community=community)
    appeals.ask_others(member=member, community=community, now=now)
    hints = Submission.objects.filter(preferred_moderator=member, community=community)
    hints.update(preferred_moderator=None, preferred_until=None)
    take_back(Invitation.objects.filter(by_id=member.user_id, community=community), now=now)


def revoke_appointments(*, member: Member, community: Community, now: datetime) -> None:
    """Revoke the invitations to a role above that of a member that ``member``, who leads no more, has sent."""
    sent = Invitation.objects.filter(by_id=member.user_id, community=community)
    take_back(sent.exclude(role=Role.MEMBER), now=now)


def revoke_invitations_of(*, member: Member, community: Community, now: datetime) -> None:
    """Revoke what was sent to the addresses of ``member``, who was removed."""
    addresses = {each.lower() for each in member.user.emailaddress_set.values_list("email", flat=True)}
    take_back(Invitation.objects.filter(community=community, address__in=addresses), now=now)


def take_back(invitations: QuerySet[Invitation], *, now: datetime) -> None:
    """Revoke those of ``invitations`` that wait, and drop their mails that have not left yet."""
    waiting = list(invitations.filter(accepted_at=None, revoked_at=None).values_list("pk", flat=True))
    Invitation.objects.filter(pk__in=waiting).update(revoked_at=now)
    mails = Envelope.objects.filter(key__in=[f"n:invitation:{pk}" for pk in waiting], state=EnvelopeState.BUILT)
    mails.update(state=EnvelopeState.DROPPED, next_attempt_at=None)
