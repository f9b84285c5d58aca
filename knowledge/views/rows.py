"""What pages show of related things: one shape for all kinds, read with one query however many kinds there are."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import CharField, Count, F, IntegerField, Q, QuerySet, TextField, Value, Window
from django.db.models.functions import Cast, Concat, RowNumber
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language
from wagtail.models import Page

from knowledge.models import (
    Definition,
    FrequentQuestion,
    GlossaryTerm,
    KnowledgePage,
    Link,
    Publication,
    Statistic,
)
from knowledge.views.filters import union

REGISTRY_VIEWS = {
    "scheme": "scheme_detail",
    "resource_centre": "centre_detail",
    "initiative": "initiative_detail",
    "cluster": "cluster_detail",
    "institution": "institution_detail",
}
REFERENCE_VIEWS = {
    "faq": "faq",
    "glossary": "glossary",
    "definition": "definitions",
    "publication": "publications",
    "statistic": "statistics",
    "link": "links",
}


@dataclass(frozen=True)
class Row:
    """One related thing: what a list or card says of it, and how old its facts are."""

    kind: str
    title: str
    url: str
    summary: str = ""
    outcome: str = ""
    place: str = ""
    as_of: int | None = None
    verified_at: datetime | None = None
    verified_by_id: int | None = None


def registry_rows(**groups: QuerySet) -> dict[str, list[Row]]:
    """Return the registry entries of each group, by name. One query for all groups and kinds."""
    parts = [
        entries.order_by().values_list(
            Value(group, CharField()),
            Value(entries.model.kind, CharField()),
            "slug",
            "name",
            "name_hi",
            "short_name",
            "as_of",
            "verified_at",
            "verified_by_id",
        )
        for group, entries in groups.items()
    ]
    found: dict[str, list[Row]] = {group: [] for group in groups}
    hindi = get_language() == "hi"
    for group, kind, slug, name, name_hi, short_name, *freshness in union(parts):
        name = (hindi and name_hi) or name
        title = f"{short_name}, {name}" if short_name else name
        found[group].append(
            Row(kind, title, reverse(REGISTRY_VIEWS[kind], args=[slug]), "", "", "", *freshness),
        )
    for rows in found.values():
        rows.sort(key=lambda row: row.title.casefold())
    return found


def reference_rows(condition: Q) -> dict[str, list[Row]]:
    """Return the entries of the reference lists that ``condition`` (on themes, clusters or schemes) picks, by kind."""
    text = TextField()
    columns = {
        FrequentQuestion: ("question", F("answer")),
        GlossaryTerm: ("term", Value("", text)),
        Definition: ("agency_name", F("rule")),
        Publication: ("title", Concat("author", Value(", "), "year", output_field=text)),
        Statistic: ("label", Concat("value", Value(" "), "unit", Value(", "), "period", output_field=text)),
        Link: ("name", F("about")),
    }
    parts = [
        model.objects.filter(condition)
        .order_by()
        .distinct()
        .values_list(
            Value(model.kind, CharField()),
            "slug",
            Cast(title, text),
            Cast(words, text),
            F("order") if model is FrequentQuestion else Value(0, IntegerField()),
            "as_of",
            "verified_at",
            "verified_by_id",
        )
        for model, (title, words) in columns.items()
    ]
    found: dict[str, list[tuple]] = {}
    for kind, slug, title, words, order, *freshness in union(parts):
        url = f"{reverse(REFERENCE_VIEWS[kind])}#{slug}"
        found.setdefault(kind, []).append((order, title.casefold(), Row(kind, title, url, words, "", "", *freshness)))
    return {kind: [row for *_place, row in sorted(rows, key=lambda row: row[:2])] for kind, rows in found.items()}


def current_pages() -> QuerySet:
    """Return the knowledge pages that anybody may read now: in the reader's language, else in English."""
    pages = KnowledgePage.objects.current()
    language = get_language() or "en"
    if language == "en":
        return pages.filter(locale__language_code="en")
    here = KnowledgePage.objects.live().filter(withdrawn_at=None, locale__language_code=language)
    return pages.filter(
        Q(locale__language_code=language)
        | (Q(locale__language_code="en") & ~Q(translation_key__in=here.order_by().values("translation_key")))
    )


def with_badges(pages: QuerySet) -> QuerySet:
    """Add to ``pages``, of one kind or several, what a list shows of them, the newest first."""
    return pages.annotate(case_outcome=F("casestudypage__outcome")).order_by("-first_published_at", "-pk")


def page_row(page: Page, request: HttpRequest | None, *, place: bool = True) -> Row:
    """Return a knowledge page, read by ``with_badges``, as a row; ``place`` costs a query where states are not read."""
    return Row(
        kind=page.specific_class.kind,
        title=page.title,
        url=page.get_url(request) or "",
        summary=page.summary,
        outcome=page.case_outcome or "",
        place=", ".join(state.localized_name for state in page.states.all()) if place else "",
        as_of=page.as_of,
        verified_at=page.verified_at,
        verified_by_id=page.verified_by_id,
    )


def page_rows(pages: QuerySet, request: HttpRequest | None) -> dict[str, list[Row]]:
    """Return knowledge pages by kind, newest first, without their places; one query."""
    found: dict[str, list[Row]] = {}
    for page in with_badges(pages):
        row = page_row(page, request, place=False)
        found.setdefault(row.kind, []).append(row)
    return found


@dataclass(frozen=True)
class Shelf:
    """The first rows of a kind, with the number of all."""

    rows: tuple[Row, ...] = ()
    total: int = 0


def page_shelves(pages: QuerySet, request: HttpRequest | None, most: int) -> dict[str, Shelf]:
    """Return the newest ``most`` knowledge pages of each kind with the number of all, in two queries."""
    same_kind = {"partition_by": F("content_type")}
    ranked = with_badges(pages).annotate(
        rank=Window(RowNumber(), order_by=(F("first_published_at").desc(nulls_last=True), F("pk").desc()), **same_kind),
        total=Window(Count("pk"), **same_kind),
    )
    found: dict[str, list[Row]] = {}
    totals: dict[str, int] = {}
    for page in ranked.filter(rank__lte=most).prefetch_related("states"):
        row = page_row(page, request)
        found.setdefault(row.kind, []).append(row)
        totals[row.kind] = page.total
    return {kind: Shelf(tuple(rows), totals[kind]) for kind, rows in found.items()}


def shelves(groups: dict[str, list[Row]], most: int) -> dict[str, Shelf]:
    """Return the first ``most`` rows of each group with the number of all."""
    return {name: Shelf(tuple(rows[:most]), len(rows)) for name, rows in groups.items()}
