"""Members, memberships, roles, and leaving."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from community.enums import DeliveryMode, Role
from community.models import Membership
from community.permissions import NotAllowed, member_of, moderates
from community.services import communities
from tests.factories.community import (
    CommunityFactory,
    MemberFactory,
    MembershipFactory,
    make_member,
    make_moderator,
    released_question,
    released_reply,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def moderators_group():
    return set(Group.objects.get(name="Moderators").user_set.all())


def moderating_by_rows():
    return {row.member.user for row in Membership.objects.moderating().select_related("member__user")}


def test_joining_twice_is_joining_once():
    member, community = MemberFactory(), CommunityFactory()
    first = communities.join(member=member, community=community, now=NOW)
    assert communities.join(member=member, community=community, now=NOW) == first


def test_who_left_can_join_again_and_the_first_time_stays_on_record():
    member, community = MemberFactory(), CommunityFactory()
    communities.leave(membership=communities.join(member=member, community=community, now=NOW), now=NOW)
    communities.join(member=member, community=community, now=NOW)
    assert member.memberships.count() == 2
    assert member.memberships.current().count() == 1


def test_only_a_lead_or_an_administrator_changes_roles():
    community = CommunityFactory()
    membership = MembershipFactory(community=community)
    for refused in (make_moderator(community).user, make_member(CommunityFactory(), role=Role.LEAD).user):
        with pytest.raises(NotAllowed):
            communities.change_role(membership=membership, role=Role.MODERATOR, by=refused, now=NOW)
    for allowed in (make_member(community, role=Role.LEAD).user, UserFactory(superuser=True)):
        communities.change_role(membership=membership, role=Role.MODERATOR, by=allowed, now=NOW)


def test_the_moderators_group_always_equals_the_rows():
    community = CommunityFactory()
    membership = MembershipFactory(community=community)
    communities.change_role(membership=membership, role=Role.MODERATOR, by=None, now=NOW)
    assert moderators_group() == moderating_by_rows() == {membership.member.user}
    communities.change_role(membership=membership, role=Role.MEMBER, by=None, now=NOW)
    assert moderators_group() == moderating_by_rows() == set()
    communities.change_role(membership=membership, role=Role.LEAD, by=None, now=NOW)
    other = make_member(community, role=Role.LEAD)
    assert moderators_group() == moderating_by_rows() == {membership.member.user, other.user}
    communities.leave(membership=membership, now=NOW)
    assert moderators_group() == moderating_by_rows() == {other.user}


def test_the_group_alone_lets_nobody_decide():
    user = UserFactory(moderator=True)
    assert not moderates(user, CommunityFactory())


def test_stopping_the_mail_touches_exactly_that_membership():
    member = MemberFactory()
    one, other = MembershipFactory(member=member), MembershipFactory(member=member)
    for _ in range(2):
        communities.stop_mail(membership=one)
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.delivery_mode, one.wants_digest) == (DeliveryMode.NONE, False)
    assert (other.delivery_mode, other.wants_digest) == (DeliveryMode.AS_SENT, True)


def test_leaving_for_good_keeps_what_was_given_and_forgets_who_gave_it():
    community = CommunityFactory()
    member = make_member(community, name="Asha of Samalkha", organisation="Foundry society")
    reply = released_reply(question=released_question(community=community), author=member)
    email = member.user.email
    communities.anonymise(user=member.user, now=NOW)
    reply.refresh_from_db()
    user = reply.author.user
    assert reply.released_revision.body
    assert str(reply.author) == "Former member"
    assert reply.author.role_line == ""
    assert email not in {user.email, user.name}
    assert not user.is_active
    assert not user.has_usable_password()
    assert member_of(user) is None
    assert not reply.author.memberships.current().exists()
