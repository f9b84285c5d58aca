"""A served portal, Chromium, and people in it who remember what went wrong in their windows."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from django.http import HttpRequest, HttpResponse
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.factories.users import PASSWORD

HERE = {"127.0.0.1", "localhost"}
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
#: Milliseconds that a page may take: generous, as a busy machine is no failure of the portal.
PATIENCE = 45_000

#: Held by whoever uses the database. In memory there is one connection for the server's threads and the test's.
database_lock = threading.RLock()


class OneAtATimeMiddleware:
    """Answers one request at a time: two transactions on the one connection to a database in memory would mix."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with database_lock:
            return self.get_response(request)


class Window:
    """Somebody's window: a browser profile of their own at a given width. ``trouble`` collects what went wrong.

    ``refusals`` holds the statuses with which a page may be answered here, as 409 where somebody else was first.
    """

    def __init__(self, browser: Browser, site: str, *, width: int) -> None:
        self.site = site
        self.trouble: list[str] = []
        self.refusals: set[int] = set()
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-IN", base_url=site)
        context.set_default_timeout(PATIENCE)
        context.on("request", self._note_request)
        self.page: Page = context.new_page()
        # Chromium reports what the content security policy refused, and files that are not there, as console errors.
        self.page.on("console", self._note_console)
        self.page.on("pageerror", lambda error: self.trouble.append(f"{self.page.url}: {error}"))

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname not in HERE:
            self.trouble.append(f"{self.page.url} asked for {request.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not any(f"status of {each}" in message.text for each in self.refusals):
            self.trouble.append(f"{self.page.url}: {message.text}")

    def open(self, path: str) -> Page:
        self.page.goto(path, wait_until="load")
        return self.page

    def sign_in(self, email: str, onward: str) -> Page:
        """Sign in through the page for it and go on to ``onward``."""
        self.open(f"/accounts/login/?next={onward}")
        self.page.locator("[name=login]").fill(email)
        self.page.locator("[name=password]").fill(PASSWORD)
        self.press("Sign in")
        self.page.wait_for_url(re.compile(re.escape(self.site + onward)))
        return self.page

    def press(self, words: str) -> None:
        """Press the one button that says exactly ``words`` (an access key beside them does not count)."""
        self.page.get_by_role("button", name=re.compile(rf"^\s*{re.escape(words)}(\s[A-Z])?\s*$")).click()
        self.page.wait_for_load_state("load")

    def fits(self) -> bool:
        """Return whether the page is no wider than the window."""
        return self.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.fixture
def site(transactional_db, settings) -> Iterator[str]:
    """Serve the portal at a port of its own and return its address."""
    settings.MIDDLEWARE = [f"{__name__}.{OneAtATimeMiddleware.__name__}", *settings.MIDDLEWARE]
    server = LiveServer("127.0.0.1")
    yield server.url
    server.stop()


@pytest.fixture
def window(site, browser_path, monkeypatch) -> Iterator[Callable[..., Window]]:
    """Return what opens windows of one browser; at the end no window may have had trouble."""
    # Playwright's loop runs in this thread, which Django takes for asynchronous code. All calls here are synchronous.
    monkeypatch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    windows: list[Window] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path, args=ARGUMENTS)

        def open_window(*, width: int = 1280) -> Window:
            windows.append(Window(browser, site, width=width))
            return windows[-1]

        yield open_window
        browser.close()
    assert [trouble for each in windows for trouble in each.trouble] == []
