"""The demonstration's mailbox: there in the demonstration alone, harmless to open."""

import pytest
from django.core.mail import send_mail
from django.test import override_settings
from django.urls import NoReverseMatch, path, reverse

from community.models import Envelope
from portal.urls import urlpatterns as portal_urls
from portal.views import outbox
from tests.factories.community import released_question

pytestmark = pytest.mark.django_db

urlpatterns = [
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox.outbox_mail, name="outbox_mail"),
    *portal_urls,
]


@pytest.fixture
def demonstration():
    with override_settings(ROOT_URLCONF=__name__, DEMO=True):
        yield


def test_outside_the_demonstration_there_is_no_outbox(visitor):
    assert visitor.get("/outbox/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("outbox")


def test_an_empty_outbox_says_how_mail_comes_into_it(visitor, demonstration):
    assert "No mail yet" in visitor.get("/outbox/").content.decode()


def test_a_mail_is_listed_and_shown_with_headers_text_and_html(visitor, community, demonstration):
    released_question(community=community, title="How to dry lac")
    envelope = Envelope.objects.get()
    listed = visitor.get("/outbox/").content.decode()
    assert "Your question is out: How to dry lac" in listed
    assert envelope.address in listed
    shown = visitor.get(f"/outbox/{envelope.pk}/").content.decode()
    for words in ("Message-ID", "Auto-Submitted", "A moderator has checked your question.", "See it in the exchange"):
        assert words in shown


def test_a_mail_without_html_or_subject_is_shown_too(visitor, demonstration):
    send_mail("", "Only <script>alert(1)</script> text: http://localhost/x", None, ["asha@example.org"])
    assert "(no subject)" in visitor.get("/outbox/").content.decode()
    shown = visitor.get(f"/outbox/{Envelope.objects.get().pk}/").content.decode()
    assert "<script>alert" not in shown
    assert 'href="http://localhost/x"' in shown


@pytest.mark.parametrize("page", ["0", "x", "-1", "99999", "%00"])
def test_a_page_number_that_is_none_gives_a_page(visitor, demonstration, page):
    assert visitor.get(f"/outbox/?page={page}").status_code == 200


def test_a_mail_that_does_not_exist_is_404(visitor, demonstration):
    assert visitor.get("/outbox/12345678901234567890/").status_code == 404
