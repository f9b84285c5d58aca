"""Institutions, schemes, clusters, resource centres and initiatives."""

from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.db.models import Model

from knowledge.models import Cluster, Initiative, Institution, ResourceCentre, Scheme

from . import columns
from .columns import Column, Row
from .reader import Folder
from .rows import Sheet

#: When the starting content came into the exchange: the date of loading, not of any fact.
LOADING_STAMP = datetime(2026, 10, 1, 9, 0, tzinfo=ZoneInfo("Asia/Kolkata"))

_SHARED: dict[str, Column] = {
    "slug": columns.required_text("slug"),
    "name": columns.required_text("name"),
    "as_of": columns.as_of,
    "sources": columns.sources,
    "notes": columns.text("notes"),
}


def save_entry(entry: Model, is_new: bool) -> None:
    """Save a registry entry as published; what is new is stamped with the loading, a change leaves a revision."""
    if is_new:
        entry.first_published_at = entry.last_published_at = LOADING_STAMP
        entry.save()
    else:
        entry.save_revision(clean=False).publish()


def institutions(folder: Folder) -> Sheet:
    return Sheet(
        Institution,
        _SHARED
        | {
            "short_name": columns.text("short_name"),
            "aliases": columns.lines("aliases"),
            "type": columns.required_slug("type"),
            "level": columns.required_text("level"),
            "parent": columns.slug("parent"),
            "city": columns.text("city"),
            "state": columns.slug("state"),
            "country": columns.text("country"),
            "themes": columns.slugs("themes"),
            "role": columns.text("role"),
            "urls": columns.lines("urls"),
        },
        write=save_entry,
        later=frozenset({"parent"}),
    )


def schemes(folder: Folder) -> Sheet:
    bodies = _bodies_by_name(folder)

    def agencies(row: Row) -> list[str]:
        """Read those of the implementing agencies that are in the registry; the file names all in words."""
        names = columns.as_texts("implementing_agencies", row.get("implementing_agencies"))
        return sorted({bodies[name.casefold()] for name in names if name.casefold() in bodies})

    def other_agencies(row: Row) -> str:
        """Read the words for the agencies that are not in the registry."""
        return "\n".join(name for name in row.get("implementing_agencies") or [] if name.casefold() not in bodies)

    return Sheet(
        Scheme,
        _SHARED
        | {
            "short_name": columns.text("short_name"),
            "aliases": columns.lines("aliases"),
            "owner": columns.slug("owner"),
            "level": columns.required_text("level"),
            "states": columns.slugs("states"),
            "themes": columns.slugs("themes"),
            "sectors": columns.slugs("sectors"),
            "cluster_types": columns.slugs("cluster_types"),
            "objective": columns.required_text("objective"),
            "supports": columns.lines("supports"),
            "eligibility": columns.text("eligibility"),
            "funding_pattern": columns.text("funding_pattern"),
            "ceiling": columns.text("ceiling"),
            "duration": columns.text("duration"),
            "start_year": columns.year("start_year"),
            "implementing_process": columns.lines("implementing_process"),
            "implementing_agencies": agencies,
            "other_agencies": other_agencies,
            "requires_cda": columns.flag("requires", "cda"),
            "requires_diagnostic_study": columns.flag("requires", "diagnostic_study"),
            "requires_spv": columns.flag("requires", "spv"),
            "activity_grid": columns.lines("activity_grid", separator=" "),
            "activity_grid_basis": columns.text("activity_grid_basis"),
            "urls": columns.lines("urls"),
            "status": columns.required_text("status"),
        },
        write=save_entry,
    )


def clusters(folder: Folder) -> Sheet:
    return Sheet(
        Cluster,
        _SHARED
        | {
            "product": columns.required_text("product"),
            "sector": columns.required_slug("sector"),
            "type": columns.required_slug("type"),
            "city": columns.text("city"),
            "district": columns.text("district"),
            "state": columns.slug("state"),
            "country": columns.required_text("country"),
            "latitude": _coordinate("latitude", 90),
            "longitude": _coordinate("longitude", 180),
            "enterprises": columns.whole("enterprises"),
            "workers": columns.whole("workers"),
            "turnover_rs_crore": columns.decimal("turnover_rs_crore"),
            "exports_rs_crore": columns.decimal("exports_rs_crore"),
            "figures_year": columns.year("figures_year"),
            "themes": columns.slugs("issues"),
        },
        write=save_entry,
    )


def resource_centres(folder: Folder) -> Sheet:
    return Sheet(
        ResourceCentre,
        _SHARED
        | {
            "institution": columns.required_slug("institution"),
            "level": columns.required_text("level"),
            "themes": columns.slugs("expertise"),
            "sectors": columns.slugs("sectors"),
            "services": columns.lines("services"),
            "states_served": columns.slugs("states_served"),
            "track_record": columns.text("track_record"),
            "cluster_years": columns.whole("cluster_years"),
            "status": columns.required_text("status"),
        },
        write=save_entry,
    )


def initiatives(folder: Folder) -> Sheet:
    return Sheet(
        Initiative,
        _SHARED
        | {
            "short_name": columns.text("short_name"),
            "lead": columns.slug("lead"),
            "partners": columns.slugs("partners"),
            "funders": columns.slugs("funders"),
            "scheme": columns.slug("scheme"),
            "country": columns.text("country"),
            "states": columns.slugs("states"),
            "clusters": columns.slugs("clusters"),
            "start_year": columns.year("start_year"),
            "end_year": columns.year("end_year"),
            "status": columns.required_text("status"),
            "themes": columns.slugs("themes"),
            "sectors": columns.slugs("sectors"),
            "number_of_clusters": columns.whole("number_of_clusters"),
            "features": columns.text("features"),
            "results": columns.text("results"),
            "lessons": columns.lines("lessons"),
        },
        write=save_entry,
    )


def _bodies_by_name(folder: Folder) -> dict[str, str]:
    """Return the slug of each institution by its slug, names and short name, where only one is called so."""
    found: dict[str, set[str]] = {}
    for row in folder.related_rows("institutions.json"):
        aliases = row.get("aliases") if isinstance(row.get("aliases"), list) else []
        for name in (row["slug"], row.get("name"), row.get("short_name"), *aliases):
            if isinstance(name, str):
                found.setdefault(name.casefold(), set()).add(row["slug"])
    return {name: slugs.pop() for name, slugs in found.items() if len(slugs) == 1}


def _coordinate(key: str, limit: int) -> Column:
    def read(row: Row) -> str | None:
        value = columns.decimal(key)(row)
        if value is not None and abs(Decimal(value)) > limit:
            raise columns.RowError(f"{key}: {value} is no {key}")
        return value

    return read


SHEETS = {
    "institutions.json": institutions,
    "schemes.json": schemes,
    "clusters.json": clusters,
    "resource_centres.json": resource_centres,
    "initiatives.json": initiatives,
}
