"""Drafts on their pages: filled in where the form is opened, by script or button, for their writer alone."""

from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community.forms.tokens import new_token
from community.models import Draft, Question, Reply
from community.services import moderation
from community.services.writing import suggestions
from community.states import Action, SubmissionState
from tests.conftest import sign_in
from tests.factories.community import ReasonFactory, make_member, pending_question, released_question
from tests.factories.knowledge import ThemeFactory

pytestmark = pytest.mark.django_db

TITLE = "Our dye house wastes water"
WORDS = "Forty dyers share one drain, <script>alert(1)</script> हमारे रंगाई घर में \u200f😀"
HOSTILE = {
    "script": "<script>alert(1)</script><img src=x onerror=alert(2)>",
    "marks that turn the direction": "\u202eleft\u202c \u200f",
    "emoji": "🧵" * 500,
    "Hindi": "क्ष त्र श्र ज्ञ र्क",
}


@pytest.fixture(autouse=True)
def nothing_answered(monkeypatch):
    monkeypatch.setattr(suggestions, "suggest", lambda text, **_options: [])


@pytest.fixture
def theme(community):
    theme = ThemeFactory()
    community.themes.add(theme)
    return theme


@pytest.fixture
def thread(community, theme) -> Question:
    return released_question(community=community, themes=[theme], title="Who has mended a blower")


@pytest.fixture
def own(member, community, theme) -> Question:
    return pending_question(community=community, author=member.user.member, themes=[theme])


@pytest.fixture
def pages(thread, own) -> dict[str, tuple[str, str]]:
    """Return of each form the address that takes it and the page on which it stands."""
    return {
        "ask": (reverse("ask"), reverse("ask")),
        "reply": (reverse("reply", args=[thread.slug]), thread.get_absolute_url()),
        "revision": (reverse("my_submission", args=[own.pk]),) * 2,
    }


FORMS = ("ask", "reply", "revision")


def text_of(answer) -> str:
    return unescape(answer.content.decode())


@pytest.mark.parametrize("form", FORMS)
def test_a_kept_draft_stands_in_the_form_on_every_device_of_its_writer(form, member, pages):
    action, page = pages[form]
    answer = member.post(action, {"body": WORDS, "title": TITLE, "keep": "1"}, follow=True)
    assert "Kept as a draft. Nothing was sent." in text_of(answer)
    assert (Question.objects.count(), Reply.objects.count()) == (2, 0)
    for client in (member, sign_in(member.user)):
        shown = text_of(client.get(page))
        assert WORDS in shown
        assert "Your draft of" in shown
        assert "<script>alert" not in client.get(page).content.decode()
    assert Draft.objects.count() == 1, "looking at it makes no other"


@pytest.mark.parametrize("form", FORMS)
def test_a_script_keeps_the_form_and_is_told_when(form, member, pages):
    action, _page = pages[form]
    answer = member.post(action, {"body": WORDS, "keep": "quietly", "draft": "k.0.p", "draft_step": "5"})
    assert answer["Content-Type"] == "application/json"
    assert "Saved" in answer.json()["words"]
    assert "not sent" in answer.json()["words"]
    assert not member.get(reverse("my")).context["messages"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("way", ["1", "quietly"])
@pytest.mark.parametrize("words", ["NUL \x00", "x" * 70_000])
def test_what_cannot_be_kept_is_refused_in_words_and_stays_in_the_form(form, way, words, member, pages):
    answer = member.post(pages[form][0], {"body": words, "title": TITLE, "keep": way})
    assert answer.status_code == 400
    if way == "quietly":
        assert len(answer.json()["words"]) > 10
    else:
        assert "There is a problem" in text_of(answer)
        assert words.replace("\x00", "") in text_of(answer).replace("\x00", "").replace("\ufffd", "")
    assert not Draft.objects.exists()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("words", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_are_kept_as_typed_and_stay_text_wherever_they_are_shown(form, words, member, pages):
    action, page = pages[form]
    member.post(action, {"body": words, "title": words, "keep": "quietly", "draft": words, "draft_step": words})
    for address in (page, reverse("my")):
        answer = member.get(address)
        assert answer.status_code == 200
        assert "<script>alert" not in answer.content.decode()
        assert "<img src=x" not in answer.content.decode()
    assert words in text_of(member.get(page))


@pytest.mark.parametrize("draft", ["a.b", "\x00", "x" * 5000, "a.1.b.c", "सवाल.1.b"])
def test_a_forged_place_keeps_a_draft_of_its_own(draft, member, pages):
    for address in (reverse("ask"), pages["reply"][0]):
        answer = member.post(address, {"body": "words", "keep": "quietly", "draft": draft, "draft_step": "-9" * 99})
        assert answer.status_code == 200
    assert Draft.objects.count() == 2
    assert member.get(reverse("ask"), {"draft": draft}).status_code == 200


def test_sending_drops_the_draft_that_stood_in_the_form(member, theme):
    member.post(reverse("ask"), {"body": WORDS, "keep": "1"})
    place = member.get(reverse("ask")).context["drafts"].place
    token = new_token(member.user.member)
    form = {"title": TITLE, "body": WORDS, "themes": [theme.slug], "form_token": token, "draft": str(place)}
    member.post(reverse("ask"), form)
    assert Question.objects.count() == 1
    assert not Draft.objects.exists()
    assert "Your draft of" not in text_of(member.get(reverse("ask")))


def test_a_form_with_a_mistake_keeps_its_draft_and_its_place(member, theme):
    member.post(reverse("ask"), {"body": WORDS, "keep": "1"})
    place = member.get(reverse("ask")).context["drafts"].place
    answer = member.post(reverse("ask"), {"body": WORDS, "draft": str(place)})
    assert answer.context["drafts"].place == place
    assert answer.context["drafts"].others == ()
    assert Draft.objects.count() == 1


def test_two_windows_are_told_of_each_other_and_both_texts_can_be_put_into_the_form(member):
    address = reverse("ask")
    member.post(address, {"body": "begun", "keep": "1"})
    places = [str(member.get(address).context["drafts"].place) for _window in range(2)]
    member.post(address, {"body": "from the phone", "keep": "quietly", "draft": places[0]})
    told = member.post(address, {"body": "from the laptop", "keep": "quietly", "draft": places[1]}).json()
    assert "there is a newer one" in told["words"]
    assert "from the phone" in text_of(member.get(told["link"]))
    page = text_of(member.get(address))
    assert "Another draft, of" in page
    assert "from the laptop" in page
    assert "from the phone" in page


def test_what_was_begun_elsewhere_is_not_replaced_by_a_draft_which_is_offered(member):
    member.post(reverse("ask"), {"title": "The draft", "body": "kept words", "keep": "1"})
    answer = member.get(reverse("ask"), {"title": "The words that I searched for"})
    assert 'value="The words that I searched for"' in answer.content.decode()
    assert "Put it into the form" in text_of(answer)


def test_a_draft_is_thrown_away_by_its_writer_only(member, community):
    member.post(reverse("ask"), {"body": WORDS, "keep": "1"})
    drop = reverse("my_draft_drop", args=[Draft.objects.get().key])
    sign_in(make_member(community).user).post(drop)
    member.get(drop)
    assert Draft.objects.count() == 1
    assert "thrown away" in text_of(member.post(drop, follow=True))
    assert not Draft.objects.exists()


def test_nobody_else_reads_a_draft_not_even_those_who_moderate(member, moderator, pages, own):
    for action, _page in pages.values():
        member.post(action, {"body": "words of a draft", "title": TITLE, "keep": "1"})
    assert Draft.objects.count() == 3
    addresses = [page for _action, page in pages.values()] + [reverse("my"), reverse("desk")]
    addresses += [reverse("desk_item", args=[own.pk]), reverse("wagtailadmin_home")]
    for draft in Draft.objects.all():
        addresses += [f"{page}?draft={draft.key}" for _action, page in pages.values()]
    for address in addresses:
        assert "words of a draft" not in text_of(moderator.get(address, follow=True)), address


def test_my_page_lists_the_drafts_with_their_age_and_says_how_long_they_stay(member, pages, thread, own):
    for action, _page in pages.values():
        member.post(action, {"body": f"draft for {action}", "keep": "1"})
    page = text_of(member.get(reverse("my")))
    assert f"Answer to: {thread.title}" in page
    assert f"A change of: {own.title}" in page
    assert "A question" in page
    assert f"{settings.DRAFT_DAYS} days is dropped" in page
    assert page.count("not sent") == 3
    assert page.index("Needs you") < page.index("Drafts") < page.index("With a moderator")


def test_a_draft_for_a_question_that_was_hidden_shows_its_own_words_and_no_title(member, moderator, pages, thread):
    member.post(pages["reply"][0], {"body": "My answer. " * 40, "keep": "1"})
    moderation.hide(
        submission=thread,
        moderator=moderator.user,
        version=thread.version,
        reason=ReasonFactory(action=Action.HIDE),
        message="Not now.",
        now=thread.released_at,
    )
    page = text_of(member.get(reverse("my")))
    assert ("My answer. " * 40).strip() in page
    assert thread.title not in page


def test_a_change_typed_while_it_was_decided_is_kept_and_shown(member, moderator, pages, own):
    action, page = pages["revision"]
    moderation.approve(submission=own, moderator=moderator.user, version=own.version, now=own.submitted_at)
    form = {"title": TITLE, "body": "Fifty dyers share one drain now.", "tried": "", "version": own.version}
    refused = member.post(action, form)
    assert refused.status_code == 409
    assert "Fifty dyers share one drain now." in text_of(refused)
    assert Question.objects.get(pk=own.pk).state == SubmissionState.APPROVED
    member.post(action, form | {"keep": "quietly"})
    assert "Fifty dyers share one drain now." in text_of(member.get(page))


def test_a_login_that_ended_keeps_the_form_for_this_browser_and_its_place(member, theme):
    member.post(reverse("ask"), {"body": "words before", "keep": "1"})
    place = member.get(reverse("ask")).context["drafts"].place
    member.logout()
    refused = member.post(reverse("ask"), {"body": "words after", "keep": "quietly", "draft": str(place)})
    assert refused.status_code == 302
    member.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = member.get(reverse("ask"))
    assert "words after" in text_of(answer)
    assert answer.context["drafts"].place == place
    assert Draft.objects.get().fields == {"body": ["words before"]}


def test_one_member_cannot_save_without_end(member):
    codes = {
        member.post(reverse("ask"), {"body": f"words {number}", "keep": "quietly", "draft": "k.0.p"}).status_code
        for number in range(70)
    }
    assert codes == {200, 429}
    assert member.post(reverse("ask"), {"body": "words", "keep": "1"}).status_code == 400


def test_a_visitor_keeps_no_draft(visitor):
    visitor.post(reverse("ask"), {"body": WORDS, "keep": "quietly"})
    assert not Draft.objects.exists()


def test_the_pages_ask_the_database_no_more_for_thirty_drafts(member, pages, django_assert_max_num_queries):
    for number in range(10):
        if number == 1:
            with CaptureQueriesContext(connection) as few:
                member.get(reverse("my"))
            before = len(few)
        for action, _page in pages.values():
            member.post(action, {"body": f"draft {number}", "keep": "quietly"})
    assert Draft.objects.count() == 30
    with django_assert_max_num_queries(before):
        member.get(reverse("my"))
