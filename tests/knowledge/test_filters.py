"""Lists with filters in the address: what is chosen, what it would give, and that nothing in an address breaks them."""

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.enums import Level
from knowledge.models import Scheme, Sector, Theme
from knowledge.views.filters import Listing, TermFacet, ValueFacet
from tests.factories.knowledge import SchemeFactory, SectorFactory, ThemeFactory

pytestmark = pytest.mark.django_db

FACETS = (
    TermFacet("theme", "Theme", Theme.objects.all, "themes", tree=True),
    TermFacet("sector", "Sector", Sector.objects.all, "sectors", tree=True),
    ValueFacet("level", "Level", "level", tuple(Level.choices)),
    ValueFacet("duration", "Duration", "duration"),
)
SORTS = {"name": ("Name", ("name", "pk")), "newest": ("Newest", ("-as_of", "pk"))}


def listing(query: str = "", **options) -> Listing:
    return Listing(
        queryset=Scheme.objects.current(),
        params=QueryDict(query),
        facets=FACETS,
        sorts=SORTS,
        text_fields=("name", "aliases"),
        **options,
    )


def names(found: Listing) -> list[str]:
    return [scheme.name for scheme in found.page_obj.object_list]


def options(found: Listing, facet: str) -> dict[str, int]:
    for each in found.facet_options:
        if each.name == facet:
            return {option.value: option.count for option in each.options}
    return {}


@pytest.fixture
def schemes() -> dict[str, Scheme]:
    finance, social = ThemeFactory(slug="finance"), ThemeFactory(slug="social")
    credit = ThemeFactory(slug="credit", parent=finance)
    loom = SectorFactory(slug="handloom")
    return {
        "a": SchemeFactory(name="A", themes=[finance, credit], sectors=[loom], level=Level.CENTRAL, as_of=2001),
        "b": SchemeFactory(name="B", themes=[credit], level=Level.STATE, as_of=2003),
        "c": SchemeFactory(name="C", themes=[social], sectors=[loom], level=Level.STATE, as_of=2002, aliases="Bee"),
    }


def test_without_a_choice_everything_is_listed_in_the_first_order(schemes):
    assert names(listing()) == ["A", "B", "C"]


def test_a_broad_term_finds_what_is_filed_below_it_and_each_row_once(schemes):
    assert names(listing("theme=finance")) == ["A", "B"]


def test_values_of_one_facet_add_up_and_facets_narrow_each_other(schemes):
    assert names(listing("theme=finance&theme=social")) == ["A", "B", "C"]
    assert names(listing("theme=finance&theme=social&sector=handloom")) == ["A", "C"]
    assert names(listing("theme=credit&sector=handloom&level=state")) == []


def test_counts_say_what_choosing_a_value_would_give(schemes):
    found = listing("sector=handloom")
    assert options(found, "theme") == {"finance": 1, "credit": 1, "social": 1}
    assert options(found, "sector") == {"handloom": 2}
    assert options(found, "level") == {"central": 1, "state": 1}


def test_the_branch_of_a_tree_counts_a_row_once(schemes):
    assert options(listing(), "theme") == {"finance": 2, "credit": 2, "social": 1}


def test_a_value_that_would_give_nothing_is_left_out_unless_it_is_chosen(schemes):
    assert "international" not in options(listing(), "level")
    assert options(listing("level=international"), "level")["international"] == 0


def test_free_values_are_those_of_the_rows(schemes):
    assert options(listing(), "duration") == {}
    SchemeFactory(name="D", duration="3 years")
    assert options(listing(), "duration") == {"3 years": 1}
    assert names(listing("duration=3 years")) == ["D"]


def test_words_are_looked_for_in_every_text_column(schemes):
    assert names(listing("q=bee")) == ["C"]
    assert names(listing("q=%25")) == []


def test_order_is_chosen_by_name_only(schemes):
    assert names(listing("sort=newest")) == ["B", "C", "A"]
    assert names(listing("sort=-password")) == ["A", "B", "C"]


def test_each_choice_can_be_taken_back_alone(schemes):
    found = listing("theme=credit&level=state&q=b&sort=newest&page=3&evil=1")
    assert [pill.label for pill in found.pills] == ["“b”", Theme.objects.get(slug="credit").name, "State"]
    assert found.pills[0].url == "?theme=credit&level=state&sort=newest"
    assert found.pills[1].url == "?q=b&level=state&sort=newest"
    assert found.pills[2].url == "?q=b&theme=credit&sort=newest"


@pytest.mark.parametrize(("asked", "given_page"), [("", 1), ("zzz", 1), ("-1", 2), ("0", 2), ("9" * 40, 2), ("2", 2)])
def test_a_page_that_is_none_becomes_the_first_or_the_last(schemes, asked, given_page):
    assert listing(f"page={asked}", page_size=2).page_obj.number == given_page


def test_terms_and_counts_cost_the_same_whatever_the_number_of_facets(schemes, django_assert_num_queries):
    found = listing("theme=finance")
    with django_assert_num_queries(4):  # terms, counts, number of rows, rows
        assert found.facet_options
        assert names(found)


@given(st.dictionaries(st.sampled_from(["q", "theme", "level", "duration", "sort", "page", "x"]), st.text(max_size=30)))
@settings(max_examples=40, deadline=None)
def test_no_address_breaks_a_list(asked):
    query = QueryDict(mutable=True)
    for name, value in asked.items():
        query[name] = value
    found = listing(query.urlencode())
    assert isinstance(names(found), list)
    assert isinstance(found.facet_options, list)
    assert isinstance(found.pills, list)
