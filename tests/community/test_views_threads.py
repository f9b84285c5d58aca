"""The page of a question: who reads which part, answering, having the problem too."""

import pytest
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from community.forms.tokens import new_token
from community.models import Community, Question, Reply, Submission
from community.services import threads
from community.states import SubmissionState
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    closed,
    in_state,
    make_member,
    pending_reply,
    released_question,
    released_reply,
)
from tests.factories.pages import SolutionPageFactory

pytestmark = pytest.mark.django_db

BODY = "Forty dyers share one drain."
ANSWER = "We built a settling tank."


@pytest.fixture
def question(community):
    return released_question(community=community, body=BODY)


@pytest.fixture
def outsider(db):
    """Return a client of a member of another community."""
    return sign_in(make_member(CommunityFactory()).user)


def page(client, question) -> str:
    question.refresh_from_db()
    return client.get(question.get_absolute_url()).content.decode()


def form_of(client, **changes) -> dict:
    return {"body": ANSWER, "reply_kind": "experience", "form_token": new_token(client.user.member)} | changes


def test_a_visitor_reads_title_and_place_and_how_many_answered(visitor, question):
    released_reply(question=question)
    text = page(visitor, question)
    assert question.title in text
    assert "1 answer " in text
    assert "Members read the rest" in text


@pytest.mark.parametrize("who", ["visitor", "outsider"])
def test_outside_the_community_nobody_reads_body_asker_or_answers(request, who, question):
    released_reply(question=question, body=ANSWER)
    text = page(request.getfixturevalue(who), question)
    assert BODY not in text
    assert ANSWER not in text
    assert question.author.name not in text


def test_members_read_body_asker_and_answers(member, question):
    released_reply(question=question, body=ANSWER)
    text = page(member, question)
    assert BODY in text
    assert ANSWER in text
    assert question.author.name in text


def test_where_threads_are_public_visitors_read_everything(visitor, question):
    Community.objects.update(threads_public=True)
    released_reply(question=question, body=ANSWER)
    text = page(visitor, question)
    assert BODY in text
    assert ANSWER in text


@pytest.mark.parametrize("who", ["visitor", "member", "outsider"])
def test_a_hidden_question_is_as_missing_as_none(request, who, question):
    Submission.objects.filter(pk=question.pk).update(state=SubmissionState.HIDDEN)
    client = request.getfixturevalue(who)
    hidden = client.get(question.get_absolute_url() or f"/questions/{question.slug}/")
    missing = client.get("/questions/there-is-none/")
    assert hidden.status_code == missing.status_code == 404
    assert question.title not in hidden.content.decode()


def test_author_and_moderator_still_open_a_hidden_question(moderator, question):
    Submission.objects.filter(pk=question.pk).update(state=SubmissionState.HIDDEN)
    assert "This question is hidden" in page(moderator, question)
    assert "This question is hidden" in page(sign_in(question.author.user), question)


@pytest.mark.parametrize("state", [state for state in SubmissionState if state != SubmissionState.RELEASED])
def test_only_released_replies_stand_in_the_thread(member, question, state):
    reply = pending_reply(question=question, body="Unreleased words")
    Submission.objects.filter(pk=reply.pk).update(
        state=state,
        release_at=timezone.now(),
        released_revision=reply.revision,
        released_at=timezone.now(),
    )
    assert "Unreleased words" not in page(member, question)


def test_the_author_of_a_waiting_answer_sees_it_with_its_state(member, question):
    pending_reply(question=question, author=member.user.member, body="My own words")
    text = page(member, question)
    assert "My own words" in text
    assert "Waiting for a moderator" in text


def test_samples_are_called_samples_to_everybody(member, visitor, community):
    question = released_question(community=community, author=make_member(community, name="CDA, Odisha", is_sample=True))
    for client in (member, visitor):
        assert "Sample exchange: the members in it are roles, not persons." in page(client, question)


def test_script_in_a_question_is_text(member, community):
    question = released_question(
        community=community, title="<img src=x onerror=alert(1)> in a title", body="<script>alert(2)</script> *stars*"
    )
    text = page(member, question)
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    assert "<em>stars</em>" in text


# Answering


def test_an_answer_waits_for_a_moderator(member, question, visitor):
    answer = member.post(reverse("reply", args=[question.slug]), form_of(member), follow=True)
    reply = Reply.objects.get()
    assert reply.state == SubmissionState.PENDING
    assert answer.redirect_chain[-1][0] == f"{question.get_absolute_url()}#reply-{reply.pk}"
    assert "Your answer is with a moderator" in answer.content.decode()


def test_an_answer_sent_twice_is_stored_once(member, question):
    form = form_of(member)
    for _time in range(2):
        member.post(reverse("reply", args=[question.slug]), form)
    assert Reply.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [{"body": ""}, {"body": "x" * 20_001}, {"body": "\x00" * 30}, {"reply_kind": "none"}, {"form_token": "x"}],
)
def test_a_bad_answer_shows_the_thread_with_the_text_kept(member, question, changes):
    answer = member.post(reverse("reply", args=[question.slug]), form_of(member, **changes))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "There is a problem" in text
    assert BODY in text
    if "body" not in changes:
        assert ANSWER in text
    assert not Reply.objects.exists()


def test_a_member_of_another_community_answers_nothing_and_keeps_the_text(outsider, question):
    answer = outsider.post(reverse("reply", args=[question.slug]), form_of(outsider))
    text = answer.content.decode()
    assert answer.status_code == 403
    assert "Join the community first" in text
    assert ANSWER in text
    assert BODY not in text
    assert not Reply.objects.exists()


def test_a_closed_question_takes_no_answer_and_keeps_the_text(member, question):
    closed(question)
    assert "What would you do" not in page(member, question)
    answer = member.post(reverse("reply", args=[question.slug]), form_of(member))
    assert answer.status_code == 403
    assert ANSWER in answer.content.decode()
    assert not Reply.objects.exists()


def test_a_visitors_answer_is_kept_until_the_visitor_is_signed_in(member, question):
    form = form_of(member)
    member.logout()
    refused = member.post(reverse("reply", args=[question.slug]), form)
    assert refused.url == f"{reverse('account_login')}?{urlencode({'next': question.get_absolute_url()})}"
    member.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    text = page(member, question)
    assert "What you wrote is here again" in text
    assert ANSWER in text
    member.post(reverse("reply", args=[question.slug]), form_of(member))
    assert ANSWER in page(member, question)
    assert "What you wrote is here again" not in page(member, question)


@pytest.mark.parametrize("name", ["reply", "me_too"])
def test_opened_as_a_page_an_action_leads_to_the_question(member, question, name):
    answer = member.get(reverse(name, args=[question.slug]))
    assert answer.url.startswith(question.get_absolute_url())
    assert not Reply.objects.exists()
    assert not question.me_toos.exists()


@pytest.mark.parametrize("name", ["reply", "me_too"])
def test_acting_on_a_question_that_is_not_out_is_404(member, community, name):
    question = in_state(SubmissionState.PENDING, community=community)
    Question.objects.filter(pk=question.pk).update(slug="not-out-yet")
    assert member.post(reverse(name, args=["not-out-yet"]), form_of(member)).status_code == 404


# I have this problem too


def test_having_the_problem_too_is_noted_once_and_can_be_taken_back(member, question):
    address = reverse("me_too", args=[question.slug])
    member.post(address)
    member.post(address)
    assert question.me_toos.count() == 1
    member.post(address, {"undo": "1"})
    assert question.me_toos.count() == 0


def test_only_members_of_the_community_have_the_problem_too(outsider, visitor, question):
    answer = outsider.post(reverse("me_too", args=[question.slug]), follow=True)
    assert "Join the community first" in answer.content.decode()
    assert visitor.post(reverse("me_too", args=[question.slug])).status_code == 302
    assert not question.me_toos.exists()


# What a thread costs


def test_a_thread_costs_the_same_queries_whatever_its_length(visitor, question, django_assert_max_num_queries):
    with override_settings(DEBUG=False), django_assert_max_num_queries(15):
        visitor.get(question.get_absolute_url())
    for _number in range(5):
        released_reply(question=question)
    Community.objects.update(threads_public=True)
    with django_assert_max_num_queries(15):
        visitor.get(question.get_absolute_url())


def test_a_compiled_question_names_its_solution(visitor, question):
    solution = SolutionPageFactory()
    question.compilations.create(
        page=solution, started_by=question.author, started_at=timezone.now(), published_at=timezone.now()
    )
    threads.write_up(question=question, now=timezone.now())
    text = page(visitor, question)
    assert "This exchange is written up" in text
    assert solution.title in text
