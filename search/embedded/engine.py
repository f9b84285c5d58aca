"""The embedded engine: the port, put together from the files, the ranking, the facets and the highlighting."""

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from itertools import count
from pathlib import Path

from django.conf import settings

from search.analysis import tokens
from search.documents import (
    Hit,
    SearchCriteria,
    SearchDocument,
    SearchResults,
    SearchUnavailable,
    Versioned,
)

from . import schema, spelling
from .facets import Filters
from .files import KEPT_SECONDS, IndexFiles, connect
from .highlighting import Ideas, Phrase, highlight, snippet
from .ranking import Match, Reader, meaning_words, rank
from .similarity import similar

#: A suggestion holds at least this share of the sentence, so that one common word suggests nothing.
SUGGESTED_SHARE = 0.3
VERSIONS_AT_ONCE = 1000


class EmbeddedEngine:
    """The index in the files behind ``settings.SEARCH_INDEX_PATH``; with ``generation``, one that is being filled."""

    name = "embedded"

    def __init__(self, generation: Path | None = None) -> None:
        self._generation = generation

    def write(self, documents: list[tuple[SearchDocument, int]], deletions: list[tuple[str, int]]) -> dict[str, str]:
        entries, refused = [], {}
        for document, version in documents:
            try:
                entries.append(schema.analysed(document, version))
            except (AttributeError, TypeError, ValueError) as error:
                refused[document.key] = f"{type(error).__name__}: {error}"
        with _available(), self._files.locked():
            for generation in [self._generation] if self._generation else self._files.to_write():
                connection = connect(generation)
                with _transaction(connection):
                    for entry in entries:
                        schema.store(connection, entry)
                    for key, version in deletions:
                        schema.delete(connection, key, version)
        return refused

    def search(self, criteria: SearchCriteria) -> SearchResults:
        with _available(), _snapshot(self._connection()) as connection:
            reader = Reader(connection, criteria.audiences)
            if criteria.concepts:
                matches = rank(reader, criteria.text, criteria.concepts)
            else:
                matches = {document: Match() for document in reader.documents()}
            filters = Filters(connection, criteria, set(matches))
            remaining = filters.remaining()
            total = len(remaining)
            start = (criteria.page - 1) * criteria.page_size
            end = min(start + criteria.page_size, settings.SEARCH_WINDOW)
            shown = self._sorted(connection, criteria, matches, remaining)[start:end]
            return SearchResults(
                hits=tuple(_hits(reader, criteria, shown, matches)),
                total=total,
                page=criteria.page,
                pages=math.ceil(min(total, settings.SEARCH_WINDOW) / criteria.page_size),
                facets=filters.facets(),
            )

    def suggest(self, criteria: SearchCriteria, limit: int) -> list[Hit]:
        with _available(), _snapshot(self._connection()) as connection:
            reader = Reader(connection, criteria.audiences)
            ranked = rank(reader, criteria.text, criteria.concepts, unfinished=True)
            matches = {document: match for document, match in ranked.items() if match.share >= SUGGESTED_SHARE}
            remaining = Filters(connection, criteria, set(matches)).remaining()
            shown = self._sorted(connection, criteria, matches, remaining)[:limit]
            return list(_hits(reader, criteria, shown, matches, unfinished=True))

    def similar(self, key: str, audiences: frozenset[str], limit: int) -> list[Hit]:
        with _available(), _snapshot(self._connection()) as connection:
            reader = Reader(connection, audiences)
            document = reader.document(key)
            matches = similar(reader, document) if document else {}
            criteria = SearchCriteria(audiences=audiences)
            ordered = sorted(matches, key=lambda other: (-matches[other].score, other))[:limit]
            rows = {row["id"]: row for row in _rows(connection, ordered)}
            return list(_hits(reader, criteria, [rows[other] for other in ordered], matches))

    def at(self, urls: list[str], audiences: frozenset[str]) -> list[Hit]:
        with _available(), _snapshot(self._connection()) as connection:
            reader = Reader(connection, audiences)
            wanted = {url: place for place, url in enumerate(dict.fromkeys(urls))}
            there = reader.documents_at(list(wanted))
            rows = sorted(_rows(connection, there), key=lambda row: (wanted[row["url"]], row["key"]))
            matches = {document: Match() for document in there}
            return list(_hits(reader, SearchCriteria(audiences=audiences), rows, matches))

    def correct(self, text: str, audiences: frozenset[str]) -> str:
        with _available(), _snapshot(self._connection()) as connection:
            return spelling.correct(Reader(connection, audiences), text)

    def versions(self) -> Iterator[Versioned]:
        after = ""
        while True:
            with _available():
                rows = list(schema.held(self._connection(), after, VERSIONS_AT_ONCE))
            for row in rows:
                yield Versioned(row["key"], row["version"], row["digest"], bool(row["public"]))
            if len(rows) < VERSIONS_AT_ONCE:
                return
            after = rows[-1]["key"]

    def start_rebuild(self) -> "EmbeddedEngine":
        with _available():
            return EmbeddedEngine(self._files.begin())

    def finish_rebuild(self, fresh: "EmbeddedEngine") -> None:
        with _available():
            self._files.switch(fresh._generation)

    def abandon_rebuild(self, fresh: "EmbeddedEngine") -> None:
        with _available():
            self._files.abandon(fresh._generation)

    def roll_back(self) -> None:
        with _available():
            self._files.roll_back()

    def clear(self) -> None:
        self.finish_rebuild(self.start_rebuild())
        with _available():
            self._files.forget_before()

    def state(self) -> str:
        with _available():
            return self._files.state()

    def tidy(self, now: datetime) -> None:
        with _available(), self._files.locked():
            self._files.forget_before(unless_younger=KEPT_SECONDS)
            for generation in self._files.to_write():
                connect(generation).execute("INSERT INTO tokens (tokens) VALUES ('optimize')")

    def lacks(self) -> list[str]:
        with closing(sqlite3.connect(":memory:")) as connection:
            options = {row[0] for row in connection.execute("PRAGMA compile_options")}
        return [] if "ENABLE_FTS5" in options else ["SQLite was built without FTS5."]

    @property
    def _files(self) -> IndexFiles:
        return IndexFiles(settings.SEARCH_INDEX_PATH)

    def _connection(self) -> sqlite3.Connection:
        return connect(self._generation or self._files.present())

    @staticmethod
    def _sorted(
        connection: sqlite3.Connection, criteria: SearchCriteria, matches: dict[int, Match], remaining: set[int]
    ) -> list[sqlite3.Row]:
        """Return the rows of the ``remaining`` documents in the order asked for; ties by date, then by key."""
        orders: dict[str, Callable[[sqlite3.Row], tuple]] = {
            "relevance": lambda row: (-matches[row["id"]].score, -(row["published"] or 0), row["key"]),
            "newest": lambda row: (row["published"] is None, -(row["published"] or 0), row["key"]),
            "title": lambda row: (row["title"].casefold(), row["key"]),
        }
        order = "newest" if criteria.sort == "relevance" and not criteria.concepts else criteria.sort
        return sorted(_rows(connection, remaining), key=orders[order])


def _rows(connection: sqlite3.Connection, documents: Iterable[int]) -> list[sqlite3.Row]:
    """Return what ordering and hits need of ``documents``, in no order."""
    sql = "SELECT id, key, url, title, published FROM document WHERE id IN (SELECT value FROM json_each(?))"
    return connection.execute(sql, (json.dumps(list(documents)),)).fetchall()


@contextmanager
def _available() -> Iterator[None]:
    """Raise SearchUnavailable where the files cannot be used; a document's own faults go on as they are."""
    try:
        yield
    except (sqlite3.DataError, sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError):
        raise
    except (sqlite3.Error, OSError) as error:
        raise SearchUnavailable(str(error)) from error


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """Let one answer be of one moment: hits, counts and facets fit together while others write."""
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def _hits(
    reader: Reader,
    criteria: SearchCriteria,
    shown: list[sqlite3.Row],
    matches: dict[int, Match],
    *,
    unfinished: bool = False,
) -> Iterator[Hit]:
    """Yield the hits of ``shown``, quoting only what the reader may read."""
    ideas = _ideas(reader, criteria, unfinished=unfinished)
    ids = json.dumps([row["id"] for row in shown])
    sql = (
        f"SELECT document, summary, body FROM part WHERE {reader.readable}"  # noqa: S608 - question marks only
        " AND document IN (SELECT value FROM json_each(?)) ORDER BY id"
    )
    texts = defaultdict(list)
    for document, *part in reader.connection.execute(sql, (*reader.sets, ids)):
        texts[document] += part
    sql = "SELECT id, card FROM document WHERE id IN (SELECT value FROM json_each(?))"
    cards = {row["id"]: row for row in reader.connection.execute(sql, (ids,))}
    for row in shown:
        document = row["id"]
        yield schema.hit(
            cards[document],
            title_html=highlight(row["title"], ideas),
            snippet_html=snippet(texts[document], ideas),
            score=round(matches[document].score, 4),
        )


def _ideas(reader: Reader, criteria: SearchCriteria, *, unfinished: bool) -> Ideas:
    """Return what is marked: the typed words, their synonyms, and what an unfinished last word may become."""
    ideas: dict[Phrase, int] = {}
    number = count()
    for concept in criteria.concepts:
        typed = meaning_words(concept)
        ideas |= {(token,): next(number) for token in typed}
        ideas |= dict.fromkeys((tuple(tokens(other)) for other in concept.alternatives), ideas[(typed[0],)])
        if unfinished and concept is criteria.concepts[-1]:
            ideas |= dict.fromkeys(((token,) for token in reader.completions(typed[-1])), ideas[(typed[-1],)])
    return ideas
