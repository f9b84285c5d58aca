"""The sample rows themselves: each factory makes a row that its model accepts."""

import inspect

import pytest
from wagtail.models import Site

from tests.factories import knowledge as factories
from tests.factories import pages as page_factories

pytestmark = pytest.mark.django_db

MODEL_FACTORIES = [
    value
    for name, value in vars(factories).items()
    if inspect.isclass(value)
    and value.__module__ == factories.__name__
    and not value._meta.abstract
    and name != "OfficerFactory"
]


@pytest.mark.parametrize("made_by", MODEL_FACTORIES, ids=lambda made_by: made_by.__name__)
def test_each_factory_makes_a_row_that_its_model_accepts(made_by):
    row = made_by()

    row.full_clean(exclude=["path", "depth"])
    assert type(row).objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "made_by", [factories.SchemeFactory, factories.ClusterFactory, page_factories.SolutionPageFactory]
)
def test_a_withdrawn_row_is_not_among_the_current_ones(made_by):
    shown, gone, draft = made_by(), made_by(withdrawn=True), made_by(draft=True)

    current = type(shown).objects.current()

    assert shown in current
    assert gone not in current
    assert draft not in current


def test_given_themes_are_kept_in_the_database():
    theme = factories.ThemeFactory()

    scheme = factories.SchemeFactory(themes=[theme])
    page = page_factories.SolutionPageFactory(themes=[theme], schemes=[scheme])

    assert list(type(scheme).objects.about(theme)) == [scheme]
    assert list(type(page).objects.about(theme)) == [page]
    assert list(scheme.solutions.all()) == [page]


def test_articles_made_one_by_one_share_home_and_section():
    first, second = page_factories.CaseStudyPageFactory(), page_factories.CaseStudyPageFactory()

    assert first.get_parent().pk == second.get_parent().pk
    assert Site.objects.get(is_default_site=True).root_page_id == first.get_parent().get_parent().pk
