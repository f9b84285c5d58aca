"""Inviting in the admin, and the page behind the link."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community.enums import Role
from community.models import Envelope, Invitation, Membership
from community.services.communities import invitations
from tests.conftest import sign_in
from tests.factories.community import CommunityFactory, MemberFactory, make_member
from tests.factories.users import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def lead(community):
    return sign_in(make_member(community, role=Role.LEAD).user)


@pytest.fixture
def address(community):
    return reverse("invitations_of", args=[community.slug])


@pytest.fixture
def link(community, lead):
    _row, secret = invitations.invite(
        community=community, address="asha@example.org", role=Role.MEMBER, by=lead.user, now=timezone.now()
    )
    return reverse("invitation", args=[secret])


@pytest.fixture
def invited():
    return sign_in(MemberFactory(user=UserFactory(email="asha@example.org")).user)


def test_several_addresses_each_get_a_result_and_the_bad_ones_stay_in_the_field(lead, address):
    typed = "Asha@example.org\nno address\n<script>@x\nravi@example.org,asha@example.org"
    response = lead.post(address, {"addresses": typed, "role": "member"})
    assert response.status_code == 200
    assert {row.address for row in Invitation.objects.all()} == {"asha@example.org", "ravi@example.org"}
    assert response.context["form"].initial["addresses"].split() == ["no", "address", "<script>@x"]
    assert "<script>@x" not in response.content.decode()
    assert lead.post(address, {"addresses": "मीना@उदाहरण.भारत", "role": "member"}).status_code in (200, 302)
    assert Envelope.objects.count() >= 2


def test_where_all_went_out_the_page_is_fresh_and_lists_what_waits(lead, address):
    assert lead.post(address, {"addresses": "asha@example.org", "role": "moderator"}).url == address
    page = lead.get(address).content.decode()
    assert "1 invitation is on its way." in page
    assert "asha@example.org" in page


def test_a_moderator_is_offered_and_granted_members_only(moderator, address):
    assert moderator.post(address, {"addresses": "asha@example.org", "role": "moderator"}).status_code == 200
    assert not Invitation.objects.exists()
    moderator.post(address, {"addresses": "asha@example.org", "role": "member"})
    assert Invitation.objects.get().role == Role.MEMBER


@pytest.mark.parametrize(
    "data", [{}, {"addresses": "\x00", "role": "member"}, {"addresses": " ,;\n", "role": "member"},
             {"addresses": "a@example.org", "role": "owner"}, {"addresses": "x" * 9000, "role": "member"},
             {"addresses": "\n".join(f"p{number}@example.org" for number in range(21)), "role": "member"},
             {"addresses": "a" * 300 + "@example.org", "role": "member"}]
)  # fmt: skip
def test_whatever_is_posted_nothing_breaks_and_nobody_is_invited(lead, address, data):
    assert lead.post(address, data).status_code == 200
    assert not Invitation.objects.exists()


def test_an_invitation_is_taken_back_from_the_list_of_ones_own_community_only(lead, link, community, visitor):
    row = Invitation.objects.get()
    other = CommunityFactory()
    assert lead.post(reverse("invitations_revoke", args=[other.slug, row.pk])).status_code == 404
    assert lead.get(reverse("invitations_revoke", args=[community.slug, row.pk])).status_code == 405
    for _each in range(2):
        lead.post(reverse("invitations_revoke", args=[community.slug, row.pk]))
    assert Invitation.objects.get().revoked_at is not None
    assert "taken back" in visitor.get(link).content.decode()


# The page behind the link


def test_reading_the_page_changes_nothing_and_the_button_lets_in(invited, link, community):
    assert "Join" in invited.get(link).content.decode()
    assert not Membership.objects.filter(member=invited.user.member).exists()
    for _each in range(2):
        assert invited.post(link).url == community.get_absolute_url()
    assert Membership.objects.current().filter(member=invited.user.member).count() == 1
    assert "You have accepted" in invited.get(link).content.decode()


def test_a_visitor_is_led_to_an_account_and_comes_back(visitor, link):
    page = visitor.get(link).content.decode()
    assert f"next={link.replace('/', '%2F')}" in page
    assert "asha@example.org" not in page
    response = visitor.post(link)
    assert response.url.startswith(reverse("account_login"))
    assert "invitations" in response.url


def test_an_account_without_a_profile_makes_one_first(link):
    account = sign_in(UserFactory(email="asha@example.org"))
    assert account.post(link).url.startswith(reverse("my_profile"))


def test_another_account_is_told_so_and_does_not_learn_the_address(member, link):
    for response in (member.get(link), member.post(link)):
        page = response.content.decode()
        assert "has not confirmed" in page
        assert "asha@example.org" not in page
    assert Invitation.objects.get().accepted_by is None


def test_expired_used_and_forged_links_say_so(invited, link, visitor, community):
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert "has expired" in invited.get(link).content.decode()
    response = invited.post(link)
    assert response.status_code == 403
    assert response.content.decode().count("has expired") == 1
    for forged in ("x", "%00", "%ff", "ना", "x" * 2000):
        assert visitor.get(f"/invitations/{forged}/").status_code in (400, 404)
        assert invited.post(f"/invitations/{forged}/").status_code in (400, 404)
    assert visitor.get(f"/hi{link}").status_code == 200


def test_the_page_is_no_place_for_search_engines_and_caches(visitor, link):
    response = visitor.get(link)
    assert "noindex" in response.content.decode()
    assert "no-store" in response["Cache-Control"]
