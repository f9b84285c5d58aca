"""What the apps above plug into search, in their ``AppConfig.ready()``, and the engines that the settings choose."""

import logging
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TypeVar

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from .documents import (
    PUBLIC,
    Hit,
    SearchCriteria,
    SearchEngine,
    SearchResults,
    SearchSource,
    SearchUnavailable,
    Viewer,
)
from .editorial.remembered import Remembered

logger = logging.getLogger(__name__)
Answer = TypeVar("Answer")

#: Returns the words of the active language for every slug of a facet: a vocabulary of some hundred terms at most.
LabelsOf = Callable[[], dict[str, str]]
#: Takes a user, maybe anonymous, and returns the audiences that the user belongs to, PUBLIC apart.
AudiencesOf = Callable[[Viewer], Iterable[str]]

_sources: dict[str, SearchSource] = {}
_labels: dict[str, LabelsOf] = {}
#: The words by facet and language.
_remembered_labels: dict[tuple[str, str | None], Remembered[dict[str, str]]] = {}
_audiences: list[AudiencesOf] = []


class AlreadyRegistered(Exception):
    """Two sources claim one name or one kind, or two callables the words of one facet."""


def register(source: SearchSource) -> None:
    """Offer the kinds of ``source`` to the index. Raises AlreadyRegistered."""
    if source.name in _sources:
        raise AlreadyRegistered(f"There is a search source called {source.name} already.")
    for other in _sources.values():
        if shared := set(other.kinds) & set(source.kinds):
            raise AlreadyRegistered(f"{other.name} and {source.name} both offer {', '.join(sorted(shared))}.")
    _sources[source.name] = source


def sources() -> tuple[SearchSource, ...]:
    """Return every registered source in the order of registration."""
    return tuple(_sources.values())


def source_for(kind: str) -> SearchSource | None:
    """Return the source of ``kind``, or None."""
    return next((source for source in _sources.values() if kind in source.kinds), None)


def register_labels(facet: str, labels_of: LabelsOf) -> None:
    """Let ``labels_of`` name the values of ``facet``: theme, sector, state or stage. Raises AlreadyRegistered."""
    if facet in _labels:
        raise AlreadyRegistered(f"The values of {facet} have their words already.")
    _labels[facet] = labels_of


def labels(facet: str, slugs: Iterable[str]) -> dict[str, str]:
    """Return words of the active language for all ``slugs`` of ``facet``; a slug that nobody knows is spelt out."""
    wanted = list(slugs)
    known = _known_labels(facet, wanted) if wanted and facet in _labels else {}
    return {slug: str(known.get(slug) or slug.replace("-", " ").capitalize()) for slug in wanted}


def _known_labels(facet: str, wanted: list[str]) -> dict[str, str]:
    remembered = _remembered_labels.setdefault((facet, get_language()), Remembered(_labels[facet]))
    if not remembered.get().keys() >= set(wanted):
        remembered.forget()  # a term may be newer than what is remembered
    return remembered.get()


def register_audiences(audiences_of: AudiencesOf) -> None:
    """Let ``audiences_of`` add to the audiences of a user, for example the communities the user is a member of."""
    _audiences.append(audiences_of)


def audiences_for(user: Viewer) -> frozenset[str]:
    """Return the audiences of ``user``; an anonymous visitor belongs to what is public."""
    return frozenset({PUBLIC}).union(*(audiences_of(user) for audiences_of in _audiences))


def get_engine() -> SearchEngine:
    """Return the engine that answers: that of the settings, with the fallback behind it where there is one."""
    first, *others = engines()
    return WithFallback(first, others[0]) if others else first


def engines() -> tuple[SearchEngine, ...]:
    """Return every engine that is kept in step with the database, the one that answers first."""
    paths = (settings.SEARCH_ENGINE, settings.SEARCH_FALLBACK)
    return tuple(_engine(path) for path in dict.fromkeys(paths) if path)


def engine_named(name: str) -> SearchEngine | None:
    """Return the engine called ``name`` among those in use, or None."""
    return next((engine for engine in engines() if engine.name == name), None)


class WithFallback:
    """An engine whose questions go to a second one while it does not answer; everything else concerns the first."""

    def __init__(self, first: SearchEngine, second: SearchEngine) -> None:
        self._first, self._second = first, second

    def __getattr__(self, name: str) -> object:
        return getattr(self._first, name)

    def search(self, criteria: SearchCriteria) -> SearchResults:
        return self._ask(lambda engine: engine.search(criteria))

    def suggest(self, criteria: SearchCriteria, limit: int) -> list[Hit]:
        return self._ask(lambda engine: engine.suggest(criteria, limit))

    def similar(self, key: str, audiences: frozenset[str], limit: int) -> list[Hit]:
        return self._ask(lambda engine: engine.similar(key, audiences, limit))

    def at(self, urls: list[str], audiences: frozenset[str]) -> list[Hit]:
        return self._ask(lambda engine: engine.at(urls, audiences))

    def correct(self, text: str, audiences: frozenset[str]) -> str:
        return self._ask(lambda engine: engine.correct(text, audiences))

    def _ask(self, question: Callable[[SearchEngine], Answer]) -> Answer:
        try:
            return question(self._first)
        except SearchUnavailable as error:
            logger.warning("%s does not answer, %s does: %s", self._first.name, self._second.name, error)
            return question(self._second)


@lru_cache
def _engine(path: str) -> SearchEngine:
    return import_string(path)()
