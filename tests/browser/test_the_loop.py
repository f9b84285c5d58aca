"""The loop once in a real browser: asked on a phone, answered, compiled, approved by a second person, found."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from community.models import Community
from community.services import bootstrap
from knowledge.services.bootstrap import bootstrap as bootstrap_site
from portal.celery import app
from search.registry import get_engine
from tests.factories.community import make_member, make_moderator
from tests.factories.knowledge import StateFactory, ThemeFactory
from tests.flows.first_day import make_roots
from tests.flows.people import sweep

from .conftest import Window, database_lock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 360
QUESTION = "Effluent from parboiling rice blackens the canal"
SOLUTION = "Settle parboiling water before it leaves the mill"


@pytest.fixture
def community(transactional_db, settings) -> Community:
    """Return a community on a site with all that a portal has on its first day."""
    settings.RELEASE_HOLD_SECONDS = 0
    app.loader.import_default_modules()  # as a worker does when it starts
    get_engine().clear()
    make_roots()
    bootstrap_site(now=timezone.now())
    ThemeFactory(slug="environment", name="Environment")
    StateFactory(slug="west-bengal", name="West Bengal")
    bootstrap.bootstrap(
        [{"slug": "green", "name": "Green clusters", "about": "Water and air.", "themes": ["environment"]}]
    )
    return Community.objects.get()


def let_time_pass() -> None:
    """Let the periodic jobs run: release, mails, index."""
    with database_lock:
        sweep()


def approve_on_the_desk(moderator: Window, title: str) -> None:
    moderator.open(reverse("desk"))
    moderator.page.get_by_role("link", name=title).first.click()
    moderator.press("Approve")
    let_time_pass()


def test_a_question_from_a_phone_becomes_a_solution_that_a_visitor_finds(community, window):
    asker_email = make_member(community).user.email
    expert_email = make_member(community).user.email
    moderator_email, second_email = (make_moderator(community).user.email for _ in range(2))
    asker, expert, visitor = (window(width=PHONE) for _ in range(3))
    moderator, second = window(), window()

    # Ask
    page = asker.sign_in(asker_email, reverse("ask"))
    page.locator("[name=title]").fill(QUESTION)
    page.locator("[name=body]").fill("Forty mills let hot starch water into one canal. The board has sent notices.")
    page.locator("[name=tried]").fill("A lime pit, which filled in a week.")
    page.locator("[name=themes]").first.select_option(label="Environment")
    page.locator("[name=state]").select_option(label="West Bengal")
    assert asker.fits()
    asker.press("Send to the moderator")
    assert "with a moderator" in page.locator("main").inner_text().lower()
    assert asker.fits()

    # Approve, answer, approve
    moderator.sign_in(moderator_email, "/admin/")
    approve_on_the_desk(moderator, QUESTION)
    page = expert.sign_in(expert_email, reverse("question_list"))
    page.get_by_role("link", name=QUESTION).click()
    page.locator("[name=reply_kind][value=experience]").check()
    page.locator("[name=body]").fill("We built two settling tanks in a row; the mill uses the water again.")
    assert expert.fits()
    expert.press("Send to the moderator")
    approve_on_the_desk(moderator, QUESTION)
    asker.open(reverse("question_list")).get_by_role("link", name=QUESTION).click()
    assert "two settling tanks" in asker.page.locator("#answers + ol").inner_text()
    thread = asker.page.url

    # Compile and send for approval
    page = moderator.open(thread)
    moderator.press("Write this exchange up")
    page.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    page.locator("[name=title]").fill(SOLUTION)
    page.locator("[name=summary]").fill("Two tanks in a row let the mill use its water again.")
    solution = page.locator("[data-contentpath=solution]").first
    solution.locator(".c-sf-add-button").first.click()
    page.get_by_role("option", name="Step").click()
    solution.locator("[name=solution-0-value-title]").fill("Build two tanks in a row")
    page.get_by_role("button", name="More actions").click()
    page.locator("[name=action-submit]").click()
    page.get_by_text(f"Page '{SOLUTION}' has been submitted").wait_for()
    assert visitor.open("/search/?q=parboiling+water").get_by_role("link", name=SOLUTION).count() == 0

    # A second person approves
    page = second.sign_in(second_email, "/admin/")
    page.get_by_role("link", name=SOLUTION).first.click()
    page.get_by_role("button", name="More actions").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Approve", exact=True).click()
    let_time_pass()

    # Found, without an account
    page = visitor.open("/")
    page.locator("main [name=q]").fill("water of parboiling mills")
    page.locator("main [name=q]").press("Enter")
    page.get_by_role("link", name=SOLUTION).click()
    text = page.locator("main").inner_text()
    assert "Build two tanks in a row" in text
    assert "the mill uses the water again" in text
    assert visitor.fits()
    assert not page.context.cookies(), "a visitor gets no cookie"
    page.get_by_role("link", name=QUESTION).first.click()
    assert page.url == thread
