"""Frequent questions, glossary, definitions, links, publications and statistics."""

import re
from collections.abc import Mapping

from django.db.models import Model

from knowledge.enums import LinkStatus
from knowledge.models import Definition, FrequentQuestion, GlossaryTerm, Link, Publication, Statistic

from . import columns
from .columns import Column, Row, RowError
from .concerns import Concerns
from .reader import Folder
from .rows import Sheet

#: Types of cluster by the word that a statistic is labelled with. In the counts by state and region, "micro" and
#: "other micro" stand beside handloom and handicraft, whose sum with them is the printed total: so it is the rest.
_TYPE_PATTERNS = (
    (re.compile(r"^clusters-handicraft-"), "handicraft"),
    (re.compile(r"^clusters-handloom-"), "handloom"),
    (re.compile(r"^clusters-(other-)?micro-"), "other-micro"),
    (re.compile(r"traditional"), "traditional-manufacturing"),
    (re.compile(r"high-tech"), "high-tech"),
    (re.compile(r"^(micro-|cluster-employment-share-micro$|expected-growth-micro$)"), "micro-enterprise"),
)
#: A label that speaks of two types belongs to neither.
_TWO_TYPES = re.compile(r"traditional-micro|sme-clusters-micro")


def save_entry(entry: Model, is_new: bool) -> None:
    """Save an entry of a list; a change leaves a revision."""
    entry.save()
    if not is_new:
        entry.save_revision(clean=False)


def _sheet(model: type[Model], concerns: Concerns, own: dict[str, Column], **options) -> Sheet:
    return Sheet(
        model,
        {
            "slug": columns.required_text("slug"),
            "as_of": columns.as_of,
            "sources": columns.sources,
            "notes": columns.text("notes"),
            "themes": concerns.themes,
            "clusters": concerns.clusters,
            "schemes": concerns.schemes,
        }
        | own,
        write=save_entry,
        **options,
    )


def faqs(folder: Folder) -> Sheet:
    own = {
        "order": columns.required_whole("order"),
        "group": columns.required_text("group"),
        "question": columns.required_text("question"),
        "answer": columns.required_text("answer"),
        "solution": columns.slug("solution"),
    }
    return _sheet(FrequentQuestion, Concerns(folder, "faqs"), own)


def glossary(folder: Folder) -> Sheet:
    own = {
        "term": columns.required_text("term"),
        "abbreviation": columns.text("abbreviation"),
        "definitions": _definitions,
        "see_also": columns.slugs("see_also"),
    }
    return _sheet(GlossaryTerm, Concerns(folder, "glossary"), own, later=frozenset({"see_also"}))


def definitions(folder: Folder) -> Sheet:
    own = {
        "agency": columns.slug("agency"),
        "agency_name": columns.required_text("agency_name"),
        "cluster_type": columns.slug("cluster_type"),
        "rule_kind": columns.required_text("kind"),
        "rule": columns.required_text("rule"),
        "min_units": columns.whole("min_units"),
        "min_looms": columns.whole("min_looms"),
        "min_artisans": columns.whole("min_artisans"),
        "radius_km": columns.whole("radius_km"),
        "max_travel_hours": columns.decimal("max_travel_hours"),
        "other_thresholds": _thresholds,
    }
    return _sheet(Definition, Concerns(folder, "definitions"), own)


def links(folder: Folder) -> Sheet:
    own = {
        "name": columns.required_text("name"),
        "url": columns.required_text("url"),
        "about": columns.text("about"),
        "link_kind": columns.required_text("kind"),
        "owner": columns.slug("owner"),
        "status": columns.text("status", default=LinkStatus.UNCHECKED.value),
    }
    return _sheet(Link, Concerns(folder, "links"), own)


def publications(folder: Folder) -> Sheet:
    own = {
        "title": columns.required_text("title"),
        "author": columns.required_text("author"),
        "year": columns.required_text("year"),
        "publisher": columns.text("publisher"),
        "topic": columns.text("topic"),
        "url": columns.text("url"),
    }
    return _sheet(Publication, Concerns(folder, "publications"), own)


def statistics(folder: Folder) -> Sheet:
    own = {
        "label": columns.required_text("label"),
        "value": columns.printed("value"),
        "unit": columns.required_text("unit"),
        "period": columns.required_text("period"),
        "scope": columns.required_text("scope"),
        "dimension": columns.text("dimension"),
        "state": _state,
        "state_as_named": _area_as_named,
        "cluster_type": _type_of_cluster,
        "high_poverty_group": columns.flag("high_poverty_group"),
    }
    return _sheet(Statistic, Concerns(folder, "statistics"), own)


def _definitions(row: Row) -> list[dict[str, str]]:
    items = row.get("definitions")
    if not isinstance(items, list) or not items or not all(isinstance(item, Mapping) for item in items):
        raise RowError("definitions: not a list of objects")
    return [
        {"text": columns.required_text("text")(item), "source": columns.required_text("source")(item)} for item in items
    ]


def _thresholds(row: Row) -> dict:
    value = row.get("other_thresholds") or {}
    if not isinstance(value, dict) or not all(isinstance(number, int | float) for number in value.values()):
        raise RowError("other_thresholds: not an object of numbers")
    return value


def _areas(row: Row) -> list[str]:
    """Return the states that a figure is of: one slug, several with commas between them, or a list."""
    value = row.get("state")
    if isinstance(value, list):
        return columns.as_texts("state", value)
    return [part.strip() for part in columns.text("state")(row).split(",") if part.strip()]


def _state(row: Row) -> str | None:
    """Read the state where the figure is of one state alone."""
    named = _areas(row)
    return named[0] if len(named) == 1 else None


def _area_as_named(row: Row) -> str:
    """Return the area in the words of the source, which close the label of a figure by state."""
    named = _areas(row)
    if len(named) > 1:
        return ", ".join(named)
    return columns.required_text("label")(row).rpartition(", ")[2] if named else ""


def _type_of_cluster(row: Row) -> str | None:
    slug = row["slug"]
    if _TWO_TYPES.search(slug):
        return None
    return next((cluster_type for pattern, cluster_type in _TYPE_PATTERNS if pattern.search(slug)), None)


SHEETS = {
    "faqs.json": faqs,
    "glossary.json": glossary,
    "definitions.json": definitions,
    "links.json": links,
    "publications.json": publications,
    "statistics.json": statistics,
}
