"""A theme's page is made of the rows filed under it and under the themes below it."""

import pytest
from django.urls import reverse

from tests.factories import knowledge as factories
from tests.factories import pages as page_factories
from tests.factories.community import released_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def theme(db):
    return factories.ThemeFactory(name="Finance", intro="Begin with the bank.", intro_hi="बैंक से शुरू करें।")


def page(visitor, address: str) -> str:
    response = visitor.get(address)
    assert response.status_code == 200
    return response.content.decode()


def fill(theme) -> list:
    """File something of every kind under ``theme``; return what its page must lead to."""
    released_question(themes=[theme])
    pages = [
        page_factories.SolutionPageFactory(themes=[theme], states=[factories.StateFactory()]),
        page_factories.CaseStudyPageFactory(themes=[theme]),
        page_factories.BestPracticePageFactory(themes=[theme]),
    ]
    entries = [
        factories.SchemeFactory(themes=[theme]),
        factories.ResourceCentreFactory(themes=[theme]),
        factories.InitiativeFactory(themes=[theme]),
        factories.ClusterFactory(themes=[theme]),
        factories.FrequentQuestionFactory(themes=[theme]),
        factories.StatisticFactory(themes=[theme]),
        factories.DefinitionFactory(themes=[theme]),
        factories.GlossaryTermFactory(themes=[theme]),
        factories.PublicationFactory(themes=[theme]),
        factories.LinkFactory(themes=[theme]),
    ]
    return [article.url for article in pages] + [entry.get_absolute_url() for entry in entries]


def test_a_theme_leads_to_everything_filed_under_it(visitor, theme):
    addresses = fill(theme)
    content = page(visitor, theme.get_absolute_url())
    assert [address for address in addresses if address not in content] == []
    assert "Begin with the bank." in content


def test_a_theme_leads_to_what_is_filed_below_it(visitor, theme):
    narrower = factories.ThemeFactory(parent=theme)
    addresses = fill(narrower)
    content = page(visitor, theme.get_absolute_url())
    assert [address for address in addresses if address not in content] == []
    assert narrower.get_absolute_url() in content
    assert theme.get_absolute_url() in page(visitor, narrower.get_absolute_url())


def test_a_theme_offers_to_ask_and_to_follow(visitor, theme):
    content = page(visitor, theme.get_absolute_url())
    assert f"/ask/?theme={theme.slug}" in content
    assert 'href="/communities/"' in content


def test_a_theme_speaks_the_readers_language(visitor, theme):
    assert "बैंक से शुरू करें।" in page(visitor, f"/hi{theme.get_absolute_url()}")


def test_a_theme_without_entries_says_so(visitor, theme):
    content = page(visitor, theme.get_absolute_url())
    assert "No solution in this theme yet" in content
    assert "Our sources name no scheme for this theme." in content


def test_a_theme_shows_six_of_a_kind_and_the_number_of_all(visitor, theme):
    for _each in range(8):
        page_factories.SolutionPageFactory(themes=[theme])
    content = page(visitor, theme.get_absolute_url())
    assert content.count('class="card"') == 6
    assert f'<a href="/solutions/?theme={theme.slug}">All 8' in content


def test_a_theme_costs_the_same_for_few_and_many(queries_of, theme):
    for _each in range(2):
        fill(theme)
        factories.ThemeFactory(parent=theme)
    few = queries_of(theme.get_absolute_url())
    for _each in range(10):
        fill(theme)
        factories.ThemeFactory(parent=theme)
    assert queries_of(theme.get_absolute_url()) == few <= 15


def test_the_list_of_themes_counts_the_articles_of_each_branch(visitor, queries_of, theme):
    narrower = factories.ThemeFactory(parent=theme)
    page_factories.SolutionPageFactory(themes=[theme, narrower])
    page_factories.CaseStudyPageFactory(themes=[narrower])
    content = page(visitor, reverse("theme_list"))
    assert "2 articles" in content
    few = queries_of(reverse("theme_list"))
    for _each in range(10):
        factories.ThemeFactory(parent=factories.ThemeFactory())
    assert queries_of(reverse("theme_list")) == few <= 15
