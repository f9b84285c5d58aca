"""The tables of the embedded index, and how documents get into them and out.

``document`` holds one row for each key, tombstones included; ``part`` the original texts with their audiences;
``tokens`` the analysed texts in FTS5, one row for each part; ``posting`` and ``vocabulary`` are FTS5's own views of its
index.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import datetime

from search.analysis import tokens
from search.documents import PUBLIC, Hit, Part, SearchDocument
from search.priors import fresh_at, prior

#: Raise it with every change of a table or of the analysis: an older file then asks to be rebuilt.
SCHEMA_VERSION = 2
SCHEMA = f"""
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS document (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    version INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    url TEXT NOT NULL DEFAULT '',
    published REAL,
    fresh REAL,
    prior REAL NOT NULL DEFAULT 1,
    title TEXT NOT NULL DEFAULT '',
    title_tokens TEXT NOT NULL DEFAULT '',
    card TEXT NOT NULL DEFAULT '',
    digest TEXT NOT NULL DEFAULT '',
    public INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS document_url ON document (url);
CREATE INDEX IF NOT EXISTS document_published ON document (published);
CREATE INDEX IF NOT EXISTS document_title ON document (title_tokens);
CREATE TABLE IF NOT EXISTS part (
    id INTEGER PRIMARY KEY,
    document INTEGER NOT NULL,
    audiences TEXT NOT NULL,
    title TEXT NOT NULL,
    summary TEXT NOT NULL,
    body TEXT NOT NULL,
    title_length INTEGER NOT NULL,
    summary_length INTEGER NOT NULL,
    body_length INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS part_document ON part (document);
CREATE INDEX IF NOT EXISTS part_audiences
    ON part (audiences, document, title_length, summary_length, body_length);
CREATE TABLE IF NOT EXISTS facet (
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    document INTEGER NOT NULL,
    PRIMARY KEY (name, value, document)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS facet_document ON facet (document);
CREATE VIRTUAL TABLE IF NOT EXISTS tokens USING fts5 (
    title, summary, body, tokenize = "unicode61 remove_diacritics 0 categories 'L* N* Co Mn Mc'"
);
CREATE VIRTUAL TABLE IF NOT EXISTS posting USING fts5vocab (tokens, instance);
CREATE VIRTUAL TABLE IF NOT EXISTS vocabulary USING fts5vocab (tokens, row);
PRAGMA user_version = {SCHEMA_VERSION};
COMMIT;
"""

#: What a hit is made of, its highlights apart.
_CARD = tuple(column.name for column in fields(Hit) if column.name not in ("title_html", "snippet_html", "score"))


@dataclass(frozen=True)
class Entry:
    """A document analysed and ready to be stored."""

    key: str
    version: int
    row: dict[str, object]
    parts: list[tuple[tuple, tuple]]
    facets: list[tuple[str, str]]


def analysed(document: SearchDocument, version: int) -> Entry:
    """Return ``document`` ready to be stored. Raises TypeError or ValueError for what no index could hold."""
    card = {name: getattr(document, name) for name in _CARD}
    fresh = fresh_at(document)
    row = {
        "url": document.url,
        "published": document.published_at.timestamp() if document.published_at else None,
        "fresh": fresh.timestamp() if fresh else None,
        "prior": prior(document),
        "title": document.title,
        "title_tokens": " ".join(tokens(document.title)),
        "card": json.dumps(card, ensure_ascii=False, default=_isoformat),
        "digest": document.digest,
        "public": PUBLIC in document.audiences,
    }
    for text in (document.key, row["card"], *(text for part in document.parts for text in _texts(part))):
        text.encode()  # a lone surrogate is refused here, with the document's key, and not in the middle of a batch
    return Entry(document.key, version, row, [_analysed_part(part) for part in document.parts], _facets(document))


def hit(row: sqlite3.Row, *, title_html: str, snippet_html: str, score: float) -> Hit:
    """Return the hit that a ``row`` of ``document`` shows."""
    card = {name: tuple(value) if isinstance(value, list) else value for name, value in json.loads(row["card"]).items()}
    for moment in ("published_at", "verified_at"):
        card[moment] = card[moment] and datetime.fromisoformat(card[moment])
    return Hit(**card, title_html=title_html, snippet_html=snippet_html, score=score)


def _isoformat(value: datetime) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"A document holds {type(value).__name__}, which no index takes.")


def _texts(part: Part) -> tuple[str, str, str]:
    return part.title, part.summary, part.body


def _analysed_part(part: Part) -> tuple[tuple, tuple]:
    found = [tokens(text) for text in _texts(part)]
    row = (audience_set(part.audiences), *_texts(part), *map(len, found))
    return row, tuple(map(" ".join, found))


def _facets(document: SearchDocument) -> list[tuple[str, str]]:
    values = {
        "kind": (document.kind,),
        "theme": document.themes,
        "sector": document.sectors,
        "state": document.states,
        "stage": (document.stage,),
        "verified": ("yes" if document.is_verified else "no",),
    }
    return [(name, value) for name, slugs in values.items() for value in sorted(set(slugs)) if value]


def audience_set(audiences: frozenset[str]) -> str:
    """Return ``audiences`` as the one string under which a part is stored."""
    return "\n".join(sorted(audiences))


def store(connection: sqlite3.Connection, entry: Entry) -> None:
    """Store ``entry`` unless a newer version is held."""
    document = _row_for(connection, entry.key, entry.version, deleted=False)
    if document is None:
        return
    names = ", ".join(f"{name} = :{name}" for name in entry.row)
    connection.execute(f"UPDATE document SET {names} WHERE id = :id", {**entry.row, "id": document})  # noqa: S608 - names above
    for row, analysed_texts in entry.parts:
        part = connection.execute(
            "INSERT INTO part (document, audiences, title, summary, body, title_length, summary_length, body_length)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (document, *row),
        ).lastrowid
        connection.execute(
            "INSERT INTO tokens (rowid, title, summary, body) VALUES (?, ?, ?, ?)", (part, *analysed_texts)
        )
    connection.executemany(
        "INSERT INTO facet (name, value, document) VALUES (?, ?, ?)", [(*facet, document) for facet in entry.facets]
    )


def delete(connection: sqlite3.Connection, key: str, version: int) -> None:
    """Leave a tombstone of ``key``, so that no older version comes back, unless a newer version is held."""
    document = _row_for(connection, key, version, deleted=True)
    if document is not None:
        connection.execute(
            "UPDATE document SET url = '', published = NULL, fresh = NULL, prior = 1, title = '', title_tokens = '',"
            " card = '', digest = '', public = 0 WHERE id = ?",
            (document,),
        )


def _row_for(connection: sqlite3.Connection, key: str, version: int, *, deleted: bool) -> int | None:
    """Return the id of the row of ``key``, emptied and labelled with ``version``; None where a newer one is held."""
    row = connection.execute(
        "INSERT INTO document (key, version, deleted) VALUES (?, ?, ?)"
        " ON CONFLICT (key) DO UPDATE SET version = excluded.version, deleted = excluded.deleted"
        " WHERE excluded.version >= document.version RETURNING id",
        (key, version, deleted),
    ).fetchone()
    if row is None:
        return None
    document = row["id"]
    connection.execute("DELETE FROM tokens WHERE rowid IN (SELECT id FROM part WHERE document = ?)", (document,))
    connection.execute("DELETE FROM part WHERE document = ?", (document,))
    connection.execute("DELETE FROM facet WHERE document = ?", (document,))
    return document


def held(connection: sqlite3.Connection, after: str, limit: int) -> Iterator[sqlite3.Row]:
    """Return up to ``limit`` rows of documents whose key comes after ``after``, in the order of keys."""
    return connection.execute(
        "SELECT key, version, digest, public FROM document WHERE key > ? AND NOT deleted ORDER BY key LIMIT ?",
        (after, limit),
    )
