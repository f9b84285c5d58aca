"""Asking: words become concepts, the engine answers, the database has the last word on who sees a hit."""

import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from django.utils.translation import get_language

from .documents import MAX_TEXT_LENGTH, Concept, Hit, SearchCriteria, SearchResults, Viewer
from .editorial import best_bets, synonyms
from .kinds import KINDS
from .registry import audiences_for, get_engine, source_for

logger = logging.getLogger(__name__)

#: How many times more similar things are asked for, because some are of kinds that are not wanted.
SIMILAR_OF_OTHER_KINDS = 4


def find(criteria: SearchCriteria, *, viewer: Viewer | None = None) -> SearchResults:
    """Return the page of results that ``viewer`` (a user; None is a visitor) gets for ``criteria``.

    Whatever audiences the criteria name, those of the viewer count. Where nothing matches the words at all, the results
    of their corrected spelling are returned, and say so. Raises SearchUnavailable.
    """
    viewer = AnonymousUser() if viewer is None else viewer
    engine = get_engine()
    asked = _prepared(criteria, viewer)
    results = engine.search(asked)
    if asked.concepts and not results.total:
        corrected = engine.correct(asked.text, asked.audiences)
        if corrected:
            tried = _prepared(replace(criteria, text=corrected), viewer)
            better = engine.search(tried)
            if better.total:
                asked, results = tried, replace(better, relaxed=True, corrected=corrected)
    hits = visible(results.hits, viewer)
    return replace(
        results,
        hits=hits,
        total=results.total - (len(results.hits) - len(hits)),
        also_searched=tuple(dict.fromkeys(other for concept in asked.concepts for other in concept.alternatives)),
    )


def suggest(text: str, *, viewer: Viewer | None = None, kinds: tuple[str, ...] = (), limit: int = 5) -> list[Hit]:
    """Return what may answer a sentence already, or a search that is still being typed. Raises SearchUnavailable."""
    viewer = AnonymousUser() if viewer is None else viewer
    criteria = _prepared(SearchCriteria(text=text, kinds=kinds), viewer)
    if not criteria.concepts:
        return []
    return list(visible(get_engine().suggest(criteria, limit), viewer))


def pinned(text: str, *, viewer: Viewer | None = None) -> tuple[Hit, ...]:
    """Return the best bets for ``text`` that ``viewer`` may see, in the editors' order. Raises SearchUnavailable."""
    viewer = AnonymousUser() if viewer is None else viewer
    urls = best_bets.addresses(text, today=timezone.localdate())
    return visible(get_engine().at(urls, audiences_for(viewer)), viewer) if urls else ()


def similar(key: str, *, viewer: Viewer | None = None, kinds: tuple[str, ...] = (), limit: int = 4) -> tuple[Hit, ...]:
    """Return what is most like the thing of ``key`` and of one of ``kinds``, by what ``viewer`` may read.

    Raises SearchUnavailable.
    """
    viewer = AnonymousUser() if viewer is None else viewer
    hits = get_engine().similar(key, audiences_for(viewer), limit * SIMILAR_OF_OTHER_KINDS if kinds else limit)
    return visible([hit for hit in hits if not kinds or hit.kind in kinds][:limit], viewer)


def visible(hits: Iterable[Hit], viewer: Viewer) -> tuple[Hit, ...]:
    """Return the ``hits`` that ``viewer`` may see by the database's word now: the index may be a moment behind.

    Their addresses are those of the reader's language.
    """
    hits = tuple(hits)
    allowed = visible_keys((hit.key for hit in hits), viewer)
    if hidden := [hit.key for hit in hits if hit.key not in allowed]:
        logger.warning("The index offered what the database does not show: %s", ", ".join(hidden))
    return tuple(_in_readers_language(hit) for hit in hits if hit.key in allowed)


def visible_keys(keys: Iterable[str], viewer: Viewer) -> set[str]:
    """Return those of ``keys`` that ``viewer`` may see by the database's word now."""
    by_source = defaultdict(list)
    for key in keys:
        if source := source_for(key.partition(":")[0]):
            by_source[source].append(key)
    return set().union(*(source.visible(wanted, viewer) for source, wanted in by_source.items()))


def _in_readers_language(hit: Hit) -> Hit:
    language, kind = get_language(), KINDS.get(hit.kind)
    if language in (None, settings.LANGUAGE_CODE) or kind is None or kind.is_written_in_one_language:
        return hit
    return replace(hit, url=f"/{language}{hit.url}")


def concepts_of(criteria: SearchCriteria) -> tuple[Concept, ...]:
    """Return the concepts of the criteria's text, with synonyms unless they ask for the typed words alone."""
    return synonyms.concepts(criteria.text) if criteria.exact else synonyms.expand(criteria.text)


def _prepared(criteria: SearchCriteria, viewer: Viewer) -> SearchCriteria:
    criteria = replace(criteria, text=criteria.text[:MAX_TEXT_LENGTH])
    return replace(criteria, concepts=concepts_of(criteria), audiences=audiences_for(viewer))
