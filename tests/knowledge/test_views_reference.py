"""Reference lists: each entry stands where its address says, with the age of its facts."""

import pytest
from django.urls import reverse

from knowledge.views.series import statistic_series
from tests.factories import knowledge as factories
from tests.factories import pages as page_factories

pytestmark = pytest.mark.django_db

LISTS = {
    "glossary": factories.GlossaryTermFactory,
    "faq": factories.FrequentQuestionFactory,
    "definitions": factories.DefinitionFactory,
    "links": factories.LinkFactory,
    "publications": factories.PublicationFactory,
    "statistics": factories.StatisticFactory,
}


def page(visitor, address: str) -> str:
    response = visitor.get(address)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("name", LISTS)
def test_an_entry_stands_where_its_address_says(visitor, name):
    entry = LISTS[name]()
    address, _hash, place = entry.get_absolute_url().partition("#")
    assert f'id="{place}"' in page(visitor, address)


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_narrowed_by_theme(visitor, name):
    theme = factories.ThemeFactory()
    filed, other = LISTS[name](themes=[theme]), LISTS[name]()
    content = page(visitor, f"{reverse(name)}?theme={theme.slug}")
    assert f'id="{filed.slug}"' in content
    assert f'id="{other.slug}"' not in content


@pytest.mark.parametrize("name", [*LISTS, "reference_lists"])
def test_an_empty_list_says_so(visitor, name):
    assert "Nothing is listed here yet" in page(visitor, reverse(name))


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_few_and_many(queries_of, name):
    def grow() -> None:
        LISTS[name](themes=[factories.ThemeFactory()], sources=[factories.SourceDocumentFactory()])

    for _each in range(2):
        grow()
    few = queries_of(reverse(name))
    for _each in range(10):
        grow()
    assert queries_of(reverse(name)) == few <= 15


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("query", ["page=x", "theme=%00", "q=%00", "type=nothing"])
def test_a_strange_address_shows_a_list_all_the_same(visitor, name, query):
    LISTS[name]()
    page(visitor, f"{reverse(name)}?{query}")


def test_sources_that_disagree_on_a_word_are_each_quoted(visitor):
    other = factories.GlossaryTermFactory(term="Network")
    factories.GlossaryTermFactory(
        term="Cluster",
        definitions=[{"text": "Firms nearby.", "source": "One"}, {"text": "Firms alike.", "source": "Two"}],
        see_also=[other],
    )
    content = page(visitor, reverse("glossary"))
    assert "Firms nearby." in content
    assert "Firms alike." in content
    assert f'href="#{other.slug}"' in content


def test_a_frequent_question_leads_to_its_solution_unless_that_is_not_public(visitor):
    public, draft = page_factories.SolutionPageFactory(), page_factories.SolutionPageFactory(draft=True)
    factories.FrequentQuestionFactory(solution=public)
    factories.FrequentQuestionFactory(solution=draft)
    content = page(visitor, reverse("faq"))
    assert public.url in content
    assert draft.title not in content


def test_a_definition_shows_its_thresholds_in_words(visitor):
    factories.DefinitionFactory(min_units=100, radius_km=10, other_thresholds={"min_artisans_hill": 50, "looms": [1]})
    content = page(visitor, reverse("definitions"))
    assert "100 units at least" in content
    assert "within 10 km" in content
    assert "50 artisans at least in hill areas" in content
    assert "looms: [1]" in content


def test_a_definition_without_thresholds_says_so(visitor):
    factories.DefinitionFactory(other_thresholds=[])
    assert "Not stated in our source" in page(visitor, reverse("definitions"))


def test_an_unchecked_link_says_so(visitor):
    factories.LinkFactory()
    assert "Not checked" in page(visitor, reverse("links"))


def test_figures_of_one_series_are_drawn_with_their_table(visitor):
    for place, value in (("north", "716"), ("south", "502"), ("east", "645")):
        factories.StatisticFactory(label=f"Handicraft clusters, {place}", value=value, dimension="region")
    content = page(visitor, reverse("statistics"))
    assert content.index(">716<") < content.index(">645<") < content.index(">502<")
    assert "<svg" in content
    assert "The same as a table" in content


def test_figures_that_are_no_numbers_are_never_drawn():
    figures = [
        factories.StatisticFactory(label=f"Growth, {name}", value=value, dimension="region")
        for name, value in (("a", "3–5"), ("b", "7"), ("c", "9"))
    ]
    series, single = statistic_series(figures)
    assert series == []
    assert single == figures


def test_two_figures_are_no_series():
    figures = [factories.StatisticFactory(label=f"Looms, {name}", value="2", dimension="state") for name in "ab"]
    assert statistic_series(figures) == ([], figures)


def test_smaller_lists_show_what_else_they_say(visitor):
    factories.ReferenceTermFactory(
        vocabulary="policy_timeline", name="1987", details={"event": "Project UPTECH starts"}
    )
    factories.ReferenceTermFactory(vocabulary="made_up", name="Odd", details=[1, 2])
    content = page(visitor, reverse("reference_lists"))
    assert "Timeline of policy" in content
    assert "Project UPTECH starts" in content
    assert "Made up" in content
