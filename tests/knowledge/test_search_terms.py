"""The terms of many rows at a time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from knowledge.search_terms import slugs_of, terms_of
from tests.factories.knowledge import ClusterFactory, SectorFactory, ThemeFactory

pytestmark = pytest.mark.django_db


def test_each_row_gets_its_own_terms_in_the_order_of_the_vocabulary():
    later, sooner = ThemeFactory(name="Water", order=2), ThemeFactory(name="Air", order=1)
    both, one, none = ClusterFactory(themes=[later, sooner]), ClusterFactory(themes=[later]), ClusterFactory()
    assert terms_of("themes", [both, one, none]) == {both.pk: [sooner, later], one.pk: [later], none.pk: []}


def test_a_relation_to_one_term_gives_a_list_of_it():
    sector = SectorFactory()
    cluster = ClusterFactory(sector=sector)
    assert terms_of("sector", [cluster]) == {cluster.pk: [sector]}


def test_no_rows_have_no_terms_and_take_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert terms_of("themes", []) == {}


def test_terms_and_their_broader_ones_cost_two_queries_however_many_rows_there_are():
    theme = ThemeFactory(parent=ThemeFactory())
    rows = [ClusterFactory(themes=[theme]) for _each in range(5)]
    with CaptureQueriesContext(connection) as queries:
        found = terms_of("themes", rows)
        assert {slugs_of(terms) for terms in found.values()} == {(theme.parent.slug, theme.slug)}
    assert len(queries) == 2


def test_a_slug_that_two_terms_share_as_their_broader_one_comes_once():
    broad = ThemeFactory()
    narrow = [ThemeFactory(parent=broad) for _each in range(2)]
    assert slugs_of(narrow) == (broad.slug, narrow[0].slug, narrow[1].slug)
