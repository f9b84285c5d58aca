"""Pages and suggestions beside the bare question to the engine, in turns."""

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import QueryDict
from elastic_transport import Transport

from search import query
from search.documents import SearchCriteria
from search.pages.forms import SearchForm
from search.registry import engines
from tests.benchmarks.bench_pages import HOST, WARM_UP, NotThere, fetch

from . import queries

_JSON = {"Content-Type": "application/json"}
SUGGESTIONS = 5

#: Does one thing once, to be timed.
Act = Callable[[], object]


def ask(port: int, rounds: int, smaller_port: int | None = None) -> dict[str, list[float]]:
    """Return the seconds of each kind of asking.

    ``smaller_port`` is that of the same portal with fewer documents, which is asked in the same turns.
    """
    web = http.client.HTTPConnection(HOST, port, timeout=60)
    smaller = http.client.HTTPConnection(HOST, smaller_port, timeout=60) if smaller_port else None
    bare = Bare()
    acts: dict[str, list[Act]] = {"page": [], "bare": [], "suggest": [], "bare suggest": [], "smaller": []}
    for asked in queries.pages():
        criteria = SearchForm(QueryDict(asked)).criteria()
        acts["page"].append(lambda path=f"/search/?{asked}": fetch(web, path))
        acts["bare"].append(bare.search(criteria))
        if smaller:
            acts["smaller"].append(lambda path=f"/search/?{asked}": fetch(smaller, path))
    for text in queries.beginnings():
        path = "/search/suggest/?" + urlencode({"q": text, "format": "json"})
        acts["suggest"].append(lambda path=path: fetch(web, path))
        acts["bare suggest"].append(bare.suggest(text))
    return _in_turns(acts, rounds)


def _in_turns(acts: dict[str, list[Act]], rounds: int) -> dict[str, list[float]]:
    """Time all ``acts`` in rounds; in every second one the kinds go backwards, so that none is always warmed up."""
    times: dict[str, list[float]] = {name: [] for name in (*acts, "refused")}
    most = max(map(len, acts.values()))
    for turn in range(min(WARM_UP, rounds) + rounds):
        names = list(acts) if turn % 2 else list(reversed(acts))
        for place in range(most):
            for name in names:
                if place < len(acts[name]):
                    started = time.perf_counter()
                    try:
                        acts[name][place]()
                    except NotThere:
                        # The portal's own patience ended; the run goes on and says how often that was.
                        times["refused"].append(time.perf_counter() - started)
                        continue
                    if turn >= min(WARM_UP, rounds):
                        times[name].append(time.perf_counter() - started)
    return times


class Bare:
    """The engine without the portal: Elasticsearch by the very bytes that the portal sends, else by a call."""

    def __init__(self) -> None:
        self._engine = engines()[0]
        self._connection = None
        if settings.ELASTICSEARCH_URL:
            self._connection = http.client.HTTPConnection(urlsplit(settings.ELASTICSEARCH_URL.split(",")[0]).netloc)

    def search(self, criteria: SearchCriteria) -> Act:
        """Return what asks for the page of ``criteria`` with its facets and highlights."""
        if self._connection is None:
            asked = query._prepared(criteria, None)
            return lambda: self._engine.search(asked)
        with recorded() as requests:
            query.find(criteria)
        return self._repeat([each for each in requests if "aggs" in each[2]][:1])

    def suggest(self, text: str) -> Act:
        """Return what asks for the suggestions for ``text``."""
        if self._connection is None:
            asked = query._prepared(SearchCriteria(text=text), None)
            return lambda: self._engine.suggest(asked, SUGGESTIONS)
        with recorded() as requests:
            query.suggest(text, limit=SUGGESTIONS)
        return self._repeat([each for each in requests if "_search" in each[1]])

    def _repeat(self, requests: list[tuple[str, str, str]]) -> Act:
        if not requests:
            raise LookupError("The engine asked Elasticsearch nothing that could be repeated.")

        def act() -> None:
            for method, target, body in requests:
                self._connection.request(method, target, body.encode(), _JSON)
                response = self._connection.getresponse()
                answer = response.read()
                if response.status != 200:
                    raise LookupError(f"{target} answered {response.status}: {answer[:300]!r}")

        return act


@contextmanager
def recorded() -> Iterator[list[tuple[str, str, str]]]:
    """Give the list of requests to Elasticsearch, filled while the block runs: method, address, body as JSON."""
    found: list[tuple[str, str, str]] = []
    send = Transport.perform_request

    def perform_request(self, method, target, *, body=None, **options):
        found.append((method, target, json.dumps(body)))
        return send(self, method, target, body=body, **options)

    Transport.perform_request = perform_request
    try:
        yield found
    finally:
        Transport.perform_request = send
