"""Which entries of the registries a text names: by a name, another name or a short name."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize

from knowledge.models import Cluster, Initiative, Institution, ResourceCentre, Scheme
from knowledge.models.base import RegistryEntry
from search.analysis import Word, words
from search.editorial.remembered import Remembered

#: Shorter names than this are words of the language as often as names.
SHORTEST_NAME = 6
SHORTEST_SHORT_NAME = 3

_MODELS: tuple[type[RegistryEntry], ...] = (Scheme, ResourceCentre, Initiative, Institution, Cluster)
_BY_KIND = {model.kind: model for model in _MODELS}
#: A centre goes by the names of its institution too.
_OF_OTHERS = {ResourceCentre: "institution"}
_FIELDS = ("name", "name_hi", "short_name", "aliases")


@dataclass(frozen=True)
class Naming:
    """A stretch of a text, from character ``start`` to ``end``, that names the entry ``pk`` of ``kind``."""

    kind: str
    pk: int
    start: int
    end: int


#: The words of a name, in small letters; those of a short name as they are written, after a mark of their own.
_Words = tuple[str, ...]


@dataclass(frozen=True)
class _Names:
    entries: dict[_Words, list[tuple[str, int]]]
    #: The numbers of words of the names that begin with a word, longest first.
    lengths: dict[str, list[int]]


def _words_of(name: str) -> _Words:
    return tuple(_small(word.written) for word in words(name))


def _small(written: str) -> str:
    return normalize("NFC", written).casefold()


def _read_names() -> _Names:
    entries: dict[_Words, list[tuple[str, int]]] = defaultdict(list)
    for model in _MODELS:
        for prefix in ("", _OF_OTHERS.get(model)):
            if prefix is None:
                continue
            fields = [f"{prefix}__{field}" if prefix else field for field in _FIELDS]
            for pk, name, name_hi, short, aliases in model.objects.current().values_list("pk", *fields):
                long = {
                    _words_of(each) for each in (name, name_hi, *aliases.splitlines()) if len(each) >= SHORTEST_NAME
                }
                # Short names are written in capitals; in small letters "step" is a word and no scheme.
                if len(short) >= SHORTEST_SHORT_NAME and not short.islower():
                    long.add(("", *(word.written for word in words(short))))
                for found in long:
                    entries[found].append((model.kind, pk))
    entries.pop((), None)
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in entries:
        if name[0]:
            lengths[name[0]].add(len(name))
        elif len(name) > 1:
            lengths[_small(name[1])].add(len(name) - 1)
    return _Names(dict(entries), {first: sorted(counts, reverse=True) for first, counts in lengths.items()})


_names = Remembered(_read_names)


def namings_in(text: str) -> list[Naming]:
    """Return where ``text`` names entries that are public now, in the order of the text; longer names win."""
    names, found, written = _names.get(), [], list(words(text))
    small = [_small(word.written) for word in written]
    at = 0
    while at < len(written):
        length, entries = _longest_at(names, written, small, at)
        found += [Naming(kind, pk, written[at].start, written[at + length - 1].end) for kind, pk in sorted(entries)]
        at += length
    return found


def _longest_at(names: _Names, written: list[Word], small: list[str], at: int) -> tuple[int, set[tuple[str, int]]]:
    """Return how many words from ``at`` on are a name, and whose; one word and nobody's where they are none."""
    for length in names.lengths.get(small[at], ()):
        exact = ("", *(word.written for word in written[at : at + length]))
        entries = {*names.entries.get(tuple(small[at : at + length]), ()), *names.entries.get(exact, ())}
        if entries and at + length <= len(written):
            return length, entries
    return 1, set()


def entries_of(namings: Iterable[Naming], limit: int | None = None) -> list[RegistryEntry]:
    """Return the entries that ``namings`` name, each once, in that order; at most ``limit``, one query per kind."""
    keys = list(dict.fromkeys((naming.kind, naming.pk) for naming in namings))[:limit]
    rows = {}
    for kind in {kind for kind, _pk in keys}:
        entries = _BY_KIND[kind].objects.current().in_bulk([pk for other, pk in keys if other == kind])
        rows |= {(kind, pk): entry for pk, entry in entries.items()}
    return [rows[key] for key in keys if key in rows]
