"""What editors put first for a question: when it counts, what may be put first, and how the page shows it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from search.documents import Part, SearchUnavailable, community_audience
from search.editorial import best_bets
from search.models import MAX_PHRASES, BestBet
from search.registry import get_engine
from tests.search.fake_source import EVERYBODY

pytestmark = pytest.mark.django_db

DAY = date(2026, 3, 4)


@pytest.fixture
def index(source):
    """Return a callable that stores a document and puts it into the index."""

    def put(*args, **values):
        get_engine().write([(source.add(*args, **values), 1)], [])

    return put


def bet(phrases: str = "dye house", address: str = "/scheme/1/", **values) -> BestBet:
    best_bets.forget()
    return BestBet.objects.create(phrases=phrases, address=address, **values)


def first(text: str) -> list[str]:
    return best_bets.addresses(text, today=DAY)


# When it counts


@pytest.mark.parametrize(
    "asked", ["dye house", "Dye Houses", "the dye house", "what is a dye house?", "loans for DYERS"]
)
def test_a_bet_counts_for_its_words_however_they_are_inflected(asked):
    bet("dye house\nloans for dyers\n")
    assert first(asked) == ["/scheme/1/"]


@pytest.mark.parametrize("asked", ["dye", "house dye", "dye house effluent", "dye house dye house", "", "...", "and"])
def test_a_bet_does_not_count_for_other_words(asked):
    bet("dye house")
    assert first(asked) == []


def test_a_bet_in_hindi_counts_for_its_inflections():
    bet("बुनकर ऋण")
    assert first("बुनकरों को ऋण") == []
    assert first("बुनकरों ऋण") == ["/scheme/1/"]


def test_bets_come_by_position_each_once_and_three_at_most():
    for position, number in enumerate((4, 2, 2, 3, 1), start=1):
        bet(address=f"/scheme/{number}/", position=position)
    assert first("dye house") == ["/scheme/4/", "/scheme/2/", "/scheme/3/"]


def test_a_bet_counts_on_its_days_both_ends_included():
    one = timedelta(days=1)
    bet(address="/scheme/1/", shown_from=DAY, shown_until=DAY)
    bet(address="/scheme/2/", shown_from=DAY + one)
    bet(address="/scheme/3/", shown_until=DAY - one)
    assert first("dye house") == ["/scheme/1/"]


# What may be put first


def refusals(**values) -> dict[str, list[str]]:
    row = BestBet(**{"phrases": "dye house", "address": "/scheme/1/"} | values)
    try:
        row.full_clean()
    except ValidationError as error:
        return error.message_dict
    return {}


def test_an_address_is_kept_without_host_and_query(index):
    index("scheme:1", "A scheme")
    row = BestBet(phrases="dye house", address=" https://example.invalid/scheme/1/?a=b#c ")
    row.full_clean()
    assert row.address == "/scheme/1/"


@pytest.mark.parametrize(
    "address", ["/nowhere/", "/question/2/", "scheme/1/", "//scheme/1/", "http://[", "javascript:alert(1)", "\\", " "]
)
def test_an_address_has_to_show_something_to_everybody(index, address):
    index("scheme:1", "A scheme")
    index("question:2", parts=(Part(frozenset({community_audience("weavers")}), "Inner"),))
    assert "address" in refusals(address=address)


def test_an_address_cannot_be_checked_while_search_is_away(index, monkeypatch):
    index("scheme:1", "A scheme")
    assert refusals() == {}

    def away(*args):
        raise SearchUnavailable("connection refused")

    monkeypatch.setattr(type(get_engine()), "at", away)
    assert "cannot be checked" in refusals()["address"][0]


@pytest.mark.parametrize("phrases", ["", " \n ", "dye house\n???", "\n".join(["dye"] * (MAX_PHRASES + 1))])
def test_each_line_needs_words_and_there_are_not_too_many(index, phrases):
    index("scheme:1", "A scheme")
    assert list(refusals(phrases=phrases)) == ["phrases"]


def test_the_last_day_comes_after_the_first(index):
    index("scheme:1", "A scheme")
    assert refusals(shown_from=DAY, shown_until=DAY) == {}
    assert refusals(shown_from=DAY, shown_until=DAY - timedelta(days=1))


# How the page shows it


def test_a_bet_stands_first_with_a_label_and_not_again_in_the_list(client, index):
    for number in range(2, 16):
        index(f"solution:{number}", "Dye house")
    index("scheme:1", "Dye house and other schemes")
    bet()
    page = client.get("/search/?q=dye+houses").text
    assert "Chosen by the editors" in page
    assert page.index("Chosen by the editors") < page.index("/scheme/1/") < page.index("/solution/15/")
    everywhere = page + client.get("/search/?q=dye+houses&page=2").text
    assert everywhere.count('href="/scheme/1/"') == 1
    assert "15 results" in page


@pytest.mark.parametrize(
    "query", ["q=dye+house&page=2", "q=dye+house&sort=newest", "q=dye+house&kind=scheme", "q=house", ""]
)
def test_a_bet_stands_on_the_first_page_of_its_question_alone(client, index, query):
    for number in range(2, 16):
        index(f"solution:{number}", "Dye house")
    index("scheme:1", "A scheme")
    bet()
    assert "Chosen by the editors" not in client.get(f"/search/?{query}").text


def test_with_a_filter_or_a_sort_a_bet_keeps_its_place_in_the_list(client, index):
    index("scheme:1", "Dye house")
    bet()
    for query in ("kind=scheme", "sort=newest", "since=2025-01-01"):
        assert client.get(f"/search/?q=dye+house&{query}").text.count('href="/scheme/1/"') == 1


def test_a_bet_is_shown_even_where_its_words_find_nothing(client, index):
    index("scheme:1", "Loans")
    bet()
    page = client.get("/search/?q=dye+house").text
    assert "Chosen by the editors" in page
    assert 'href="/scheme/1/"' in page


def test_a_bet_is_shown_to_those_alone_who_may_see_it(client, index, source):
    index("scheme:1", "Dye house")
    index("scheme:2", "Dye house", parts=(Part(EVERYBODY, "Dye house"),))
    bet()
    bet(address="/scheme/2/", position=2)
    source.hidden.add("scheme:1")
    page = client.get("/search/?q=dye+house").text
    assert "/scheme/1/" not in page
    assert page.count('href="/scheme/2/"') == 1
    get_engine().write([], [("scheme:2", 2)])
    assert "/scheme/2/" not in client.get("/search/?q=dye+house").text


def test_today_is_the_day_where_the_portal_stands(client, index):
    index("scheme:1", "Loans")
    bet(shown_from=timezone.localdate(), shown_until=timezone.localdate())
    assert "Chosen by the editors" in client.get("/search/?q=dye+house").text
