"""What answers a message already: found by its address among what everybody may open, or offered by search."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db.models import Model
from django.urls import Resolver404, resolve
from wagtail.models import Page, Site

from community.models import Question, Submission
from community.states import SubmissionState
from knowledge.models import Cluster, Initiative, Institution, ResourceCentre, Scheme, Theme
from search.documents import Hit, SearchUnavailable
from search.query import suggest

MOST_OFFERED = 5
#: Characters of a message that are asked for.
_ASKED = 400

#: Entries by the name of their address.
_ENTRIES: dict[str, type[Model]] = {
    "scheme_detail": Scheme,
    "centre_detail": ResourceCentre,
    "initiative_detail": Initiative,
    "cluster_detail": Cluster,
    "institution_detail": Institution,
}
#: What is offered: kinds whose things have an address of their own.
_KINDS = (
    *("solution", "case_study", "best_practice", "question"),
    *("theme", "scheme", "resource_centre", "initiative", "cluster", "institution"),
)


@dataclass(frozen=True)
class Answer:
    """What answers a message already: the path of a page of ours, and its title."""

    address: str
    title: str


def answer_at(address: str) -> Answer | None:
    """Return the page, question or entry of ours at ``address``, a path or a whole address; None where there is none.

    Only what is public counts, so that its author can open it.
    """
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return None
    if parts.netloc and parts.netloc != urlsplit(settings.BASE_URL).netloc:
        return None
    path = unquote(parts.path)
    if parts.scheme not in ("", "http", "https") or not path.startswith("/") or "\x00" in path:
        return None
    title = _title_at(path if path.endswith("/") else f"{path}/")
    return Answer(path, title) if title else None


def _title_at(path: str) -> str:
    language, plain = settings.LANGUAGE_CODE, path
    for code, _name in settings.LANGUAGES:
        if code != settings.LANGUAGE_CODE and path.startswith(f"/{code}/"):
            language, plain = code, path.removeprefix(f"/{code}")
    try:
        match = resolve(plain)
    except Resolver404:
        return ""
    slug = match.kwargs.get("slug", "")
    if match.url_name == "question_detail":
        question = Question.objects.filter(slug=slug, state=SubmissionState.RELEASED).first()
        return question.title if question else ""
    if match.url_name == "theme_detail":
        return _named(Theme.objects.filter(slug=slug))
    if match.url_name in _ENTRIES:
        return _named(_ENTRIES[match.url_name].objects.filter(slug=slug, live=True))
    return _page_title(language, plain) if match.url_name == "wagtail_serve" else ""


def _named(rows) -> str:
    row = rows.first()
    return str(row) if row else ""


def _page_title(language: str, path: str) -> str:
    site = Site.objects.filter(is_default_site=True).select_related("root_page__locale").first()
    roots = site.root_page.get_translations(inclusive=True).filter(locale__language_code=language) if site else ()
    for root in roots:
        page = Page.objects.live().public().filter(url_path=root.url_path + path.lstrip("/")).first()
        if page is not None:
            return page.title
    return ""


def offered_answers(submission: Submission) -> list[Hit]:
    """Return what may answer ``submission`` already, of what its author may read; empty while search is away."""
    revision = submission.revision
    try:
        found = suggest(
            f"{revision.title} {revision.body}"[:_ASKED],
            viewer=submission.author.user,
            kinds=_KINDS,
            limit=MOST_OFFERED + 1,
        )
    except SearchUnavailable:
        return []
    return [hit for hit in found if hit.key != f"question:{submission.pk}"][:MOST_OFFERED]
