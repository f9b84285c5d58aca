"""What a moderator holds passes on when the role ends: items, hints of the queue, appeals."""

from datetime import datetime

from community.models import Community, Member, Submission
from community.services.moderation import appeals, leases


def pass_on(*, member: Member, community: Community, now: datetime) -> None:
    """Free what ``member``, who moderates ``community`` no more, holds there, and ask others first."""
    leases.let_go(member=member, community=community)
    appeals.ask_others(member=member, community=community, now=now)
    hints = Submission.objects.filter(preferred_moderator=member, community=community)
    hints.update(preferred_moderator=None, preferred_until=None)
