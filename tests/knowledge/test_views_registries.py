"""The registries' public pages: what is listed, what a page says, what it leads to, and what it never shows."""

import pytest
from django.urls import reverse

from tests.factories import knowledge as factories
from tests.factories import pages as page_factories
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

REGISTRIES = {
    "scheme": factories.SchemeFactory,
    "centre": factories.ResourceCentreFactory,
    "initiative": factories.InitiativeFactory,
    "cluster": factories.ClusterFactory,
    "institution": factories.InstitutionFactory,
}


def page(visitor, address: str) -> str:
    response = visitor.get(address)
    assert response.status_code == 200
    return response.content.decode()


def rich(name: str, theme=None, number: int = 1) -> list:
    """Make ``number`` entries of a registry, each with a row on every relation that its pages show."""
    theme = theme or factories.ThemeFactory()
    state, sector = factories.StateFactory(), factories.SectorFactory()
    institution = factories.InstitutionFactory()
    terms = {
        "scheme": {"states": [state], "sectors": [sector], "implementing_agencies": [institution]},
        "centre": {"states_served": [state], "sectors": [sector], "institution": institution},
        "initiative": {"states": [state], "sectors": [sector], "partners": [institution], "lead": institution},
        "cluster": {"state": state, "sector": sector},
        "institution": {"state": state},
    }[name]
    source = factories.SourceDocumentFactory()
    return [REGISTRIES[name](themes=[theme], sources=[source], **terms) for _each in range(number)]


@pytest.mark.parametrize("name", REGISTRIES)
def test_a_list_shows_current_entries_only(visitor, name):
    current = REGISTRIES[name](name="Standing and public")
    REGISTRIES[name](name="Not yet public", draft=True)
    REGISTRIES[name](name="Taken back", withdrawn=True)
    content = page(visitor, reverse(f"{name}_list"))
    assert current.get_absolute_url() in content
    assert "Not yet public" not in content
    assert "Taken back" not in content


@pytest.mark.parametrize("name", REGISTRIES)
def test_an_empty_list_says_so(visitor, name):
    assert "Nothing is listed here yet" in page(visitor, reverse(f"{name}_list"))
    assert "Nothing matches" in page(visitor, reverse(f"{name}_list") + "?q=zzz")


@pytest.mark.parametrize("name", REGISTRIES)
def test_a_page_names_its_sources_and_the_age_of_its_facts(visitor, name):
    [entry] = rich(name)
    content = page(visitor, entry.get_absolute_url())
    assert "Paper on clusters" in content
    assert "Facts of 2007, not verified since" in content
    assert "Cite as:" in content


@pytest.mark.parametrize("name", REGISTRIES)
def test_a_draft_is_not_found(visitor, name):
    assert visitor.get(REGISTRIES[name](draft=True).get_absolute_url()).status_code == 404


@pytest.mark.parametrize("name", REGISTRIES)
def test_a_withdrawn_entry_says_so_and_points_to_its_successor(visitor, name):
    successor = REGISTRIES[name](name="What came after")
    entry = REGISTRIES[name](withdrawn=True, successor=successor)
    content = page(visitor, entry.get_absolute_url())
    assert "This was withdrawn" in content
    assert "Replaced by another." in content
    assert successor.get_absolute_url() in content
    assert '<meta name="robots" content="noindex">' in content


@pytest.mark.parametrize("name", REGISTRIES)
def test_pages_exist_in_hindi_with_hindi_names(visitor, name):
    entry = REGISTRIES[name](name="Sample", name_hi="नमूना")
    for address in [entry.get_absolute_url(), reverse(f"{name}_list")]:
        assert "नमूना" in page(visitor, f"/hi{address}")


@pytest.mark.parametrize("name", REGISTRIES)
def test_a_list_costs_the_same_for_few_and_many(queries_of, name):
    rich(name, number=2)
    few = queries_of(reverse(f"{name}_list"))
    for _more in range(5):
        rich(name, number=2)
    assert queries_of(reverse(f"{name}_list")) == few <= 15


def test_a_scheme_costs_the_same_for_few_and_many_relations(queries_of):
    scheme = rich("scheme")[0]

    def relate() -> None:
        factories.InitiativeFactory(scheme=scheme)
        factories.SchemeUpdateFactory(scheme=scheme)
        page_factories.SolutionPageFactory(schemes=[scheme], states=[factories.StateFactory()])
        page_factories.CaseStudyPageFactory(schemes=[scheme])
        for kind in (factories.FrequentQuestionFactory, factories.StatisticFactory, factories.LinkFactory):
            kind(schemes=[scheme])

    for _each in range(2):
        relate()
    few = queries_of(scheme.get_absolute_url())
    for _each in range(10):
        relate()
    assert queries_of(scheme.get_absolute_url()) == few <= 15


def test_a_cluster_costs_the_same_for_few_and_many_relations(queries_of):
    cluster = rich("cluster")[0]

    def relate() -> None:
        case = page_factories.CaseStudyPageFactory(cluster=cluster)
        page_factories.SolutionPageFactory(case_studies=[case])
        factories.InitiativeFactory(clusters=[cluster])
        factories.DefinitionFactory(cluster_type=cluster.type)
        factories.StatisticFactory(state=cluster.state, cluster_type=cluster.type, clusters=[cluster])

    for _each in range(2):
        relate()
    few = queries_of(cluster.get_absolute_url())
    for _each in range(10):
        relate()
    assert queries_of(cluster.get_absolute_url()) == few <= 15


def test_an_institution_costs_the_same_for_few_and_many_relations(queries_of):
    institution = rich("institution")[0]

    def relate() -> None:
        scheme = factories.SchemeFactory(owner=institution, implementing_agencies=[institution])
        factories.SchemeUpdateFactory(scheme=scheme, institution=institution)
        factories.ResourceCentreFactory(institution=institution)
        factories.InitiativeFactory(lead=institution, partners=[institution], funders=[institution])
        page_factories.CaseStudyPageFactory(actors=[institution])
        factories.LinkFactory(owner=institution)
        factories.DefinitionFactory(agency=institution)
        factories.InstitutionFactory(parent=institution)

    for _each in range(2):
        relate()
    few = queries_of(institution.get_absolute_url())
    for _each in range(10):
        relate()
    assert queries_of(institution.get_absolute_url()) == few <= 15


def test_a_centre_and_an_initiative_cost_the_same_for_few_and_many_relations(queries_of):
    centre, initiative = rich("centre")[0], rich("initiative")[0]

    def relate() -> None:
        page_factories.SolutionPageFactory(resource_centres=[centre], initiatives=[initiative])
        factories.SchemeFactory(implementing_agencies=[centre.institution])
        factories.InitiativeFactory(lead=centre.institution)
        factories.ResourceCentreFactory(themes=list(centre.themes.all()))

    for _each in range(2):
        relate()
    few = [queries_of(centre.get_absolute_url()), queries_of(initiative.get_absolute_url())]
    for _each in range(10):
        relate()
    assert [queries_of(centre.get_absolute_url()), queries_of(initiative.get_absolute_url())] == few
    assert max(few) <= 15


def test_what_the_source_does_not_state_is_said_and_never_left_blank(visitor):
    content = page(visitor, factories.SchemeFactory(owner=None).get_absolute_url())
    assert content.count("Not stated in our source") >= 8


def test_an_unverified_scheme_warns_and_a_verified_one_does_not(visitor):
    scheme = factories.SchemeFactory()
    assert "Check before you rely on it" in page(visitor, scheme.get_absolute_url())
    checked = factories.SchemeFactory(verified=True, verified_by=UserFactory())
    content = page(visitor, checked.get_absolute_url())
    assert "Check before you rely on it" not in content
    assert "Verified by the owner on" in content


def test_scheme_and_owner_lead_to_each_other(visitor):
    scheme = factories.SchemeFactory()
    assert scheme.owner.get_absolute_url() in page(visitor, scheme.get_absolute_url())
    assert scheme.get_absolute_url() in page(visitor, scheme.owner.get_absolute_url())


def test_scheme_and_initiative_lead_to_each_other(visitor):
    scheme = factories.SchemeFactory()
    initiative = factories.InitiativeFactory(scheme=scheme)
    assert initiative.get_absolute_url() in page(visitor, scheme.get_absolute_url())
    assert scheme.get_absolute_url() in page(visitor, initiative.get_absolute_url())


def test_cluster_and_initiative_lead_to_each_other(visitor):
    cluster = factories.ClusterFactory()
    initiative = factories.InitiativeFactory(clusters=[cluster])
    assert initiative.get_absolute_url() in page(visitor, cluster.get_absolute_url())
    assert cluster.get_absolute_url() in page(visitor, initiative.get_absolute_url())


def test_centre_and_institution_lead_to_each_other(visitor):
    centre = factories.ResourceCentreFactory()
    assert centre.institution.get_absolute_url() in page(visitor, centre.get_absolute_url())
    assert centre.get_absolute_url() in page(visitor, centre.institution.get_absolute_url())


def test_a_related_entry_that_is_not_public_is_not_named(visitor):
    scheme = factories.SchemeFactory(owner=factories.InstitutionFactory(name="Hidden office", draft=True))
    factories.InitiativeFactory(scheme=scheme, name="Hidden initiative", draft=True)
    content = page(visitor, scheme.get_absolute_url())
    assert "Hidden office" not in content
    assert "Hidden initiative" not in content


def test_only_published_updates_of_public_schemes_are_shown(visitor):
    update = factories.SchemeUpdateFactory(title="Share of firms lowered")
    factories.SchemeUpdateFactory(scheme=update.scheme, title="Not yet approved", draft=True)
    factories.SchemeUpdateFactory(scheme=factories.SchemeFactory(draft=True), title="Of a hidden scheme")
    for address in (update.scheme.get_absolute_url(), update.institution.get_absolute_url(), reverse("scheme_updates")):
        content = page(visitor, address)
        assert "Share of firms lowered" in content
        assert "Not yet approved" not in content
        assert "Of a hidden scheme" not in content


def test_the_list_of_updates_costs_the_same_for_few_and_many(queries_of):
    factories.SchemeUpdateFactory.create_batch(2)
    few = queries_of(reverse("scheme_updates"))
    factories.SchemeUpdateFactory.create_batch(10)
    assert queries_of(reverse("scheme_updates")) == few <= 15


def test_a_visitor_gets_no_cookie(visitor):
    for name, factory in REGISTRIES.items():
        assert not visitor.get(reverse(f"{name}_list")).cookies
        assert not visitor.get(factory().get_absolute_url()).cookies


@pytest.mark.parametrize(
    "query", ["page=x", "page=99", "theme=%00", "q=%00%ff", "sort[]=1", "level=<script>", "q=" + "a" * 5000]
)
def test_a_strange_address_shows_a_list_all_the_same(visitor, query):
    factories.SchemeFactory()
    content = page(visitor, f"{reverse('scheme_list')}?{query}")
    assert "<script>alert" not in content
    assert "level=<script>" not in content


def test_a_long_list_is_cut_into_pages_that_keep_the_filters(visitor):
    factories.SchemeFactory.create_batch(25, level="state")
    content = page(visitor, f"{reverse('scheme_list')}?level=state")
    assert "?level=state&amp;page=2" in content
    assert "page 2" in page(visitor, f"{reverse('scheme_list')}?level=state&page=2")


def test_an_entry_can_be_previewed_before_it_is_public():
    for factory in REGISTRIES.values():
        entry = factory(draft=True)
        response = entry.make_preview_request()
        assert response.status_code == 200


@pytest.mark.parametrize("language", ["", "/hi"])
def test_large_numbers_are_grouped_as_in_india_and_years_are_not(visitor, language):
    cluster = factories.ClusterFactory(enterprises=1234567, figures_year=2007)
    for address in (cluster.get_absolute_url(), reverse("cluster_list")):
        page = visitor.get(language + address).content.decode()
        assert "12,34,567" in page
        assert "2,007" not in page


def test_a_page_travels_compressed(visitor):
    answer = visitor.get(reverse("cluster_list"), headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in answer["Vary"]
