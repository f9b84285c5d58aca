"""A new index from the database, filled aside while the present one serves and takes every change."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from django.utils import timezone

from search import indexing
from search.documents import SearchEngine, SearchSource
from search.models import OutboxEntry
from search.registry import get_engine, sources

BATCH = 200


class RebuildFailed(Exception):
    """The new index did not pass the gate; the present one goes on."""


@dataclass
class Rebuilt:
    """What went into the new index: the keys it holds as documents, and the reason for each that was refused."""

    written: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)
    entries: list[OutboxEntry] = field(default_factory=list)


def rebuild(progress: Callable[[int, int], None] = lambda done, total: None) -> Rebuilt:
    """Fill a new index from every source and put it in the place of the present one.

    ``progress`` is told how many keys of how many are done. Killed at any line, the present index goes on and the next
    rebuild starts anew. Raises SearchUnavailable, RebuildFailed, RebuildOvertaken.
    """
    engine = get_engine()
    # From here on changes go to both, so what the lists below do not know yet reaches the new index by the outbox.
    fresh = engine.start_rebuild()
    keys = {source.name: sorted(_known_keys(engine, source)) for source in sources()}
    total, done, rebuilt = sum(map(len, keys.values())), 0, Rebuilt()
    for source in sources():
        for batch in batches(keys[source.name]):
            _fill(engine, fresh, source, batch, rebuilt)
            done += len(batch)
            progress(done, total)
    _check(fresh, rebuilt)
    engine.finish_rebuild(fresh)
    _settle(rebuilt)
    return rebuilt


def batches(keys: list[str]) -> Iterator[list[str]]:
    """Yield ``keys`` in lists of a size that a source and an engine take at once."""
    rest = iter(keys)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _known_keys(engine: SearchEngine, source: SearchSource) -> set[str]:
    """Return what should be found, and what was deleted once: its tombstone keeps late writes out of a new index."""
    entries = OutboxEntry.objects.filter(engine=engine.name, source=source.name)
    return {*source.keys(), *entries.values_list("key", flat=True).iterator()}


def _fill(engine: SearchEngine, fresh: SearchEngine, source: SearchSource, keys: list[str], rebuilt: Rebuilt) -> None:
    # The versions first: content read after its version is at least as new.
    entries = list(OutboxEntry.objects.filter(engine=engine.name, source=source.name, key__in=keys))
    versions = dict.fromkeys(keys, 0) | {entry.key: entry.version for entry in entries}
    batch = indexing.read(source, versions)
    indexing.write(fresh, batch)
    rebuilt.entries += entries
    rebuilt.refused |= batch.refused
    rebuilt.written |= {document.key for document, _version in batch.documents} - set(batch.refused)


def _check(fresh: SearchEngine, rebuilt: Rebuilt) -> None:
    """The gate: what was written is there, unless it was deleted meanwhile."""
    missing = rebuilt.written - {held.key for held in fresh.versions()}
    for source in sources():
        mine = [key for key in sorted(missing) if key.partition(":")[0] in source.kinds]
        for batch in batches(mine):
            if lost := [document.key for document in source.documents(batch)]:
                raise RebuildFailed(f"The new index lost {len(lost)} documents, {lost[0]} among them.")


def _settle(rebuilt: Rebuilt) -> None:
    """Spare the drain what the rebuild has done; what was refused stays pending, with its reason."""
    for start in range(0, len(rebuilt.entries), BATCH):
        indexing.settle(rebuilt.entries[start : start + BATCH], rebuilt.refused, now=timezone.now())
    without_entry = set(rebuilt.refused) - {entry.key for entry in rebuilt.entries}
    for source in sources():
        mine = [key for key in without_entry if key.partition(":")[0] in source.kinds]
        if mine:
            indexing.schedule_keys(source, mine)
