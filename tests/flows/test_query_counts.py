"""What a public page costs: the same number of queries with two rows of everything as with twelve, and few of them."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.models import Question
from search import indexing
from search.editorial.remembered import forget_everything
from tests.conftest import sign_in
from tests.factories import knowledge as rows
from tests.factories import pages
from tests.factories.community import CommunityFactory, make_member, make_moderator, released_question, released_reply
from tests.own_index import own_index

MOST = 15
#: What somebody signed in costs on any page: the session, the account, the profile.
OF_AN_ACCOUNT = 3
FEW, MANY = 2, 12

pytestmark = [
    pytest.mark.django_db,  # so that there is a database for the counts; the tests themselves ask none
    pytest.mark.xdist_group("query counts"),  # one process counts, not each
]


class House:
    """A hub of each kind to which every row is tied, so that a page of a hub shows as many as there are."""

    def __init__(self) -> None:
        self.theme, self.sector, self.state = rows.ThemeFactory(), rows.SectorFactory(), rows.StateFactory()
        self.stage, self.type = rows.StageFactory(), rows.ClusterTypeFactory()
        self.filed = {"themes": [self.theme], "sources": [rows.SourceDocumentFactory()]}
        self.institution = rows.InstitutionFactory(state=self.state, **self.filed)
        self.scheme = rows.SchemeFactory(owner=self.institution, **self.filed)
        self.centre = rows.ResourceCentreFactory(institution=self.institution, **self.filed)
        self.cluster = rows.ClusterFactory(sector=self.sector, state=self.state, type=self.type, **self.filed)
        self.initiative = rows.InitiativeFactory(lead=self.institution, clusters=[self.cluster], **self.filed)
        shared = {"sectors": [self.sector], "states": [self.state], "stage": self.stage, **self.filed}
        self.shared = shared
        self.case = pages.CaseStudyPageFactory(cluster=self.cluster, **shared)
        self.practice = pages.BestPracticePageFactory(evidence=[self.case], **shared)
        self.solution = pages.SolutionPageFactory(**shared)
        self.closed = CommunityFactory()
        self.open = CommunityFactory(threads_public=True)
        for community in (self.closed, self.open):
            community.themes.add(self.theme)
            make_moderator(community)
        self.members = {community: make_member(community) for community in (self.closed, self.open)}
        self.threads = {community: self._question(community) for community in (self.closed, self.open)}
        self.member = sign_in(self.members[self.closed].user)

    def _question(self, community) -> Question:
        return released_question(
            community=community,
            author=self.members[community],
            themes=[self.theme],
            sector=self.sector,
            state_of_india=self.state,
            title="Settling of water in a dye house",
        )

    def grow(self, number: int) -> None:
        """Add ``number`` rows of everything, each tied to the hubs, and bring the index in step."""
        for _ in range(number):
            self._grow_registries()
            self._grow_articles()
            self._grow_references()
            self._grow_exchange()
        while indexing.drain(now=timezone.now()).more:
            pass

    def _grow_registries(self) -> None:
        institution = rows.InstitutionFactory(state=self.state, parent=self.institution, **self.filed)
        scheme = rows.SchemeFactory(owner=self.institution, implementing_agencies=[institution], **self.filed)
        centre = rows.ResourceCentreFactory(institution=self.institution, states_served=[self.state], **self.filed)
        cluster = rows.ClusterFactory(sector=self.sector, state=self.state, type=self.type, **self.filed)
        initiative = rows.InitiativeFactory(
            lead=self.institution, scheme=self.scheme, clusters=[self.cluster], funders=[self.institution], **self.filed
        )
        self.scheme.implementing_agencies.add(institution)
        self.initiative.partners.add(institution)
        self.initiative.clusters.add(cluster)
        for hub in (self.scheme, self.initiative):
            hub.save()
        self.solution.schemes.add(scheme)
        self.solution.resource_centres.add(centre)
        self.solution.initiatives.add(initiative)
        self.case.schemes.add(scheme)
        self.case.actors.add(institution)
        rows.SchemeUpdateFactory(scheme=self.scheme, institution=self.institution)

    def _grow_articles(self) -> None:
        case = pages.CaseStudyPageFactory(
            cluster=self.cluster, actors=[self.institution], schemes=[self.scheme], **self.shared
        )
        practice = pages.BestPracticePageFactory(evidence=[self.case], **self.shared)
        pages.SolutionPageFactory(
            schemes=[self.scheme],
            resource_centres=[self.centre],
            initiatives=[self.initiative],
            case_studies=[self.case],
            best_practices=[self.practice],
            **self.shared,
        )
        self.solution.case_studies.add(case)
        self.solution.best_practices.add(practice)
        self.practice.evidence.add(case)
        for hub in (self.solution, self.case, self.practice):
            hub.save()

    def _grow_references(self) -> None:
        concerned = {"clusters": [self.cluster], "schemes": [self.scheme], **self.filed}
        rows.GlossaryTermFactory(**concerned)
        rows.FrequentQuestionFactory(solution=self.solution, **concerned)
        rows.DefinitionFactory(agency=self.institution, cluster_type=self.type, **concerned)
        rows.LinkFactory(owner=self.institution, **concerned)
        rows.PublicationFactory(**concerned)
        rows.StatisticFactory(state=self.state, cluster_type=self.type, **concerned)
        rows.ThemeFactory(parent=self.theme)

    def _grow_exchange(self) -> None:
        CommunityFactory().themes.add(self.theme)
        for community, thread in self.threads.items():
            self._question(community)
            released_reply(question=thread, author=self.members[community])


#: The public pages: by name, the address in the house; those that a member reads say so.
PAGES: dict[str, Callable[[House], str]] = {
    "home": lambda house: "/",
    "solutions": lambda house: "/solutions/",
    "solutions, filtered": lambda house: f"/solutions/?theme={house.theme.slug}&state={house.state.slug}&sort=title",
    "cases": lambda house: "/cases/",
    "practices": lambda house: "/practices/",
    "a solution": lambda house: house.solution.get_url_parts()[2],
    "a case": lambda house: house.case.get_url_parts()[2],
    "a practice": lambda house: house.practice.get_url_parts()[2],
    "schemes": lambda house: reverse("scheme_list"),
    "schemes, filtered": lambda house: f"{reverse('scheme_list')}?theme={house.theme.slug}&q=scheme&sort=newest",
    "a scheme": lambda house: house.scheme.get_absolute_url(),
    "changes of schemes": lambda house: reverse("scheme_updates"),
    "centres": lambda house: reverse("centre_list"),
    "a centre": lambda house: house.centre.get_absolute_url(),
    "initiatives": lambda house: reverse("initiative_list"),
    "an initiative": lambda house: house.initiative.get_absolute_url(),
    "clusters": lambda house: reverse("cluster_list"),
    "a cluster": lambda house: house.cluster.get_absolute_url(),
    "institutions": lambda house: reverse("institution_list"),
    "an institution": lambda house: house.institution.get_absolute_url(),
    "themes": lambda house: reverse("theme_list"),
    "a theme": lambda house: house.theme.get_absolute_url(),
    "glossary": lambda house: reverse("glossary"),
    "faq": lambda house: reverse("faq"),
    "definitions": lambda house: reverse("definitions"),
    "links": lambda house: reverse("links"),
    "publications": lambda house: reverse("publications"),
    "statistics": lambda house: reverse("statistics"),
    "reference lists": lambda house: reverse("reference_lists"),
    "questions": lambda house: reverse("question_list"),
    "questions, filtered": lambda house: f"{reverse('question_list')}?theme={house.theme.slug}&life=open&q=dye",
    "a thread for members": lambda house: house.threads[house.closed].get_absolute_url(),
    "a thread for everybody": lambda house: house.threads[house.open].get_absolute_url(),
    "communities": lambda house: reverse("community_list"),
    "figures of moderation": lambda house: reverse("moderation_figures"),
    "a community": lambda house: house.closed.get_absolute_url(),
    "asking": lambda house: reverse("ask"),
    "search": lambda house: f"{reverse('search')}?q=settling+water",
    "search for a kind": lambda house: f"{reverse('search')}?kind=solution",
    "search, filtered": lambda house: f"{reverse('search')}?q=water&theme={house.theme.slug}&kind=question&sort=newest",
    "suggestions": lambda house: f"{reverse('search_suggest')}?q=settling+water",
    "feed of a search": lambda house: f"{reverse('search_feed')}?q=water",
    "feed of solutions": lambda house: reverse("solutions_feed"),
    "feed of changes": lambda house: reverse("scheme_updates_feed"),
    "site map": lambda house: reverse("sitemap"),
}
#: What members read as well, with what a membership adds to the page.
MEMBER_PAGES = (
    "home",
    "questions",
    "a thread for members",
    "a thread for everybody",
    "communities",
    "search",
    "asking",
)

#: Pages that show what is most like theirs. It may come from one source of search or from both, and each is asked once
#: whether it is shown still.
WITH_MORE_LIKE_IT = {
    "a solution",
    "a case",
    "a practice",
    "a scheme",
    "a centre",
    "an initiative",
    "a cluster",
    "an institution",
    "a thread for members",
    "a thread for everybody",
}
OTHER_SOURCES = 1

Counts = dict[tuple[str, str], list[int]]


@pytest.fixture(scope="module")
def counts(django_db_setup, django_db_blocker) -> Counts:
    """Return the queries of each page with few rows and with many, by page and reader."""
    found: Counts = {}
    with tempfile.TemporaryDirectory() as folder, django_db_blocker.unblock():
        with own_index(Path(folder)), transaction.atomic():
            forget_everything()
            house = House()
            for number in (FEW, MANY - FEW):
                house.grow(number)
                for page, where in PAGES.items():
                    found.setdefault((page, "visitor"), []).append(_queries(Client(), where(house)))
                for page in MEMBER_PAGES:
                    found.setdefault((page, "member"), []).append(_queries(house.member, PAGES[page](house)))
            transaction.set_rollback(True)
        forget_everything()
    cache.clear()
    return found


def _queries(client: Client, address: str) -> int:
    """Return how many queries a page takes, its templates and caches being warm."""
    assert client.get(address).status_code == 200, address
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


READERS = [(page, "visitor") for page in PAGES] + [(page, "member") for page in MEMBER_PAGES]


@pytest.mark.parametrize(("page", "reader"), READERS)
def test_a_public_page_costs_the_same_with_two_rows_as_with_twelve(counts, page, reader):
    few, many = counts[page, reader]
    assert abs(many - few) <= (OTHER_SOURCES if page in WITH_MORE_LIKE_IT else 0)


@pytest.mark.parametrize(("page", "reader"), READERS)
def test_a_public_page_costs_fifteen_queries_at_most(counts, page, reader):
    assert max(counts[page, reader]) <= MOST + (OF_AN_ACCOUNT if reader == "member" else 0)
