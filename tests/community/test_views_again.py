"""A text that was withdrawn or has lapsed can be the beginning of a new message, for its author alone."""

import pytest
from django.urls import reverse
from django.utils import timezone

from community.models import Submission
from community.services import moderation
from community.states import SubmissionState, ThreadLife
from tests.factories.community import in_state, make_member, pending_question, pending_reply, released_question

pytestmark = pytest.mark.django_db

WORDS = "Forty dyers share one drain, and nobody cleans it."


@pytest.fixture
def withdrawn(member, community):
    return in_state(
        SubmissionState.WITHDRAWN,
        community=community,
        author=member.user.member,
        title="The drain of the dyers",
        body=WORDS,
    )


def test_a_lapsed_question_stands_in_the_form_again_and_nothing_is_sent(member, community):
    author = member.user.member
    question = in_state(
        SubmissionState.RETURNED, community=community, author=author, body=WORDS, title="Dye house drain"
    )
    for days in (46, 60):
        moderation.keep_deadlines(now=timezone.now() + timezone.timedelta(days=days))
    page = member.get(reverse("my_submission", args=[question.pk])).content.decode()
    assert "It lapsed" in page
    assert "Use this text for a new message" in page
    form = member.get(reverse("ask"), {"from": question.pk}).content.decode()
    assert WORDS in form
    assert "Dye house drain" in form
    assert question.themes.get().name in form
    assert Submission.objects.count() == 1


def test_a_withdrawn_answer_stands_in_the_form_of_its_question(member, community):
    question = released_question(community=community)
    answer = pending_reply(question=question, author=member.user.member, body=WORDS)
    moderation.withdraw(submission=answer, author=member.user, version=1, now=timezone.now())
    answer.refresh_from_db()
    page = member.get(reverse("my_submission", args=[answer.pk]))
    assert page.context["again"] == f"{question.get_absolute_url()}?from={answer.pk}#reply"
    assert WORDS in member.get(page.context["again"]).content.decode()

    question.life = ThreadLife.CLOSED
    question.save(update_fields=["life"])
    assert member.get(reverse("my_submission", args=[answer.pk])).context["again"] == ""


def test_nobody_else_gets_the_text(moderator, withdrawn, community):
    assert WORDS not in moderator.get(reverse("ask"), {"from": withdrawn.pk}).content.decode()


def test_only_a_text_that_is_over_is_offered(member, community):
    waiting = pending_question(community=community, author=member.user.member, body=WORDS)
    assert WORDS not in member.get(reverse("ask"), {"from": waiting.pk}).content.decode()
    assert member.get(reverse("my_submission", args=[waiting.pk])).context["again"] == ""


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 40, "٣", "\x00", "1 OR 1=1"])
def test_a_forged_number_gives_an_empty_form(member, withdrawn, number):
    answer = member.get(reverse("ask"), {"from": number})
    assert answer.status_code == 200
    assert WORDS not in answer.content.decode()


def test_a_visitor_reads_what_asking_is_like(visitor, withdrawn):
    assert WORDS not in visitor.get(reverse("ask"), {"from": withdrawn.pk}).content.decode()


def test_a_stranger_finds_no_such_message(withdrawn, client, community):
    stranger = make_member(community)
    client.force_login(stranger.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("my_submission", args=[withdrawn.pk])).status_code == 404
