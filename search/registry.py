"""What the apps above plug into search, in their ``AppConfig.ready()``, and the engine that the settings choose."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from django.conf import settings
from django.utils.module_loading import import_string

from .documents import PUBLIC, SearchEngine, SearchSource, Viewer

#: Takes slugs, returns the words of the active language for those that it knows.
LabelsOf = Callable[[list[str]], dict[str, str]]
#: Takes a user, maybe anonymous, and returns the audiences that the user belongs to, PUBLIC apart.
AudiencesOf = Callable[[Viewer], Iterable[str]]

_sources: dict[str, SearchSource] = {}
_labels: dict[str, LabelsOf] = {}
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


def source_named(name: str) -> SearchSource | None:
    """Return the source called ``name``, or None where its app is not installed any more."""
    return _sources.get(name)


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
    known = _labels[facet](wanted) if wanted and facet in _labels else {}
    return {slug: str(known.get(slug) or slug.replace("-", " ").capitalize()) for slug in wanted}


def register_audiences(audiences_of: AudiencesOf) -> None:
    """Let ``audiences_of`` add to the audiences of a user, for example the communities the user is a member of."""
    _audiences.append(audiences_of)


def audiences_for(user: Viewer) -> frozenset[str]:
    """Return the audiences of ``user``; an anonymous visitor belongs to what is public."""
    return frozenset({PUBLIC}).union(*(audiences_of(user) for audiences_of in _audiences))


def get_engine() -> SearchEngine:
    """Return the engine that ``settings.SEARCH_ENGINE`` names."""
    return _engine(settings.SEARCH_ENGINE)


@lru_cache
def _engine(path: str) -> SearchEngine:
    return import_string(path)()
