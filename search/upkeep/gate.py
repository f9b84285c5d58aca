"""What a new index has to pass before it is read: its keys, its versions, a sample of its documents, some questions."""

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime

from search.documents import PUBLIC, SearchCriteria, SearchDocument, SearchEngine, Versioned
from search.editorial import synonyms
from search.models import OutboxEntry
from search.registry import source_for

#: Documents that are built anew and compared, and those of them whose titles are asked for.
SAMPLED, ASKED = 200, 5
#: Times that numbers are compared which writers may change in between.
TRIES = 3
KEYS_AT_ONCE = 1000


class RebuildFailed(Exception):
    """The new index did not pass the gate; the present one goes on."""


def check(engine: SearchEngine, fresh: SearchEngine, written: dict[str, int], *, started_at: datetime) -> None:
    """Raise RebuildFailed unless ``fresh`` holds what was ``written``, by key and version, and answers with it.

    What changed since ``started_at`` is on its way to both indices and is not compared.
    """
    held = {each.key: each for each in fresh.versions()}
    _check_keys(engine, held, written, started_at)
    _check_versions(held, written)
    sample = random.Random(0).sample(sorted(held), min(SAMPLED, len(held)))  # noqa: S311 - a sample, no secret
    documents = {document.key: document for document in _documents(sample)}
    _check_digests(engine, held, documents, sample, started_at)
    _ask(fresh, held, documents)


def _check_keys(
    engine: SearchEngine, held: dict[str, Versioned], written: dict[str, int], started_at: datetime
) -> None:
    missing = sorted(written.keys() - held.keys())
    # What was deleted meanwhile is rightly gone, also where it came back a moment ago.
    wanted = {document.key for document in _documents(missing)}
    if lost := sorted(wanted - _changed(engine, wanted, started_at)):
        raise RebuildFailed(f"The new index lost {len(lost)} documents, {lost[0]} among them.")
    extra = sorted(held.keys() - written.keys())
    if strange := sorted(set(extra) - _changed(engine, extra, started_at)):
        raise RebuildFailed(f"The new index holds {len(strange)} documents that nobody wrote, {strange[0]} among them.")


def _check_versions(held: dict[str, Versioned], written: dict[str, int]) -> None:
    older = [key for key, version in written.items() if key in held and held[key].version < version]
    if older:
        raise RebuildFailed(f"The new index holds {len(older)} documents in older versions, {older[0]} among them.")


def _check_digests(
    engine: SearchEngine,
    held: dict[str, Versioned],
    documents: dict[str, SearchDocument],
    sample: list[str],
    started_at: datetime,
) -> None:
    other = {key for key in sample if key not in documents or documents[key].digest != held[key].digest}
    if different := sorted(other - _changed(engine, other, started_at)):
        raise RebuildFailed(f"{len(different)} documents differ from the database, {different[0]} among them.")


def _ask(fresh: SearchEngine, held: dict[str, Versioned], documents: dict[str, SearchDocument]) -> None:
    """Ask the new index for everything, and for some titles."""
    public = sum(each.public for each in held.values())
    for left in reversed(range(TRIES)):
        total = fresh.search(SearchCriteria(page_size=1)).total
        if total == public:
            break
        if not left:
            raise RebuildFailed(f"The new index holds {public} public documents and finds {total}.")
        public = sum(each.public for each in fresh.versions())
    asked = [document for document in documents.values() if any(part.title for part in document.parts)]
    for document in asked[:ASKED]:
        title = next(part.title for part in document.parts if part.title)
        criteria = SearchCriteria(
            text=title, concepts=synonyms.concepts(title), audiences=document.audiences | {PUBLIC}
        )
        if not fresh.search(criteria).hits:
            raise RebuildFailed(f"The new index finds nothing for the title of {document.key}.")


def _changed(engine: SearchEngine, keys: Iterable[str], started_at: datetime) -> set[str]:
    """Return those of ``keys`` that changed since the rebuild began."""
    changed: set[str] = set()
    for batch in _batches(sorted(keys)):
        entries = OutboxEntry.objects.filter(engine=engine.name, key__in=batch, updated_at__gte=started_at)
        changed |= set(entries.values_list("key", flat=True))
    return changed


def _documents(keys: list[str]) -> Iterator[SearchDocument]:
    by_kind = defaultdict(list)
    for key in keys:
        by_kind[key.partition(":")[0]].append(key)
    for kind, mine in by_kind.items():
        if source := source_for(kind):
            for batch in _batches(mine):
                yield from source.documents(batch)


def _batches(keys: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(keys), KEYS_AT_ONCE):
        yield keys[start : start + KEYS_AT_ONCE]
