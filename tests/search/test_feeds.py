"""The Atom feed of any search."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest

from search import registry
from search.documents import Part, SearchUnavailable, community_audience
from search.registry import get_engine

from .fake_source import EVERYBODY, FIRST_DAY

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


@pytest.fixture
def index(source):
    """Return a callable that stores a document and puts it into the index."""

    def put(*args, **values):
        get_engine().write([(source.add(*args, **values), 1)], [])

    return put


def feed(client, query: str = "") -> ET.Element:
    response = client.get(f"/search/feed/?{query}")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    assert not response.cookies
    return ET.fromstring(response.content)  # noqa: S314 - our own feed


def titles(client, query: str = "") -> list[str]:
    return [entry.findtext("a:title", namespaces=ATOM) for entry in feed(client, query).findall("a:entry", ATOM)]


def test_the_newest_come_first_under_the_filters_of_the_address(client, index):
    index("solution:1", "Cashew one")
    index("scheme:2", "Cashew two")
    index("solution:3", "Cashew three", published_at=None)
    index("solution:4", "Leather")
    assert titles(client, "q=cashew&sort=title&page=7") == ["Cashew two", "Cashew one"]
    assert titles(client, "q=cashew&kind=solution") == ["Cashew one"]
    assert titles(client, "since=2026-01-04") == ["Leather"]
    assert titles(client, "q=elephants") == []


def test_a_corrected_spelling_is_no_result_of_the_feed(client, index):
    index("solution:1", "Kernel splitting machine")
    assert "This is the result for “kernel”." in client.get("/search/?q=kernal").text
    assert titles(client, "q=kernal") == []


def test_an_entry_tells_where_what_and_when(client, index):
    registry.register_labels("theme", lambda: {"finance": "Finance and credit"})
    index(
        "solution:1", "Cashew <& nuts>", "Raw \x0b nuts", themes=("finance",), verified_at=FIRST_DAY + timedelta(days=9)
    )
    [entry] = feed(client, "q=cashew").findall("a:entry", ATOM)
    assert entry.findtext("a:title", namespaces=ATOM) == "Cashew <& nuts>"
    assert entry.find("a:link", ATOM).get("href") == "http://testserver/solution/1/"
    assert entry.findtext("a:id", namespaces=ATOM) == "http://testserver/solution/1/"
    assert entry.findtext("a:published", namespaces=ATOM) == "2026-01-02T00:00:00+00:00"
    assert entry.findtext("a:updated", namespaces=ATOM) == "2026-01-10T00:00:00+00:00"
    assert [each.get("term") for each in entry.findall("a:category", ATOM)] == ["Solution", "Finance and credit"]


def test_a_feed_has_one_address_and_one_id_whatever_the_order_of_its_parameters(client, index):
    index("solution:1", "Cashew")
    one, other = feed(client, "kind=solution&q=cashew&x=1"), feed(client, "q=+cashew&sort=title&kind=solution")
    for root in (one, other):
        links = {link.get("rel"): link.get("href") for link in root.findall("a:link", ATOM)}
        assert links["self"] == "http://testserver/search/feed/?q=cashew&kind=solution"
        assert links["alternate"] == "http://testserver/search/?q=cashew&kind=solution&sort=newest"
        assert root.findtext("a:id", namespaces=ATOM) == links["alternate"]
    assert one.findtext("a:title", namespaces=ATOM) == "Search: cashew"


def test_a_reader_that_has_the_feed_is_told_that_nothing_changed(client, index):
    for query in ("q=cashew", "q=nothing-at-all"):
        index("solution:1", "Cashew")
        response = client.get(f"/search/feed/?{query}")
        assert response["Cache-Control"] == "public, max-age=300"
        again = client.get(f"/search/feed/?{query}", headers={"if-none-match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    get_engine().write([], [("solution:1", 2)])
    tag = client.get("/search/feed/?q=leather")["ETag"]
    index("solution:2", "Leather")
    assert client.get("/search/feed/?q=leather", headers={"if-none-match": tag}).status_code == 200


def test_a_feed_shows_what_everybody_may_read_whoever_asks(client, index, source, admin_client):
    members = frozenset({community_audience("weavers")})
    registry.register_audiences(lambda user: members if user.is_authenticated else ())
    index("question:1", "Dye house", parts=(Part(EVERYBODY, "Dye house"), Part(members, body="Secret parboiling")))
    index("question:2", "Secret cashew", parts=(Part(members, "Secret cashew"),))
    index("solution:3", "Secret withdrawn")
    source.hidden.add("solution:3")
    for query in ("", "q=secret", "q=parboiling", "q=dye"):
        assert "Secret" not in admin_client.get(f"/search/feed/?{query}").text
    assert titles(admin_client, "q=dye") == ["Dye house"]


def test_a_feed_waits_calmly_for_an_engine_that_is_away(client, monkeypatch):
    def away(*args):
        raise SearchUnavailable("connection refused")

    monkeypatch.setattr(type(get_engine()), "search", away)
    response = client.get("/search/feed/?q=cashew")
    assert (response.status_code, response["Cache-Control"]) == (503, "no-store")
    assert response["Retry-After"]
    assert "refused" not in response.text


def test_a_feed_takes_get_only_and_costs_the_same_for_few_and_many(client, index, django_assert_max_num_queries):
    assert client.post("/search/feed/").status_code == 405
    for number in range(1, 40):
        index(f"solution:{number}", "Cashew", themes=("finance", "skills"))
    client.get("/search/feed/?q=cashew")
    with django_assert_max_num_queries(3):
        assert len(titles(client, "q=cashew")) == 30


def test_the_page_leads_to_its_feed(client, index):
    index("solution:1", "Cashew")
    page = client.get("/search/?kind=solution&q=cashew&sort=title").text
    feed_url = "/search/feed/?q=cashew&amp;kind=solution"
    assert f'type="application/atom+xml" title="1 result for “cashew”" href="{feed_url}"' in page
    assert page.count(f'href="{feed_url}"') == 2


def test_the_hindi_page_leads_to_the_hindi_feed(client, index):
    index("solution:1", "Cashew")
    assert 'href="/hi/search/feed/?q=cashew"' in client.get("/hi/search/?q=cashew").text
    assert client.get("/hi/search/feed/?q=cashew").status_code == 200
