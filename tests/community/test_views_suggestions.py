"""What may answer a question already: shown with its words, noted with the question, never public and never forged."""

from dataclasses import replace
from html import unescape

import pytest
from django.core import signing
from django.urls import reverse
from django.utils import timezone

from community.forms.looked import opened_seal, sealed
from community.forms.tokens import new_token
from community.models import Question, Suggested
from community.services.writing import suggestions
from community.services.writing.suggestions import MOST, Suggestion
from knowledge.models import SolutionPage
from search import indexing
from search.documents import Hit, SearchUnavailable
from tests.conftest import sign_in
from tests.factories.community import CommunityFactory, closed, make_member, released_question
from tests.factories.knowledge import SchemeFactory, ThemeFactory
from tests.factories.pages import SolutionPageFactory
from tests.flows.first_day import make_roots
from tests.own_index import own_index

pytestmark = pytest.mark.django_db

TITLE = "Dyers share one parboiling drain"
BODY = "Forty dyers share one drain and the water runs off unused."
HINDI = "रंगाई घर का पानी कहाँ जाए"


@pytest.fixture
def index(tmp_path):
    with own_index(tmp_path):
        yield


@pytest.fixture
def shelf(index, community):
    """Put a solution, an open question of another community and a scheme into the index."""
    make_roots()
    solution = SolutionPageFactory(title="Parboiling drain rebuilt", summary="Dig a second settling tank.")
    question = released_question(community=CommunityFactory(), title="Who has mended a parboiling drain")
    scheme = SchemeFactory(name="Parboiling drain scheme", short_name="")
    indexed()
    return {"solution": solution, "question": question, "scheme": scheme}


def indexed() -> None:
    while indexing.drain(now=timezone.now()).more:
        pass


@pytest.fixture
def theme(community):
    theme = ThemeFactory()
    community.themes.add(theme)
    return theme


def form_of(client, theme, **changes) -> dict:
    token = new_token(client.user.member)
    return {"title": TITLE, "body": BODY, "themes": [theme.slug], "form_token": token} | changes


def step_before(client, theme, **changes):
    """Return what stands beside the form, on the page before it is sent."""
    return client.post(reverse("ask"), form_of(client, theme, **changes)).context["beside"]


def test_solutions_come_first_then_questions_then_entries_each_with_the_words_in_common(member, theme, shelf):
    shown = step_before(member, theme).shown
    assert [each.suggestion.hit.kind for each in shown] == ["solution", "question", "scheme"]
    assert [each.suggestion.rank for each in shown] == [1, 2, 3]
    for each in shown:
        assert "parboiling drain" in " ".join(each.suggestion.matched).lower()
    assert shown[0].suggestion.answer == "Dig a second settling tank."


def test_the_piece_while_typing_is_the_piece_before_sending(member, theme, shelf):
    typing = member.get(reverse("ask_similar"), {"q": TITLE}).content.decode()
    sending = member.post(reverse("ask"), form_of(member, theme)).content.decode()
    for page in (typing, sending):
        assert "Dig a second settling tank." in page
        assert "<mark>Parboiling drain</mark>" in page
        assert page.index("<mark>Parboiling drain") < page.index("Who has mended")
        assert page.count('name="because"') == 3
    assert not Suggested.objects.exists()


def test_words_in_hindi_are_found_and_marked(member, theme, index, community):
    released_question(community=CommunityFactory(), title="रंगाई घर का पानी नाले में जाता है")
    indexed()
    (shown,) = step_before(member, theme, title=HINDI).shown
    assert "पानी" in " ".join(shown.suggestion.matched)
    assert "पानी</mark>" in shown.suggestion.hit.title_html


def test_an_open_question_comes_before_a_closed_one(member, theme, index):
    question = released_question(community=CommunityFactory(), title="A parboiling drain that stinks")
    closed(question)
    released_question(community=CommunityFactory(), title="Parboiling and a drain somewhere in the town of dyers")
    indexed()
    shown = step_before(member, theme).shown
    assert [each.suggestion.hit.key == f"question:{question.pk}" for each in shown] == [False, True]


def test_what_only_another_community_reads_is_not_shown(member, theme, index):
    secret = CommunityFactory(threads_public=False)
    released_question(community=secret, title="Something else entirely", body="A parboiling drain, in confidence.")
    indexed()
    page = member.post(reverse("ask"), form_of(member, theme)).content.decode()
    assert "in confidence" not in page
    assert "in confidence" not in member.get(reverse("ask_similar"), {"q": TITLE}).content.decode()


def test_a_visitor_gets_no_piece(visitor, shelf):
    assert visitor.get(reverse("ask_similar"), {"q": TITLE}).status_code == 302


@pytest.mark.parametrize("title", ["", "short", "\x00" * 300, "*** ??? !!!", "x" * 5000, "<script>alert(1)</script>"])
def test_whatever_is_typed_the_piece_is_no_error_of_ours(title, member, shelf):
    answer = member.get(reverse("ask_similar"), {"q": title})
    assert answer.status_code == 200
    assert "<script>" not in answer.content.decode()


def test_asking_goes_on_while_search_is_away(member, theme, monkeypatch):
    def away(text, **_options):
        raise SearchUnavailable("down")

    monkeypatch.setattr(suggestions, "suggest", away)
    assert member.get(reverse("ask_similar"), {"q": TITLE}).status_code == 200
    member.post(reverse("ask"), form_of(member, theme))
    assert Question.objects.count() == 1


def test_a_solution_says_its_answer_once_and_shows_why_it_was_found():
    def suggestion(snippet: str, answer: str) -> Suggestion:
        return Suggestion(replace(hit(), snippet_html=snippet), 1, (), answer)

    assert suggestion("A &amp; <mark>drain</mark>.", "A & drain.").says == ""
    assert suggestion("… the <mark>drain</mark> of …", "Dig a tank.").says == "Dig a tank."
    assert suggestion("The beginning of it", "Dig a tank.").why_html == ""
    assert suggestion("The beginning of it", "").why_html == "The beginning of it"


# What travels with the question


def sent_with(client, theme, **changes) -> Question:
    client.post(reverse("ask"), form_of(client, theme, suggestions_seen="1", **changes))
    return Question.objects.get(author=client.user.member)


def test_what_was_shown_opened_and_said_is_stored_with_the_question(member, theme, shelf):
    shown = step_before(member, theme).shown
    moment = int(timezone.now().timestamp() * 1000)
    question = sent_with(
        member,
        theme,
        shown=[each.seal for each in shown],
        because=["Our drain is of <b>clay</b>", "", "योजना हमारे लिए नहीं"],
        opened=[f"{shown[0].suggestion.hit.key} {moment}", shown[1].suggestion.hit.key],
    )
    rows = list(question.suggested.all())
    assert [row.key for row in rows] == [each.suggestion.hit.key for each in shown]
    assert [row.not_my_case for row in rows] == ["Our drain is of <b>clay</b>", "", "योजना हमारे लिए नहीं"]
    assert [bool(row.opened_at) for row in rows] == [True, True, False]
    assert all(row.shown_at <= row.opened_at <= timezone.now() for row in rows[:2])
    assert "drain" in " ".join(rows[0].matched).lower()


def test_the_moderator_and_the_asker_read_it_and_nobody_else(member, moderator, visitor, theme, shelf):
    shown = step_before(member, theme).shown
    question = sent_with(
        member, theme, shown=[each.seal for each in shown], because=["Ours is of <i>clay</i>"], opened=[]
    )
    for client, address in (
        (moderator, reverse("desk_item", args=[question.pk])),
        (member, reverse("my_submission", args=[question.pk])),
    ):
        page = client.get(address).content.decode()
        assert "Ours is of &lt;i&gt;clay&lt;/i&gt;" in page
        assert "Parboiling drain rebuilt" in page
    for client in (visitor, sign_in(make_member(question.community).user)):
        assert client.get(reverse("my_submission", args=[question.pk])).status_code in (302, 404)


def test_what_was_shown_and_is_hidden_since_is_named_nowhere(member, moderator, theme, shelf):
    shown = step_before(member, theme).shown
    question = sent_with(member, theme, shown=[each.seal for each in shown])
    SolutionPage.objects.get().unpublish()
    for client, address in (
        (moderator, reverse("desk_item", args=[question.pk])),
        (member, reverse("my_submission", args=[question.pk])),
    ):
        page = client.get(address).content.decode()
        assert "Parboiling drain rebuilt" not in page
        assert "Who has mended a parboiling drain" in page


def hit(number: int = 1) -> Hit:
    return Hit(f"solution:{number}", "solution", "/solutions/x/", "Settling tanks", "", "", 1.0)


def seal_for(member, number: int = 1) -> str:
    return sealed(Suggestion(hit(number), 1, ("drain",)), member=member, now=timezone.now())


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "x",
        "\x00",
        "a:b:c",
        "y" * 9000,
        signing.dumps([1, "solution:1", "t", "/", 1, [], 0.0], salt="another"),
        signing.dumps("no list", salt="community.suggested"),
    ],
    # A seal holds the moment at which it was made: as a name it would differ in each process of a run.
    ids=["empty", "a letter", "NUL", "three parts", "long", "sealed for something else", "no list"],
)
def test_what_was_not_shown_cannot_be_said_to_have_been(member, theme, forged):
    own = seal_for(member.user.member)
    other = seal_for(make_member(CommunityFactory()))
    question = sent_with(member, theme, shown=[forged, other, own[:-1] + "A", own], because=["no", "no", "no", "mine"])
    assert [(row.key, row.not_my_case) for row in question.suggested.all()] in (
        [("solution:1", "mine")],
        [("solution:1", "no")],
    )


def test_a_seal_that_is_old_says_nothing(member, monkeypatch):
    own = seal_for(member.user.member)
    assert opened_seal(own, member=member.user.member)
    monkeypatch.setattr("community.forms.looked._VALID_FOR", -1)
    assert opened_seal(own, member=member.user.member) is None


@pytest.mark.parametrize(
    "tick", ["solution:1 99999999999999", "solution:1 0", "solution:1 x", "solution:1 ١٢", "solution:1"]
)
def test_the_moment_of_opening_lies_between_showing_and_sending(member, theme, tick):
    question = sent_with(member, theme, shown=[seal_for(member.user.member)], because=[""], opened=[tick])
    row = question.suggested.get()
    assert row.shown_at <= row.opened_at <= timezone.now()


def test_the_number_stored_with_a_question_is_bounded_and_each_stands_once(member, theme):
    seals = [seal_for(member.user.member, number) for number in range(50)] * 2
    question = sent_with(member, theme, shown=seals, because=["x"] * 100, opened=["solution:1"] * 500)
    assert question.suggested.count() == MOST


@pytest.mark.parametrize("line", ["x" * 301, "\x00", "broken \ufffd"])
def test_a_line_that_cannot_be_stored_is_said_and_everything_is_kept(member, theme, line):
    seal = seal_for(member.user.member)
    form = form_of(member, theme, suggestions_seen="1", shown=[seal], because=[line], opened=["solution:1"])
    answer = member.post(reverse("ask"), form)
    page = unescape(answer.content.decode())
    assert "Not my case, because:" in page
    assert seal in page
    assert not Question.objects.exists()
    assert answer.context["beside"].carried[0][1].opened_at


def test_another_title_shows_other_things_and_carries_the_earlier_ones(member, theme, shelf, index):
    first = step_before(member, theme).shown
    seals = [each.seal for each in first]
    question = sent_with(member, theme, title="Something about looms", shown=seals, because=["not ours", "", ""])
    assert [row.not_my_case for row in question.suggested.all()] == ["not ours", "", ""]


def test_a_draft_and_a_form_kept_without_login_carry_what_was_said(member, theme):
    typed = {"shown": [seal_for(member.user.member)], "because": ["Ours is of clay"], "opened": ["solution:1"]}
    member.post(reverse("ask"), form_of(member, theme, keep="1", **typed))
    ((_seal, one),) = member.get(reverse("ask")).context["beside"].carried
    assert (one.not_my_case, bool(one.opened_at)) == ("Ours is of clay", True)
    member.logout()
    member.post(reverse("ask"), form_of(member, theme, **typed | {"because": ["Ours is of brick"]}))
    member.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    ((_seal, one),) = member.get(reverse("ask")).context["beside"].carried
    assert one.not_my_case == "Ours is of brick"
