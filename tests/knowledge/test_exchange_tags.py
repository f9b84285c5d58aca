"""The words, stamps and badges that every page uses."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from knowledge.enums import Outcome
from knowledge.templatetags import exchange_tags as tags
from search.kinds import KINDS

HOSTILE = '"><script>alert(1)</script>'


def rendered(source: str, **context) -> str:
    return Template("{% load exchange_tags %}" + source).render(Context(context))


@pytest.mark.parametrize("name", sorted(tags.STAMPS))
def test_a_stamp_is_a_picture_that_screen_readers_skip(name):
    assert tags.icon(name).startswith('<svg viewBox="0 0 20 20" fill="currentColor" aria-hidden="true"><')
    assert "style" not in tags.icon(name)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_each_kind_has_its_word_and_a_stamp_that_is_drawn(kind):
    assert tags.kind_name(kind) == KINDS[kind].label
    assert tags.kind_stamp(kind) in tags.STAMPS


def test_a_kind_that_nobody_knows_is_shown_as_it_is_written_and_escaped():
    html = rendered('{% include "includes/kind.html" %}', kind=HOSTILE)
    assert "<script>" not in html


def test_an_unknown_stamp_shows_the_dotted_ring_and_not_its_name():
    assert tags.icon(HOSTILE) == tags.icon("query")


@pytest.mark.parametrize(
    ("value", "tone", "words"),
    [
        (Outcome.WORKED, "is-good", "Worked"),
        (Outcome.PARTLY, "is-warn", "Worked in part"),
        (Outcome.FAILED, "is-bad", "Did not work"),
        (Outcome.UNKNOWN, "is-none", "Outcome not reported"),
    ],
)
def test_each_outcome_has_its_word_its_shape_and_its_colour(value, tone, words):
    assert rendered("{% outcome value %}", value=value) == tags.badge(tone[3:], tags.OUTCOME_BADGES[value][1], words)


@pytest.mark.parametrize("value", ["", None, "splendid", HOSTILE])
def test_a_value_that_is_no_outcome_shows_nothing(value):
    assert rendered("{% outcome value %}", value=value) == ""


def test_words_of_a_badge_are_escaped():
    assert "<script>" not in rendered('{% badge "info" "tick" words %}', words=HOSTILE)


def facts(**values) -> SimpleNamespace:
    return SimpleNamespace(**{"as_of": None, "verified_at": None, "verified_by_id": None} | values)


def test_facts_that_a_named_person_verified_are_green_with_the_day_in_india():
    item = facts(as_of=2006, verified_at=datetime(2026, 8, 11, 20, 0, tzinfo=UTC), verified_by_id=7)
    assert "is-good" in tags.freshness(item)
    assert "Verified by the owner on 12 Aug 2026" in tags.freshness(item)


def test_facts_verified_by_nobody_in_particular_are_not_green():
    item = facts(as_of=2006, verified_at=datetime(2026, 8, 11, tzinfo=UTC))
    assert "is-good" not in tags.freshness(item)


def test_unverified_facts_say_their_year_and_that_nobody_checked_since():
    assert "Facts of 2006, not verified since" in tags.freshness(facts(as_of=2006))


def test_facts_without_a_year_say_so():
    assert "not stated" in tags.freshness(facts())


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (0, "₹0"),
        (999, "₹999"),
        (1000, "₹1,000"),
        (1500000, "₹15,00,000"),
        ("123456789", "₹12,34,56,789"),
        (-250000, "-₹2,50,000"),
        ("10.5", "₹10.50"),
        ("1E+3", "₹1,000"),
        (None, ""),
        ("NaN", "NaN"),
        ("20 lakh", "20 lakh"),
    ],
)
def test_rupees_are_grouped_as_in_india_and_words_stay_as_they_are(amount, written):
    assert tags.inr(amount) == written


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_no_digit_of_an_amount_is_lost(amount):
    assert int(tags.inr(amount).replace("₹", "").replace(",", "")) == amount


@given(st.one_of(st.none(), st.text()))
def test_lines_never_break_and_hold_no_blank_one(text):
    assert all(line == line.strip() and line for line in tags.lines(text))


def test_lines_are_the_lines_that_hold_something():
    assert tags.lines("dye house\r\n\n  loom shed \n") == ["dye house", "loom shed"]


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Bank officer", "BO"),
        ("Expert", "EX"),
        ("क्लस्टर विकास अभिकर्ता", "क्ल"),
        ("बैंक अधिकारी", "बैं"),
        ("", "?"),
        (None, "?"),
        ("— …", "?"),
    ],
)
def test_the_letters_beside_a_person_fit_the_script(name, letters):
    assert tags.initials(name) == letters


@given(st.text())
def test_letters_beside_a_person_exist_for_every_name(name):
    assert tags.initials(name)


@pytest.mark.parametrize(("value", "most"), [(5, 0), (None, 10), (-4, 10), (99, 10), (3, 7)])
def test_the_line_of_a_bar_stays_inside_its_plot(value, most):
    width = float(tags.bar(value, most).split('width="')[1].split("%")[0])
    assert 0 < width <= 100


def test_addresses_carry_the_language_of_the_reader():
    assert tags.localized("/schemes/") == "/schemes/"
    with translation.override("hi"):
        assert tags.localized("/schemes/") == "/hi/schemes/"


@pytest.mark.parametrize(
    ("path", "mark"),
    [("/schemes/", 'aria-current="page"'), ("/schemes/sfurti/", 'aria-current="true"'), ("/themes/", None)],
)
def test_the_menu_marks_where_the_reader_is(path, mark):
    link = tags.nav_link({"request": RequestFactory().get(path)}, "/schemes/", "Schemes")
    assert (mark in link) if mark else ("aria-current" not in link)


@pytest.mark.parametrize(
    ("number", "count", "offered"),
    [
        (1, 1, [1]),
        (1, 3, [1, 2, 3]),
        (5, 20, [1, None, 4, 5, 6, None, 20]),
        (3, 5, [1, 2, 3, 4, 5]),
        (4, 20, [1, 2, 3, 4, 5, None, 20]),
        (20, 20, [1, None, 19, 20]),
    ],
)
def test_page_numbers_show_the_ends_and_the_neighbours_and_hide_no_single_page(number, count, offered):
    assert tags.page_numbers(number, count) == offered


class AskForm(forms.Form):
    title = forms.CharField(label="Your question")
    own = forms.ChoiceField(label="Were you there?", choices=[("y", "Yes")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")
    worded = forms.CharField(error_messages={"required": "Say what goes wrong"})


def test_an_empty_field_is_named_by_its_label_and_own_words_are_kept():
    form = AskForm({})
    assert [tags.error_words(field) for field in form] == [
        ["Fill in: Your question"],
        ["Choose: Were you there?"],
        ["Tick: I agree"],
        ["Say what goes wrong"],
    ]


def test_a_view_may_settle_the_address_in_the_other_language():
    assert tags.other_language(Context({"translation_url": "/hi/x/"}), "hi") == "/hi/x/"


def test_a_page_without_a_known_translation_leads_to_the_home_page_of_the_other_language():
    assert tags.other_language(Context({"request": RequestFactory().get("/nowhere/")}), "hi") == "/hi/"
    assert tags.other_language(Context({}), "en") == "/"
