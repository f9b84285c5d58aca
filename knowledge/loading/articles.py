"""Case studies, best practices and solutions: pages below their sections, published when they are loaded."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from django.db.models import Model
from django.utils.html import escape
from django.utils.text import Truncator
from wagtail.models import Page, Revision

from knowledge.models import (
    BestPracticeIndexPage,
    BestPracticePage,
    CaseStudyIndexPage,
    CaseStudyPage,
    KnowledgePage,
    SolutionIndexPage,
    SolutionPage,
)

from . import columns
from .columns import Column, Row, RowError
from .reader import Folder
from .registries import LOADING_STAMP
from .rows import Sheet

SUMMARY_LENGTH = 300

#: The section that each file's pages stand in.
SECTIONS: dict[str, type[Page]] = {
    "case_studies.json": CaseStudyIndexPage,
    "best_practices.json": BestPracticeIndexPage,
    "solutions.json": SolutionIndexPage,
}
#: Minutes after the loading stamp at which the first page of a file is dated; each page comes a minute later.
_FIRST_MINUTE = {CaseStudyPage: 0, BestPracticePage: 100, SolutionPage: 200}

_SHARED: dict[str, Column] = {
    "slug": columns.required_text("slug"),
    "title": columns.required_text("title"),
    "themes": columns.slugs("themes"),
    "stage": columns.slug("stage"),
    "as_of": columns.as_of,
    "sources": columns.sources,
}


def case_studies(folder: Folder) -> Sheet:
    state_of = {row["slug"]: row.get("state") for row in folder.related_rows("clusters.json")}

    def states(row: Row) -> list[str]:
        """Read where a case happened: in the state of its cluster."""
        state = state_of.get(columns.slug("cluster")(row))
        return [state] if isinstance(state, str) else []

    return Sheet(
        CaseStudyPage,
        _SHARED
        | {
            "summary": _summary_of("results"),
            "sectors": _one_as_list("sector"),
            "states": states,
            "subject": columns.required_text("subject"),
            "cluster": columns.slug("cluster"),
            "problem": columns.required_text("problem"),
            "what_was_done": columns.required_text("what_was_done"),
            "results": columns.required_text("results"),
            "figures": _figures,
            "outcome": columns.required_text("outcome"),
            "pitfalls": columns.lines("pitfalls"),
            "lessons": columns.lines("lessons"),
            "actors": columns.slugs("actors"),
            "schemes": columns.slugs("schemes"),
        },
        write=_publisher(CaseStudyPage, CaseStudyIndexPage),
    )


def best_practices(folder: Folder) -> Sheet:
    return Sheet(
        BestPracticePage,
        _SHARED
        | {
            "summary": _summary_of("practice"),
            "practice": columns.required_text("practice"),
            "why_it_works": columns.text("why_it_works"),
            "steps": columns.lines("steps"),
            "conditions": columns.text("conditions"),
            "costs": columns.text("costs"),
            "payoff_domain": columns.required_text("payoff_domain"),
            "evidence": columns.slugs("evidence"),
        },
        write=_publisher(BestPracticePage, BestPracticeIndexPage),
    )


def solutions(folder: Folder) -> Sheet:
    return Sheet(
        SolutionPage,
        _SHARED
        | {
            "summary": _summary_of("solution"),
            "subject": columns.required_text("subject"),
            "problem": columns.required_text("problem"),
            "solution": _paragraphs,
            "what_it_needs": columns.text("what_it_needs"),
            "limits": columns.text("limits"),
            "editor_note": columns.text("editor_note"),
            "sectors": columns.slugs("sectors"),
            "states": columns.slugs("states"),
            "schemes": columns.slugs("related", "schemes"),
            "resource_centres": columns.slugs("related", "resource_centres"),
            "initiatives": columns.slugs("related", "initiatives"),
            "case_studies": columns.slugs("related", "case_studies"),
            "best_practices": columns.slugs("related", "best_practices"),
        },
        write=_publisher(SolutionPage, SolutionIndexPage),
    )


def summary(text: str, length: int = SUMMARY_LENGTH) -> str:
    """Return the first sentences of ``text`` that fit into ``length`` characters, or its first words."""
    kept = ""
    for sentence in _sentences(" ".join(text.split())):
        if len(kept) + len(sentence) > length:
            break
        kept += sentence
    return kept.strip() or _cut_at_a_word(text, length)


def _sentences(text: str) -> list[str]:
    """Split at full stops, question and exclamation marks that a space and a capital letter or a figure follow."""
    sentences, start = [], 0
    for place in range(1, len(text) - 1):
        follows = text[place + 1]
        ends_word = text[place] == " " and text[place - 1] in ".?!" and (follows.isupper() or follows.isdigit())
        if ends_word and not _ends_in_abbreviation(text[start:place]):
            sentences.append(text[start : place + 1])
            start = place + 1
    return [*sentences, text[start:]]


def _ends_in_abbreviation(text: str) -> bool:
    last = text.rpartition(" ")[2].rstrip(".")
    return last in {"Rs", "No", "Nos", "Dr", "Mr", "Ms", "St", "Vol", "approx"} or len(last) == 1


def _cut_at_a_word(text: str, length: int) -> str:
    words = Truncator(" ".join(text.split())).chars(length - 1, truncate="")
    return words.rpartition(" ")[0].rstrip(",;:") + "…" if " " in words else words


def _summary_of(key: str) -> Column:
    return lambda row: summary(columns.required_text(key)(row))


def _one_as_list(key: str) -> Column:
    return lambda row: [] if row.get(key) is None else [columns.as_text(key, row[key])]


def _paragraphs(row: Row) -> list[dict]:
    """Read the solution as paragraphs; an empty line stands between two of them."""
    parts = [part.strip() for part in columns.required_text("solution")(row).split("\n\n")]
    return [{"type": "paragraph", "value": f"<p>{escape(part)}</p>"} for part in parts if part]


def _figures(row: Row) -> list[dict]:
    items = row.get("figures") or []
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise RowError("figures: not a list of objects")
    return [{"type": "figure", "value": _figure(item)} for item in items]


def _figure(item: Row) -> dict:
    return {
        "label": columns.required_text("label")(item),
        "value": columns.printed("value")(item),
        "unit": columns.text("unit")(item),
    }


def _publisher(model: type[KnowledgePage], section_model: type[Page]) -> Callable[[Model, bool], None]:
    """Return what saves a page of ``model``: new ones below their section, dated one minute after the other."""
    section = section_model.objects.first()
    minutes = count(_FIRST_MINUTE[model])

    def publish(page: Model, is_new: bool) -> None:
        if not is_new:
            page.save_revision().publish()
            return
        page.live = False
        page.draft_title = page.title
        section.add_child(instance=page)
        revision = page.save_revision(clean=False)
        revision.publish()
        _date(page, revision, LOADING_STAMP + timedelta(minutes=next(minutes)))

    return publish


def _date(page: Page, revision: Revision, at: datetime) -> None:
    Page.objects.filter(pk=page.pk).update(first_published_at=at, last_published_at=at, latest_revision_created_at=at)
    Revision.objects.filter(pk=revision.pk).update(created_at=at)


SHEETS = {"case_studies.json": case_studies, "best_practices.json": best_practices, "solutions.json": solutions}
