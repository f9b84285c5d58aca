"""Documents as the index holds them, and hits as it gives them back."""

import json
from dataclasses import fields
from datetime import datetime

from django.utils.safestring import SafeString

from search.analysis import tokens
from search.documents import PUBLIC, Hit, Part, SearchDocument
from search.priors import fresh_at, prior

from .mapping import LONGEST_KEYWORD

#: What a hit is made of, its highlights apart.
_CARD = tuple(column.name for column in fields(Hit) if column.name not in ("title_html", "snippet_html", "score"))
_MOMENTS = ("published_at", "verified_at")


def entry(document: SearchDocument) -> bytes:
    """Return what is stored of ``document``, as JSON. Raises TypeError or ValueError for what no index could hold."""
    card = {name: getattr(document, name) for name in _CARD}
    card |= {name: card[name] and card[name].isoformat() for name in _MOMENTS}
    fresh = fresh_at(document)
    body = {
        "key": document.key,
        "kind": document.kind,
        "language": document.language,
        "url": document.url,
        "title_sort": document.title.casefold()[:LONGEST_KEYWORD],
        "themes": sorted(set(document.themes)),
        "sectors": sorted(set(document.sectors)),
        "states": sorted(set(document.states)),
        "verified": "yes" if document.is_verified else "no",
        "audiences": sorted(document.audiences),
        "published_at": card["published_at"],
        "fresh_at": fresh and fresh.isoformat(),
        "usefulness": min(max(document.usefulness, 0), 2**31 - 1),
        "prior": prior(document),
        "digest": document.digest,
        "deleted": False,
        "card": card,
    }
    if document.stage:
        body["stage"] = document.stage
    if public := [part for part in document.parts if PUBLIC in part.audiences]:
        body["public"] = _texts(public)
    if inside := [part for part in document.parts if PUBLIC not in part.audiences]:
        body["inside"] = [{"audiences": sorted(part.audiences), **_texts([part])} for part in inside]
    return json.dumps(body, ensure_ascii=False).encode()


def tombstone(now: datetime) -> bytes:
    """Return what stands for a deleted document: of no audience, so that nobody finds it."""
    return json.dumps({"deleted": True, "deleted_at": now.isoformat()}).encode()


def _texts(parts: list[Part]) -> dict[str, list[str]]:
    texts = {name: [getattr(part, name) for part in parts] for name in ("title", "summary", "body")}
    texts["exact"] = [" ".join(tokens(title)) for title in texts["title"]]
    return {name: kept for name, values in texts.items() if (kept := [value for value in values if value])}


def hit(card: dict, *, title_html: SafeString, snippet_html: SafeString, score: float) -> Hit:
    """Return the hit that a stored ``card`` shows."""
    values = {name: tuple(card[name]) if isinstance(card[name], list) else card[name] for name in _CARD}
    values |= {name: values[name] and datetime.fromisoformat(values[name]) for name in _MOMENTS}
    return Hit(**values, title_html=title_html, snippet_html=snippet_html, score=score)
