"""Takes the pictures of the README from a running demonstration, each at the width of a phone and of a desk.

    make demo                                                      # in one terminal
    .venv/bin/python -m tests.browser.take_pictures http://localhost:8000

The pictures show one screen, not the whole length of a page, and land in ``tests/browser/pictures/``. A page that
does not answer, or a picture too heavy for a README, ends the command with a sentence and exit code 1.
"""

import argparse
import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

from portal.demo.accounts import PASSWORD

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FOLDER = Path(__file__).parent / "pictures"
SCREENS = {360: 800, 1280: 900}
MODERATOR = "moderator@example.invalid"
ADMIN = "/admin/"
DESK = "/admin/moderation/"
#: Bytes that a picture may weigh.
HEAVIEST = 150_000
#: Milliseconds that a page may take.
PATIENCE = 60_000


class CannotTake(Exception):
    """A picture cannot be taken; says why."""


def show_home(page: Page) -> None:
    go(page, "/")


def show_search(page: Page) -> None:
    go(page, "/search/?q=water")


def show_solution(page: Page) -> None:
    go(page, "/solutions/rice-mill-effluent/")


def show_thread(page: Page) -> None:
    """Show the exchange that the solution was compiled from, as a member reads it."""
    sign_in(page)
    go(page, "/questions/neighbours-complain-of-brown-water-from-rice-mills/")


def show_desk(page: Page) -> None:
    """Show the first item that waits for a decision."""
    sign_in(page)
    go(page, DESK)
    waiting = page.locator(f'.desk .item a[href^="{DESK}"]')
    if not waiting.count():
        raise CannotTake("Nothing waits on the desk any more: make reset, then make demo, brings the samples back.")
    go(page, waiting.first.get_attribute("href"))


PICTURES: dict[str, Callable[[Page], None]] = {
    "home": show_home,
    "search": show_search,
    "solution": show_solution,
    "thread": show_thread,
    "desk": show_desk,
}


def go(page: Page, path: str) -> None:
    answer = page.goto(path, wait_until="load")
    if answer is None or not answer.ok:
        raise CannotTake(f"{page.url} answered {answer.status if answer else 'nothing'}.")


def sign_in(page: Page) -> None:
    go(page, f"/accounts/login/?next={ADMIN}")
    page.locator("[name=login]").fill(MODERATOR)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"**{ADMIN}")


def take(browser: Browser, base: str, name: str, width: int) -> Path:
    """Take one picture and return its file. Raises CannotTake."""
    context = browser.new_context(
        viewport={"width": width, "height": SCREENS[width]},
        device_scale_factor=1,
        base_url=base,
        locale="en-IN",
        reduced_motion="reduce",
    )
    context.set_default_timeout(PATIENCE)
    try:
        page = context.new_page()
        PICTURES[name](page)
        page.evaluate("document.fonts.ready")
        file = FOLDER / f"{name}-{width}.png"
        shot = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")
        # Pages of text and icons hold few colours: a palette weighs a third and looks the same.
        shot.quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)
    finally:
        context.close()
    if file.stat().st_size > HEAVIEST:
        raise CannotTake(f"{file.name} weighs {file.stat().st_size} bytes, more than {HEAVIEST}.")
    return file


def main() -> int:
    parser = argparse.ArgumentParser(description="Take the pictures of the README from a running demonstration.")
    parser.add_argument("base", nargs="?", default="http://localhost:8000", help="address of the demonstration")
    parser.add_argument("--only", nargs="+", choices=PICTURES, default=list(PICTURES), help="these pictures only")
    options = parser.parse_args()
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        parser.error("there is no Chromium here: sudo apt install chromium")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        try:
            for name in options.only:
                for width in SCREENS:
                    sys.stdout.write(f"{take(browser, options.base, name, width)}\n")
        except (CannotTake, BrowserError) as reason:
            sys.stderr.write(f"{reason}\n")
            return 1
        finally:
            browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
