"""Suggestions while a search is typed, in a real browser: by keyboard, by touch, and on a line that breaks."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Locator, Page, Route, expect

from search import indexing
from search.registry import get_engine
from tests.factories.knowledge import GlossaryTermFactory, SchemeFactory
from tests.factories.pages import SolutionPageFactory
from tests.flows.first_day import make_roots

from .test_accessibility import RULES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 360


@pytest.fixture
def shelf(transactional_db):
    """Put a scheme, a term and a draft into the portal and its index."""
    get_engine().clear()
    make_roots()
    scheme = SchemeFactory(name="Parboiling scheme for rice mills", short_name="")
    GlossaryTermFactory(term="Parboiling", abbreviation="")
    SolutionPageFactory(title="Parboiling in a draft", draft=True)
    while indexing.drain(now=timezone.now()).more:
        pass
    return scheme


def box(page: Page) -> Locator:
    return page.get_by_role("search").get_by_role("combobox")


def options(page: Page) -> Locator:
    return page.get_by_role("listbox", name="Suggestions").get_by_role("option")


def test_the_keyboard_alone_moves_through_the_suggestions_and_opens_one(shelf, window):
    phone = window(width=PHONE)
    page = phone.open("/schemes/")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("/")
    page.keyboard.type("parb")
    expect(options(page)).to_have_count(2)
    expect(page.get_by_role("status").filter(has_text="2 suggestions")).to_have_count(1)
    expect(box(page)).to_have_attribute("aria-expanded", "true")
    assert phone.fits()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", selected=True)).to_have_count(0)
    page.keyboard.press("ArrowUp")
    chosen = page.get_by_role("option", selected=True)
    expect(chosen).to_have_attribute("id", box(page).get_attribute("aria-activedescendant"))
    expect(chosen).to_have_text(re.compile("Term|Scheme"))
    expect(box(page)).to_be_focused()
    while "Parboiling scheme" not in chosen.inner_text():
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(re.escape(shelf.get_absolute_url())))


@pytest.mark.parametrize("address", ["/", "/hi/", "/search/?q=parboiling&since=2026-02-30&verified=no"])
def test_the_open_list_and_a_filter_with_a_mistake_break_no_rule_of_accessibility(shelf, window, address):
    page = window(width=PHONE).open(address)
    box(page).fill("parboil")
    expect(page.get_by_role("search").get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    found = Axe().run(page, options=RULES).response["violations"]
    assert [f"{each['id']}: {[node['target'] for node in each['nodes'][:3]]}" for each in found] == []


def test_escape_closes_the_list_and_keeps_the_words_which_enter_searches(shelf, window):
    page = window(width=PHONE).open("/")
    box(page).fill("parboiling")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    expect(box(page)).to_have_value("parboiling")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search/\?q=parboiling"))
    expect(box(page)).to_have_value("parboiling")


def test_a_touch_opens_a_suggestion_and_leaving_the_box_closes_the_list(shelf, window):
    page = window(width=PHONE).open("/")
    box(page).fill("parboiling")
    expect(options(page)).to_have_count(2)
    page.get_by_role("heading", level=1).click()
    expect(options(page)).to_have_count(0)
    box(page).fill("parboiling rice")
    options(page).filter(has_text="scheme").click()
    page.wait_for_url(re.compile(re.escape(shelf.get_absolute_url())))


def test_an_answer_that_comes_late_does_not_replace_a_newer_one(shelf, window):
    page = window(width=PHONE).open("/")
    waiting: list[Route] = []
    page.route(re.compile(r"q=parboiling$"), lambda route: waiting.append(route))
    with page.expect_request(re.compile(r"q=parboiling$")):
        box(page).fill("parboiling")
    box(page).fill("parboiling scheme rice")
    expect(options(page)).to_have_count(2)
    waiting[0].fulfill(json={"suggestions": [], "count": "No suggestions"})
    expect(options(page)).to_have_count(2)


def test_a_line_that_breaks_leaves_a_box_that_searches(shelf, window):
    phone = window(width=PHONE)
    page = phone.open("/")
    page.route(re.compile("/suggest/"), lambda route: route.fulfill(status=503, body="<html>"))
    with page.expect_response(re.compile("/suggest/")):
        box(page).fill("parboiling")
    expect(options(page)).to_have_count(0)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/search/\?q=parboiling"))
    assert all("503" in trouble for trouble in phone.trouble)
    phone.trouble.clear()
