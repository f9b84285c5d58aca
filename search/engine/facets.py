"""Filters and facets: in one request, each facet counted under the choices of all others."""

from elasticsearch_dsl import A, Q
from elasticsearch_dsl.aggs import Agg
from elasticsearch_dsl.query import Query

from search.documents import FacetValue, SearchCriteria

#: Values of a facet that are offered; chosen ones are always among them.
MAX_VALUES = 15
#: Values that each shard reports, so that counts are exact with several shards too.
SHARD_VALUES = 200


#: The facets by the name that they have in an address, with the field of the index and that of the criteria.
FACETS = {
    "kind": ("kind", "kinds"),
    "theme": ("themes", "themes"),
    "sector": ("sectors", "sectors"),
    "state": ("states", "states"),
    "stage": ("stage", "stages"),
    "verified": ("verified", "verified"),
}


def readable(audiences: frozenset[str]) -> Query:
    """Return the filter for documents of which these audiences may see something; deletions have no audience."""
    return Q("terms", audiences=sorted(audiences))


def days(criteria: SearchCriteria) -> list[Query]:
    """Return the filter for the days asked for."""
    bounds = {"gte": criteria.published_after, "lt": criteria.published_before}
    bounds = {name: moment.isoformat() for name, moment in bounds.items() if moment}
    has_days = criteria.published_from is not None or criteria.published_to is not None
    if not has_days:
        return []
    return [Q("range", published_at=bounds) if bounds else Q("exists", field="published_at")]


def chosen(criteria: SearchCriteria, *, without: str = "") -> list[Query]:
    """Return the filters of every facet in which something is chosen, that of ``without`` apart."""
    filters = []
    for facet, (field, name) in FACETS.items():
        if facet != without and (values := getattr(criteria, name)):
            filters.append(Q("terms", **{field: list(values)}))
    return filters


def aggregations(criteria: SearchCriteria) -> dict[str, Agg]:
    """Return the counts to ask for. A facet under no choice at all is counted without a filter, which is dearer."""
    asked = {}
    for facet, (field, name) in FACETS.items():
        order = [{"_count": "desc"}, {"_key": "asc"}]
        counts = {"values": A("terms", field=field, size=MAX_VALUES, shard_size=SHARD_VALUES, order=order)}
        if values := getattr(criteria, name):
            counts["chosen"] = A("terms", field=field, include=list(values), size=len(values))
        if (filters := chosen(criteria, without=facet)) or values:
            asked[facet] = A("filter", Q("bool", filter=filters), aggs=counts)
        else:
            asked[facet] = counts["values"]
    return asked


def values(criteria: SearchCriteria, answer: dict) -> dict[str, tuple[FacetValue, ...]]:
    """Return the values of each facet that ``answer`` counts, the most frequent first."""
    facets = {}
    for facet, (_field, name) in FACETS.items():
        selected = getattr(criteria, name)
        counted = answer[facet].get("values", answer[facet])
        buckets = counted["buckets"] + answer[facet].get("chosen", {}).get("buckets", [])
        counts = dict.fromkeys(selected, 0) | {bucket["key"]: bucket["doc_count"] for bucket in buckets}
        ordered = sorted(counts, key=lambda value: (-counts[value], value))
        facets[facet] = tuple(FacetValue(value, counts[value], value in selected) for value in ordered)
    return facets
