"""The index is kept in step with what is known: each change of something public is noted, drafts change nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone
from wagtail.models import PageViewRestriction

from knowledge.search_sources import KNOWLEDGE
from knowledge.tasks import publish_scheduled
from search.models import OutboxEntry
from tests.factories import knowledge as factories
from tests.factories import pages as page_factories

pytestmark = pytest.mark.django_db


class Noted:
    """The keys that were noted since the last look."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def __call__(self) -> set[str]:
        versions = dict(OutboxEntry.objects.values_list("key", "version"))
        new = {key for key, version in versions.items() if self._seen.get(key) != version}
        self._seen = versions
        return new


@pytest.fixture
def noted(db) -> Noted:
    return Noted()


def test_a_published_page_is_noted_and_its_draft_is_not(noted):
    page = page_factories.SolutionPageFactory(draft=True)
    assert noted() == set()
    page.save_revision()
    assert noted() == set()
    page.save_revision().publish()
    assert noted() == {f"solution:{page.pk}"}
    page.refresh_from_db()
    page.title = "Another title, not yet approved"
    page.save_revision()
    assert noted() == set()


def test_an_unpublished_and_a_deleted_page_are_noted(noted):
    page = page_factories.CaseStudyPageFactory()
    noted()
    page.unpublish()
    assert noted() == {f"case_study:{page.pk}"}
    key = f"case_study:{page.pk}"
    page.delete()
    assert noted() == {key}


def test_a_withdrawn_page_is_noted(noted):
    page = page_factories.SolutionPageFactory()
    noted()
    page.withdrawn_at = factories.NOW
    page.save()
    assert noted() == {f"solution:{page.pk}"}


def test_what_is_below_a_deleted_section_is_noted(noted):
    pages = [page_factories.SolutionPageFactory(), page_factories.SolutionPageFactory()]
    keys = {f"solution:{page.pk}" for page in pages}
    noted()
    page_factories.SolutionIndexPageFactory().delete()
    assert noted() == keys


def test_what_is_below_a_moved_or_renamed_section_is_noted(noted):
    page, other = page_factories.SolutionPageFactory(), page_factories.CaseStudyPageFactory()
    section = page.get_parent().specific
    noted()
    section.slug = "answers"
    section.save_revision().publish()
    assert noted() == {f"solution:{page.pk}"}
    section.refresh_from_db()
    section.move(other.get_parent(), pos="right")
    assert f"solution:{page.pk}" in noted()


def test_what_is_below_a_restricted_section_is_noted_on_both_ways(noted):
    page, other = page_factories.SolutionPageFactory(), page_factories.CaseStudyPageFactory()
    noted()
    restriction = PageViewRestriction.objects.create(page=page.get_parent(), restriction_type=PageViewRestriction.LOGIN)
    assert noted() == {f"solution:{page.pk}"}
    restriction.delete()
    assert noted() == {f"solution:{page.pk}"}
    assert other.pk


def test_a_registry_entry_is_noted_when_public_and_its_draft_is_not(noted):
    scheme = factories.SchemeFactory(owner=None, draft=True)
    assert noted() == set()
    scheme.save_revision().publish()
    assert noted() == {f"scheme:{scheme.pk}"}
    scheme.refresh_from_db()
    scheme.objective = "Not yet approved."
    scheme.save_revision()
    assert noted() == set()
    scheme.unpublish()
    assert noted() == {f"scheme:{scheme.pk}"}
    key = f"scheme:{scheme.pk}"
    scheme.delete()
    assert noted() == {key}


def test_locking_an_entry_changes_nothing(noted):
    scheme = factories.SchemeFactory()
    noted()
    scheme.locked = True
    scheme.save(update_fields=["locked"])
    assert noted() == set()


@pytest.mark.parametrize(
    ("kind", "factory"),
    [
        ("faq", factories.FrequentQuestionFactory),
        ("glossary", factories.GlossaryTermFactory),
        ("definition", factories.DefinitionFactory),
        ("publication", factories.PublicationFactory),
        ("statistic", factories.StatisticFactory),
    ],
)
def test_an_entry_of_a_reference_list_is_noted(noted, kind, factory):
    entry = factory()
    assert noted() == {f"{kind}:{entry.pk}"}
    entry.save_revision()
    assert noted() == set()
    key = f"{kind}:{entry.pk}"
    entry.delete()
    assert noted() == {key}


def test_everything_that_carries_a_renamed_theme_is_noted(noted):
    theme = factories.ThemeFactory()
    narrower = factories.ThemeFactory(parent=theme)
    page = page_factories.SolutionPageFactory(themes=[narrower])
    scheme = factories.SchemeFactory(themes=[theme], owner=None)
    question = factories.FrequentQuestionFactory(themes=[theme])
    factories.SchemeFactory(owner=None)
    noted()
    theme.name = "Another name"
    theme.save()
    assert noted() == {f"theme:{theme.pk}", f"solution:{page.pk}", f"scheme:{scheme.pk}", f"faq:{question.pk}"}


def test_everything_that_carries_a_renamed_state_sector_or_stage_is_noted(noted):
    state, sector, stage = factories.StateFactory(), factories.SectorFactory(), factories.StageFactory()
    cluster = factories.ClusterFactory(state=state, sector=sector)
    centre = factories.ResourceCentreFactory(states_served=[state])
    page = page_factories.SolutionPageFactory(stage=stage, sectors=[sector])
    statistic = factories.StatisticFactory(state=state)
    noted()
    state.save()
    assert noted() == {f"cluster:{cluster.pk}", f"resource_centre:{centre.pk}", f"statistic:{statistic.pk}"}
    sector.save()
    assert noted() == {f"cluster:{cluster.pk}", f"solution:{page.pk}"}
    stage.save()
    assert noted() == {f"solution:{page.pk}"}


def test_everything_that_carries_a_renamed_institution_is_noted(noted):
    institution = factories.InstitutionFactory()
    scheme = factories.SchemeFactory(owner=institution)
    noted()
    institution.save()
    assert noted() == {f"institution:{institution.pk}", f"scheme:{scheme.pk}"}
    institution.save_revision()
    assert noted() == set()


def test_everything_that_carried_a_deleted_theme_is_noted(noted):
    theme = factories.ThemeFactory()
    page = page_factories.SolutionPageFactory(themes=[theme])
    key = f"theme:{theme.pk}"
    noted()
    theme.delete()
    assert noted() == {key, f"solution:{page.pk}"}


def test_a_scheme_is_noted_and_found_by_the_words_of_its_updates(noted):
    scheme = factories.SchemeFactory()
    update = factories.SchemeUpdateFactory(scheme=scheme, title="Subsidy for looms", draft=True)
    key = f"scheme:{scheme.pk}"
    noted()
    update.save_revision()
    assert noted() == set()
    assert "looms" not in body_of(key)
    update.save_revision().publish()
    assert noted() == {key}
    assert "Subsidy for looms" in body_of(key)
    update.refresh_from_db()
    update.unpublish()
    assert noted() == {key}
    assert "looms" not in body_of(key)
    update.save_revision().publish()
    noted()
    update.delete()
    assert noted() == {key}


def body_of(key: str) -> str:
    [document] = KNOWLEDGE.documents([key])
    return document.parts[0].body


@pytest.mark.parametrize(
    "make",
    [
        lambda: page_factories.SolutionPageFactory(draft=True),
        lambda: factories.SchemeFactory(draft=True),
        lambda: factories.SchemeUpdateFactory(draft=True),
    ],
    ids=["page", "registry entry", "update"],
)
def test_what_is_published_and_expires_by_its_dates_is_noted(noted, make):
    thing = make()
    key = f"scheme:{thing.scheme_id}" if hasattr(thing, "scheme_id") else f"{thing.kind}:{thing.pk}"
    a_minute_ago = timezone.now() - timedelta(minutes=1)
    thing.go_live_at = a_minute_ago
    thing.save_revision(approved_go_live_at=a_minute_ago)
    noted()
    publish_scheduled()
    assert key in noted()
    type(thing)._base_manager.filter(pk=thing.pk).update(expire_at=a_minute_ago)
    publish_scheduled()
    assert key in noted()
