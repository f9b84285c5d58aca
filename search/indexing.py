"""From a change in the database to the index, by way of the outbox.

``schedule_index`` writes a row in the transaction of the change. ``drain`` takes rows that are due, in four steps,
each of which may be the last one of a killed process:

1. ``claim`` commits a lease on the rows and remembers their versions;
2. ``read`` asks the sources for the documents as they are now, outside any transaction;
3. ``write`` hands them to the engine, labelled with the versions of step 1;
4. ``settle`` marks those versions as taken, and no newer one.

Content read after its version is at least as new as that version, and whatever is newer has a pending row of its own.
So two drains at once, a late one or one cut short can only do work twice: the engine keeps the newest version, and a
lease that nobody settles runs out. Each engine in use has rows of its own, so that one may be away while another goes
on.
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import InterfaceError, OperationalError, connections, router, transaction
from django.db.models import F
from django.utils import timezone

from . import tasks
from .documents import SearchBusy, SearchDocument, SearchEngine, SearchSource, SearchUnavailable
from .models import OutboxEntry
from .registry import engines, source_for

logger = logging.getLogger(__name__)

BATCH = 200
#: How long a worker may take for a batch before another one may take it too.
LEASE = timedelta(seconds=60)
#: The pause while the engine does not answer. It is not the rows' fault, so it neither grows nor counts.
ENGINE_PAUSE = timedelta(seconds=15)
#: The pause after a refusal doubles from the first to the last.
FIRST_PAUSE, LAST_PAUSE = timedelta(seconds=30), timedelta(hours=6)
MAX_ERROR_LENGTH = 1000

Item = TypeVar("Item", bound=Hashable)


class UnknownKind(Exception):
    """No registered source offers this kind."""


def schedule_index(kind: str, pk: int) -> None:
    """Have the thing of ``kind`` with ``pk`` indexed, or taken out of the index, after the caller's transaction."""
    schedule_indexes(kind, [pk])


def schedule_indexes(kind: str, pks: Iterable[int]) -> None:
    """Have all these things indexed or taken out. Works for rows changed by ``update()`` and for deleted ones too.

    Raises UnknownKind.
    """
    source = source_for(kind)
    if source is None:
        raise UnknownKind(kind)
    schedule_keys(source, (f"{kind}:{pk}" for pk in pks))


def schedule_keys(source: SearchSource, keys: Iterable[str], *, above: int = 0) -> None:
    """As ``schedule_indexes``, by key; ``above`` is a version that the index holds and the new ones have to pass."""
    keys, now = list(keys), timezone.now()
    for engine in engines():
        OutboxEntry.objects.bump(engine=engine.name, source=source.name, keys=keys, now=now, above=above)
    tasks.drain_outbox.delay_on_commit()


@dataclass(frozen=True)
class Drained:
    """What one drain did: keys the engine took, keys refused; ``more`` says that another drain has work."""

    taken: int = 0
    refused: int = 0
    more: bool = False


@dataclass
class Batch:
    """Documents and deletions of one source, ready for the engine; refused keys with the reason, those with no turn."""

    documents: list[tuple[SearchDocument, int]] = field(default_factory=list)
    deletions: list[tuple[str, int]] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    busy: set[str] = field(default_factory=set)


def drain(*, now: datetime, limit: int = BATCH) -> Drained:
    """Bring up to ``limit`` due rows into each index. Safe beside itself, late, twice, and killed at any line."""
    done = [drain_engine(engine, now=now, limit=limit) for engine in engines()]
    return Drained(
        taken=sum(each.taken for each in done),
        refused=sum(each.refused for each in done),
        more=any(each.more for each in done),
    )


def drain_engine(engine: SearchEngine, *, now: datetime, limit: int = BATCH) -> Drained:
    """Bring up to ``limit`` due rows of ``engine`` into its index."""
    entries = claim(engine, now=now, limit=limit)
    refused: dict[str, str] = {}
    busy: set[str] = set()
    try:
        for source, versions in _by_source(entries).items():
            batch = read(source, versions)
            write(engine, batch)
            refused |= batch.refused
            busy |= batch.busy
    except SearchUnavailable as error:
        postpone(entries, now=now, error=error)
        logger.warning("The search engine does not answer, %d entries wait: %s", len(entries), error)
        return Drained()
    if busy:
        waiting = [entry for entry in entries if entry.key in busy]
        postpone(waiting, now=now, error=SearchUnavailable("it had no time for this item"))
        logger.warning("The search engine had no time for %d entries of %d", len(waiting), len(entries))
        entries = [entry for entry in entries if entry.key not in busy]
    settle(entries, refused, now=now)
    more = not busy and len(entries) == limit
    return Drained(taken=len(entries) - len(refused), refused=len(refused), more=more)


def claim(engine: SearchEngine, *, now: datetime, limit: int) -> list[OutboxEntry]:
    """Lease up to ``limit`` due rows and return them with the versions that count for this drain."""
    database = router.db_for_write(OutboxEntry)
    features = connections[database].features
    due = OutboxEntry.objects.using(database).due(now).filter(engine=engine.name)
    if not due.exists():
        return []  # without a transaction, which on SQLite would make writers wait at each sweep
    with transaction.atomic(using=database):
        if features.has_select_for_update:
            due = due.select_for_update(skip_locked=features.has_select_for_update_skip_locked)
        entries = list(due.order_by(F("next_attempt_at").asc(nulls_first=True), "pk")[:limit])
        leased = OutboxEntry.objects.using(database).filter(pk__in=[entry.pk for entry in entries])
        leased.update(next_attempt_at=now + LEASE)
    return entries


def read(source: SearchSource | None, versions: dict[str, int]) -> Batch:
    """Read the documents of the keys in ``versions``; a key that cannot be built is refused and delays no other."""
    batch = Batch()
    if source is None:
        batch.refused = dict.fromkeys(versions, "No registered source offers this kind.")
        return batch

    def take(keys: list[str]) -> None:
        documents = {document.key: document for document in source.documents(keys)}
        for key in keys:
            if key in documents:
                batch.documents.append((documents[key], versions[key]))
            else:
                batch.deletions.append((key, versions[key]))

    batch.refused = _each_if_not_all(take, list(versions))
    return batch


def write(engine: SearchEngine, batch: Batch) -> None:
    """Hand ``batch`` to ``engine``, adding what it refuses and what it has no time for. Raises SearchUnavailable."""

    def take(items: list[tuple[SearchDocument | str, int]]) -> None:
        documents = [item for item in items if isinstance(item[0], SearchDocument)]
        deletions = [item for item in items if isinstance(item[0], str)]
        try:
            batch.refused.update(engine.write(documents, deletions))
        except SearchBusy as error:
            batch.refused.update(error.refused)
            batch.busy.update(error.keys)

    failed = _each_if_not_all(take, [*batch.documents, *batch.deletions])
    batch.refused.update({_key(item): reason for (item, _version), reason in failed.items()})


def _key(item: SearchDocument | str) -> str:
    return item if isinstance(item, str) else item.key


def settle(entries: list[OutboxEntry], refused: dict[str, str], *, now: datetime) -> None:
    """Mark the claimed versions as taken, and of the refused ones the reason and the time of the next attempt.

    A row that was bumped meanwhile keeps its newer version pending.
    """
    taken = defaultdict(list)
    for entry in entries:
        if entry.key in refused:
            _refuse(entry, refused[entry.key], now=now)
        else:
            taken[entry.version].append(entry.pk)
    for version, pks in taken.items():
        rows = OutboxEntry.objects.filter(pk__in=pks)
        rows.filter(done_version__lt=version).update(done_version=version)
        rows.filter(version=version).update(attempts=0, error="", next_attempt_at=None)


def postpone(entries: list[OutboxEntry], *, now: datetime, error: SearchUnavailable) -> None:
    """Let ``entries`` wait for the engine to come back."""
    reason = f"The engine does not answer: {error}"[:MAX_ERROR_LENGTH]
    rows = OutboxEntry.objects.pending().filter(pk__in=[entry.pk for entry in entries])
    rows.update(next_attempt_at=now + ENGINE_PAUSE, error=reason)


def _refuse(entry: OutboxEntry, reason: str, *, now: datetime) -> None:
    logger.error("%s cannot be indexed: %s", entry.key, reason)
    pause = min(FIRST_PAUSE * 2 ** min(entry.attempts, 20), LAST_PAUSE)
    OutboxEntry.objects.filter(pk=entry.pk, version=entry.version).update(
        attempts=entry.attempts + 1, error=reason[:MAX_ERROR_LENGTH], next_attempt_at=now + pause
    )


def _by_source(entries: list[OutboxEntry]) -> dict[SearchSource | None, dict[str, int]]:
    """Return the versions of the entries' keys by the source of their kind, whatever it was called at their time."""
    versions: dict[SearchSource | None, dict[str, int]] = defaultdict(dict)
    for entry in entries:
        versions[source_for(entry.key.partition(":")[0])][entry.key] = entry.version
    return versions


def _each_if_not_all(act: Callable[[list[Item]], None], items: list[Item]) -> dict[Item, str]:
    """Call ``act`` on all ``items`` at once; should that fail, on each alone. Return what failed alone, and why.

    A database or an engine that is away is nobody's fault among the items and is raised.
    """
    if not items:
        return {}
    try:
        act(items)
    except (InterfaceError, OperationalError, SearchUnavailable):
        raise
    except Exception as error:  # noqa: BLE001 - one bad document must not hold up the others, whatever it raises
        if len(items) == 1:
            return {items[0]: f"{type(error).__name__}: {error}"}
        failed: dict[Item, str] = {}
        for item in items:
            failed |= _each_if_not_all(act, [item])
        return failed
    return {}
