"""Every main page, as a visitor, a member and a moderator, under the rules of axe: WCAG 2.2 A and AA, good practice."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone

from knowledge.services.bootstrap import bootstrap as bootstrap_site
from knowledge.views.series import FEWEST_IN_A_PLOT
from tests.factories import knowledge as factories
from tests.factories.community import (
    CommunityFactory,
    make_member,
    make_moderator,
    pending_question,
    released_question,
    released_reply,
)
from tests.factories.pages import SolutionPageFactory
from tests.flows.first_day import make_roots

from .conftest import Window

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
FOR_EVERYBODY = (
    *(
        "/",
        "/hi/",
        "/search/?q=dye",
        "/search/?q=zzzqq",
        "/solutions/",
        "/cases/",
        "/themes/",
        "/schemes/",
        "/centres/",
    ),
    *("/initiatives/", "/clusters/", "/institutions/", "/glossary/", "/faq/", "/definitions/", "/links/"),
    *("/publications/", "/statistics/", "/about/", "/questions/", "/communities/", "/ask/", "/accounts/login/"),
    *("/accounts/signup/", "/accounts/password/reset/"),
)


@pytest.fixture
def things(transactional_db) -> dict[str, str]:
    """Return the addresses of one thing of each kind, on a site where every list has an entry."""
    make_roots()
    bootstrap_site(now=timezone.now())
    theme, state, source = factories.ThemeFactory(), factories.StateFactory(), factories.SourceDocumentFactory()
    shelf = {"themes": [theme], "sources": [source]}
    for make in (
        *(factories.GlossaryTermFactory, factories.FrequentQuestionFactory, factories.DefinitionFactory),
        *(factories.LinkFactory, factories.PublicationFactory, factories.ResourceCentreFactory),
        *(factories.InitiativeFactory, factories.InstitutionFactory),
    ):
        make(**shelf)
    for number in range(FEWEST_IN_A_PLOT):
        factories.StatisticFactory(label=f"Looms, {number}", value=str(number + 1), dimension="region", **shelf)
    community = CommunityFactory()
    community.themes.set([theme])
    question = released_question(community=community, title="Our dye house wastes water")
    released_reply(question=question)
    return {
        "theme": theme.get_absolute_url(),
        "scheme": factories.SchemeFactory(states=[state], **shelf).get_absolute_url(),
        "cluster": factories.ClusterFactory(state=state, **shelf).get_absolute_url(),
        "solution": SolutionPageFactory(title="Settle dye house water", themes=[theme]).get_url(),
        "question": question.get_absolute_url(),
        "waiting": reverse("desk_item", args=[pending_question(community=community).pk]),
        "member": make_member(community).user.email,
        "moderator": make_moderator(community).user.email,
    }


def faults(window: Window, address: str, within: str | None = None) -> list[str]:
    """Return what axe finds at ``address``, or in the part ``within`` of it, a line for each rule."""
    page = window.open(address)
    found = Axe().run(page, context=within, options=RULES).response["violations"]
    return [
        f"{address}: {each['id']}, {each['help']}: {[node['target'] for node in each['nodes'][:3]]}" for each in found
    ]


def test_no_page_for_everybody_breaks_a_rule_of_accessibility(things, window):
    visitor = window(width=360)
    addresses = (*FOR_EVERYBODY, *(things[name] for name in ("theme", "scheme", "cluster", "solution", "question")))
    assert [fault for address in addresses for fault in faults(visitor, address)] == []


def test_what_stands_side_by_side_on_a_wide_screen_breaks_no_rule_of_accessibility(things, window):
    visitor = window(width=1280)
    addresses = ("/", "/search/?q=dye", "/solutions/", "/questions/", "/statistics/", "/ask/", things["solution"])
    assert [fault for address in addresses for fault in faults(visitor, address)] == []


def test_no_page_of_a_member_breaks_a_rule_of_accessibility(things, window):
    member = window(width=360)
    member.sign_in(things["member"], reverse("my"))
    names = ("my", "my_subscriptions", "my_deliveries", "my_profile", "my_leave", "ask", "account_email", "mfa_index")
    addresses = (*map(reverse, names), things["question"])
    assert [fault for address in addresses for fault in faults(member, address)] == []


def test_the_desk_breaks_no_rule_of_accessibility(things, window):
    moderator = window(width=360)
    moderator.sign_in(things["moderator"], reverse("desk"))
    # What stands around it is Wagtail's.
    assert [fault for at in (reverse("desk"), things["waiting"]) for fault in faults(moderator, at, ".desk")] == []
