"""More like this, as other pages show it."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.test import RequestFactory
from django.utils.translation import override

from search import query, registry
from search.documents import Part, SearchUnavailable, community_audience
from search.registry import get_engine

from .fake_source import EVERYBODY

pytestmark = pytest.mark.django_db

MEMBERS = frozenset({community_audience("weavers")})


@pytest.fixture
def index(source):
    """Return a callable that stores a document and puts it into the index."""

    def put(*args, **values):
        get_engine().write([(source.add(*args, **values), 1)], [])

    return put


@pytest.fixture
def shelf(index):
    """Put things that are alike into the index."""
    index("solution:1", "Charcoal from cashew shells", "A closed kiln.")
    index("solution:2", "A kiln for cashew shells", "Charcoal sells.")
    index("scheme:3", "Kilns for charcoal", "Cashew shells.")
    index("question:4", parts=(Part(EVERYBODY, "Which kiln"), Part(MEMBERS, body="Charcoal from cashew shells")))
    index("solution:5", "Leather", "Tanning.")


class Linked:
    def __init__(self, url: str) -> None:
        self.url = url


def shown(key: str = "solution:1", *, user=None, **context) -> str:
    """Return what a page about ``key`` shows at its side, without its spaces."""
    kind, _colon, pk = key.partition(":")
    request = RequestFactory().get("/")
    request.user = user or AnonymousUser()
    template = Template(
        "{% load search_tags %}{% more_like kind pk groups rows one as more %}{% include 'search/similar.html' %}"
    )
    values = {"request": request, "kind": kind, "pk": int(pk), "groups": None, "rows": None, "one": None}
    return template.render(Context(values | context)).strip()


def test_a_page_shows_what_is_like_its_thing_with_the_kind_beside_it(shelf):
    html = shown()
    assert "More like this" in html
    assert '<a href="/solution/2/" lang="en">A kiln for cashew shells</a>' in html
    assert "Scheme" in html
    assert "/solution/1/" not in html
    assert "/solution/5/" not in html


def test_what_is_linked_on_the_page_already_is_not_shown_again(shelf):
    assert "/solution/2/" not in shown(groups={"a": [Linked("/solution/2/")], "b": []})
    assert "/solution/2/" not in shown(rows=[Linked("/solution/2/")])
    assert "/solution/2/" not in shown(rows=iter([Linked("/solution/2/")])), "a queryset is no list"
    html = shown(one=Linked("/solution/2/"))
    assert "/solution/2/" not in html
    assert "/scheme/3/" in html


def test_only_what_the_reader_may_see_is_shown_and_compared(shelf, source, admin_user):
    registry.register_audiences(lambda user: MEMBERS if user.is_authenticated else ())
    assert "/question/4/" not in shown()
    assert shown("question:4") == ""
    assert "/question/4/" in shown(user=admin_user)
    assert "/solution/1/" in shown("question:4", user=admin_user)


def test_the_database_has_the_last_word(shelf, source):
    source.hidden.add("solution:2")
    assert "/solution/2/" not in shown()


def test_nothing_is_said_where_nothing_is_alike_or_search_is_away(shelf, monkeypatch):
    assert shown("solution:5") == ""
    assert shown("solution:99") == ""

    def away(*args):
        raise SearchUnavailable("connection refused")

    monkeypatch.setattr(type(get_engine()), "similar", away)
    assert shown() == ""


def test_a_draft_in_a_preview_has_nothing_like_it(shelf):
    assert shown(pk=None) == ""
    assert shown(request=None) == ""


def test_at_most_four_are_shown_and_only_kinds_worth_a_look(index, source, monkeypatch):
    monkeypatch.setattr(source, "kinds", ("solution", "glossary"))
    for number in range(1, 9):
        index(f"solution:{number}", "Charcoal from cashew shells")
        index(f"glossary:{number + 10}", "Charcoal from cashew shells")
    html = shown()
    assert html.count("<li>") == 4
    assert "/glossary/" not in html


def test_addresses_are_those_of_the_readers_language_where_a_thing_has_one_page_for_all(shelf):
    with override("hi"):
        html = shown()
        assert 'href="/solution/2/"' in html, "its translation is a page of its own"
        assert 'href="/hi/scheme/3/"' in html
        assert query.suggest("kilns for charcoal", kinds=("scheme",))[0].url == "/hi/scheme/3/"
    assert query.suggest("kilns for charcoal", kinds=("scheme",))[0].url == "/scheme/3/"
