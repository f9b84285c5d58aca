"""The front door: every number is counted from rows, nothing is claimed that is not there."""

import pytest

from knowledge.views.series import state_map
from tests.factories import knowledge as factories
from tests.factories import pages as page_factories
from tests.factories.community import released_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def home(db):
    return page_factories.HomePageFactory()


def page(visitor, address: str = "/") -> str:
    response = visitor.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_an_empty_site_says_what_is_missing(visitor, home):
    content = page(visitor)
    assert "No solution is published yet" in content
    assert "No question is open now." in content
    assert "Where the clusters are" not in content


def test_new_solutions_are_shown(visitor, home):
    solution = page_factories.SolutionPageFactory(states=[factories.StateFactory(name="Kerala")])
    content = page(visitor)
    assert solution.url in content
    assert "Kerala" in content


def test_open_questions_are_shown_by_their_titles(visitor, home):
    question = released_question()
    content = page(visitor)
    assert question.title in content
    assert question.get_absolute_url() in content


def test_changes_of_schemes_are_shown_and_without_any_the_page_says_so(visitor, home):
    scheme = factories.SchemeFactory(name="An old scheme")
    content = page(visitor)
    assert "No owner has posted a change yet" in content
    assert scheme.get_absolute_url() in content
    factories.SchemeUpdateFactory(title="Share lowered")
    content = page(visitor)
    assert "Share lowered" in content
    assert "No owner has posted a change yet" not in content


def test_themes_show_how_many_articles_are_filed_in_their_branch(visitor, home):
    finance = factories.ThemeFactory(name="Finance and credit")
    credit = factories.ThemeFactory(name="Credit", parent=finance)
    factories.ThemeFactory(name="Nothing filed here")
    page_factories.SolutionPageFactory(themes=[finance, credit])
    page_factories.CaseStudyPageFactory(themes=[credit])
    page_factories.CaseStudyPageFactory(themes=[credit], draft=True)
    content = page(visitor)
    assert 'Finance and credit <b>2<span class="sr"> articles</span>' in content
    assert "Nothing filed here" not in content


def test_the_map_counts_the_census_where_it_is_loaded(home):
    gujarat, kerala = factories.StateFactory(iso_code="IN-GJ"), factories.StateFactory(iso_code="IN-KL")
    factories.StatisticFactory(label="Handicraft clusters, Gujarat", dimension="state", state=gujarat, value="262")
    factories.StatisticFactory(label="Handloom clusters, Gujarat", dimension="state", state=gujarat, value="8")
    drawn = state_map()
    assert drawn.year == 2007
    assert {tile.code: (tile.count, tile.shade) for tile in drawn.tiles} == {"GJ": (262, 1), "KL": (None, 0)}
    assert [tile.state for tile in drawn.rows] == [gujarat, kerala]


def test_the_map_counts_the_registry_where_there_is_no_census(home):
    gujarat = factories.StateFactory(iso_code="IN-GJ")
    factories.ClusterFactory.create_batch(2, state=gujarat)
    factories.ClusterFactory(state=gujarat, withdrawn=True)
    drawn = state_map()
    assert [tile.count for tile in drawn.tiles] == [2]
    assert "registry" in drawn.title


def test_every_tile_is_a_link_and_the_table_says_the_same(visitor, home):
    factories.ClusterFactory(state=factories.StateFactory(iso_code="IN-GJ", slug="gujarat", name="Gujarat"))
    content = page(visitor)
    assert 'aria-label="GJ 1, Gujarat"' in content
    assert content.count('href="/clusters/?state=gujarat"') == 2


def test_the_home_page_costs_the_same_for_few_and_many(queries_of, home):
    def grow() -> None:
        theme = factories.ThemeFactory()
        state = factories.StateFactory()
        page_factories.SolutionPageFactory(themes=[theme], states=[state])
        factories.SchemeFactory()
        released_question(themes=[theme])
        factories.StatisticFactory(label=f"Handicraft clusters, {state.name}", dimension="state", state=state)

    for _each in range(2):
        grow()
    few = queries_of("/")
    for _each in range(10):
        grow()
    assert queries_of("/") == few <= 15


def test_a_visitor_of_the_home_page_gets_no_cookie(visitor, home):
    assert not visitor.get("/").cookies
