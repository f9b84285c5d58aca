"""A button pressed fifty times at the same moment sends one question and one answer, and leaves no draft behind."""

from functools import partial

import pytest
from django.test import Client
from django.urls import reverse

from community.forms.tokens import new_token
from community.models import Draft, ModerationEvent, Question, Reply, Suggested
from community.services.writing import suggestions
from community.states import Action
from tests.at_once import at_once
from tests.conftest import SIGN_IN_BACKEND
from tests.factories.community import CommunityFactory, make_member, released_question
from tests.factories.knowledge import ThemeFactory

from .test_views_suggestions import seal_for

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

CLICKS = 50
BODY = "Forty dyers share one drain and the water runs off unused. हमारे रंगाई घर में 🧵"


@pytest.fixture(autouse=True)
def nothing_answered(monkeypatch):
    monkeypatch.setattr(suggestions, "suggest", lambda text, **_options: [])


@pytest.fixture
def writer():
    community = CommunityFactory()
    community.themes.add(ThemeFactory())
    return make_member(community)


def windows_of(writer, number: int) -> list[Client]:
    """Return so many windows of one browser: they share one login."""
    first = Client()
    first.force_login(writer.user, backend=SIGN_IN_BACKEND)
    windows = [Client() for _window in range(number)]
    for window in windows:
        window.cookies = first.cookies
    return windows


def press(writer, address: str, form: dict) -> set[str]:
    """Press the button in every window at the same moment; return where the answers led."""
    windows = windows_of(writer, CLICKS)
    answers = at_once(*[partial(window.post, address, form) for window in windows])
    assert [answer.status_code for answer in answers] == [302] * CLICKS
    return {answer.url for answer in answers}


def test_fifty_clicks_on_sending_a_question_make_one(writer):
    community = writer.memberships.get().community
    (keeper,) = windows_of(writer, 1)
    keeper.post(reverse("ask"), {"body": BODY, "keep": "1"})
    form = {
        "title": "Our dye house wastes water",
        "body": BODY,
        "themes": [community.themes.get().slug],
        "form_token": new_token(writer),
        "suggestions_seen": "1",
        "shown": [seal_for(writer)],
        "because": ["Ours is of clay"],
        "draft": str(keeper.get(reverse("ask")).context["drafts"].place),
    }
    assert len(press(writer, reverse("ask"), form)) == 1
    question = Question.objects.get()
    assert question.events.count() == 1
    assert Suggested.objects.count() == 1
    assert not Draft.objects.exists()


def test_fifty_clicks_on_sending_an_answer_make_one(writer):
    thread = released_question(community=writer.memberships.get().community)
    form = {"body": BODY, "reply_kind": "experience", "form_token": new_token(writer)}
    assert len(press(writer, reverse("reply", args=[thread.slug]), form)) == 1
    assert Reply.objects.count() == 1
    assert ModerationEvent.objects.filter(submission=Reply.objects.get(), action=Action.SUBMIT).count() == 1


def test_fifty_saves_of_one_window_and_its_sending_leave_one_answer_and_no_draft(writer):
    thread = released_question(community=writer.memberships.get().community)
    form = {"body": BODY, "reply_kind": "experience", "form_token": new_token(writer), "draft": "k.0.p"}
    address = reverse("reply", args=[thread.slug])
    send, *others = windows_of(writer, CLICKS)
    saves = [
        partial(window.post, address, form | {"keep": "quietly", "draft_step": str(step)})
        for step, window in enumerate(others)
    ]
    answers = at_once(partial(send.post, address, form), *saves)
    assert {answer.status_code for answer in answers} == {200, 302}
    assert Reply.objects.count() == 1
    assert not Draft.objects.exists()
