"""A new index from the database, filled aside while the present one serves and takes every change.

Documents are built in the caller's thread, which has the database; a second thread hands them to the engine, so that
neither waits for the other.
"""

import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils import timezone

from search import indexing
from search.documents import SearchEngine, SearchSource, SearchUnavailable
from search.models import OutboxEntry
from search.registry import engines, sources

from . import gate
from .verification import verify

#: Documents of one kind that are read at once: with some eight queries, so that ten suffice for a thousand.
BATCH = 1000
#: Batches that wait for the engine before building pauses.
AHEAD = 2
#: Pauses in seconds before what the engine had no time for is offered again.
PAUSES = (1, 2, 4, 8, 16)

Progress = Callable[[int, int], None]


@dataclass
class Rebuilt:
    """What went into the new index: the version of each key that it holds, the reason for each that was refused."""

    written: dict[str, int] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    #: Rows of the outbox that were pending when the documents were read.
    pending: list[OutboxEntry] = field(default_factory=list)


def rebuild(progress: Progress = lambda done, total: None, *, engine: SearchEngine | None = None) -> Rebuilt:
    """Fill a new index of ``engine`` from every source and put it in the place of the present one.

    ``progress`` is told how many keys of how many are done. Killed at any line, the present index goes on and the next
    rebuild starts anew. Raises SearchUnavailable, RebuildFailed, RebuildOvertaken.
    """
    engine = engine or engines()[0]
    started_at = timezone.now()
    # From here on changes go to both, so what the lists below do not know yet reaches the new index by the outbox.
    fresh = engine.start_rebuild()
    try:
        rebuilt = _fill(engine, fresh, progress)
        _check(engine, fresh, rebuilt, started_at)
    except Exception:
        with suppress(SearchUnavailable):
            engine.abandon_rebuild(fresh)
        raise
    engine.finish_rebuild(fresh)
    _settle(rebuilt)
    return rebuilt


def is_needed(engine: SearchEngine, progress: Progress = lambda done, total: None) -> bool:
    """Return whether the index of ``engine`` was made by another version of the portal, is missing, or has drifted."""
    return engine.state() != "current" or bool(verify(progress, engine=engine).drifted)


def _fill(engine: SearchEngine, fresh: SearchEngine, progress: Progress) -> Rebuilt:
    keys = {source.name: sorted(_known_keys(engine, source)) for source in sources()}
    total, done, rebuilt = sum(map(len, keys.values())), 0, Rebuilt()
    with _Writer(fresh, rebuilt) as writer:
        for source in sources():
            for batch in _batches(keys[source.name]):
                writer.take(_read(engine, source, batch, rebuilt))
                done += len(batch)
                progress(done, total)
    return rebuilt


def _known_keys(engine: SearchEngine, source: SearchSource) -> set[str]:
    """Return what should be found, and what was deleted once: its tombstone keeps late writes out of a new index."""
    entries = OutboxEntry.objects.filter(engine=engine.name, source=source.name)
    return {*source.keys(), *entries.values_list("key", flat=True).iterator()}


def _batches(keys: list[str]) -> Iterator[list[str]]:
    """Yield sorted ``keys`` in lists of one kind each, which a source reads with a constant number of queries."""
    for _kind, group in groupby(keys, lambda key: key.partition(":")[0]):
        mine = list(group)
        for start in range(0, len(mine), BATCH):
            yield mine[start : start + BATCH]


def _read(engine: SearchEngine, source: SearchSource, keys: list[str], rebuilt: Rebuilt) -> indexing.Batch:
    # The versions first: content read after its version is at least as new.
    entries = list(OutboxEntry.objects.filter(engine=engine.name, source=source.name, key__in=keys))
    rebuilt.pending += [entry for entry in entries if entry.version > entry.done_version]
    versions = dict.fromkeys(keys, 0) | {entry.key: entry.version for entry in entries}
    return indexing.read(source, versions)


class _Writer:
    """Writes batches in a thread of its own, in order. Leaving waits for the last, and raises what went wrong."""

    def __init__(self, fresh: SearchEngine, rebuilt: Rebuilt) -> None:
        self._fresh, self._rebuilt = fresh, rebuilt
        self._batches: queue.Queue[indexing.Batch | None] = queue.Queue(AHEAD)
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="search rebuild", daemon=True)

    def __enter__(self) -> "_Writer":
        self._thread.start()
        return self

    def __exit__(self, kind: type | None, *args) -> None:
        self._batches.put(None)
        self._thread.join()
        if kind is None:
            self._raise()

    def take(self, batch: indexing.Batch) -> None:
        """Have ``batch`` written; waits while too many wait already. Raises what an earlier one raised."""
        self._raise()
        self._batches.put(batch)

    def _raise(self) -> None:
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        while (batch := self._batches.get()) is not None:
            if self._error is not None:
                continue  # keeps the queue moving for whoever waits to put
            try:
                self._write(batch)
            except Exception as error:  # noqa: BLE001 - raised in the thread that waits
                self._error = error

    def _write(self, batch: indexing.Batch) -> None:
        indexing.write(self._fresh, batch)
        for pause in PAUSES:
            if not batch.busy:
                break
            time.sleep(pause)
            again = indexing.Batch(
                documents=[each for each in batch.documents if each[0].key in batch.busy],
                deletions=[each for each in batch.deletions if each[0] in batch.busy],
            )
            indexing.write(self._fresh, again)
            batch.refused |= again.refused
            batch.busy = again.busy
        if batch.busy:
            raise SearchUnavailable(f"The engine had no time for {len(batch.busy)} documents of the new index.")
        self._rebuilt.refused |= batch.refused
        kept = {document.key: version for document, version in batch.documents if document.key not in batch.refused}
        self._rebuilt.written |= kept


def _check(engine: SearchEngine, fresh: SearchEngine, rebuilt: Rebuilt, started_at: datetime) -> None:
    gate.check(engine, fresh, rebuilt.written, started_at=started_at)


def _settle(rebuilt: Rebuilt) -> None:
    """Spare the drain what the rebuild has done; what was refused stays pending, with its reason."""
    for start in range(0, len(rebuilt.pending), BATCH):
        indexing.settle(rebuilt.pending[start : start + BATCH], rebuilt.refused, now=timezone.now())
    without_entry = set(rebuilt.refused) - {entry.key for entry in rebuilt.pending}
    for source in sources():
        mine = [key for key in without_entry if key.partition(":")[0] in source.kinds]
        if mine:
            indexing.schedule_keys(source, mine)
