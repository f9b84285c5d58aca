"""Drafts in a real browser: saved while typed, when the window closes, on another device, and not on a dead line."""

import re
import time

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from community.models import Draft, Member
from tests.factories.community import CommunityFactory, make_member
from tests.flows.first_day import make_roots

from .conftest import Window, database_lock

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 360
WORDS = "हमारे रंगाई घर में पानी बर्बाद होता है, क्या करें?"


@pytest.fixture
def writer(site) -> Member:
    make_roots()
    return make_member(CommunityFactory())


def status(at: Window):
    return at.page.locator("[data-draft]")


def bodies() -> list[str]:
    with database_lock:
        return [draft.fields["body"][0] for draft in Draft.objects.order_by("pk")]


def test_what_is_typed_on_a_phone_stands_in_the_form_on_a_laptop(writer, window):
    phone, laptop = window(width=PHONE), window()
    page = phone.sign_in(writer.user.email, reverse("ask"))
    page.get_by_label("What goes wrong?").fill(WORDS)
    expect(status(phone)).to_have_text(re.compile(r"^Saved \d\d:\d\d, not sent$"))
    assert phone.fits()
    there = laptop.sign_in(writer.user.email, reverse("ask"))
    expect(there.get_by_label("What goes wrong?")).to_have_value(WORDS)

    there.get_by_label("What goes wrong?").fill("From the laptop")
    expect(status(laptop)).to_have_text(re.compile("^Saved"))
    page.get_by_label("What goes wrong?").fill(f"{WORDS} फिर")
    expect(status(phone)).to_contain_text("there is a newer one")
    assert bodies() == ["From the laptop", f"{WORDS} फिर"]


def test_a_window_that_is_left_at_once_has_saved(writer, window):
    someone = window()
    page = someone.sign_in(writer.user.email, reverse("ask"))
    page.get_by_label("What goes wrong?").fill(WORDS)
    page.goto(reverse("my"))
    end = time.monotonic() + 30
    while not bodies() and time.monotonic() < end:
        page.wait_for_timeout(100)
    assert bodies() == [WORDS]


def test_a_dead_line_is_said_and_saved_when_it_is_back(writer, window):
    someone = window(width=PHONE)
    page = someone.sign_in(writer.user.email, reverse("ask"))
    page.context.set_offline(True)
    page.get_by_label("What goes wrong?").fill(WORDS)
    expect(status(someone)).to_have_text("Not saved: no connection. What you typed is still here.")
    assert bodies() == []
    page.context.set_offline(False)
    expect(status(someone)).to_have_text(re.compile("^Saved"))
    assert bodies() == [WORDS]
    assert all("ERR_INTERNET_DISCONNECTED" in trouble for trouble in someone.trouble)
    someone.trouble.clear()


def test_a_login_that_ended_is_said_and_the_text_stays(writer, window):
    someone = window()
    page = someone.sign_in(writer.user.email, reverse("ask"))
    page.context.clear_cookies(name="sessionid")
    page.get_by_label("What goes wrong?").fill(WORDS)
    expect(status(someone)).to_contain_text("your sign-in has ended")
    expect(page.get_by_label("What goes wrong?")).to_have_value(WORDS)


def test_a_draft_thrown_away_stays_away(writer, window):
    someone = window()
    page = someone.sign_in(writer.user.email, reverse("ask"))
    page.get_by_label("What goes wrong?").fill("Begun")
    someone.press("Keep as a draft")
    page.get_by_label("What goes wrong?").fill("Begun and gone on with")
    someone.press("Throw the draft away")
    expect(page.get_by_text("The draft is thrown away.")).to_be_visible()
    assert bodies() == []
