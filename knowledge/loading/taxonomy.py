"""The vocabularies: themes, sectors, stages, types of cluster, states, and every smaller list as reference terms."""

from collections.abc import Iterator

from django.db.models import Model

from knowledge.models import ClusterType, ReferenceTerm, Sector, Stage, State, Theme

from . import columns
from .columns import Column, Row
from .reader import FileUnreadable, Folder
from .rows import Sheet

FILE = "taxonomy.json"
#: Hindi names, ours and not yet reviewed by a second reader.
HINDI_FILE = "hindi.json"

_MODELS: dict[str, type[Model]] = {
    "themes": Theme,
    "sectors": Sector,
    "stages": Stage,
    "cluster_types": ClusterType,
    "states": State,
}
#: Key that names an entry of a list without slugs.
_NAMING_KEYS = {"market_production_paths": "cluster_type", "policy_timeline": "year", "subsector_see_ratings": "sector"}
_OWN_COLUMNS = {"slug", "name", "description", "order"}


def sheets(folder: Folder) -> Iterator[tuple[Sheet, list[Row]]]:
    """Yield each list of the taxonomy with its rows. Raises FileUnreadable."""
    hindi = folder.curated(HINDI_FILE)
    for name, value in folder.lists(FILE).items():
        if name in _MODELS:
            yield _term_sheet(name, hindi.get(name, {})), _rows(name, value)
        elif isinstance(value, dict):
            yield from _parts(name, value)
        else:
            yield _reference_sheet(name), _rows(name, value)


def _parts(name: str, lists: dict) -> Iterator[tuple[Sheet, list[Row]]]:
    """Yield the lists inside a list, each as a vocabulary of its own, and its remarks as terms of the list itself."""
    for part, value in lists.items():
        if isinstance(value, list):
            yield _reference_sheet(f"{name}.{part}"), _rows(part, value)
    remarks = [
        {"slug": key.replace("_", "-"), "name": key.replace("_", " ").capitalize(), "description": value}
        for key, value in lists.items()
        if not isinstance(value, list)
    ]
    if remarks:
        yield _reference_sheet(name), _rows(name, remarks)


def _term_sheet(name: str, hindi: dict[str, str]) -> Sheet:
    model = _MODELS[name]
    sheet_columns: dict[str, Column] = {
        "slug": columns.required_text("slug"),
        "name": columns.required_text("name"),
        "name_hi": lambda row: columns.as_text("name_hi", hindi.get(row["slug"], "")),
        "description": columns.text("description"),
    }
    if model is State:
        sheet_columns |= {
            "iso_code": columns.required_text("iso_code"),
            "kind": columns.text("kind"),
            "region": columns.text("region"),
            "aliases": columns.lines("aliases"),
        }
        return Sheet(model, sheet_columns, prefix=f"{name}/")
    sheet_columns |= {"order": columns.required_whole("order"), "parent": columns.slug("parent")}
    return Sheet(model, sheet_columns, later=frozenset({"parent"}), prefix=f"{name}/")


def _reference_sheet(vocabulary: str) -> Sheet:
    return Sheet(
        ReferenceTerm,
        {
            "slug": columns.required_text("slug"),
            "name": columns.required_text("name"),
            "description": columns.text("description"),
            "order": columns.required_whole("order"),
            "details": lambda row: {key: value for key, value in row.items() if key not in _OWN_COLUMNS},
        },
        limits={"vocabulary": vocabulary},
        prefix=f"{vocabulary}/",
    )


def _rows(name: str, rows: object) -> list[Row]:
    """Return the rows of a list with slug, name and order, which some lists leave to the reader."""
    if not isinstance(rows, list):
        raise FileUnreadable(f"{name} is no list")
    return [_completed(name, row, place) for place, row in enumerate(rows, start=1)]


def _completed(name: str, row: object, place: int) -> Row:
    if not isinstance(row, dict):
        return row
    naming = _NAMING_KEYS.get(name)
    if naming and row.get(naming):
        word = str(row[naming])
        row = {"slug": word, "name": word, "description": row.get("event") or row.get("notes") or ""} | row
    return {"order": place} | row
