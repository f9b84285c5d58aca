"""What is known, as documents of search."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from wagtail.models import PageViewRestriction

from knowledge.search_sources import KNOWLEDGE, PAGES, REGISTRIES
from search import registry
from search.documents import PUBLIC, SearchDocument
from tests.factories import knowledge as factories
from tests.factories import pages as page_factories

pytestmark = pytest.mark.django_db

FACTORIES = {
    "solution": page_factories.SolutionPageFactory,
    "case_study": page_factories.CaseStudyPageFactory,
    "best_practice": page_factories.BestPracticePageFactory,
    "theme": factories.ThemeFactory,
    "scheme": factories.SchemeFactory,
    "resource_centre": factories.ResourceCentreFactory,
    "initiative": factories.InitiativeFactory,
    "cluster": factories.ClusterFactory,
    "institution": factories.InstitutionFactory,
    "faq": factories.FrequentQuestionFactory,
    "glossary": factories.GlossaryTermFactory,
    "definition": factories.DefinitionFactory,
    "publication": factories.PublicationFactory,
    "statistic": factories.StatisticFactory,
}
WITHDRAWABLE = [
    kind for kind in FACTORIES if kind in {shape.kind for shape in (*PAGES, *REGISTRIES)} and kind != "theme"
]


def document(kind: str, row) -> SearchDocument:
    return next(KNOWLEDGE.documents([f"{kind}:{row.pk}"]))


def words(found: SearchDocument) -> str:
    return "\n".join(f"{part.title}\n{part.summary}\n{part.body}" for part in found.parts)


@pytest.mark.parametrize("kind", FACTORIES)
def test_every_kind_is_offered_to_search(kind):
    assert registry.source_for(kind) is KNOWLEDGE


@pytest.mark.parametrize("kind", FACTORIES)
def test_a_row_is_a_document_for_everybody_with_its_own_address(visitor, kind):
    row = FACTORIES[kind]()
    found = document(kind, row)
    assert found.key == f"{kind}:{row.pk}"
    assert found.key in set(KNOWLEDGE.keys())
    assert found.audiences == {PUBLIC}
    assert found.title
    assert visitor.get(found.url).status_code == 200


@pytest.mark.parametrize("kind", WITHDRAWABLE)
@pytest.mark.parametrize("state", ["draft", "withdrawn"])
def test_drafts_and_withdrawn_rows_are_no_documents(kind, state):
    key = f"{kind}:{FACTORIES[kind](**{state: True}).pk}"
    assert key not in set(KNOWLEDGE.keys())
    assert list(KNOWLEDGE.documents([key])) == []
    assert KNOWLEDGE.visible([key], AnonymousUser()) == set()


@pytest.mark.parametrize("kind", [shape.kind for shape in PAGES])
def test_a_page_behind_a_restriction_is_no_document(kind):
    page = FACTORIES[kind]()
    key = f"{kind}:{page.pk}"
    assert KNOWLEDGE.visible([key], AnonymousUser()) == {key}
    PageViewRestriction.objects.create(page=page.get_parent(), restriction_type=PageViewRestriction.LOGIN)
    assert key not in set(KNOWLEDGE.keys())
    assert list(KNOWLEDGE.documents([key])) == []
    assert KNOWLEDGE.visible([key], AnonymousUser()) == set()


def test_the_keys_of_deleted_rows_give_nothing():
    assert list(KNOWLEDGE.documents(["scheme:999999", "theme:999999"])) == []


@pytest.mark.parametrize("kind", FACTORIES)
def test_a_batch_costs_the_same_for_few_and_many(kind):
    extra = {} if kind == "theme" else {"themes": [factories.ThemeFactory(parent=factories.ThemeFactory())]}
    rows = [FACTORIES[kind](**extra) for _each in range(12)]
    source = KNOWLEDGE

    def queries(number: int) -> int:
        with CaptureQueriesContext(connection) as counted:
            assert len(list(source.documents([f"{kind}:{row.pk}" for row in rows[:number]]))) == number
        return len(counted)

    queries(1)
    assert queries(2) == queries(12) <= 10


def test_hindi_names_are_found():
    scheme = factories.SchemeFactory(
        name_hi="पारंपरिक उद्योग योजना",
        themes=[factories.ThemeFactory(name_hi="वित्त")],
        sectors=[factories.SectorFactory(name_hi="हथकरघा")],
        owner=factories.InstitutionFactory(name_hi="मंत्रालय"),
    )
    found = words(document("scheme", scheme))
    assert all(word in found for word in ("पारंपरिक उद्योग योजना", "वित्त", "हथकरघा", "मंत्रालय"))
    assert document("scheme", scheme).title == scheme.name


def test_a_document_carries_the_broader_terms_of_its_terms():
    finance = factories.ThemeFactory(slug="finance")
    textiles = factories.SectorFactory(slug="textiles")
    page = page_factories.SolutionPageFactory(
        themes=[factories.ThemeFactory(slug="credit", parent=finance)],
        sectors=[factories.SectorFactory(slug="handloom", parent=textiles)],
        states=[factories.StateFactory(slug="kerala")],
        stage=factories.StageFactory(slug="diagnosis"),
    )
    found = document("solution", page)
    assert set(found.themes) == {"finance", "credit"}
    assert set(found.sectors) == {"textiles", "handloom"}
    assert found.states == ("kerala",)
    assert found.stage == "diagnosis"
    assert found.as_of == 2007
    assert found.published_at


def test_the_text_of_a_solution_is_found_without_its_markup():
    page = page_factories.SolutionPageFactory(
        solution=[("step", {"title": "Find partners", "text": "<p>Ask <b>seven</b> owners &amp; a bank.</p>"})],
        limits="Not for savings groups.",
    )
    found = words(document("solution", page))
    assert "Find partners" in found
    assert "Ask seven owners & a bank." in found
    assert "Not for savings groups." in found
    assert "<" not in found


def test_the_name_of_a_hidden_owner_is_not_found():
    scheme = factories.SchemeFactory(owner=factories.InstitutionFactory(name="Hidden office", draft=True))
    assert "Hidden office" not in words(document("scheme", scheme))


def test_facets_are_named_in_the_readers_language():
    factories.ThemeFactory(slug="finance", name="Finance", name_hi="वित्त")
    assert registry.labels("theme", ["finance"]) == {"finance": "Finance"}
    with translation.override("hi"):
        assert registry.labels("theme", ["finance"]) == {"finance": "वित्त"}
