"""What search engines outside may know of."""

import re

import pytest
from wagtail.models import PageViewRestriction

from tests.factories import knowledge as factories
from tests.factories import pages as page_factories

pytestmark = pytest.mark.django_db

ENTRIES = [
    factories.SchemeFactory,
    factories.ResourceCentreFactory,
    factories.InitiativeFactory,
    factories.ClusterFactory,
    factories.InstitutionFactory,
]


def addresses(visitor) -> set[str]:
    response = visitor.get("/sitemap.xml")
    assert response.status_code == 200
    assert not response.cookies
    return {found.removeprefix("http://testserver") for found in re.findall("<loc>(.*?)</loc>", response.text)}


def test_public_things_are_named_and_each_address_answers(visitor):
    things = [factory().get_absolute_url() for factory in ENTRIES] + [factories.ThemeFactory().get_absolute_url()]
    things += [
        page_factories.SolutionPageFactory().url,
        page_factories.InfoPageFactory().url,
        "/",
        "/schemes/",
        "/glossary/",
    ]
    found = addresses(visitor)
    assert set(things) <= found
    assert {f"/hi{things[0]}", "/hi/schemes/"} <= found
    assert [address for address in found if visitor.get(address).status_code != 200] == []


def test_what_is_not_public_is_not_named(visitor):
    hidden = [factory(draft=True).get_absolute_url() for factory in ENTRIES]
    hidden += [factory(withdrawn=True).get_absolute_url() for factory in ENTRIES]
    hidden += [
        page_factories.SolutionPageFactory(draft=True).url,
        page_factories.SolutionPageFactory(withdrawn=True).url,
    ]
    private = page_factories.CaseStudyPageFactory()
    PageViewRestriction.objects.create(page=private, restriction_type=PageViewRestriction.LOGIN)
    assert not {*hidden, private.url} & addresses(visitor)


def test_robots_are_told_where_the_sitemap_is(visitor):
    response = visitor.get("/robots.txt")
    assert response["Content-Type"].startswith("text/plain")
    assert "Sitemap: http://localhost/sitemap.xml" in response.text
    assert "Disallow: /my/" in response.text
