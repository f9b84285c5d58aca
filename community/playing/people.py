"""The sample members: roles, not persons. Each is an account that nobody can sign in to and no mail reaches."""

from datetime import datetime

from anyascii import anyascii
from django.contrib.auth import get_user_model
from django.utils.text import slugify
from wagtail.users.models import UserProfile

from community.enums import DeliveryMode, Occupation, Role
from community.models import Community, Member
from community.services import communities
from knowledge.models import State

DOMAIN = "sample.invalid"
#: The role in the starting content that stands for a moderator of whatever community the exchange is in.
MODERATOR = "Moderator"
#: How the samples get their mail: every way is seen, and most read on the site, so that the play stays short.
_MODES = {
    0: DeliveryMode.AS_SENT,
    3: DeliveryMode.DAILY_SUMMARY,
    6: DeliveryMode.DAILY,
    9: DeliveryMode.WEEKLY_SUMMARY,
}
_MODE_CYCLE = 12
_OCCUPATIONS = (
    ("CDA", Occupation.CDA),
    ("Former CDA", Occupation.CDA),
    ("Poverty researcher", Occupation.RESEARCHER),
    ("Evaluator", Occupation.RESEARCHER),
    ("Secretary", Occupation.ASSOCIATION_OFFICER),
    ("Sector association", Occupation.ASSOCIATION_OFFICER),
    ("District officer", Occupation.OFFICIAL),
    ("State industries officer", Occupation.OFFICIAL),
    ("Block officer", Occupation.OFFICIAL),
    ("MSME officer", Occupation.OFFICIAL),
)


class Troupe:
    """Finds or makes the sample members and lets them into communities, as of ``since``."""

    def __init__(self, since: datetime) -> None:
        self.since = since
        self.states = {state.name: state for state in State.objects.all()}
        samples = Member.objects.filter(is_sample=True).select_related("user")
        self.members = {member.user.email: member for member in samples}

    def moderators(self, community: Community) -> tuple[Member, Member]:
        """Return the two sample moderators of ``community``."""
        names = (f"Moderator, {community.name}", f"Second moderator, {community.name}")
        first, second = (
            self._moderator(community, name, f"{prefix}-{community.slug}")
            for name, prefix in zip(names, ("moderator", "second-moderator"), strict=True)
        )
        return first, second

    def member(self, role: str, community: Community) -> Member:
        """Return the member who is ``role``, in ``community``."""
        if role == MODERATOR:
            return self.moderators(community)[0]
        member = self._find_or_make(role, slugify(anyascii(role)))
        self._let_in(member, community)
        return member

    def _moderator(self, community: Community, name: str, slug: str) -> Member:
        member = self._find_or_make(name, slug)
        membership = self._let_in(member, community)
        if membership.role == Role.MEMBER:
            communities.change_role(membership=membership, role=Role.MODERATOR, by=None, now=self.since)
            # What waited for a second person then is long decided: no mail about it leaves today.
            profile = UserProfile.get_for_user(member.user)
            profile.submitted_notifications = profile.approved_notifications = profile.rejected_notifications = False
            profile.save()
        return member

    def _find_or_make(self, name: str, slug: str) -> Member:
        email = f"{slug[:50]}@{DOMAIN}"
        if email not in self.members:
            user = get_user_model().objects.create_user(email, name=name)
            member = communities.register_member(
                user=user, name=name, now=self.since, occupation=_occupation(name), state=self._state(name)
            )
            member.is_sample = True
            member.save(update_fields=["is_sample"])
            self.members[email] = member
        return self.members[email]

    def _state(self, name: str) -> State | None:
        return self.states.get(name.rpartition(",")[2].strip())

    def _let_in(self, member: Member, community: Community):
        mode = _MODES.get(member.pk % _MODE_CYCLE, DeliveryMode.NONE)
        return communities.join(member=member, community=community, now=self.since, delivery_mode=mode)


def _occupation(name: str) -> Occupation:
    return next((occupation for start, occupation in _OCCUPATIONS if name.startswith(start)), Occupation.EXPERT)
