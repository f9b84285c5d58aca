from datetime import date

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


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1e9", "١", "1.5", "\0", "None"])
def test_what_is_no_page_number_is_page_one(page):
    assert read(f"page={page}").page == 1


@pytest.mark.parametrize("page", ["1000000000", "9" * 40, "0" * 30 + "9" * 9])
def test_a_page_beyond_all_use_is_one_beyond_every_window(page):
    assert read(f"page={page}").page > 1000


def test_unknown_kinds_and_broken_slugs_are_left_out():
    assert read("kind=gadget&kind=scheme&theme=../etc&theme=a%00b&theme=ok&theme=" + "x" * 200) == SearchCriteria(
        kinds=("scheme",), themes=("ok",)
    )


def test_days_are_read_as_the_browser_writes_them():
    criteria = read("since=2026-01-31&until=2026-02-01&verified=yes&verified=perhaps")
    assert (criteria.published_from, criteria.published_to) == (date(2026, 1, 31), date(2026, 2, 1))
    assert criteria.verified == ("yes",)
    assert address(criteria) == "?verified=yes&since=2026-01-31&until=2026-02-01"


@pytest.mark.parametrize(
    "day", ["", "x", "2026", "31.1.2026", "2026-01", "१९९९-१२-३१", "\0", "2026-01-01T00:00", "-1-1-1"]
)
def test_what_is_no_day_counts_as_not_given(day):
    form = SearchForm({"since": day, "q": "dye"})
    assert form.criteria() == SearchCriteria(text="dye")
    assert not form.errors


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=2026-02-30", "since"),
        ("since=0000-01-01", "since"),
        ("until=9999-12-31", "until"),
        ("until=1066-10-14", "until"),
        ("since=2026-02-02&until=2026-02-01", "until"),
    ],
)
def test_an_impossible_day_is_an_error_beside_its_field_and_nothing_else_is_lost(query, field):
    form = SearchForm(QueryDict(f"q=dye&kind=scheme&{query}"))
    assert form.criteria() == SearchCriteria(text="dye", kinds=("scheme",))
    assert list(form.errors) == [field]


def test_array_parameters_are_unknown_ones():
    assert read("kind[]=scheme&kind[0]=scheme&q[]=dye&page[]=2") == SearchCriteria()


def test_choices_are_bounded():
    assert len(read("&".join(f"theme=t{n}" for n in range(1000))).themes) == MAX_CHOICES


def test_the_text_is_one_line_without_controls_and_bounded():
    assert read("q=+a%00b%0A%09c++d+").text == "a b c d"
    assert len(read("q=" + "word+" * 10_000).text) <= 256


def test_marks_of_direction_turn_nothing_around():
    assert read("q=%E2%80%AEdye%E2%80%AC+ho%E2%80%8Fuse+%D8%B1%D9%86%DA%AF").text == "dye house رنگ"
    assert read("q=%E0%A4%95%E0%A5%8D%E2%80%8D%E0%A4%B7").text == "क्\u200dष", "joiners stay, they are letters"


def test_a_change_of_filters_leads_to_page_one_and_a_change_of_page_keeps_them():
    criteria = SearchCriteria(text="a", kinds=("scheme",), page=4)
    assert address(criteria, kinds=()) == "?q=a"
    assert address(criteria, page=5) == "?q=a&kind=scheme&page=5"
    assert address(criteria) == "?q=a&kind=scheme&page=4"


@given(st.text(), st.text())
def test_any_value_of_any_parameter_gives_criteria_with_a_stable_address(name, value):
    query = QueryDict(mutable=True)
    for parameter in (name, *SearchForm.base_fields):
        query.appendlist(parameter, value)
    criteria = SearchForm(query).criteria()
    assert read(address(criteria)[1:]) == criteria
