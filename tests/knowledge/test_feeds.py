"""Atom feeds of solutions and of changes of schemes."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from django.urls import reverse

from tests.factories import knowledge as factories
from tests.factories import pages as page_factories

pytestmark = pytest.mark.django_db

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def entries(visitor, address: str) -> list[ET.Element]:
    response = visitor.get(address)
    assert response.status_code == 200
    assert response["Content-Type"].startswith("application/atom+xml")
    assert not response.cookies
    return ET.fromstring(response.content).findall("a:entry", ATOM)  # noqa: S314 - our own feed


def titles(visitor, address: str) -> list[str]:
    return [entry.findtext("a:title", namespaces=ATOM) for entry in entries(visitor, address)]


def test_the_feed_of_solutions_has_the_newest_first_and_only_current_ones(visitor):
    theme = factories.ThemeFactory(name="Finance")
    page_factories.SolutionPageFactory(title="Older", first_published_at=factories.NOW - timedelta(days=9))
    newer = page_factories.SolutionPageFactory(
        title="Newer", themes=[theme], first_published_at=factories.NOW - timedelta(days=1)
    )
    page_factories.SolutionPageFactory(title="Draft", draft=True)
    page_factories.SolutionPageFactory(title="Withdrawn", withdrawn=True)
    page_factories.CaseStudyPageFactory(title="A case")
    found = entries(visitor, reverse("solutions_feed"))
    assert [entry.findtext("a:title", namespaces=ATOM) for entry in found] == ["Newer", "Older"]
    assert found[0].find("a:link", ATOM).get("href").endswith(newer.url)
    assert found[0].find("a:category", ATOM).get("term") == "Finance"


def test_the_feed_of_changes_has_published_ones_only(visitor):
    update = factories.SchemeUpdateFactory(title="Share lowered")
    factories.SchemeUpdateFactory(title="Not approved", draft=True)
    factories.SchemeUpdateFactory(title="Hidden scheme", scheme=factories.SchemeFactory(draft=True))
    [title] = titles(visitor, reverse("scheme_updates_feed"))
    assert title == f"{update.scheme}: Share lowered"


def test_the_feed_of_changes_can_be_narrowed_to_one_scheme(visitor):
    update = factories.SchemeUpdateFactory()
    factories.SchemeUpdateFactory()
    assert len(titles(visitor, f"{reverse('scheme_updates_feed')}?scheme={update.scheme.slug}")) == 1
    assert titles(visitor, f"{reverse('scheme_updates_feed')}?scheme=none") == []
    assert titles(visitor, f"{reverse('scheme_updates_feed')}?scheme=%00") == []


def test_feeds_cost_the_same_for_few_and_many(queries_of):
    def grow(number: int) -> None:
        for _each in range(number):
            page_factories.SolutionPageFactory(themes=[factories.ThemeFactory()])
            factories.SchemeUpdateFactory()

    addresses = [reverse("solutions_feed"), reverse("scheme_updates_feed")]
    grow(2)
    few = [queries_of(address) for address in addresses]
    grow(10)
    assert [queries_of(address) for address in addresses] == few
    assert max(few) <= 15


def test_an_empty_feed_is_a_feed(visitor):
    assert titles(visitor, reverse("solutions_feed")) == []
    assert titles(visitor, reverse("scheme_updates_feed")) == []
