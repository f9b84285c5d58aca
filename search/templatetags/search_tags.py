"""What pages of other apps show of search: more like the thing on the page."""

import logging
from collections.abc import Iterable

from django import template

from search import query
from search.documents import Hit, SearchUnavailable

register = template.Library()
logger = logging.getLogger(__name__)

#: What is worth a look from another page. A term, a figure or a theme tells little about a problem like this one.
SIMILAR_KINDS = (
    "solution",
    "case_study",
    "best_practice",
    "question",
    "scheme",
    "resource_centre",
    "initiative",
    "cluster",
)
MOST_SIMILAR = 4


@register.simple_tag(takes_context=True)
def more_like(context: template.Context, kind: str, pk: int | None, *linked: object) -> list[Hit]:
    """Return what is like the thing of ``kind`` with ``pk`` and is not ``linked`` on its page already.

    ``linked`` holds things with an address, lists of them, and dictionaries of such lists. Nothing is like a draft in a
    preview, and nothing is said while search does not answer.
    """
    request = context.get("request")
    if pk is None or request is None:
        return []
    there = {_address(thing) for things in linked for thing in _flat(things)}
    try:
        hits = query.similar(
            f"{kind}:{pk}",
            viewer=getattr(request, "user", None),
            kinds=SIMILAR_KINDS,
            limit=MOST_SIMILAR + len(there),
        )
    except SearchUnavailable as error:
        logger.warning("Nothing similar is shown, search does not answer: %s", error)
        return []
    return [hit for hit in hits if hit.url not in there][:MOST_SIMILAR]


def _flat(things: object) -> list[object]:
    if isinstance(things, dict):
        return [thing for part in things.values() for thing in part]
    if isinstance(things, Iterable):
        return list(things)
    return [things] if things else []


def _address(thing: object) -> str:
    return thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else thing.url
