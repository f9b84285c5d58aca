"""The members of a community in the admin: who sees them, who changes them, and what is kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.enums import Role
from community.models import Membership, MembershipChange
from community.services import communities
from tests.conftest import sign_in
from tests.factories.community import CommunityFactory, MembershipFactory, make_member, make_moderator

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def lead(community):
    return sign_in(make_member(community, role=Role.LEAD, name="Leela").user)


def one_of(membership):
    return reverse("members_one", args=[membership.community.slug, membership.pk])


def test_leads_and_moderators_see_the_members_of_their_own_communities_only(lead, moderator, administrator, community):
    make_member(community, name="आशा देवी")
    other = CommunityFactory()
    for client in (lead, moderator):
        assert client.get(reverse("members_home")).url == reverse("members_of", args=[community.slug])
        assert "आशा देवी" in client.get(reverse("members_of", args=[community.slug])).content.decode()
        assert client.get(reverse("members_of", args=[other.slug])).status_code == 404
    assert administrator.get(reverse("members_of", args=[other.slug])).status_code == 200


def test_a_lead_changes_a_role_and_the_derived_group_follows(lead, community):
    membership = MembershipFactory(community=community)
    lead.post(one_of(membership), {"do": "role", "role-role": "moderator"})
    membership.refresh_from_db()
    assert membership.role == Role.MODERATOR
    assert membership.member.user.groups.filter(name=communities.MODERATORS_GROUP).exists()
    page = lead.get(reverse("members_of", args=[community.slug])).content.decode()
    assert "Member → Moderator" in page
    assert "Leela" in page


def test_a_lead_removes_with_a_reason_and_what_was_typed_is_kept_without_one(lead, community):
    membership = MembershipFactory(community=community)
    response = lead.post(one_of(membership), {"do": "remove", "remove-message": "   "})
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    hostile = "<script>alert(1)</script> पढ़िए"
    lead.post(one_of(membership), {"do": "remove", "remove-message": hostile})
    membership.refresh_from_db()
    assert membership.ended_at is not None
    page = lead.get(reverse("members_of", args=[community.slug])).content.decode()
    assert "<script>alert(1)" not in page
    assert "पढ़िए" in page
    gone = lead.get(one_of(membership)).content.decode()
    assert 'value="remove"' not in gone
    assert lead.post(one_of(membership), {"do": "remove", "remove-message": "again"}).status_code == 403


def test_a_moderator_sees_and_removes_nobody(moderator, community):
    membership = MembershipFactory(community=community)
    assert 'value="remove"' not in moderator.get(one_of(membership)).content.decode()
    for data in ({"do": "remove", "remove-message": "x"}, {"do": "role", "role-role": "lead"}):
        response = moderator.post(one_of(membership), data)
        assert response.status_code == 403
        assert "Only a lead" in response.content.decode()
    membership.refresh_from_db()
    assert (membership.role, membership.ended_at) == (Role.MEMBER, None)


def test_what_a_lead_typed_is_kept_where_the_role_was_lost_meanwhile(lead, community):
    target = MembershipFactory(community=community)
    own = Membership.objects.get(member=lead.user.member)
    other = make_member(community, role=Role.LEAD)
    communities.change_role(
        membership=own, role=Role.MODERATOR, by=other.user, message="Rest a while.", now=timezone.now()
    )
    response = lead.post(one_of(target), {"do": "remove", "remove-message": "My long explanation"})
    assert response.status_code == 403
    assert "Only a lead of the community" in response.content.decode()
    assert not MembershipChange.objects.filter(membership=target).exists()


@pytest.mark.parametrize(
    "data", [{}, {"do": "\x00"}, {"do": "role"}, {"do": "role", "role-role": "owner"},
             {"do": "role", "role-role": "lead", "role-message": "\x00"},
             {"do": "remove", "remove-message": "x" * 9000}]
)  # fmt: skip
def test_whatever_is_posted_nothing_breaks_and_nothing_changes(lead, community, data):
    membership = MembershipFactory(community=community)
    assert lead.post(one_of(membership), data).status_code in (200, 400)
    membership.refresh_from_db()
    assert (membership.role, membership.ended_at) == (Role.MEMBER, None)


@pytest.mark.parametrize("query", ["q=%00", "q=" + "x" * 500, "role=owner", "p=0", "p=x", "p=999999999999", "q=%25_"])
def test_whatever_stands_in_the_address_a_list_comes_back(lead, community, query):
    assert lead.get(f"{reverse('members_of', args=[community.slug])}?{query}").status_code == 200


def test_members_are_found_by_name_and_by_role(lead, community):
    make_member(community, name="Asha")
    make_moderator(community, name="Mohan")
    address = reverse("members_of", args=[community.slug])

    def listed(**query):
        return [row.member.name for row in lead.get(address, query).context["page"]]

    assert listed(q="ash") == ["Asha"]
    assert listed(role="moderator") == ["Mohan"]
    assert listed(q="Asha", role="moderator") == []
    assert listed() == ["Asha", "Leela", "Mohan"]


def test_a_moderator_steps_down_and_the_last_lead_is_told_why_not(lead, moderator, community):
    address = reverse("members_step_down", args=[community.slug])
    assert moderator.get(address).status_code == 405
    assert moderator.post(address).url == community.get_absolute_url()
    assert moderator.post(address).status_code in (302, 404)
    assert lead.post(address).status_code == 302
    assert Membership.objects.get(member=lead.user.member).role == Role.LEAD
    assert "A community needs a lead" in lead.get(reverse("members_of", args=[community.slug])).content.decode()


def test_the_list_makes_the_same_number_of_queries_with_many_members(lead, community):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            lead.get(reverse("members_of", args=[community.slug]))
        return len(seen)

    def fill() -> None:
        membership = communities.join(member=make_member(CommunityFactory()), community=community, now=timezone.now())
        communities.change_role(membership=membership, role=Role.MODERATOR, by=lead.user, now=timezone.now())

    fill()
    queries()
    few = queries()
    for _each in range(6):
        fill()
    assert queries() == few
