"""What every portal has before any content: home, sections, plain pages, groups, no half-made workflow."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from wagtail.models import GroupApprovalTask, Locale, Page, Site, Workflow, WorkflowState

from knowledge.models import (
    BestPracticeIndexPage,
    CaseStudyIndexPage,
    HomePage,
    InfoPage,
    SolutionIndexPage,
)

from .groups import ensure_groups
from .scheme_updates import ensure_workflow

PAGE_TEXTS = Path(__file__).resolve().parent.parent / "starting_content" / "pages"
#: Name of the workflow, and of its task, that Wagtail's own migrations make for its group of moderators.
DEFAULT_WORKFLOW = "Moderators approval"

_HTTP_PORT, _HTTPS_PORT = 80, 443


@dataclass(frozen=True)
class Section:
    """A section of the site."""

    model: type[Page]
    slug: str
    title: str
    intro: str


@dataclass(frozen=True)
class PlainPage:
    """A page of words; its text stands in ``PAGE_TEXTS``."""

    slug: str
    title: str
    description: str


SECTIONS = (
    Section(
        SolutionIndexPage,
        "solutions",
        "Solutions",
        "Problems of clusters, what helps, what it needs and where it does not fit.",
    ),
    Section(
        CaseStudyIndexPage,
        "cases",
        "Case studies",
        "What was done in one place, what came of it and what was learnt, failures included.",
    ),
    Section(
        BestPracticeIndexPage,
        "practices",
        "Best practices",
        "Practices that can be used again, each with the cases that show it.",
    ),
)

PLAIN_PAGES = (
    PlainPage("about", "About", "What the exchange is, what it holds and where its facts come from."),
    PlainPage("moderation", "How moderation works", "How messages are checked before they go out, and by whom."),
    PlainPage("privacy", "Privacy", "What is kept about you, who sees it and how you leave."),
    PlainPage("licence", "Licence of contributions", "What others may do with your words, and you with ours."),
    PlainPage("accessibility", "Accessibility", "What we do so that everybody can use the site, and what is missing."),
    PlainPage("contact", "Contact", "Whom to turn to."),
)


@dataclass
class Outcome:
    """What was missing and has been made, and when."""

    at: datetime
    made: list[str] = field(default_factory=list)


@transaction.atomic
def bootstrap(*, now: datetime) -> Outcome:
    """Make what is missing of languages, site, pages and groups, and take away Wagtail's sample page and workflow.

    Idempotent: what stands keeps every change that anybody made to it. The site follows ``BASE_URL``, new pages are
    dated ``now``.
    """
    outcome = Outcome(now)
    locale = _ensure_locales(outcome)
    home = _ensure_home(locale, outcome)
    for section in SECTIONS:
        if not section.model.objects.child_of(home).exists():
            page = section.model(slug=section.slug, title=section.title, intro=section.intro, locale=locale)
            _publish_below(home, page, outcome)
    _ensure_plain_pages(home, locale, outcome)
    ensure_groups()
    ensure_workflow()
    _remove_default_workflow()
    return outcome


def _ensure_locales(outcome: Outcome) -> Locale:
    for code, name in settings.WAGTAIL_CONTENT_LANGUAGES:
        if Locale.objects.get_or_create(language_code=code)[1]:
            outcome.made.append(name)
    return Locale.objects.get(language_code=settings.LANGUAGE_CODE)


def _ensure_home(locale: Locale, outcome: Outcome) -> HomePage:
    home = HomePage.objects.first()
    welcome = None
    if home is None:
        root = Page.get_first_root_node() or Page.add_root(title="Root", slug="root", locale=locale)
        welcome = _step_aside(root)
        home = HomePage(slug="home", title=settings.WAGTAIL_SITE_NAME, locale=locale)
        _publish_below(root, home, outcome)
    _ensure_site(home)
    if welcome:
        # Only now, because the site went with it.
        Page.objects.get(pk=welcome.pk).delete()
    return home


def _step_aside(root: Page) -> Page | None:
    """Take its address from the page that Wagtail's migrations make, and return it if nothing stands below it."""
    welcome = root.get_children().filter(slug="home").first()
    if welcome is None or welcome.specific_class is not Page or welcome.numchild:
        return None
    welcome.slug = "welcome"
    welcome.save()
    return welcome


def _ensure_site(home: HomePage) -> None:
    address = urlsplit(settings.BASE_URL)
    site = Site.objects.filter(is_default_site=True).first() or Site(is_default_site=True)
    site.hostname = address.hostname
    site.port = address.port or (_HTTPS_PORT if address.scheme == "https" else _HTTP_PORT)
    site.site_name = site.site_name or settings.WAGTAIL_SITE_NAME
    site.root_page = home.page_ptr
    site.save()


def _ensure_plain_pages(home: HomePage, locale: Locale, outcome: Outcome) -> None:
    pages = {page.slug: page for page in InfoPage.objects.child_of(home)}
    new = []
    for plain in PLAIN_PAGES:
        if plain.slug not in pages:
            page = InfoPage(slug=plain.slug, title=plain.title, search_description=plain.description, locale=locale)
            page.body = _text(plain.slug)
            page.live = False
            page.first_published_at = outcome.at
            home.add_child(instance=page)
            pages[plain.slug] = page
            new.append(page)
    for page in new:
        # Links are set last, when each page has its number.
        for slug, target in pages.items():
            page.body = page.body.replace(f'href="page:{slug}"', f'linktype="page" id="{target.pk}"')
        page.save_revision().publish()
        outcome.made.append(page.title)


def _text(slug: str) -> str:
    """Return the text of a plain page; each line of its file is one element."""
    return "".join((PAGE_TEXTS / f"{slug}.html").read_text(encoding="utf-8").splitlines())


def _publish_below(parent: Page, page: Page, outcome: Outcome) -> None:
    page.live = False
    page.first_published_at = outcome.at
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    outcome.made.append(page.title)


def _remove_default_workflow() -> None:
    """Take away the workflow of Wagtail's migrations: it let one moderator approve what the same one wrote.

    What went through it keeps its history, so a used one is only switched off.
    """
    for workflow in Workflow.objects.filter(name=DEFAULT_WORKFLOW, active=True):
        used = WorkflowState.objects.filter(workflow=workflow).exists()
        tasks = GroupApprovalTask.objects.filter(workflow_tasks__workflow=workflow, name=DEFAULT_WORKFLOW)
        if used:
            workflow.deactivate()
        else:
            tasks.delete()
            workflow.delete()
