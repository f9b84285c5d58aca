"""Two moderators in two windows, a laptop and a phone: one wins, the other sees who and keeps the text."""

import pytest
from django.urls import reverse

from community.models import Submission
from community.states import Action, SubmissionState
from tests.factories.community import CommunityFactory, ReasonFactory, make_moderator, pending_question
from tests.flows.first_day import make_roots

from .conftest import Window, database_lock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 360
WORDS = "Please say in which town the drain is."


@pytest.fixture
def item(site) -> Submission:
    make_roots()
    ReasonFactory(action=Action.RETURN, code="say-where", name="Add the place")
    return pending_question(community=CommunityFactory(), title="Forty dyers share one drain")


@pytest.fixture
def windows(item, window) -> tuple[Window, Window]:
    """Return the windows of Asha, at a desk, and of Bilal, on the road; both look at the item."""
    both = []
    for name, width in (("Asha", 1280), ("Bilal", PHONE)):
        email = make_moderator(item.community, name=name, user__name=name).user.email
        both.append(window(width=width))
        both[-1].refusals.add(409)
        both[-1].sign_in(email, reverse("desk_item", args=[item.pk]))
    return tuple(both)


def type_a_return(at: Window) -> None:
    at.page.get_by_role("link", name="Return").click()
    at.page.locator("#return [name=reason]").select_option("say-where")
    at.page.locator("#return [name=message]").fill(WORDS)


def refused(at: Window) -> str:
    """Return the words of the page that a refused form leads to."""
    at.page.wait_for_load_state("load")
    assert at.fits()
    return at.page.locator("main").inner_text()


def state_of(item: Submission) -> str:
    with database_lock:
        return Submission.objects.get(pk=item.pk).state


def test_the_second_of_two_sees_who_decided_and_keeps_the_text(item, windows):
    asha, bilal = windows
    type_a_return(bilal)
    asha.press("Approve")
    bilal.page.locator("#return").get_by_role("button", name="Return to the author").click()
    words = refused(bilal)
    assert "Asha: approved at" in words
    assert bilal.page.get_by_label("What you typed").input_value() == WORDS
    assert state_of(item) == SubmissionState.APPROVED


def test_who_is_held_up_takes_the_item_over_with_a_line_and_goes_on_with_the_text(item, windows):
    asha, bilal = windows
    asha.press("Take it")
    assert "You hold it until" in asha.page.locator("main").inner_text()
    type_a_return(bilal)
    bilal.page.locator("#return").get_by_role("button", name="Return to the author").click()
    assert "Asha holds it since" in refused(bilal)
    assert state_of(item) == SubmissionState.PENDING

    bilal.page.get_by_label("Why you take it over").fill("Asha is on leave.")
    bilal.press("Take it over")
    assert bilal.page.locator("#return [name=message]").input_value() == WORDS
    bilal.page.locator("#return").get_by_role("button", name="Return to the author").click()
    bilal.page.wait_for_load_state("load")
    assert state_of(item) == SubmissionState.RETURNED


def test_an_open_queue_learns_who_took_an_item_and_what_came_since(item, windows):
    asha, bilal = windows
    asha.open(reverse("desk"))
    bilal.press("Take it")
    with database_lock:
        for number in range(2):
            pending_question(community=item.community, title=f"Another question {number}")

    # The page asks each half minute, and when it is looked at again.
    asha.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    line = asha.page.locator(f'[data-live="{item.pk}"]')
    line.get_by_text("with Bilal for").wait_for()
    assert "is-others" in line.get_attribute("class")
    assert line.get_by_role("checkbox").is_disabled()
    assert "1 more waits." in asha.page.locator("main").inner_text()
    assert "Moderation (2)" in asha.page.locator(".sidebar").inner_text()
