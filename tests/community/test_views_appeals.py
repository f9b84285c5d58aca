"""The page on which an author appeals, and what the desk shows of it."""

import pytest
from django.urls import reverse
from django.utils import timezone

from community.models import Appeal, Submission
from community.services import moderation
from community.states import Action, SubmissionState
from tests.conftest import sign_in
from tests.factories.community import MemberFactory, ReasonFactory, make_moderator, pending_question
from tests.factories.users import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]
HOSTILE = "<script>alert(1)</script> {title} \u202e"


@pytest.fixture
def decliner(community):
    return sign_in(make_moderator(community, user__name="Asha").user)


@pytest.fixture
def declined(community, decliner):
    question = pending_question(community=community)
    reason = ReasonFactory(action=Action.DECLINE, name="Out of scope", text="Not about clusters.")
    moderation.decline(
        submission=question, moderator=decliner.user, version=1, reason=reason, message="", now=timezone.now()
    )
    question.refresh_from_db()
    return question


@pytest.fixture
def author(declined):
    return sign_in(declined.author.user)


def send(client, question, **data):
    data = {"version": question.version, "appeal": "It is about dyers.", **data}
    return client.post(reverse("my_submission_appeal", args=[question.pk]), data)


def test_the_page_of_a_declined_message_offers_the_appeal_and_opening_it_changes_nothing(author, declined):
    before = Submission.objects.values().get(pk=declined.pk)
    page = author.get(reverse("my_submission", args=[declined.pk])).content.decode()
    assert reverse("my_submission_appeal", args=[declined.pk]) in page
    assert author.get(reverse("my_submission_appeal", args=[declined.pk])).status_code == 302
    assert Submission.objects.values().get(pk=declined.pk) == before
    assert not Appeal.objects.exists()


def test_an_appeal_is_sent_and_shown_and_a_second_one_is_refused_with_words(author, declined):
    assert send(author, declined, appeal=HOSTILE).status_code == 302
    page = author.get(reverse("my_submission", args=[declined.pk])).content.decode()
    assert "another moderator decides" in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {title}" in page
    declined.refresh_from_db()
    assert send(author, declined).status_code == 409
    assert Appeal.objects.count() == 1


@pytest.mark.parametrize("data", [{"appeal": ""}, {"appeal": "x" * 3000}, {"appeal": "a\x00"}, {"version": "x"}])
def test_a_bad_appeal_is_refused_beside_the_field_and_kept(author, declined, data):
    response = send(author, declined, **data)
    assert response.status_code == 200
    assert "There is a problem" in response.content.decode()
    assert not Appeal.objects.exists()


def test_a_late_appeal_is_refused_with_words(author, declined):
    response = send(author, declined, version=99)
    assert response.status_code == 409
    assert "It is about dyers." in response.content.decode(), "what was typed is kept"


def test_nobody_else_appeals(declined, decliner, member, visitor):
    for client, status in ((decliner, 404), (member, 404), (visitor, 302)):
        assert send(client, declined).status_code == status
    assert not Appeal.objects.exists()


def test_the_desk_shows_the_appeal_with_the_earlier_decision_and_bars_who_declined(
    author, declined, decliner, moderator
):
    send(author, declined, appeal=HOSTILE)
    declined.refresh_from_db()
    address = reverse("desk_item", args=[declined.pk])
    page = moderator.get(address).content.decode()
    for words in ("The author appeals", "Asha declined it on", "Out of scope", "Not about clusters."):
        assert words in page
    assert "<script>alert(1)" not in page
    assert "Appeal" in moderator.get(reverse("desk")).content.decode()

    assert "somebody else decides on the appeal" in decliner.get(address).content.decode()
    data = {"version": declined.version, "decision": "approve"}
    assert decliner.post(reverse("desk_decide", args=[declined.pk]), data).status_code == 403
    assert moderator.post(reverse("desk_decide", args=[declined.pk]), data).status_code == 302
    declined.refresh_from_db()
    assert declined.state == SubmissionState.APPROVED


def test_an_administrator_finds_the_appeal_that_nobody_else_can_decide(author, declined, community):
    admin = sign_in(MemberFactory(user=UserFactory(superuser=True)).user)
    address = reverse("desk_item", args=[declined.pk])
    assert admin.get(address).status_code == 404
    send(author, declined)
    declined.refresh_from_db()
    assert "an administrator decides" in admin.get(address).content.decode()
    assert "Moderation (1)" in admin.get(reverse("wagtailadmin_home")).content.decode(), "the menu leads there"
    data = {"version": declined.version, "decision": "approve"}
    assert admin.post(reverse("desk_decide", args=[declined.pk]), data).status_code == 302
