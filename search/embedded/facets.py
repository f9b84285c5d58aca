"""Filters and facets: which of the matching documents remain, and how many each other choice would give."""

import json
import math
import sqlite3

from search.documents import FacetValue, SearchCriteria

#: Values of a facet that are offered; chosen ones are always among them.
MAX_VALUES = 15

#: The facets by the name that they have in an address, with the criteria's field of the chosen values.
CHOSEN = {
    "kind": "kinds",
    "theme": "themes",
    "sector": "sectors",
    "state": "states",
    "stage": "stages",
    "verified": "verified",
}


def chosen(criteria: SearchCriteria) -> dict[str, tuple[str, ...]]:
    """Return the chosen values of every facet."""
    return {facet: getattr(criteria, name) for facet, name in CHOSEN.items()}


def _has_days(criteria: SearchCriteria) -> bool:
    return criteria.published_from is not None or criteria.published_to is not None


class Filters:
    """The ``matching`` documents under the filters of ``criteria``."""

    def __init__(self, connection: sqlite3.Connection, criteria: SearchCriteria, matching: set[int]) -> None:
        self._connection = connection
        self._matching = matching & self._published(criteria) if _has_days(criteria) else matching
        self._chosen = chosen(criteria)
        self._allowed = {facet: self._holding(facet, values) for facet, values in self._chosen.items() if values}

    def remaining(self, *, without: str = "") -> set[int]:
        """Return the documents that pass every filter, that of the facet ``without`` apart."""
        allowed = [documents for facet, documents in self._allowed.items() if facet != without]
        return self._matching.intersection(*allowed)

    def facets(self) -> dict[str, tuple[FacetValue, ...]]:
        """Return the values of each facet, the most frequent first, with the counts of the other facets' choices."""
        return {facet: self._values(facet) for facet in CHOSEN}

    def _published(self, criteria: SearchCriteria) -> set[int]:
        """Return the documents of the days asked for; one without a day is of none."""
        first, end = criteria.published_after, criteria.published_before
        sql = "SELECT id FROM document WHERE published >= ? AND published < ?"
        bounds = (first.timestamp() if first else -math.inf, end.timestamp() if end else math.inf)
        return {row["id"] for row in self._connection.execute(sql, bounds)}

    def _holding(self, facet: str, values: tuple[str, ...]) -> set[int]:
        sql = "SELECT document FROM facet WHERE name = ? AND value IN (SELECT value FROM json_each(?))"
        return {row["document"] for row in self._connection.execute(sql, (facet, json.dumps(values)))}

    def _values(self, facet: str) -> tuple[FacetValue, ...]:
        sql = (
            "SELECT facet.value, count(*) AS documents FROM facet"
            " WHERE facet.name = ? AND facet.document IN (SELECT value FROM json_each(?)) GROUP BY facet.value"
        )
        documents = json.dumps(list(self.remaining(without=facet)))
        counts = dict.fromkeys(self._chosen[facet], 0) | dict(
            map(tuple, self._connection.execute(sql, (facet, documents)))
        )
        ordered = sorted(counts, key=lambda value: (-counts[value], value))
        offered = [value for index, value in enumerate(ordered) if index < MAX_VALUES or value in self._chosen[facet]]
        return tuple(FacetValue(value, counts[value], value in self._chosen[facet]) for value in offered)
