"""The Elasticsearch engine: the port, put together from indices, entries, queries, facets and highlights."""

import hashlib
import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta

from django.conf import settings
from elasticsearch import Elasticsearch
from elasticsearch_dsl import Q, Search

from search.documents import (
    PUBLIC,
    Hit,
    RebuildOvertaken,
    SearchBusy,
    SearchCriteria,
    SearchDocument,
    SearchResults,
    Versioned,
)

from . import capabilities, entries, facets, highlighting, queries, similarity, spelling
from .connection import READ_SECONDS, WRITE_SECONDS, asking, client, speaking
from .indices import Indices, NoIndex, Present
from .writing import IndexGone, Write, write

#: What Elasticsearch pages to without more; SEARCH_WINDOW may bound it further.
MAX_WINDOW = 10_000
VERSIONS_AT_ONCE = 2000
#: How long a stream of versions may wait for its reader.
KEEP_ALIVE = "5m"
#: Tombstones keep late writes out; nothing is as late as this.
TOMBSTONES_FOR = timedelta(days=1)
SORTS = {
    "relevance": [{"_score": "desc"}, {"published_at": {"order": "desc", "missing": "_last"}}, {"key": "asc"}],
    "newest": [{"published_at": {"order": "desc", "missing": "_last"}}, {"key": "asc"}],
    "title": [{"title_sort": "asc"}, {"key": "asc"}],
}
_CLOSEST = [{"_score": "desc"}, {"key": "asc"}]


class ElasticsearchEngine:
    """The index behind the alias ``settings.ELASTICSEARCH_INDEX_PREFIX``; with ``generation``, one being filled.

    A batch is made searchable before ``write`` returns, by a refresh of its own: to wait for the next periodic one
    would cost each batch up to a second, and an edit should be found at once. An index that is being filled is
    refreshed when somebody reads it.
    """

    name = "elasticsearch"

    def __init__(self, generation: str = "") -> None:
        self._generation = generation

    def write(self, documents: list[tuple[SearchDocument, int]], deletions: list[tuple[str, int]]) -> dict[str, str]:
        writes, refused = [], {}
        for document, version in documents:
            try:
                writes.append(Write(document.key, version, entries.entry(document)))
            except (AttributeError, TypeError, ValueError) as error:
                refused[document.key] = f"{type(error).__name__}: {error}"
        gone = entries.tombstone(datetime.now(UTC))
        writes += [Write(key, version, gone) for key, version in deletions]
        if not writes:
            return refused
        try:
            return refused | self._write(writes)
        except SearchBusy as busy:
            raise SearchBusy(str(busy), busy.keys, busy.refused | refused) from busy

    def search(self, criteria: SearchCriteria) -> SearchResults:
        window = min(settings.SEARCH_WINDOW, MAX_WINDOW)
        start = min((criteria.page - 1) * criteria.page_size, window)
        query = queries.matching(criteria) if criteria.concepts else queries.everything(criteria.audiences)
        search = _search(Q("bool", must=[query], filter=[facets.readable(criteria.audiences), *facets.days(criteria)]))
        search = search.post_filter(Q("bool", filter=facets.chosen(criteria)))
        order = "newest" if criteria.sort == "relevance" and not criteria.concepts else criteria.sort
        search = search.sort(*SORTS[order])
        for facet, counts in facets.aggregations(criteria).items():
            search.aggs.bucket(facet, counts)
        request = search.extra(
            from_=start,
            size=min(criteria.page_size, window - start),
            track_total_hits=True,
            track_scores=order != "relevance",
            highlight=highlighting.fields("public", queries.marked(criteria).to_dict() if criteria.concepts else None),
        ).to_dict()
        with self._asking() as server:
            answer = self._ask(server, request, criteria.text)
            total = answer["hits"]["total"]["value"]
            return SearchResults(
                hits=tuple(_hits(answer)),
                total=total,
                page=criteria.page,
                pages=math.ceil(min(total, window) / criteria.page_size),
                facets=facets.values(criteria, answer["aggregations"]),
            )

    def suggest(self, criteria: SearchCriteria, limit: int) -> list[Hit]:
        if not criteria.concepts:
            return []
        query = queries.matching(criteria, unfinished=True)
        filters = [facets.readable(criteria.audiences), *facets.days(criteria), *facets.chosen(criteria)]
        request = _search(Q("bool", must=[query], filter=filters)).sort(*SORTS["relevance"])
        marked = queries.marked(criteria, unfinished=True).to_dict()
        request = request.extra(size=limit, highlight=highlighting.fields("public", marked, unfinished=True)).to_dict()
        with self._asking() as server:
            return list(_hits(self._ask(server, request, criteria.text)))

    def similar(self, key: str, audiences: frozenset[str], limit: int) -> list[Hit]:
        with self._asking() as server:
            wanted = Q("bool", filter=[Q("term", key=key), facets.readable(audiences)])
            request = Search().query(wanted).source(["public", "inside"]).extra(size=1).to_dict()
            found = self._ask(server, request, key)["hits"]["hits"]
            weights = similarity.telling(found[0]["_source"], audiences) if found else {}
            if not weights:
                return []
            query = similarity.alike(weights, key, audiences)
            request = _search(Q("bool", must=[query], filter=[facets.readable(audiences)])).sort(*_CLOSEST)
            return list(_hits(self._ask(server, _quoting(request, limit, audiences), key), marked=False))

    def at(self, urls: list[str], audiences: frozenset[str]) -> list[Hit]:
        wanted = {url: place for place, url in enumerate(dict.fromkeys(urls))}
        if not wanted:
            return []
        with self._asking() as server:
            query = Q("bool", filter=[Q("terms", url=list(wanted)), facets.readable(audiences)])
            request = _quoting(_search(query).sort("key"), min(len(wanted) * 2, MAX_WINDOW), audiences)
            hits = list(_hits(self._ask(server, request, "")))
            return sorted(hits, key=lambda hit: (wanted[hit.url], hit.key))

    def correct(self, text: str, audiences: frozenset[str]) -> str:
        with self._asking() as server:
            return spelling.correct(server, self._readable(server), text, audiences)

    def versions(self) -> Iterator[Versioned]:
        with self._indices() as indices:
            index = self._generation or _read(indices.present())
        with speaking() as server:
            server.indices.refresh(index=index)
            pit = server.open_point_in_time(index=index, keep_alive=KEEP_ALIVE)["id"]
        after = None
        try:
            while True:
                with speaking() as server:
                    answer = server.search(
                        pit={"id": pit, "keep_alive": KEEP_ALIVE},
                        size=VERSIONS_AT_ONCE,
                        query={"bool": {"filter": [{"term": {"deleted": False}}]}},
                        sort=[{"key": "asc"}],
                        search_after=after,
                        source=False,
                        version=True,
                        docvalue_fields=["key", "digest", "audiences"],
                        track_total_hits=False,
                    )
                hits = answer["hits"]["hits"]
                for hit in hits:
                    values = hit["fields"]
                    public = PUBLIC in values.get("audiences", [])
                    yield Versioned(values["key"][0], hit["_version"], values["digest"][0], public)
                if len(hits) < VERSIONS_AT_ONCE:
                    return
                after, pit = hits[-1]["sort"], answer["pit_id"]
        finally:
            with speaking() as server:
                server.close_point_in_time(id=pit)

    def start_rebuild(self) -> "ElasticsearchEngine":
        with self._indices() as indices:
            return ElasticsearchEngine(indices.begin())

    def finish_rebuild(self, fresh: "ElasticsearchEngine") -> None:
        with self._indices() as indices:
            indices.switch(fresh._generation)

    def abandon_rebuild(self, fresh: "ElasticsearchEngine") -> None:
        with self._indices() as indices:
            indices.abandon(fresh._generation)

    def roll_back(self) -> None:
        with self._indices() as indices:
            indices.roll_back()

    def clear(self) -> None:
        self.finish_rebuild(self.start_rebuild())
        with self._indices() as indices:
            indices.forget_before()

    def state(self) -> str:
        with self._indices() as indices:
            index = self._generation or indices.present().read
            if index is None:
                return "missing"
            return "current" if indices.is_current(index) else "outdated"

    def tidy(self, now: datetime) -> None:
        with self._indices() as indices:
            indices.tidy()
            present = indices.present()
        old = {"bool": {"filter": [{"range": {"deleted_at": {"lt": (now - TOMBSTONES_FOR).isoformat()}}}]}}
        for index in present.writes:
            while self._purge(index, old):
                pass

    def lacks(self) -> list[str]:
        with speaking() as server:
            return capabilities.lacks(server, settings.ELASTICSEARCH_INDEX_PREFIX)

    @staticmethod
    def _purge(index: str, old: dict) -> int:
        """Drop some old tombstones by their ids and versions: what came back meanwhile has a newer version."""
        with speaking() as server:
            found = server.search(index=index, size=VERSIONS_AT_ONCE, query=old, source=False, version=True)
            hits = found["hits"]["hits"]
            if hits:
                drops = [
                    {"delete": {"_id": hit["_id"], "version": hit["_version"], "version_type": "external_gte"}}
                    for hit in hits
                ]
                server.bulk(index=index, operations=drops, refresh=True)
        return len(hits)

    def _write(self, writes: list[Write]) -> dict[str, str]:
        """Write to every index that takes writes; what the one that is read refuses is refused."""
        if self._generation:
            try:
                return write(client(), self._generation, writes, refresh=False)
            except IndexGone as error:
                raise RebuildOvertaken(str(error)) from error
        with self._indices() as indices:
            present = indices.present()
        read = _read(present)
        refused: dict[str, str] = {}
        busy: list[str] = []
        for index in present.writes:
            try:
                reasons = write(client(), index, writes, refresh=True)
            except SearchBusy as error:
                busy, reasons = busy + list(error.keys), error.refused
            except IndexGone:
                if index == read:
                    raise
                continue  # dropped since: whoever fills another one reads the database after this write's cause
            if index != present.before:
                refused |= reasons
        if busy:
            raise SearchBusy("The search engine has more to do than it can.", busy, refused)
        return refused

    def _ask(self, server: Elasticsearch, request: dict, about: str) -> dict:
        """Return the answer to ``request``. The same question goes to the same copies, so that pages fit together."""
        return server.search(
            index=self._readable(server),
            body=request | {"timeout": f"{int((WRITE_SECONDS if self._generation else READ_SECONDS) * 1000)}ms"},
            preference=hashlib.sha256(about.encode(errors="replace")).hexdigest()[:8],
            allow_partial_search_results=False,
        ).body

    def _asking(self) -> AbstractContextManager[Elasticsearch]:
        """Give the client for a question: nobody's page waits for what is asked of an index that is being filled."""
        return speaking() if self._generation else asking()

    def _readable(self, server: Elasticsearch) -> str:
        if self._generation:
            server.indices.refresh(index=self._generation)
        return self._generation or settings.ELASTICSEARCH_INDEX_PREFIX

    @staticmethod
    @contextmanager
    def _indices() -> Iterator[Indices]:
        with speaking() as server:
            yield Indices(server, settings.ELASTICSEARCH_INDEX_PREFIX)


def _read(present: Present) -> str:
    if present.read is None:
        raise NoIndex("There is no index: run search_rebuild.")
    return present.read


def _search(query: Q) -> Search:
    return Search().query(query).source(["card"])


def _quoting(search: Search, limit: int, audiences: frozenset[str]) -> dict:
    """Return the request for ``limit`` hits with the beginnings of their texts."""
    shown = queries.everything(audiences)
    if shown.name != "match_all":
        search = search.query(shown)
    return search.extra(size=limit, highlight=highlighting.fields("public")).to_dict()


def _hits(answer: dict, *, marked: bool = True) -> Iterator[Hit]:
    for found in answer["hits"]["hits"]:
        inner = found.get("inner_hits", {}).get("inside", {}).get("hits", {}).get("hits", [])
        highlights = [found.get("highlight", {}), *(each.get("highlight", {}) for each in inner)]
        if not marked:
            highlights = [
                {name: [highlighting.unmarked(text) for text in texts] for name, texts in each.items()}
                for each in highlights
            ]
        card = found["_source"]["card"]
        merged: dict[str, list[str]] = {}
        for each in highlights:
            for name, texts in each.items():
                merged.setdefault(name, []).extend(texts)
        yield entries.hit(
            card,
            title_html=highlighting.title_html(card["title"], merged),
            snippet_html=highlighting.snippet_html(highlights),
            score=round(found["_score"] or 0.0, 4),
        )
