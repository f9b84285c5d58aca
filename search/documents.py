"""The port of search: what is indexed, what is asked, what comes back.

Everything here is a plain dataclass, so that the apps that own content, the engines and the views share
these shapes and nothing else. Keys are ``<kind>:<pk>``; kinds are the values of ``kind=`` in an address.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from django.utils import timezone

#: Audience of everybody, signed in or not.
PUBLIC = "public"
#: Audience of people who work in the admin.
STAFF = "staff"
#: Who asks: a user of Django, maybe anonymous. Search only hands it on to the sources and the rules of audiences.
Viewer = object
#: Characters and words that are read of a question; the rest of a longer one is ignored.
MAX_TEXT_LENGTH = 256
MAX_WORDS = 32


def community_audience(slug: str) -> str:
    """Return the audience of the members of the community ``slug``."""
    return f"community:{slug}"


@dataclass(frozen=True)
class Part:
    """A stretch of a document's text with the audiences that may read, match and be shown it.

    ``audiences`` holds ``PUBLIC``, ``STAFF`` or values of ``community_audience``. Text is plain, without markup.
    """

    audiences: frozenset[str]
    title: str = ""
    summary: str = ""
    body: str = ""


@dataclass(frozen=True)
class SearchDocument:
    """One searchable thing.

    Facet fields hold slugs. ``as_of`` is the year of the facts, ``verified_at`` the moment when a named owner confirmed
    them. ``title``, ``url`` and the facets are shown to everybody who may see any of the parts, so what only some may
    read belongs into a part. Only the text of parts is matched, ranked and quoted.
    """

    key: str
    kind: str
    url: str
    title: str
    parts: tuple[Part, ...]
    language: str = "en"
    summary: str = ""
    themes: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    stage: str = ""
    outcome: str = ""
    as_of: int | None = None
    verified_at: datetime | None = None
    published_at: datetime | None = None
    #: How many people said that it helped, or that they have the same problem.
    usefulness: int = 0

    @property
    def is_verified(self) -> bool:
        """Return whether a named owner has confirmed the facts: the facet ``verified``."""
        return self.verified_at is not None

    @property
    def audiences(self) -> frozenset[str]:
        """Return every audience that may see any part of this document."""
        return frozenset().union(*(part.audiences for part in self.parts))

    @property
    def digest(self) -> str:
        """Return a fingerprint of everything in this document, by which an index proves that it holds the same."""
        # Not asdict, which copies every text; a rebuild asks this of each document.
        values = vars(self) | {"parts": [vars(part) | {"audiences": sorted(part.audiences)} for part in self.parts]}
        for moment in ("published_at", "verified_at"):
            values[moment] = values[moment] and values[moment].astimezone(UTC).isoformat()
        return hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()


class SearchSource(Protocol):
    """How an app offers one or more kinds to the index. Registered in ``AppConfig.ready()``."""

    name: str
    kinds: tuple[str, ...]

    def keys(self) -> Iterator[str]:
        """Yield the keys of everything that should be in the index, each once."""

    def documents(self, keys: list[str]) -> Iterator[SearchDocument]:
        """Yield the documents of those ``keys`` that should be in the index now; the others are to be removed."""

    def visible(self, keys: list[str], viewer: Viewer) -> set[str]:
        """Return those of ``keys`` that ``viewer`` (a user, maybe anonymous) may see by the database's word now."""


@dataclass(frozen=True)
class Concept:
    """One idea of a question: the ``words`` as typed and what else means the same.

    A document matches by any of the words; an alternative of several words matches as a phrase.
    """

    words: str
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True)
class SearchCriteria:
    """What somebody asks. Filters are slugs: OR inside a facet, AND across facets.

    ``search.query`` fills ``concepts`` and ``audiences`` before it asks an engine: engines match by the concepts, OR
    between them, and take ``text`` only to put exact titles and phrases first. ``sort`` is ``relevance``, ``newest``
    or ``title``; without concepts relevance means newest. ``exact`` asks for the typed words without synonyms.
    ``verified`` is a facet too, with the values ``yes`` (a named owner confirmed the facts) and ``no``.
    ``published_from`` and ``published_to`` are days, both included; a document without a day is left out by either.
    """

    text: str = ""
    concepts: tuple[Concept, ...] = ()
    exact: bool = False
    kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    stages: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    published_from: date | None = None
    published_to: date | None = None
    sort: str = "relevance"
    page: int = 1
    page_size: int = 10
    audiences: frozenset[str] = frozenset({PUBLIC})

    @property
    def published_after(self) -> datetime | None:
        """Return the first moment of ``published_from`` where the portal stands; that moment is included."""
        return self.published_from and _beginning(self.published_from)

    @property
    def published_before(self) -> datetime | None:
        """Return the first moment after ``published_to``, which is not included any more."""
        if self.published_to in (None, date.max):
            return None
        return _beginning(self.published_to + timedelta(days=1))


def _beginning(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=timezone.get_default_timezone())


@dataclass(frozen=True)
class Hit:
    """One result. ``title_html`` and ``snippet_html`` are escaped text in which only ``<mark>`` is markup."""

    key: str
    kind: str
    url: str
    title: str
    title_html: str
    snippet_html: str
    score: float
    language: str = "en"
    themes: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    stage: str = ""
    outcome: str = ""
    as_of: int | None = None
    verified_at: datetime | None = None
    published_at: datetime | None = None


@dataclass(frozen=True)
class FacetValue:
    """A value of a facet.

    ``count`` is the number of results if it were the only choice in its facet, all other facets staying as they are.
    """

    value: str
    count: int
    selected: bool = False


@dataclass(frozen=True)
class SearchResults:
    """A page of hits with the count of all and the facets: ``kind, theme, sector, state, stage, verified``.

    ``pages`` counts what can be paged to, which ``SEARCH_WINDOW`` bounds. ``relaxed`` says that nothing matched what
    was typed and that these are the results of ``corrected`` instead.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    page: int = 1
    pages: int = 0
    facets: dict[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    also_searched: tuple[str, ...] = ()
    relaxed: bool = False
    corrected: str = ""


@dataclass(frozen=True)
class Versioned:
    """What an engine holds of a key: the version it last took, the document's digest, whether visitors find it."""

    key: str
    version: int
    digest: str = ""
    public: bool = False


class SearchUnavailable(Exception):
    """The engine does not answer; callers show a calm page and go on."""


class SearchBusy(SearchUnavailable):
    """The engine had no time for ``keys``, which is no fault of theirs; it took the others but the ``refused`` ones."""

    def __init__(self, message: str, keys: Iterable[str], refused: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.keys, self.refused = frozenset(keys), refused or {}


class NothingToRollBack(Exception):
    """There is no index from before the last rebuild."""


class RebuildOvertaken(Exception):
    """A second rebuild began meanwhile; only that one may still finish."""


class SearchEngine(Protocol):
    """What each engine does.

    Versions are those of the outbox, and 0 for what never had an entry there: an older version never overwrites a newer
    one and never brings a deleted document back; an equal one is taken. Every method raises SearchUnavailable when
    the engine does not answer.
    """

    name: str

    def write(self, documents: list[tuple[SearchDocument, int]], deletions: list[tuple[str, int]]) -> dict[str, str]:
        """Take documents and deletions with their versions; return the reason for each key that was refused.

        What is taken is findable on return, also through the engine of a rebuild that is under way. An older version
        than the one held is passed over, which is no refusal. Raises SearchBusy where only a part was taken.
        """

    def search(self, criteria: SearchCriteria) -> SearchResults:
        """Return a page of hits; beyond the last page there are none. Only parts of ``criteria.audiences`` count.

        The score of the words is multiplied by ``priors.prior`` and by the ageing of ``priors.fresh_at``.
        """

    def suggest(self, criteria: SearchCriteria, limit: int) -> list[Hit]:
        """Return the documents closest to a sentence that is still being typed, for "perhaps answered already"."""

    def similar(self, key: str, audiences: frozenset[str], limit: int) -> list[Hit]:
        """Return the documents most like the one of ``key`` by what these audiences may read of both, without itself.

        An unknown or unreadable key has none. Only hits that share enough to be worth a look are returned: two telling
        words at least.
        """

    def at(self, urls: list[str], audiences: frozenset[str]) -> list[Hit]:
        """Return the documents at these addresses that these audiences may see, in the order of ``urls``."""

    def correct(self, text: str, audiences: frozenset[str]) -> str:
        """Return ``text`` with unknown words replaced by close ones that these audiences can read; empty if none."""

    def versions(self) -> Iterator[Versioned]:
        """Yield what is held, deletions apart, ordered by key."""

    def start_rebuild(self) -> "SearchEngine":
        """Return a second, empty engine to be filled aside; reads go on from the present one, writes go to both."""

    def finish_rebuild(self, fresh: "SearchEngine") -> None:
        """Put ``fresh`` in the place of the present index, in one step. Raises RebuildOvertaken."""

    def abandon_rebuild(self, fresh: "SearchEngine") -> None:
        """Drop ``fresh``, which takes no writes any more; nothing happens where it was overtaken or finished."""

    def roll_back(self) -> None:
        """Put the index from before the last rebuild back in its place. Raises NothingToRollBack.

        It took every write meanwhile, so that nothing newer is lost by going back.
        """

    def clear(self) -> None:
        """Drop everything held."""

    def state(self) -> str:
        """Return whether the index is ``current``, ``outdated`` (made by another version of the portal) or ``missing``.

        A missing index, and one that is outdated and cannot be read, wants a rebuild.
        """

    def tidy(self, now: datetime) -> None:
        """Do the housekeeping of a night: drop old tombstones and what nobody will go back to."""

    def lacks(self) -> list[str]:
        """Return what the connected server or library lacks of what this engine needs, in plain words."""
