"""Loading small files: what is broken is told, what somebody changed stays, the rest follows the file."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from wagtail.models import Page

from knowledge import models
from knowledge.loading.articles import summary
from tests.factories import knowledge as factories
from tests.factories import pages as page_factories

pytestmark = pytest.mark.django_db

SOURCES = [{"document": "A paper on clusters", "year": 2007}]
CLUSTER = {
    "slug": "kalady-rice",
    "name": "Kalady rice mills",
    "product": "Rice",
    "sector": "rice-milling",
    "type": "traditional",
    "city": "Kalady",
    "district": None,
    "state": "kerala",
    "country": "India",
    "latitude": 10.17,
    "longitude": 76.44,
    "enterprises": 72,
    "workers": None,
    "turnover_rs_crore": 12.5,
    "exports_rs_crore": None,
    "figures_year": 2007,
    "issues": ["water"],
    "notes": "",
    "as_of": 2011,
    "sources": SOURCES,
}
SOLUTION = {
    "slug": "share-a-plant",
    "subject": "Dirty water",
    "title": "How do mills clean their water?",
    "problem": "Each mill alone is too small for a plant.",
    "solution": "Build one plant together. Share its cost by the tonne <of> paddy.",
    "what_it_needs": "A plot",
    "limits": "",
    "themes": ["water"],
    "sectors": [],
    "stage": "doing",
    "states": [],
    "related": {},
    "as_of": 2011,
    "sources": SOURCES,
}


class Content:
    """A folder of content files and the command that loads it."""

    def __init__(self, folder) -> None:
        self.folder = folder

    def write(self, file: str, rows) -> "Content":
        text = rows if isinstance(rows, str) else json.dumps(rows)
        (self.folder / file).write_text(text, encoding="utf-8")
        return self

    def load(self, *files: str) -> str:
        out = StringIO()
        only = [f"--only={file}" for file in files]
        try:
            call_command("load_content", f"--folder={self.folder}", *only, stdout=out, stderr=out)
        except CommandError as error:
            return f"{out.getvalue()}FAILED with {error.returncode}"
        return out.getvalue()


@pytest.fixture
def content(tmp_path):
    factories.ThemeFactory(slug="water")
    factories.ThemeFactory(slug="waste")
    factories.SectorFactory(slug="rice-milling")
    factories.ClusterTypeFactory(slug="traditional")
    factories.StateFactory(slug="kerala")
    factories.StageFactory(slug="doing")
    return Content(tmp_path)


@pytest.fixture
def sections():
    page_factories.SolutionIndexPageFactory()
    page_factories.CaseStudyIndexPageFactory()
    page_factories.BestPracticeIndexPageFactory()


def test_a_row_becomes_an_entry_with_all_its_facts(content):
    assert "1 new" in content.write("clusters.json", [CLUSTER]).load("clusters")

    cluster = models.Cluster.objects.get()
    assert (cluster.sector.slug, cluster.state.slug, cluster.enterprises) == ("rice-milling", "kerala", 72)
    assert (str(cluster.latitude), str(cluster.turnover_rs_crore)) == ("10.17000", "12.50")
    assert [theme.slug for theme in cluster.themes.all()] == ["water"]
    assert [source.title for source in cluster.sources.all()] == ["A paper on clusters"]
    assert cluster.live
    assert cluster.first_published_at


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"name": None}, "name: missing"),
        ({"name": " "}, "name: empty"),
        ({"name": 7}, "name: 7 is no text"),
        ({"name": "x" * 300}, "name: Ensure this value has at most 255 characters"),
        ({"name": "Kalady\x00"}, "name: holds a null character"),
        ({"name": "Kalady\ud800"}, "name: holds half a character"),
        ({"slug": "no address"}, "slug: Enter a valid “slug”"),
        ({"slug": ""}, "slug: missing"),
        ({"sector": "cheese"}, "sector: there is no sector “cheese”"),
        ({"sector": None}, "sector: missing"),
        ({"issues": ["water", "cheese"]}, "themes: there is no theme “cheese”"),
        ({"issues": "water"}, "issues: 'water' is no list"),
        ({"enterprises": "many"}, "enterprises: 'many' is no whole number"),
        ({"enterprises": True}, "enterprises: True is no whole number"),
        ({"enterprises": -1}, "enterprises: -1 is no whole number"),
        ({"latitude": 910.17}, "latitude: 910.17 is no latitude"),
        ({"latitude": "north"}, "latitude: 'north' is no number"),
        ({"turnover_rs_crore": 1e30}, "turnover_rs_crore: Ensure that there are no more than"),
        ({"as_of": None}, "as_of: missing"),
        ({"as_of": 20111}, "as_of: 20111 is no year"),
        ({"as_of": "2011"}, "as_of: '2011' is no year"),
        ({"figures_year": 17}, "figures_year: 17 is no year"),
        ({"sources": []}, "sources: not a list of documents"),
        ({"sources": [{"document": 5}]}, "sources: 5 is no text"),
    ],
)
def test_a_broken_row_is_told_with_its_reason_and_the_rest_loads(content, change, reason):
    broken = CLUSTER | {"slug": "broken"} | change

    said = content.write("clusters.json", [broken, CLUSTER]).load("clusters")

    assert reason in said
    assert f"clusters.json: {change.get('slug', 'broken')}".strip() in said
    assert said.endswith("FAILED with 1")
    assert [cluster.slug for cluster in models.Cluster.objects.all()] == ["kalady-rice"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (["no row"], "the row is no object"),
        ([CLUSTER, CLUSTER], "kalady-rice: slug: stands in the file twice"),
        ([{"slug": "empty"}], "empty: name: missing"),
        ("[{", "the file is no valid JSON"),
        ("[" * 100_000, "the file is no valid JSON"),
        ({"rows": []}, "the file is no JSON array"),
    ],
)
def test_a_broken_file_is_told_with_its_reason(content, rows, reason):
    said = content.write("clusters.json", rows).load("clusters")

    assert reason in said
    assert said.endswith("FAILED with 1")


def test_a_file_that_is_missing_or_in_another_encoding_is_told(content):
    assert "clusters.json: the file is missing" in content.load("clusters")
    (content.folder / "clusters.json").write_bytes(b'[{"slug": "caf\xe9"}]')
    assert "clusters.json: the file is not UTF-8" in content.load("clusters")


def test_a_broken_file_does_not_keep_the_next_from_loading(content):
    content.write("institutions.json", "[{").write("clusters.json", [CLUSTER])

    said = content.load("institutions", "clusters")

    assert "clusters.json: 1 rows, 1 new" in said
    assert said.endswith("FAILED with 1")


def test_a_second_load_changes_nothing(content, sections):
    content.write("clusters.json", [CLUSTER]).write("solutions.json", [SOLUTION]).load("clusters", "solutions")

    assert "2 rows, 0 new, 0 changed, 0 problems" in content.load("clusters", "solutions")


def test_what_somebody_changed_stays_while_untouched_fields_follow_the_file(content):
    content.write("clusters.json", [CLUSTER]).load("clusters")
    cluster = models.Cluster.objects.get()
    cluster.name = "Rice mills of Kalady"
    cluster.themes.set([models.Theme.objects.get(slug="waste")])
    cluster.save()

    news = CLUSTER | {"name": "Kalady", "issues": [], "enterprises": 80, "latitude": 10.2}
    said = content.write("clusters.json", [news]).load("clusters")

    cluster = models.Cluster.objects.get()
    assert "1 changed, 1 kept" in said
    assert (cluster.name, cluster.enterprises, str(cluster.latitude)) == ("Rice mills of Kalady", 80, "10.20000")
    assert [theme.slug for theme in cluster.themes.all()] == ["waste"]
    assert "0 changed, 1 kept" in content.load("clusters")


def test_a_changed_entry_leaves_a_revision_for_the_editors(content):
    content.write("clusters.json", [CLUSTER]).load("clusters")
    content.write("clusters.json", [CLUSTER | {"city": "Kalady town"}]).load("clusters")

    cluster = models.Cluster.objects.get()
    assert cluster.live_revision.as_object().city == "Kalady town"
    assert not cluster.has_unpublished_changes


def test_an_entry_with_an_unpublished_draft_is_left_alone_until_it_is_published(content):
    content.write("clusters.json", [CLUSTER]).load("clusters")
    cluster = models.Cluster.objects.get()
    cluster.city = "Angamaly"
    draft = cluster.save_revision()
    content.write("clusters.json", [CLUSTER | {"enterprises": 80}])

    assert "1 kept" in content.load("clusters")
    assert models.Cluster.objects.get().enterprises == 72

    draft.publish()
    assert "1 changed" in content.load("clusters")
    cluster = models.Cluster.objects.get()
    assert (cluster.city, cluster.enterprises) == ("Angamaly", 80)


def test_what_somebody_deleted_stays_deleted(content):
    content.write("clusters.json", [CLUSTER]).load("clusters")
    models.Cluster.objects.get().delete()

    content.load("clusters")
    content.write("clusters.json", [CLUSTER | {"city": "Angamaly"}]).load("clusters")

    assert not models.Cluster.objects.exists()


def test_an_entry_that_stood_before_is_taken_as_it_stands(content):
    factories.ClusterFactory(slug="kalady-rice", name="Our own words")

    assert "0 new, 0 changed, 1 kept" in content.write("clusters.json", [CLUSTER]).load("clusters")
    content.write("clusters.json", [CLUSTER | {"city": "Angamaly"}]).load("clusters")

    assert models.Cluster.objects.get().name == "Our own words"


def test_a_row_may_refer_to_one_that_stands_below_it(content):
    factories.InstitutionTypeFactory(slug="bank")
    row = {
        "slug": "branch",
        "name": "Branch",
        "type": "bank",
        "level": "state",
        "parent": "house",
        "as_of": 2007,
        "sources": SOURCES,
    }
    house = row | {"slug": "house", "name": "House", "parent": None}
    orphan = row | {"slug": "orphan", "parent": "nobody"}

    said = content.write("institutions.json", [row, house, orphan]).load("institutions")

    assert models.Institution.objects.get(slug="branch").parent.slug == "house"
    assert "orphan: parent: there is no institution “nobody”" in said


def test_a_solution_becomes_a_published_page_below_its_section(content, sections):
    content.write("solutions.json", [SOLUTION]).load("solutions")

    page = models.SolutionPage.objects.get()
    assert page.live
    assert page.get_parent().slug == "solutions"
    assert [str(block.value) for block in page.solution] == [
        "<p>Build one plant together. Share its cost by the tonne &lt;of&gt; paddy.</p>"
    ]
    assert page.summary == "Build one plant together. Share its cost by the tonne <of> paddy."


def test_a_page_follows_its_file_with_a_new_revision(content, sections):
    content.write("solutions.json", [SOLUTION]).load("solutions")
    content.write("solutions.json", [SOLUTION | {"title": "How is water cleaned?"}]).load("solutions")

    page = models.SolutionPage.objects.get()
    assert page.title == page.draft_title == "How is water cleaned?"
    assert page.revisions.count() == 2
    assert not page.has_unpublished_changes


def test_a_page_that_an_editor_changed_keeps_the_change(content, sections):
    content.write("solutions.json", [SOLUTION]).load("solutions")
    page = models.SolutionPage.objects.get()
    page.title = "Our own title"
    page.save_revision().publish()

    content.write("solutions.json", [SOLUTION | {"title": "Theirs", "limits": "Not in hills."}]).load("solutions")

    page = models.SolutionPage.objects.get()
    assert (page.title, page.limits) == ("Our own title", "Not in hills.")
    assert Page.find_problems() == ([], [], [], [], [])


def test_pages_are_not_loaded_before_their_section_stands(content):
    out = StringIO()
    content.write("solutions.json", [SOLUTION])

    with pytest.raises(CommandError, match="run bootstrap_site first"):
        call_command("load_content", f"--folder={content.folder}", "--only=solutions", stdout=out)


@pytest.mark.parametrize("arguments", [["--only=cheese"], ["--folder=/nowhere/at/all"]])
def test_an_unknown_file_or_folder_is_told(arguments):
    with pytest.raises(CommandError, match="There is no"):
        call_command("load_content", *arguments, stdout=StringIO())


@pytest.mark.parametrize(
    ("value", "named", "state"),
    [("kerala", "Kerala (old)", "kerala"), (["kerala", "goa"], "kerala, goa", None), (None, "", None)],
)
def test_a_figure_of_several_states_has_none_but_keeps_their_names(content, value, named, state):
    factories.StateFactory(slug="goa")
    figure = {
        "slug": "clusters-handloom-kerala",
        "label": "Handloom clusters, Kerala (old)",
        "value": 64,
        "unit": "clusters",
        "period": "2006",
        "scope": "India",
        "state": value,
        "as_of": 2007,
        "sources": SOURCES,
    }
    factories.ClusterTypeFactory(slug="handloom")
    factories.ThemeFactory(slug="mapping-selection")
    content.write("statistics.json", [figure]).load("statistics")

    found = models.Statistic.objects.get()
    assert (found.state and found.state.slug, found.state_as_named, found.value) == (state, named, "64")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One. Two.", "One. Two."),
        ("It cost Rs. 500 a year. " + "X" * 300 + ".", "It cost Rs. 500 a year."),
        ("word " * 100, ("word " * 59).strip() + "…"),
        ("", ""),
    ],
)
def test_a_summary_is_cut_at_a_sentence_or_else_at_a_word(text, expected):
    assert summary(text) == expected
