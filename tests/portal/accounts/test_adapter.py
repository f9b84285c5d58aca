"""Mails of accounts: whatever Host header a request came with, their links lead to the portal."""

import pytest
from django.core import mail
from django.urls import reverse
from wagtail.admin.mail import send_mail

from community.enums import EnvelopeKind
from community.mail.reading import read_message
from community.models import Envelope
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def address(settings):
    settings.BASE_URL = "https://exchange.example"


def test_a_reset_mail_asked_for_with_a_foreign_host_links_to_the_portal(client):
    user = UserFactory()
    client.post(reverse("account_reset_password"), {"email": user.email}, headers={"host": "evil.example"})
    text = read_message(Envelope.objects.get(address=user.email).message).text
    assert "https://exchange.example/accounts/password/reset/key/" in text
    assert "evil.example" not in text


def test_a_sign_up_with_a_known_address_tells_its_owner_alone(client):
    user = UserFactory()
    details = {"email": user.email, "password1": "a long word 8812", "name": "X", "occupation": "cda", "consent": "on"}
    known = client.post(reverse("account_signup"), details, headers={"host": "evil.example"})
    fresh = client.post(reverse("account_signup"), {**details, "email": "new@example.org"})
    assert (known.status_code, known.url) == (fresh.status_code, fresh.url)
    assert "evil.example" not in read_message(Envelope.objects.get(address=user.email).message).text


def test_a_mail_through_allauth_and_one_through_wagtail_are_envelopes(client):
    user = UserFactory()
    client.post(reverse("account_reset_password"), {"email": user.email})
    send_mail("A page waits for you", "Text", [user.email])
    assert list(Envelope.objects.values_list("kind", flat=True)) == [EnvelopeKind.ACCOUNT] * 2
    assert not getattr(mail, "outbox", [])
