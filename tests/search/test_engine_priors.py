"""What every engine holds to: what a document is worth before anybody asks, gently."""

from datetime import timedelta

import pytest
from django.utils import timezone

from search.priors import AGEING_SHARE, FRESH_FOR, HALF_LIFE, ageing, fresh_at, prior

from .fake_source import FIRST_DAY, make_document
from .steps import asking, found, put


def test_of_equal_words_a_solution_comes_before_a_thread(engine):
    put(engine, make_document("question:9", "Cashew shells"), make_document("solution:1", "Cashew shells"))
    assert found(engine, "cashew shells") == ["solution:1", "question:9"]


def test_of_equal_words_a_verified_entry_comes_first(engine):
    now = timezone.now()
    put(
        engine,
        make_document("scheme:1", "Cashew shells", published_at=now, verified_at=now),
        make_document("scheme:2", "Cashew shells", published_at=now),
    )
    assert found(engine, "cashew shells") == ["scheme:1", "scheme:2"]


def test_of_equal_words_fresh_facts_come_before_stale_ones(engine):
    this_year = timezone.localdate().year
    put(
        engine,
        make_document("scheme:1", "Cashew shells", as_of=this_year),
        make_document("scheme:2", "Cashew shells", as_of=2006),
    )
    assert found(engine, "cashew shells") == ["scheme:1", "scheme:2"]


def test_of_equal_words_what_more_people_found_useful_comes_first(engine):
    put(
        engine,
        make_document("question:1", "Cashew shells", published_at=FIRST_DAY, usefulness=12),
        make_document("question:2", "Cashew shells", published_at=FIRST_DAY, usefulness=1),
        make_document("question:3", "Cashew shells", published_at=FIRST_DAY),
    )
    assert found(engine, "cashew shells") == ["question:1", "question:2", "question:3"]


def test_all_of_it_together_brings_up_nothing_that_answers_less(engine):
    put(
        engine,
        make_document("question:1", "Cashew shells for charcoal", as_of=1990),
        make_document("solution:2", "Cashew kernels", verified_at=timezone.now(), usefulness=1000),
        make_document("solution:3", "Charcoal", verified_at=timezone.now(), usefulness=1000),
        make_document("solution:4", "Silk"),
    )
    assert found(engine, "cashew shells charcoal")[0] == "question:1"


def test_a_score_holds_from_one_moment_to_the_next(engine):
    put(engine, make_document("question:1", "Cashew", as_of=2006), make_document("scheme:2", "Cashew", usefulness=3))
    assert engine.search(asking("cashew")) == engine.search(asking("cashew"))


def test_a_prior_grows_with_what_speaks_for_a_document_and_stays_gentle():
    plain = prior(make_document("solution:1"))
    assert prior(make_document("question:1")) < plain < prior(make_document("solution:1", verified_at=FIRST_DAY))
    useful = [prior(make_document("question:1", usefulness=count)) for count in (-5, 0, 1, 10, 10**9)]
    assert useful[0] == useful[1] < useful[2] < useful[3] < useful[4] < 1.3 * useful[0]


@pytest.mark.parametrize("year", [-5, 0, 99999])
def test_an_impossible_year_counts_as_none(year):
    assert fresh_at(make_document("scheme:1", as_of=year)) == make_document("scheme:1").published_at


def test_facts_are_as_fresh_as_their_confirmation_their_year_or_their_day():
    assert fresh_at(make_document("scheme:1", as_of=2006, verified_at=FIRST_DAY)) == FIRST_DAY
    assert fresh_at(make_document("scheme:1", as_of=2006)).year == 2006
    assert fresh_at(make_document("scheme:1")) == FIRST_DAY + timedelta(days=1)
    assert fresh_at(make_document("scheme:1", published_at=None)) is None


def test_facts_stay_fresh_for_a_time_and_then_age_towards_a_floor():
    assert ageing(timedelta(0)) == ageing(FRESH_FOR) == ageing(-FRESH_FOR) == 1
    assert ageing(FRESH_FOR + HALF_LIFE) == pytest.approx(1 - AGEING_SHARE / 2)
    assert ageing(timedelta(days=36_500)) == pytest.approx(1 - AGEING_SHARE, abs=1e-4)
