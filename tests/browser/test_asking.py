"""Asking in a real browser: suggestions come while the title is typed, and what is done with them goes along."""

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from community.models import Member, Suggested
from search import indexing
from search.registry import get_engine
from tests.factories.community import CommunityFactory, make_member
from tests.factories.knowledge import SchemeFactory, ThemeFactory
from tests.factories.pages import SolutionPageFactory
from tests.flows.first_day import make_roots

from .conftest import database_lock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 360


@pytest.fixture
def asker(site) -> Member:
    get_engine().clear()
    make_roots()
    community = CommunityFactory()
    community.themes.add(ThemeFactory(name="Dyeing"))
    SolutionPageFactory(title="Parboiling drain rebuilt", summary="Dig a second settling tank.")
    SchemeFactory(name="Weaving loom scheme", short_name="")
    while indexing.drain(now=timezone.now()).more:
        pass
    return make_member(community)


def test_what_was_opened_and_answered_travels_with_the_question_through_a_change_of_title(asker, window):
    phone = window(width=PHONE)
    page = phone.sign_in(asker.user.email, reverse("ask"))
    title = page.get_by_label("Your question in one line")
    title.press_sequentially("Our parboiling drain")
    expect(page.get_by_text("Dig a second settling tank.")).to_be_visible()
    assert phone.fits()
    with page.expect_popup():
        page.get_by_role("link", name="Parboiling drain rebuilt").click()
    expect(page.get_by_label("I looked at it")).to_be_checked()
    page.get_by_label("Not my case, because").fill("Ours is of clay")

    title.fill("Our weaving loom is broken")
    expect(page.get_by_role("link", name="Weaving loom scheme")).to_be_visible()
    expect(page.get_by_label("Not my case, because")).to_have_count(2)
    expect(page.get_by_label("Not my case, because").filter(visible=True)).to_have_count(1)
    page.get_by_label("What goes wrong?").fill("Forty dyers share one drain and the water runs off.")
    page.get_by_label("First theme").select_option(label="Dyeing")
    phone.press("Send to the moderator")
    expect(page.get_by_text("Your question is with a moderator")).to_be_visible()
    with database_lock:
        rows = {row.title: row for row in Suggested.objects.all()}
    assert rows["Parboiling drain rebuilt"].not_my_case == "Ours is of clay"
    assert rows["Parboiling drain rebuilt"].opened_at
    assert rows["Weaving loom scheme"].opened_at is None
    assert phone.fits()
