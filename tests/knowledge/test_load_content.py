"""The whole starting content, loaded once for all tests of this module and taken back after them."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from wagtail.models import Page, ReferenceIndex, Revision

from knowledge import models
from knowledge.loading.articles import SUMMARY_LENGTH
from knowledge.loading.load import FILES
from knowledge.loading.reader import STARTING_CONTENT
from knowledge.loading.registries import LOADING_STAMP
from search.models import Synonym

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.xdist_group("load_content"),  # one worker loads, not each
]

MODELS = {
    "institutions.json": models.Institution,
    "schemes.json": models.Scheme,
    "clusters.json": models.Cluster,
    "resource_centres.json": models.ResourceCentre,
    "initiatives.json": models.Initiative,
    "case_studies.json": models.CaseStudyPage,
    "best_practices.json": models.BestPracticePage,
    "solutions.json": models.SolutionPage,
    "faqs.json": models.FrequentQuestion,
    "glossary.json": models.GlossaryTerm,
    "definitions.json": models.Definition,
    "links.json": models.Link,
    "publications.json": models.Publication,
    "statistics.json": models.Statistic,
}
ARTICLES = [models.CaseStudyPage, models.BestPracticePage, models.SolutionPage]
VOCABULARIES = {
    "themes": models.Theme,
    "sectors": models.Sector,
    "stages": models.Stage,
    "cluster_types": models.ClusterType,
    "states": models.State,
}


def rows_of(file: str) -> list | dict:
    return json.loads((STARTING_CONTENT / file).read_text(encoding="utf-8"))


def load(*arguments: str) -> str:
    out = StringIO()
    call_command("load_content", *arguments, stdout=out, stderr=out)
    return out.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("bootstrap_site", stdout=StringIO())
        yield load()
        transaction.set_rollback(True)


def test_nothing_in_the_files_is_broken(loaded):
    assert "0 problems" in loaded
    for file in FILES:
        assert f"{file}: " in loaded


@pytest.mark.parametrize("file", MODELS)
def test_each_file_has_as_many_rows_in_the_database_as_in_the_file(loaded, file):
    assert MODELS[file].objects.count() == len(rows_of(file))


def test_each_list_of_the_taxonomy_is_loaded_whole(loaded):
    for name, rows in rows_of("taxonomy.json").items():
        if name in VOCABULARIES:
            assert VOCABULARIES[name].objects.count() == len(rows), name
        elif isinstance(rows, list):
            assert models.ReferenceTerm.objects.filter(vocabulary=name).count() == len(rows), name
        else:
            for part, terms in rows.items():
                found = models.ReferenceTerm.objects.filter(vocabulary=f"{name}.{part}")
                assert found.count() == (len(terms) if isinstance(terms, list) else 0), part


def test_each_rule_of_the_synonyms_is_a_row(loaded):
    lines = (STARTING_CONTENT / "synonyms.txt").read_text(encoding="utf-8").splitlines()

    assert Synonym.objects.count() == sum(bool(line.strip()) and not line.startswith("#") for line in lines)


@pytest.mark.parametrize(
    ("file", "key", "field"),
    [
        ("institutions.json", "parent", "parent"),
        ("institutions.json", "themes", "themes"),
        ("schemes.json", "owner", "owner"),
        ("clusters.json", "issues", "themes"),
        ("resource_centres.json", "expertise", "themes"),
        ("initiatives.json", "partners", "partners"),
        ("initiatives.json", "clusters", "clusters"),
        ("case_studies.json", "actors", "actors"),
        ("case_studies.json", "cluster", "cluster"),
        ("best_practices.json", "evidence", "evidence"),
        ("faqs.json", "solution", "solution"),
        ("glossary.json", "see_also", "see_also"),
        ("definitions.json", "agency", "agency"),
        ("links.json", "owner", "owner"),
    ],
)
def test_every_reference_of_a_file_resolves(loaded, file, key, field):
    model = MODELS[file]
    if model._meta.get_field(field).many_to_many:
        found = {row.slug: {other.slug for other in getattr(row, field).all()} for row in model.objects.all()}
        expected = {row["slug"]: set(row[key]) for row in rows_of(file)}
    else:
        found = dict(model.objects.values_list("slug", f"{field}__slug"))
        expected = {row["slug"]: row[key] for row in rows_of(file)}
    assert found == expected


def test_what_solutions_are_related_to_resolves(loaded):
    for row in rows_of("solutions.json"):
        page = models.SolutionPage.objects.get(slug=row["slug"])
        for key, slugs in row["related"].items():
            assert {other.slug for other in getattr(page, key).all()} == set(slugs), (row["slug"], key)


@pytest.mark.parametrize("model", MODELS.values(), ids=lambda model: model.__name__)
def test_every_dated_fact_says_its_year_and_its_sources_and_none_is_verified(loaded, model):
    assert not model.objects.filter(as_of=None).exists()
    assert not model.objects.filter(sources=None).exists()
    assert not model.objects.exclude(verified_at=None).exists()


def test_five_documents_are_the_sources_of_all_facts(loaded):
    assert models.SourceDocument.objects.count() == 5
    assert models.SourceDocument.objects.get(title__startswith="Getting to Know").year is None


def test_terms_have_hindi_names(loaded):
    for model in VOCABULARIES.values():
        assert not model.objects.filter(name_hi="").exists()


def test_agencies_keep_their_words_where_no_institution_is_meant(loaded):
    scheme = models.Scheme.objects.get(slug="mutual-credit-guarantee-fund")

    assert [agency.slug for agency in scheme.implementing_agencies.all()] == ["sidbi"]
    assert scheme.other_agencies == "Consortia"


def test_a_figure_by_state_keeps_the_words_of_its_source(loaded):
    figure = models.Statistic.objects.get(slug="clusters-micro-pondicherry")

    assert (figure.state.slug, figure.state_as_named) == ("puducherry", "Pondicherry")
    assert figure.cluster_type.slug == "other-micro"
    assert figure.high_poverty_group is False


@pytest.mark.parametrize("model", ARTICLES, ids=lambda model: model.__name__)
def test_articles_are_published_with_a_revision_and_the_stamp_of_the_loading(loaded, model):
    pages = model.objects.order_by("path")
    assert not pages.filter(live=False).exists()
    assert not pages.filter(has_unpublished_changes=True).exists()
    stamps = [page.first_published_at for page in pages]
    assert stamps == sorted(stamps)
    for page in pages:
        assert page.first_published_at.date() == LOADING_STAMP.date()
        assert page.first_published_at == page.last_published_at == page.latest_revision_created_at
        assert page.live_revision_id == page.latest_revision_id
    assert Revision.page_revisions.filter(object_id__in=[str(page.pk) for page in pages]).count() == len(pages)


@pytest.mark.parametrize("model", ARTICLES, ids=lambda model: model.__name__)
def test_summaries_are_whole_sentences_that_fit(loaded, model):
    for page in model.objects.all():
        assert 0 < len(page.summary) <= SUMMARY_LENGTH
        assert page.summary[-1] in ".?!…)”"


def test_a_solution_keeps_its_text_in_paragraphs(loaded):
    row = rows_of("solutions.json")[0]
    page = models.SolutionPage.objects.get(slug=row["slug"])

    assert [block.block_type for block in page.solution] == ["paragraph"]
    assert page.get_parent().specific.slug == "solutions"


def test_every_theme_that_a_reference_list_can_speak_of_shows_some_of_it(loaded):
    lists = [models.GlossaryTerm, models.FrequentQuestion, models.Link, models.Publication, models.Statistic]
    silent = {
        theme.slug
        for theme in models.Theme.objects.all()
        if not any(model.objects.filter(themes=theme).exists() for model in lists)
    }

    assert silent == {"occupational-safety"}  # no list says anything of it


def test_editors_find_what_was_loaded(loaded):
    assert list(models.Cluster.objects.filter(slug="chanderi-handloom")) == [
        cluster for cluster in models.Cluster.objects.all() if cluster.slug == "chanderi-handloom"
    ]
    scheme = models.Scheme.objects.exclude(owner=None).first()
    assert ReferenceIndex.get_references_to(scheme.owner).filter(object_id=str(scheme.pk)).exists()


def test_the_tree_of_pages_is_sound(loaded):
    assert Page.find_problems() == ([], [], [], [], [])


def test_a_second_load_changes_nothing(loaded):
    before = models.ImportedRecord.objects.order_by("pk").values_list("pk", "loaded_at", "values")
    before = list(before)

    with CaptureQueriesContext(connection) as queries:
        said = load()

    assert ", 0 new, 0 changed, 0 problems" in said
    assert list(models.ImportedRecord.objects.order_by("pk").values_list("pk", "loaded_at", "values")) == before
    writes = [query["sql"] for query in queries if query["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert writes == []


def test_one_file_can_be_loaded_alone(loaded):
    models.ImportedRecord.objects.filter(file="links.json").delete()
    models.Link.objects.all().delete()

    said = load("--only", "links")

    assert said.startswith("links.json: 72 rows, 72 new, 0 changed")
    assert "publications.json" not in said
