"""What is not public appears on no public page: drafts, withdrawn things, pages behind a restriction."""

import pytest
from django.urls import reverse
from wagtail.models import PageViewRestriction

from tests.factories import knowledge as factories
from tests.factories import pages as page_factories

pytestmark = pytest.mark.django_db

SECRET = "Seen by nobody"
PLACES = ["theme_list", "scheme_list", "scheme_updates", "centre_list", "initiative_list", "cluster_list"]
PLACES += ["institution_list", "glossary", "faq", "definitions", "links", "publications", "statistics"]
PLACES += ["reference_lists", "solutions_feed", "scheme_updates_feed", "sitemap"]


@pytest.fixture
def frame() -> dict:
    """Make public things around which the hidden ones are laid."""
    page_factories.HomePageFactory()
    theme, state, sector = factories.ThemeFactory(), factories.StateFactory(), factories.SectorFactory()
    institution = factories.InstitutionFactory(state=state, themes=[theme])
    scheme = factories.SchemeFactory(owner=institution, themes=[theme], implementing_agencies=[institution])
    cluster = factories.ClusterFactory(state=state, sector=sector, themes=[theme])
    centre = factories.ResourceCentreFactory(institution=institution, themes=[theme])
    initiative = factories.InitiativeFactory(lead=institution, scheme=scheme, clusters=[cluster], themes=[theme])
    case = page_factories.CaseStudyPageFactory(cluster=cluster, actors=[institution], schemes=[scheme], themes=[theme])
    practice = page_factories.BestPracticePageFactory(evidence=[case], themes=[theme])
    solution = page_factories.SolutionPageFactory(
        schemes=[scheme],
        resource_centres=[centre],
        initiatives=[initiative],
        case_studies=[case],
        best_practices=[practice],
        themes=[theme],
    )
    return locals()


def public_pages(frame: dict) -> list[str]:
    entries = [frame[name] for name in ("theme", "institution", "scheme", "cluster", "centre", "initiative")]
    articles = [frame[name].url for name in ("case", "practice", "solution")]
    sections = ["/", "/solutions/", "/cases/", "/practices/"]
    return [reverse(name) for name in PLACES] + [entry.get_absolute_url() for entry in entries] + articles + sections


def hide_pages(frame: dict, hide) -> None:
    """Make an article of each kind beside the public ones, hidden by ``hide``."""
    shared = {"title": SECRET, "summary": SECRET, "themes": [frame["theme"]]}
    case = hide(
        page_factories.CaseStudyPageFactory,
        subject=SECRET,
        cluster=frame["cluster"],
        actors=[frame["institution"]],
        schemes=[frame["scheme"]],
        **shared,
    )
    practice = hide(page_factories.BestPracticePageFactory, evidence=[frame["case"]], **shared)
    solution = hide(
        page_factories.SolutionPageFactory,
        schemes=[frame["scheme"]],
        resource_centres=[frame["centre"]],
        initiatives=[frame["initiative"]],
        case_studies=[frame["case"], case],
        best_practices=[frame["practice"], practice],
        **shared,
    )
    factories.FrequentQuestionFactory(solution=solution, themes=[frame["theme"]])


def hide_entries(frame: dict, **hidden) -> None:
    """Make an entry of each registry beside the public ones, hidden by the trait ``hidden``."""
    shared = {"name": SECRET, "themes": [frame["theme"]]} | hidden
    factories.InstitutionFactory(parent=frame["institution"], state=frame["cluster"].state, **shared)
    scheme = factories.SchemeFactory(owner=frame["institution"], **shared)
    cluster = factories.ClusterFactory(sector=frame["cluster"].sector, state=frame["cluster"].state, **shared)
    centre = factories.ResourceCentreFactory(institution=frame["institution"], **shared)
    initiative = factories.InitiativeFactory(lead=frame["institution"], clusters=[frame["cluster"], cluster], **shared)
    page_factories.SolutionPageFactory(schemes=[scheme], resource_centres=[centre], initiatives=[initiative])


def assert_hidden(visitor, frame: dict) -> None:
    for address in public_pages(frame):
        response = visitor.get(address)
        assert response.status_code == 200, address
        assert SECRET not in response.content.decode(), address


def draft(factory, **values):
    return factory(draft=True, **values)


def withdrawn(factory, **values):
    return factory(withdrawn=True, **values)


def restricted(factory, **values):
    page = factory(**values)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    return page


@pytest.mark.parametrize("hide", [draft, withdrawn, restricted])
def test_a_hidden_article_is_named_on_no_public_page(visitor, frame, hide):
    hide_pages(frame, hide)
    assert_hidden(visitor, frame)


def test_a_draft_of_a_registry_is_named_on_no_public_page(visitor, frame):
    hide_entries(frame, draft=True)
    assert_hidden(visitor, frame)


def test_a_restricted_article_asks_to_sign_in(visitor):
    page = restricted(page_factories.SolutionPageFactory, title=SECRET)
    response = visitor.get(page.url)
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


@pytest.mark.parametrize("hide", [draft, restricted])
def test_a_hidden_successor_is_not_named(visitor, hide):
    successor = hide(page_factories.SolutionPageFactory, title=SECRET)
    page = page_factories.SolutionPageFactory(withdrawn=True, successor=successor)
    assert SECRET not in visitor.get(page.url).content.decode()
    scheme = factories.SchemeFactory(withdrawn=True, successor=factories.SchemeFactory(name=SECRET, draft=True))
    assert SECRET not in visitor.get(scheme.get_absolute_url()).content.decode()


def test_what_an_unpublished_draft_says_is_not_on_the_live_page(visitor):
    scheme = factories.SchemeFactory()
    scheme.objective = SECRET
    scheme.save_revision()
    assert SECRET not in visitor.get(scheme.get_absolute_url()).content.decode()
