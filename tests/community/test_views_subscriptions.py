"""Stopping mails from a mail: without login, without cookie, by POST alone."""

import pytest
from django.test import Client
from django.urls import reverse

from community.enums import DeliveryMode
from community.mail.addresses import unsubscribe_token
from community.models import Membership
from tests.factories.community import MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def membership():
    return MembershipFactory()


@pytest.fixture
def address(membership):
    return reverse("unsubscribe", args=[unsubscribe_token(membership)])


def test_reading_the_page_changes_nothing_and_sets_no_cookie(visitor, membership, address):
    answer = visitor.get(address)
    assert answer.status_code == 200
    assert str(membership.community) in answer.content.decode()
    assert not answer.cookies
    membership.refresh_from_db()
    assert membership.delivery_mode == DeliveryMode.AS_SENT


def test_one_click_stops_exactly_this_membership_without_login_cookie_or_csrf(membership, address):
    other = MembershipFactory(member=membership.member)
    client = Client(enforce_csrf_checks=True)
    answer = client.post(address, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    membership.refresh_from_db()
    assert (membership.delivery_mode, membership.wants_digest) == (DeliveryMode.NONE, False)
    other.refresh_from_db()
    assert other.delivery_mode == DeliveryMode.AS_SENT


def test_stopping_twice_is_the_same_as_once(visitor, address):
    assert visitor.post(address).content == visitor.post(address).content


@pytest.mark.parametrize("token", ["x", "eyJ0:x:y", "क", "a" * 900, "%00", "..%2f"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_link_that_was_cut_off_says_so(visitor, method, token):
    answer = getattr(visitor, method)(f"/mail/stop/{token}/")
    assert answer.status_code in (400, 404)


def test_a_cut_off_link_shows_another_way(visitor, address):
    answer = visitor.get(address[:-6] + "/")
    assert answer.status_code == 404
    assert "This link stops no mail" in answer.content.decode()
    assert Membership.objects.get().delivery_mode == DeliveryMode.AS_SENT
