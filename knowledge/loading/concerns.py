"""Which themes, clusters and schemes an entry of a reference list concerns.

The sources do not say: this is our classification. It follows from what is known of the thing an entry speaks of (a
question from its solution, a link from the scheme whose address it is, a term from the scheme or body it names) and
from ``concerns.json``, where each list has

- ``always``: themes of each of its entries,
- ``by_value``: themes by the value of a key,
- ``by_word``: themes by whole words in the texts of an entry (``in`` names the keys),
- ``entries``: themes, clusters and schemes of single entries; ``only`` puts them in the place of all that is derived.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from .columns import Row
from .reader import Folder

FILE = "concerns.json"


class Concerns:
    """The classification of one list; its methods are columns."""

    def __init__(self, folder: Folder, name: str) -> None:
        self.name = name
        self.folder = folder
        self.rules: dict[str, Any] = folder.curated(FILE).get(name, {})
        self.entries: dict[str, dict] = self.rules.get("entries", {})
        self.words = [
            (re.compile(rf"\b(?:{'|'.join(rule['words'])})\b", re.IGNORECASE), rule["themes"])
            for rule in self.rules.get("by_word", [])
        ]

    def themes(self, row: Row) -> list[str]:
        """Return the slugs of the themes that ``row`` concerns, in alphabetical order."""
        own = self._own(row, "themes")
        if self._only(row):
            return sorted(own)
        found = own | set(self.rules.get("always", []))
        for key, by_value in self.rules.get("by_value", {}).items():
            found.update(by_value.get(str(row.get(key)), []))
        spoken = " ".join(str(row.get(key) or "") for key in self.rules.get("in", []))
        for words, themes in self.words:
            if words.search(spoken):
                found.update(themes)
        for other in self._things(row):
            found.update(_list(other, "themes"))
        return sorted(found)

    def clusters(self, row: Row) -> list[str]:
        """Return the slugs of the clusters that ``row`` concerns."""
        return sorted(self._own(row, "clusters"))

    def schemes(self, row: Row) -> list[str]:
        """Return the slugs of the schemes that ``row`` concerns."""
        derived = [] if self._only(row) else (scheme["slug"] for scheme in self._schemes(row))
        return sorted(self._own(row, "schemes").union(derived))

    def _own(self, row: Row, kind: str) -> set[str]:
        return set(self.entries.get(row["slug"], {}).get(kind, []))

    def _only(self, row: Row) -> bool:
        return self.entries.get(row["slug"], {}).get("only", False)

    def _things(self, row: Row) -> Iterable[Row]:
        """Yield the rows of other files that ``row`` speaks of, and whose themes are therefore its own."""
        yield from self._schemes(row)
        if self.name == "faqs" and row.get("solution") in self._solutions:
            yield self._solutions[row["solution"]]
        if self.name == "glossary":
            yield from (self._bodies_by_name[name] for name in _names(row) if name in self._bodies_by_name)
        if self.name == "links" and not self._schemes(row) and row.get("owner") in self._bodies:
            yield self._bodies[row["owner"]]

    def _schemes(self, row: Row) -> list[Row]:
        """Return the schemes that ``row`` speaks of: by address for a link, by name for a term or a definition."""
        if self.name == "links":
            return self._schemes_by_address.get(_address(row.get("url")), [])
        if self.name == "glossary":
            names = _names(row)
        elif self.name == "definitions":
            names = {row["slug"].casefold(), str(row.get("agency_name")).casefold()}
        else:
            return []
        found = {scheme["slug"]: scheme for name in names for scheme in self._schemes_by_name.get(name, [])}
        return list(found.values())

    @cached_property
    def _solutions(self) -> dict[str, Row]:
        return {row["slug"]: row for row in self.folder.related_rows("solutions.json")}

    @cached_property
    def _bodies(self) -> dict[str, Row]:
        return {row["slug"]: row for row in self.folder.related_rows("institutions.json")}

    @cached_property
    def _bodies_by_name(self) -> dict[str, Row]:
        return {name: row for row in self._bodies.values() for name in _names(row)}

    @cached_property
    def _schemes_by_name(self) -> dict[str, list[Row]]:
        """Schemes by slug, short name, name and other names; names that two schemes share mean neither."""
        found: dict[str, list[Row]] = {}
        for scheme in self.folder.related_rows("schemes.json"):
            for name in _names(scheme) | {scheme["slug"].casefold()}:
                found.setdefault(name, []).append(scheme)
        return {name: schemes for name, schemes in found.items() if len(schemes) == 1}

    @cached_property
    def _schemes_by_address(self) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for scheme in self.folder.related_rows("schemes.json"):
            for url in _list(scheme, "urls"):
                found.setdefault(_address(url), []).append(scheme)
        found.pop("", None)
        return found


def _names(row: Row) -> set[str]:
    """Return every name of a scheme, a body or a term, without regard to capitals."""
    names = [row.get(key) for key in ("name", "short_name", "term", "abbreviation")] + _list(row, "aliases")
    return {name.casefold() for name in names if isinstance(name, str) and name}


def _list(row: Row, key: str) -> list[str]:
    value = row.get(key)
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _address(url: Any) -> str:
    """Return a web address in the form in which two spellings of it are equal."""
    try:
        parts = urlsplit(url if isinstance(url, str) else "")
    except ValueError:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return parts.netloc.casefold().removeprefix("www.") + parts.path.rstrip("/") + query
