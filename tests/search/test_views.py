import html
import re

import pytest
from django.http import QueryDict
from django.urls import reverse

from search import registry
from search.documents import Part, SearchUnavailable, community_audience
from search.models import Synonym
from search.registry import get_engine

from .fake_source import FIRST_DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def index(source):
    """Return a callable that stores a document and puts it into the index."""

    def put(*args, **values):
        get_engine().write([(source.add(*args, **values), 1)], [])

    return put


@pytest.fixture
def results(client):
    """Return a callable that asks for the results of a query string."""

    def ask(query: str = "", status: int = 200) -> str:
        response = client.get(f"/search/?{query}")
        assert response.status_code == status, response.text[:500]
        return response.text

    return ask


def away(*args):
    raise SearchUnavailable("connection refused")


def words_of(page: str) -> str:
    """Return the words of a page, as a reader gets them."""
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", page).split()))


def links(page: str) -> list[str]:
    return [html.unescape(href) for href in re.findall(r'href="([^"]*)"', page)]


def test_the_page_says_how_much_was_found_and_shows_it_with_marks(index, results):
    index("solution:1", "Owners of cashew units", "Raw nuts.", states=("goa",), outcome="worked", as_of=2006)
    page = results("q=cashew")
    assert "1 result for “cashew”" in words_of(page)
    assert '<a href="/solution/1/">Owners of <mark>cashew</mark> units</a>' in page
    assert "Worked" in page
    assert "Goa" in page
    assert "Facts of 2006, not verified since" in page


def test_filters_show_words_and_counts_and_chosen_ones_can_be_taken_off(index, results):
    registry.register_labels("theme", lambda: {"finance": "Finance and credit"})
    index("solution:1", "Cashew", themes=("finance",))
    index("scheme:2", "Cashew")
    page = results("q=cashew&kind=solution")
    assert re.search(r'value="solution" checked>\s*<span>Solutions</span>', page)
    assert "Schemes" in page
    assert "Finance and credit" in page
    assert '<a class="tag off" href="?q=cashew">' in page
    assert "Clear all" in page


@pytest.mark.parametrize("query", ["q=cashew", "", "q=cashew&state=goa", "verified=no&since=2026-01-03", "kind=scheme"])
def test_each_count_is_what_a_click_on_its_value_alone_shows(index, results, query):
    for number in range(1, 13):
        index(
            f"{'solution' if number % 3 else 'scheme'}:{number}",
            "Cashew" if number % 2 else "Leather",
            states=("goa",) if number % 4 else ("kerala",),
            themes=("finance",) if number % 5 else (),
            verified_at=FIRST_DAY if number % 6 == 0 else None,
        )
    offered = re.findall(r'name="(\w+)" value="([\w-]+)"(?: checked)?><span>[^<]*</span><b>(\d+)<', results(query))
    assert len(offered) > 3
    for name, value, count in offered:
        asked = QueryDict(query, mutable=True)
        asked.setlist(name, [value])
        found = re.match(r"(\d+) (?:result|entr)", words_of(results(asked.urlencode())))
        assert found, (name, value)
        assert found[1] == count, (name, value)


def test_verified_and_days_are_filters_with_words_that_can_be_taken_off(index, results):
    index("solution:1", "Cashew", verified_at=FIRST_DAY)
    index("solution:2", "Cashew")
    page = results("q=cashew&verified=yes&since=2026-01-01&until=2026-12-31")
    assert "1 result for “cashew”" in words_of(page)
    assert "Verified by the owner 1" in words_of(page)
    assert "Not verified 1" in words_of(page)
    assert '<input type="date" name="since" value="2026-01-01"' in page
    assert "Remove: From 1 January 2026" in words_of(page)
    assert "?q=cashew&verified=yes&until=2026-12-31" in links(page)
    assert "?q=cashew&since=2026-01-01&until=2026-12-31" in links(page)
    assert "?q=cashew" in links(page), "clear all"
    assert words_of(results("since=2026-01-03")).startswith("1 entry")


def test_an_impossible_day_is_an_error_beside_its_field_and_the_results_stay(index, results):
    index("solution:1", "Cashew")
    page = results("q=cashew&since=2026-02-30")
    assert "<title>Error:" in page
    assert words_of(page).count("There is no such day.") == 2, "in the summary and beside the field"
    assert 'id="id_since_error"' in page
    assert 'aria-invalid="true"' in page
    assert "1 result for “cashew”" in words_of(page)
    page = results("q=pink+elephants&since=2026-02-02&until=2026-02-01")
    assert words_of(page).count("This day comes before the first one.") == 2


def test_a_broken_day_is_passed_over(index, results):
    index("solution:1", "Cashew")
    page = results("q=cashew&since=yesterday&until=%22%3E%3Cb%3E")
    assert "Error:" not in page
    assert "1 result for “cashew”" in words_of(page)


def test_every_filter_and_the_sort_carry_the_others(index, results):
    index("solution:1", "Cashew", themes=("finance",), verified_at=FIRST_DAY)
    page = results("q=cashew&theme=finance&verified=yes&since=2026-01-01&sort=newest&exact=on")
    [sorting] = re.findall(r'<form class="row">.*?</form>', page, re.S)
    for name, value in (("theme", "finance"), ("verified", "yes"), ("since", "2026-01-01"), ("exact", "on")):
        assert f'type="hidden" name="{name}" value="{value}"' in sorting
    [filters] = re.findall(r'<form class="facets".*?</form>', page, re.S)
    assert re.findall(r'type="hidden" name="(\w+)"', filters) == ["q", "sort", "exact"]


def test_paging_keeps_the_filters_in_the_address(index, results):
    for number in range(1, 26):
        index(f"solution:{number}", "Cashew")
    page = results("q=cashew&kind=solution&page=2")
    targets = [QueryDict(link.partition("?")[2]) for link in links(page) if "page=3" in link]
    assert targets
    assert all(target["q"] == "cashew" and target["kind"] == "solution" for target in targets)


def test_a_page_beyond_the_last_one_says_so_and_names_the_last(index, results):
    index("solution:1", "Cashew")
    page = results("q=cashew&page=40", status=404)
    assert "These results have 1 page." in words_of(page)
    assert "?q=cashew" in links(page)


def test_the_end_of_the_window_is_said_on_its_last_page_and_behind_it(index, results, settings):
    settings.SEARCH_WINDOW = 20
    for number in range(1, 26):
        index(f"solution:{number}", "Cashew")
    said = "Only the first 20 results can be shown. Add a word or a filter to find the others."
    assert said not in words_of(results("q=cashew"))
    assert said in words_of(results("q=cashew&page=2"))
    page = results("q=cashew&page=1000000000", status=404)
    assert said in words_of(page)
    assert "?q=cashew&page=2" in links(page)


def test_synonyms_are_named_and_can_be_left_out(index, results):
    Synonym.objects.create(terms="cashew, kaju")
    index("solution:1", "Kaju")
    page = results("q=cashew")
    assert "Also searched: kaju." in words_of(page)
    assert "?q=cashew&exact=on" in links(page)
    assert "Nothing found" in results("q=cashew&exact=on")


def test_a_dead_end_offers_ways_on_and_a_question_to_the_members(results):
    page = results("q=pink+elephants")
    assert "Nothing found for “pink elephants”" in words_of(page)
    assert "/ask/?title=pink%20elephants" in links(page)
    assert "?q=elephants" in links(page)


def test_filters_that_leave_nothing_show_what_there_is_without_them(index, results):
    index("solution:1", "Cashew")
    page = results("q=cashew&kind=scheme")
    assert "Without the filters in use there is 1 result." in words_of(page)
    assert "/solution/1/" in links(page)


def test_a_misspelt_question_shows_the_results_of_its_correction_and_says_so(index, results):
    index("solution:1", "Kernel splitting machine")
    page = words_of(results("q=kernal+spliting"))
    assert "Nothing found for “kernal spliting”" in page
    assert "This is the result for “kernel splitting”." in page


def test_what_somebody_typed_comes_back_escaped(results):
    page = results("q=%3Cscript%3Ealert(1)%3C/script%3E&theme=%22%3E%3Cimg%3E")
    assert "<script>alert" not in page
    assert "<img>" not in page


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "page=99999999999999999999",
        "q=%00",
        "q=%ff%fe",
        "q=a%00b&theme=%00",
        "kind=%ff&sort=%00&page=%00",
        "q=" + "a" * 5000,
        "q=" + "word+" * 1000,
        "q=%22*+NEAR(+AND+^+title:x",
        "&".join(f"theme=t{n}" for n in range(500)),
        "unknown=1&q",
        "q=क्षे&state=गोवा",
        "q=" + "क" * 10_000,
        "q=the+of+and+what",
        "q=" + "%3F%21%22%28%29%5B%5D" * 50,
        "q=title:cashew+AND+(x+OR+*:*)~2^5+/re.*/+[a+TO+b]+-not+%22open",
        "q=%E2%80%AEwehsac%E2%80%AC+%E2%80%8F%E2%80%8E",
        "q=%EF%BF%BE%EF%BF%BF%ED%A0%80",
        "q=%C3%28&since=%C3%28",
        "&".join(f"kind={kind}&theme=t{n}&state=s{n}&q=q{n}" for n, kind in enumerate(["solution", "x"] * 100)),
        "kind[]=solution&kind%5B%5D=scheme&theme[a][b]=c&q[]=x&page[]=2&sort[]=title",
        "page=1000000000&q=cashew",
        "page=-1000000000",
        "sort=_score&facet=password&verified=maybe&stage=%20",
        "since=2026-13-45&until=99999-01-01",
        "since=0000-00-00&until=2026-02-30",
        "since=9999-12-31&until=0001-01-01",
    ],
)
def test_no_query_string_breaks_the_page_the_suggestions_or_the_feed(client, index, query):
    index("solution:1", "Cashew")
    assert client.get(f"/search/?{query}").status_code in (200, 400, 404)
    assert client.get(f"/search/suggest/?{query}&limit=x").status_code in (200, 400)
    assert client.get(f"/search/suggest/?{query}&format=json&limit=-3").status_code in (200, 400)
    assert client.get(f"/search/feed/?{query}").status_code in (200, 400)


def test_searching_changes_nothing_and_takes_get_only(client):
    assert client.post("/search/", {"q": "a"}).status_code == 405
    assert client.post("/search/suggest/", {"q": "a"}).status_code == 405
    assert not client.get("/search/?q=a").cookies


def test_the_number_of_queries_does_not_grow_with_the_results(client, index, django_assert_max_num_queries):
    for number in range(1, 10):
        index(f"solution:{number}", "Cashew", themes=("finance", "skills"), states=("goa", "kerala"))
    client.get("/search/?q=cashew")
    with django_assert_max_num_queries(4):
        client.get("/search/?q=cashew&theme=finance")


def test_an_engine_that_is_away_gives_a_calm_page(client, monkeypatch):
    monkeypatch.setattr(type(get_engine()), "search", away)
    response = client.get("/search/?q=cashew")
    assert response.status_code == 503
    assert response["Retry-After"]
    assert "Search does not answer right now" in response.text
    assert "/ask/?title=cashew" in links(response.text)


def test_suggestions_come_as_a_fragment_or_as_json(client, index):
    index("solution:1", "Cashew <units>")
    fragment = client.get(reverse("search_suggest"), {"q": "cash"}).text
    assert "Perhaps answered already" in fragment
    assert '<a href="/solution/1/" lang="en"><mark>Cashew</mark> &lt;units&gt;</a>' in fragment
    assert "<html" not in fragment
    answer = client.get(reverse("search_suggest"), {"q": "cash", "format": "json"}).json()
    assert answer == {
        "suggestions": [{"title": "Cashew <units>", "url": "/solution/1/", "kind": "Solution", "language": "en"}],
        "count": "1 suggestion",
    }


def test_suggestions_are_bounded_and_keep_to_the_kinds(client, index):
    for number in range(1, 21):
        index(f"solution:{number}", "Cashew")
    index("scheme:21", "Cashew")

    def count(**parameters) -> int:
        response = client.get("/search/suggest/", {"q": "cashew", "format": "json", **parameters})
        return len(response.json()["suggestions"])

    assert (count(), count(limit=500), count(limit=0), count(kind="scheme")) == (5, 10, 1, 1)


def test_suggestions_are_empty_while_the_engine_is_away(client, monkeypatch):
    monkeypatch.setattr(type(get_engine()), "suggest", away)
    response = client.get("/search/suggest/?q=cashew&format=json")
    assert (response.status_code, response.json()) == (503, {"suggestions": [], "count": "No suggestions"})
    assert client.get("/search/suggest/?q=cashew").status_code == 503


def test_nothing_that_only_members_read_leaves_for_a_visitor(client, index):
    members = frozenset({community_audience("weavers")})
    index(
        "question:1",
        "Dye house",
        parts=(Part(frozenset({"public"}), "Dye house"), Part(members, body="Secret parboiling")),
    )
    for address in ("/search/?q=", "/search/suggest/?q=", "/search/suggest/?format=json&q="):
        for text in ("secret", "parboiling", "dye+house+parboiling", "parb", "parbiling", ""):
            assert "Secret" not in client.get(address + text).text
    for text in ("secret", "parboiling", "parb"):
        assert "/question/1/" not in client.get(f"/search/?q={text}").text
        assert client.get(f"/search/suggest/?format=json&q={text}").json()["suggestions"] == []
