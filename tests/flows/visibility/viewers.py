"""Everybody who may come: the roles, and the names of groups of them."""

from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser

from community.enums import DeliveryMode, Role
from community.models import Community, Member
from community.services import communities
from knowledge.models import Institution
from tests.factories.community import MemberFactory, MembershipFactory
from tests.factories.knowledge import OfficerFactory
from tests.factories.users import UserFactory

from .markers import word_for

VIEWERS = (
    "visitor",
    "account",  # signed in, without a profile
    "member",
    "other member",  # of another community
    "former member",
    "author",
    "moderator",
    "other moderator",  # of another community
    "lead",
    "editor",
    "officer",
    "administrator",
)
EVERYBODY = frozenset(VIEWERS)
#: With a current membership of the two communities of the world.
INSIDE = frozenset({"member", "author", "moderator", "lead"})
DECIDING = frozenset({"moderator", "lead"})
#: In the group Moderators, whatever the community.
MODERATORS = DECIDING | {"other moderator"}
EDITING = frozenset({"editor", "administrator"})
#: With entry to the admin.
STAFF = MODERATORS | EDITING | {"officer"}
#: Who works on drafts of solutions.
SOLUTION_STAFF = MODERATORS | EDITING
#: With a profile of their own.
PROFILED = INSIDE | {"other member", "former member", "other moderator"}
SIGNED_IN = EVERYBODY - {"visitor"}
PROFILELESS = SIGNED_IN - PROFILED

AUTHOR_ADDRESS = f"{word_for('address of the author')}@example.org"


def make_viewers(
    *, inside: tuple[Community, ...], elsewhere: Community, institution: Institution, now: datetime
) -> dict[str, AbstractBaseUser | None]:
    """Return an account for each role, ``None`` for the visitor."""
    users: dict[str, AbstractBaseUser | None] = {
        "visitor": None,
        "account": UserFactory(name="No profile"),
        "member": _member("Mira", inside, Role.MEMBER),
        "other member": _member("Omar", (elsewhere,), Role.MEMBER),
        "former member": _member("Farid", inside, Role.MEMBER),
        "author": _member(
            f"Asker {word_for('name of the author')}", inside, Role.MEMBER, UserFactory(email=AUTHOR_ADDRESS)
        ),
        "moderator": _member("Mohan", inside, Role.MODERATOR),
        "other moderator": _member("Olga", (elsewhere,), Role.MODERATOR),
        "lead": _member("Leela", inside, Role.LEAD),
        "editor": UserFactory(editor=True, name="Esha"),
        "officer": OfficerFactory(user=UserFactory(officer=True, name="Ofelia"), institution=institution).user,
        "administrator": UserFactory(superuser=True, name="Adil"),
    }
    for membership in users["former member"].member.memberships.all():
        communities.leave(membership=membership, now=now)
    assert set(users) == EVERYBODY
    return users


def _member(name: str, inside: tuple[Community, ...], role: str, user: AbstractBaseUser | None = None):
    member: Member = MemberFactory(name=name, **({"user": user} if user else {}))
    for community in inside:
        MembershipFactory(member=member, community=community, role=role, delivery_mode=DeliveryMode.AS_SENT)
    return member.user
