"""What the desk tells an author beside the decision: what was changed, what answers it; and of spam, nothing."""

from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.urls import reverse
from django.utils import timezone

from community.models import Envelope, Submission
from community.permissions import NotAllowed
from community.services import answers, moderation
from community.states import Action, InvalidTransition, SubmissionState
from search.documents import Hit, SearchUnavailable
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    in_state,
    make_moderator,
    pending_question,
    released_question,
)
from tests.factories.knowledge import SchemeFactory
from tests.factories.pages import SolutionPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def item(community, moderator):
    return pending_question(community=community, title="To much smoke", body="It <i>hurts</i>. Call 98100 00000.")


def decide(client, item, decision, **data):
    return client.post(reverse("desk_decide", args=[item.pk]), {"version": item.version, "decision": decision, **data})


def test_a_substantive_change_without_a_note_is_refused_beside_the_field(moderator, item):
    response = decide(moderator, item, "amend", title="Smoke", body="Mine, typed.", is_substantive="yes", note=" ")
    page = response.content.decode()
    assert "Say in a line what you changed in the sense" in page
    assert "Mine, typed." in page
    item.refresh_from_db()
    assert item.state == SubmissionState.PENDING


@pytest.mark.parametrize("data", [{"is_substantive": "maybe"}, {"note": "x" * 700}, {"note": "a\x00b"}])
def test_a_forged_change_changes_nothing(moderator, item, data):
    assert decide(moderator, item, "amend", title="Smoke", body="Words", **data).status_code == 200
    item.refresh_from_db()
    assert item.state == SubmissionState.PENDING


def test_the_author_sees_the_changes_and_the_note_once_it_is_out(moderator, item):
    author = sign_in(item.author.user)
    decide(
        moderator, item, "amend", title="Too much smoke", body="It hurts.", is_substantive="yes", note="No <numbers>."
    )
    address = reverse("my_submission", args=[item.pk])
    assert "No &lt;numbers&gt;." not in author.get(address).content.decode(), "it can still be undone"

    moderation.release_due(now=timezone.now() + timedelta(days=1))

    page = author.get(address).content.decode()
    assert "No &lt;numbers&gt;." in page
    assert "A moderator changed what your text says" in page
    assert "<del>" in page
    assert "98100 00000." in page
    assert "&lt;i&gt;hurts&lt;/i&gt;." in page
    assert item.revisions.first().title == "To much smoke"


# Answered already


def test_a_decline_links_to_what_answers_it_and_the_author_gets_the_link(moderator, item, community):
    answer = released_question(community=community, title="Smoke & sheds")
    reason = ReasonFactory(action=Action.DECLINE, text="See {answer}.")
    decide(moderator, item, "decline", reason=reason.code, answer=f"http://localhost{answer.get_absolute_url()}?x=1#a")

    event = item.events.last()
    assert (event.answer_address, event.answer_title) == (answer.get_absolute_url(), "Smoke & sheds")
    assert event.message == f"See http://localhost{answer.get_absolute_url()}."
    page = sign_in(item.author.user).get(reverse("my_submission", args=[item.pk])).content.decode()
    assert f'<a href="{answer.get_absolute_url()}">Smoke &amp; sheds</a>' in page
    assert "It is not your case? Appeal" in page
    mail = message_from_bytes(bytes(Envelope.objects.last().message), policy=policy.default)
    for side in ("plain", "html"):
        assert f"http://localhost{answer.get_absolute_url()}" in mail.get_body((side,)).get_content()


def test_what_search_finds_is_offered_and_can_be_picked(moderator, item, community, monkeypatch):
    answer = released_question(community=community, title="Smoke in sheds")
    hit = Hit(f"question:{answer.pk}", "question", answer.get_absolute_url(), "Smoke <b>", "x", "", 1.0)
    monkeypatch.setattr(answers, "suggest", lambda *args, **kwargs: [hit])
    page = moderator.get(reverse("desk_item", args=[item.pk])).content.decode()
    assert "Smoke &lt;b&gt;" in page
    reason = ReasonFactory(action=Action.DECLINE)
    decide(moderator, item, "decline", reason=reason.code, pick=hit.url, answer="")
    assert item.events.last().answer_title == "Smoke in sheds"


def test_the_desk_works_while_search_is_away(moderator, item, monkeypatch):
    def away(*args, **kwargs):
        raise SearchUnavailable

    monkeypatch.setattr(answers, "suggest", away)
    assert moderator.get(reverse("desk_item", args=[item.pk])).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "http://evil.example/questions/x/",
        "//evil.example/",
        "javascript:alert(1)",
        "/questions/no-such/",
        "/no-such-page/",
        "/admin/",
        "/my/",
        "questions/x/",
        "http://[bad",
        "/%00/",
        "/" + "x" * 480,
    ],
)
def test_an_address_that_is_not_public_here_is_refused_and_kept(moderator, item, address):
    reason = ReasonFactory(action=Action.DECLINE)
    response = decide(moderator, item, "decline", reason=reason.code, answer=address, message="My own words")
    assert response.status_code == 200
    assert "There is nothing public at this address" in response.content.decode()
    assert "My own words" in response.content.decode()
    item.refresh_from_db()
    assert item.state == SubmissionState.PENDING


def test_what_is_not_released_answers_nothing(community):
    hidden = in_state("hidden", community=community)
    hidden.refresh_from_db()
    assert answers.answer_at(hidden.get_absolute_url()) is None
    page = SolutionPageFactory(title="Settling tanks")
    assert answers.answer_at(page.url).title == "Settling tanks"
    scheme = SchemeFactory(name="Scheme of sheds")
    assert answers.answer_at(f"/hi{scheme.get_absolute_url()}").title == "Scheme of sheds"
    assert answers.answer_at(SchemeFactory(draft=True).get_absolute_url()) is None


def test_words_that_name_an_answer_need_one(moderator, item):
    reason = ReasonFactory(action=Action.DECLINE, text="See {answer}.")
    response = decide(moderator, item, "decline", reason=reason.code)
    assert "give its address" in response.content.decode()
    with pytest.raises(NotAllowed):
        moderation.decline(
            submission=item, moderator=moderator.user, version=1, reason=reason, message="", now=timezone.now()
        )


# Spam


def test_spam_leaves_the_queue_and_its_sender_is_not_told(moderator, item):
    assert decide(moderator, item, "spam").status_code == 302
    item.refresh_from_db()
    assert item.state == SubmissionState.SPAM
    assert item.events.last().action == Action.MARK_SPAM
    assert not Envelope.objects.exists()
    page = sign_in(item.author.user).get(reverse("my_submission", args=[item.pk])).content.decode()
    assert "spam" not in page.lower()


def test_others_of_the_same_author_are_listed_and_marked_where_ticked(moderator, item, community):
    one, two = (pending_question(community=community, author=item.author, title=f"<b>Buy {n}") for n in (1, 2))
    stranger = pending_question(community=community)
    page = moderator.get(reverse("desk_item", args=[item.pk])).content.decode()
    assert "&lt;b&gt;Buy 1" in page

    decide(moderator, item, "spam", also=[f"{one.pk}.{one.version}"])

    states = [Submission.objects.get(pk=each.pk).state for each in (item, one, two, stranger)]
    assert states == ["spam", "spam", "pending", "pending"]


def test_one_that_is_not_of_the_same_author_cannot_be_ticked(moderator, item, community):
    stranger = pending_question(community=community)
    response = decide(moderator, item, "spam", also=[f"{stranger.pk}.{stranger.version}"])
    assert response.status_code in (200, 302)
    assert Submission.objects.get(pk=stranger.pk).state == "pending"


@pytest.mark.parametrize("state", [state for state in SubmissionState.values if state not in ("draft", "pending")])
def test_only_what_waits_is_marked_as_spam(moderator, community, state):
    question = in_state(state, community=community)
    with pytest.raises(InvalidTransition):
        moderation.mark_spam(
            submission=question, moderator=moderator.user, version=question.version, now=timezone.now()
        )


def test_nobody_else_marks_spam(item, community, member):
    for person in (item.author.user, member.user, make_moderator(CommunityFactory()).user):
        with pytest.raises(NotAllowed):
            moderation.mark_spam(submission=item, moderator=person, version=1, now=timezone.now())
