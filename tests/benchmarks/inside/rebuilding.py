"""A rebuild beside a bare bulk of the same documents, made beforehand."""

import json
import resource
import time
from itertools import chain

from django.conf import settings
from django.db import connection
from elasticsearch import Elasticsearch, helpers

from search.engine import entries, mapping
from search.registry import sources
from search.upkeep.rebuilding import rebuild

_AT_ONCE = 500
_FILLING = {"number_of_replicas": 0, "refresh_interval": "-1"}


def compare(bare: bool = True) -> dict[str, float]:
    """Return seconds of a rebuild and of bare bulks before and after it, with the number of documents and queries."""
    found: dict[str, float] = {}
    actions = _actions() if bare else []
    if bare:
        found["bare_before"] = _bulk(actions)
    counted = Counter()
    started = time.perf_counter()
    with connection.execute_wrapper(counted):
        rebuilt = rebuild()
    found["rebuild"] = time.perf_counter() - started
    found |= {"documents": len(rebuilt.written), "queries": counted.count}
    if bare:
        found["bare_after"] = _bulk(actions)
        found["bytes"] = sum(len(json.dumps(action["_source"])) for action in actions[:_AT_ONCE]) / _AT_ONCE
    return found | {"peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


class Counter:
    """Counts the queries of the process."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute, sql, params, many, context):
        self.count += 1
        return execute(sql, params, many, context)


def _actions() -> list[dict]:
    """Return every document as Elasticsearch takes it."""
    found = []
    for source in sources():
        keys = list(source.keys())
        batches = (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
        for document in chain.from_iterable(map(source.documents, batches)):
            body = json.loads(entries.entry(document))
            found.append({"_id": document.key, "_source": body, "version": 0, "version_type": "external_gte"})
    return found


def _bulk(actions: list[dict]) -> float:
    """Return the seconds that ``helpers.bulk`` takes to put ``actions`` into an empty index like the portal's."""
    client = Elasticsearch(settings.ELASTICSEARCH_URL.split(",")[0], request_timeout=120)
    index = f"{settings.ELASTICSEARCH_INDEX_PREFIX}-bare"
    body = mapping.body()
    client.indices.create(index=index, mappings=body["mappings"], settings=body["settings"] | _FILLING)
    started = time.perf_counter()
    helpers.bulk(client, (dict(action) for action in actions), index=index)
    client.indices.refresh(index=index)
    seconds = time.perf_counter() - started
    client.indices.delete(index=index)
    client.close()
    return seconds
