"""Whether index and database say the same, and the repair of what does not.

Both are walked side by side in the order of keys, and every document is built anew and compared by its digest. What
waits in the outbox is on its way and not compared, nor is what changed while the walk went on: a busy portal gives no
false alarm.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice

from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from search import indexing
from search.documents import SearchEngine, SearchSource, Versioned
from search.models import OutboxEntry, OutboxQuerySet
from search.registry import engines, source_for, sources

#: Keys that are compared at once.
BATCH = 1000

#: Refused documents whose reasons are told.
TOLD = 100
#: From the gravest on; a key is listed under the first that holds.
PROBLEMS = ("forbidden", "extra", "missing", "stale")


@dataclass
class Comparison:
    """What differs, by key.

    ``forbidden`` is found by visitors although the database does not show it to them, which is an alarm; ``extra`` is
    found and should not be; ``missing`` should be found and is not; ``stale`` is held as it was once. ``waiting``
    counts what is on its way, ``refused`` what could not be taken so far.
    """

    checked: int = 0
    forbidden: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    stale: list[str] = field(default_factory=list)
    waiting: int = 0
    refused: int = 0
    #: Why, by key, for the first of the refused ones.
    reasons: dict[str, str] = field(default_factory=dict)
    #: The version that the index holds of each key that differs.
    held: dict[str, int] = field(default_factory=dict)

    @property
    def drifted(self) -> list[str]:
        """Return every key that differs."""
        return [key for problem in PROBLEMS for key in getattr(self, problem)]


@dataclass(frozen=True)
class Pair:
    """A key as the database and as the index have it."""

    key: str
    wanted: bool
    held: Versioned | None


def verify(
    progress: Callable[[int, int], None] = lambda done, total: None, *, engine: SearchEngine | None = None
) -> Comparison:
    """Compare the index of ``engine`` and the database; ``progress`` is told how many keys of about how many are done.

    Raises SearchUnavailable.
    """
    engine = engine or engines()[0]
    started_at = timezone.now()
    entries = OutboxEntry.objects.filter(engine=engine.name)
    waiting = set(entries.pending().values_list("key", flat=True))
    comparison = Comparison(refused=entries.refused().count())
    comparison.waiting = len(waiting) - comparison.refused
    comparison.reasons = dict(entries.refused().order_by("pk").values_list("key", "error")[:TOLD])
    wanted = sorted(chain.from_iterable(source.keys() for source in sources()))
    pairs = _side_by_side(wanted, engine.versions())
    while batch := list(islice(pairs, BATCH)):
        keys = [pair.key for pair in batch]
        found = {entry.key: entry for entry in entries.filter(key__in=keys)}
        changed = {key for key, entry in found.items() if entry.updated_at >= started_at}
        versions = dict.fromkeys(keys, 0) | {key: entry.version for key, entry in found.items()}
        by_kind = defaultdict(list)
        for pair in batch:
            if pair.key not in waiting and pair.key not in changed:
                by_kind[pair.key.partition(":")[0]].append(pair)
        for kind, settled in by_kind.items():
            _compare(source_for(kind), settled, versions, comparison)
        comparison.checked += len(batch)
        progress(comparison.checked, max(len(wanted), comparison.checked))
    _leave_out_changed(comparison, entries.filter(updated_at__gte=started_at))
    return comparison


def repair(comparison: Comparison, *, engine: SearchEngine | None = None) -> None:
    """Have everything that differs indexed or taken out once more, and do it now. Raises SearchUnavailable."""
    engine = engine or engines()[0]
    orphans = []
    again = defaultdict(list)
    for key in comparison.drifted:
        above = comparison.held.get(key, 0)
        if source := source_for(key.partition(":")[0]):
            again[source.name, above].append(key)
        else:
            orphans.append((key, above))
    for source in sources():
        for (name, above), keys in again.items():
            if name == source.name:
                indexing.schedule_keys(source, keys, above=above)
    engine.write([], orphans)
    while indexing.drain_engine(engine, now=timezone.now()).more:
        pass


def _leave_out_changed(comparison: Comparison, entries: OutboxQuerySet) -> None:
    """Take out what changed after it was looked up and before its document was read."""
    drifted = comparison.drifted
    for start in range(0, len(drifted), BATCH):
        for key in entries.filter(key__in=drifted[start : start + BATCH]).values_list("key", flat=True):
            for problem in PROBLEMS:
                if key in (keys := getattr(comparison, problem)):
                    keys.remove(key)


def _side_by_side(wanted: list[str], held: Iterator[Versioned]) -> Iterator[Pair]:
    """Yield every key that either side has, in order."""
    rest = iter(held)
    there = next(rest, None)
    for key in wanted:
        while there is not None and there.key < key:
            yield Pair(there.key, wanted=False, held=there)
            there = next(rest, None)
        if there is not None and there.key == key:
            yield Pair(key, wanted=True, held=there)
            there = next(rest, None)
        else:
            yield Pair(key, wanted=True, held=None)
    while there is not None:
        yield Pair(there.key, wanted=False, held=there)
        there = next(rest, None)


def _compare(source: SearchSource | None, pairs: list[Pair], versions: dict[str, int], comparison: Comparison) -> None:
    keys = [pair.key for pair in pairs]
    documents = {document.key: document for document in source.documents(keys)} if source else {}
    public = [pair.key for pair in pairs if pair.held and pair.held.public]
    shown = source.visible(public, AnonymousUser()) if source and public else set()
    for pair in pairs:
        document = documents.get(pair.key) if pair.wanted else None
        held = pair.held
        if held and held.public and pair.key not in shown:
            problem = "forbidden"
        elif held and document is None:
            problem = "extra"
        elif held is None and document is not None:
            problem = "missing"
        # A version ahead of the outbox, as after a restored backup, would keep every later change out.
        elif held and (held.digest != document.digest or held.version > versions[pair.key]):
            problem = "stale"
        else:
            continue
        getattr(comparison, problem).append(pair.key)
        if held:
            comparison.held[pair.key] = held.version
