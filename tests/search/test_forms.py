import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from search.documents import SearchCriteria
from search.pages.forms import MAX_CHOICES, SearchForm, address


def read(query: str) -> SearchCriteria:
    return SearchForm(QueryDict(query)).criteria()


def test_an_empty_address_asks_for_everything():
    assert read("") == SearchCriteria()


def test_an_address_becomes_criteria_and_the_same_address_again():
    query = "q=raw+nuts&kind=case_study&kind=solution&theme=finance&sector=food&state=goa&stage=start"
    query += "&sort=newest&exact=on&page=3"
    criteria = read(query)
    assert criteria == SearchCriteria(
        text="raw nuts",
        kinds=("case_study", "solution"),
        themes=("finance",),
        sectors=("food",),
        states=("goa",),
        stages=("start",),
        sort="newest",
        page=3,
        exact=True,
    )
    assert address(criteria) == f"?{query}"


def test_one_search_has_one_address_whatever_the_order():
    assert address(read("kind=solution&q=a&kind=case_study&page=1&sort=relevance")) == address(
        read("sort=unknown&kind=case_study&kind=solution&kind=solution&q=+a+&foo=bar")
    )


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1e9", "١", "9" * 40, "1.5", "\0", "None"])
def test_what_is_no_page_number_is_page_one(page):
    assert read(f"page={page}").page == 1


def test_unknown_kinds_and_broken_slugs_are_left_out():
    assert read("kind=gadget&kind=scheme&theme=../etc&theme=a%00b&theme=ok&theme=" + "x" * 200) == SearchCriteria(
        kinds=("scheme",), themes=("ok",)
    )


def test_choices_are_bounded():
    assert len(read("&".join(f"theme=t{n}" for n in range(1000))).themes) == MAX_CHOICES


def test_the_text_is_one_line_without_controls_and_bounded():
    assert read("q=+a%00b%0A%09c++d+").text == "a b c d"
    assert len(read("q=" + "word+" * 10_000).text) <= 256


def test_a_change_of_filters_leads_to_page_one_and_a_change_of_page_keeps_them():
    criteria = SearchCriteria(text="a", kinds=("scheme",), page=4)
    assert address(criteria, kinds=()) == "?q=a"
    assert address(criteria, page=5) == "?q=a&kind=scheme&page=5"
    assert address(criteria) == "?q=a&kind=scheme&page=4"


@given(st.text(), st.text())
def test_any_value_of_any_parameter_gives_criteria_with_a_stable_address(name, value):
    query = QueryDict(mutable=True)
    for parameter in (name, "q", "kind", "theme", "sector", "state", "stage", "sort", "page", "exact"):
        query.appendlist(parameter, value)
    criteria = SearchForm(query).criteria()
    assert read(address(criteria)[1:]) == criteria
