"""Whatever stands in an address: a page or a plain refusal, in the frame of the site, and never a 500."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from search import indexing
from tests.factories import pages
from tests.factories.community import pending_question, released_question, released_reply
from tests.factories.knowledge import SchemeFactory, SectorFactory, StateFactory, ThemeFactory
from tests.own_index import own_index

from .first_day import make_roots

pytestmark = pytest.mark.django_db

SECTIONS = ["/", "/solutions/", "/cases/", "/practices/", "/about/"]
LISTS = ["question_list", "community_list", "scheme_list", "scheme_updates", "centre_list", "initiative_list"]
LISTS += ["cluster_list", "institution_list", "theme_list", "glossary", "faq", "definitions", "links", "publications"]
LISTS += ["statistics", "reference_lists", "solutions_feed", "scheme_updates_feed", "search", "search_suggest"]
LISTS += ["search_feed", "ask"]
OF_MEMBERS = ["my", "my_deliveries", "my_subscriptions", "my_profile", "my_leave"]
#: With a slug in the address.
DETAILS = [
    "theme_detail",
    "scheme_detail",
    "centre_detail",
    "initiative_detail",
    "cluster_detail",
    "institution_detail",
]
DETAILS += [
    "question_detail",
    "community_detail",
    "reply",
    "me_too",
    "thread_act",
    "reply_use",
    "community_join",
    "community_leave",
]

PAGE_NUMBERS = ["0", "-1", "x", "999999", "9" * 60, "1.5", "", "१", "%00", "1&page=2", "%ff"]
#: What the language of full-text search, SQL and regular expressions make of signs.
QUERIES = [
    '"',
    '"unbalanced',
    "'",
    "' OR 1=1 --",
    "AND",
    "OR NOT AND",
    "NOT water",
    "NEAR(water dye, 5)",
    "title:water",
    "{title body}: water",
    "-water",
    "^water",
    "water*",
    "*",
    "(((",
    "water) OR (1",
    "%",
    "_",
    "\\",
    "a" * 5_000,
    "water " * 1_000,
    "\x00",
    "wat\x00er",
    "\ufffd",
    "\u202e",
    "<script>alert(1)</script>",
    "{{ 7|add:7 }}",
    "पानी का क्या करें",
    "👍🏽",
    "[a-z]+$",
    "?",
    "+",
    "   ",
]


@pytest.fixture(autouse=True)
def house(community, tmp_path) -> Iterator[None]:
    """Make one of what the lists show, and an index of its own with it."""
    with own_index(tmp_path):
        make_house(community)
        yield


def make_house(community) -> None:
    make_roots()
    for section in (pages.CaseStudyIndexPageFactory, pages.BestPracticeIndexPageFactory):
        section()
    pages.InfoPageFactory(title="About", slug="about")
    theme, sector, state = ThemeFactory(slug="water"), SectorFactory(slug="textiles"), StateFactory(slug="odisha")
    pages.SolutionPageFactory(title="Water of a dye house", themes=[theme], sectors=[sector], states=[state])
    SchemeFactory(name="Water scheme", themes=[theme], sectors=[sector], states=[state])
    question = released_question(community=community, themes=[theme], title="Our dye house wastes water")
    released_reply(question=question)
    while indexing.drain(now=timezone.now()).more:
        pass


def opened(client: Client, address: str):
    """Open an address; whatever comes back is an answer and not an accident."""
    answer = client.get(address)
    assert answer.status_code in (200, 302, 400, 404), (answer.status_code, address)
    return answer


def is_beyond(where: str, number: str) -> bool:
    """Return whether search has fewer pages: it says so and names the last one; other lists show their last."""
    return where == reverse("search") and number in ("999999", "9" * 60, "1&page=2")


@pytest.mark.parametrize("number", PAGE_NUMBERS)
def test_a_page_number_that_is_none_gives_a_page_of_every_list(visitor, member, number):
    for where in SECTIONS + [reverse(name) for name in LISTS]:
        assert visitor.get(f"{where}?page={number}").status_code == (404 if is_beyond(where, number) else 200), where
    for name in OF_MEMBERS:
        assert member.get(f"{reverse(name)}?page={number}").status_code == 200, name


def test_a_page_of_search_beyond_the_last_one_names_the_last(visitor):
    assert "These results have 1 page." in visitor.get("/search/?page=999999").content.decode()


def test_the_desk_takes_any_page_number(moderator, community):
    pending_question(community=community)
    for number in PAGE_NUMBERS:
        assert moderator.get(f"{reverse('desk')}?p={number}").status_code == 200, number


@pytest.mark.parametrize("where", ["search", "search_suggest", "question_list", "scheme_list", "faq"])
def test_signs_of_a_query_language_are_words_like_others(visitor, where):
    for query in QUERIES:
        assert visitor.get(reverse(where), {"q": query}).status_code == 200, query[:40]


@pytest.mark.parametrize("broken", ["%00", "%ff", "%c3%28", "%ed%a0%80", "a%00b", "%F0%80%80%80"])
def test_nul_and_broken_utf8_in_a_path_are_refused_in_plain_words(visitor, member, broken):
    for name in DETAILS:
        where = reverse(name, args=["slug"]).replace("slug", broken)
        for client in (visitor, member):
            answer = client.get(where)
            assert answer.status_code in (400, 404), where
            assert b"<h1>" in answer.content, where
    for where in (f"/{broken}/", f"/solutions/{broken}/", f"/my/submissions/{broken}/", f"/mail/stop/{broken}/"):
        assert opened(visitor, where).status_code in (400, 404), where


@pytest.mark.parametrize("name", ["q", "theme", "state", "sector", "kind", "sort", "life", "title", "next", "scheme"])
def test_nul_and_broken_utf8_in_a_query_string_are_left_out(visitor, member, name):
    for broken in ("%00", "%ff", "%c3%28", "a%00b", "%ed%a0%80"):
        for where in SECTIONS[:2] + [reverse(each) for each in LISTS]:
            assert visitor.get(f"{where}?{name}={broken}").status_code == 200, (where, broken)
        for where in ("ask", "my_profile"):
            assert member.get(f"{reverse(where)}?{name}={broken}").status_code == 200, (where, broken)


@pytest.mark.parametrize("key", ["0", "-1", "x", "9" * 30, "1.0", "%00", "१"])
def test_a_number_that_leads_nowhere_is_not_found(member, moderator, key):
    for where in (f"/my/submissions/{key}/", f"/my/submissions/{key}/withdraw/"):
        assert opened(member, where).status_code in (400, 404)
    assert opened(moderator, f"/admin/moderation/{key}/").status_code in (400, 404)


_texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=60)
_slugs = st.one_of(st.sampled_from(["water", "textiles", "odisha", "solution", "question", "open"]), _texts)
_filters = st.dictionaries(
    st.sampled_from(["theme", "sector", "state", "kind", "stage", "sort", "page", "life", "exact", "level"]),
    st.lists(_slugs, max_size=3),
    max_size=4,
)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=_texts, filters=_filters)
@example(query='"dye house" NOT water*', filters={"theme": ["water", "water"], "kind": ["question"]})
def test_no_query_and_no_filter_breaks_search_or_a_list(visitor, query, filters):
    for where in ("/search/", "/search/suggest/", "/questions/", "/schemes/", "/solutions/"):
        opened(visitor, f"{where}?{urlencode({'q': query, **filters}, doseq=True)}")
