"""Joining: the account with its profile, and what is wrong with it said beside the field."""

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from community.models import Envelope, Member
from tests.factories.knowledge import StateFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


def form(**changes) -> dict:
    return {
        "email": "Asha.Rao@Example.org",
        "password1": "mango orchard by the river 7",
        "name": "Asha Rao",
        "occupation": "cda",
        "organisation": "Konkan food cluster",
        "consent": "on",
    } | changes


def test_signing_up_makes_account_profile_and_a_mail_to_confirm_the_address(visitor):
    state = StateFactory()
    answer = visitor.post(reverse("account_signup"), form(state=state.slug))
    assert answer.status_code == 302
    member = Member.objects.select_related("user").get()
    assert (member.user.email, member.user.name) == ("asha.rao@example.org", "Asha Rao")
    assert (member.organisation, member.state) == ("Konkan food cluster", state)
    assert Envelope.objects.get().address == "asha.rao@example.org"
    assert visitor.get(reverse("my")).status_code == 302, "the address is to be confirmed first"


@pytest.mark.parametrize(
    "changes",
    [
        {"consent": ""},
        {"name": ""},
        {"name": "\x00"},
        {"name": "x" * 121},
        {"occupation": "king"},
        {"state": "atlantis"},
        {"district": "y" * 61},
        {"email": "none"},
        {"password1": "12345"},
    ],
)
def test_a_bad_sign_up_makes_nothing_and_keeps_what_was_typed(visitor, changes):
    answer = visitor.post(reverse("account_signup"), form(**changes))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "There is a problem" in page
    assert 'value="Konkan food cluster"' in page
    assert "mango orchard" not in page
    assert not get_user_model().objects.exists()


def test_an_address_that_is_taken_is_not_told_to_strangers(visitor):
    UserFactory(email="asha.rao@example.org")
    answer = visitor.post(reverse("account_signup"), form())
    assert answer.status_code == 302
    assert not Member.objects.exists()
