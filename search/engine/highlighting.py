"""Marks and snippets as Elasticsearch finds them. Its answers are text with two signs around what matched; they become
markup only here, after everything else was escaped."""

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

#: Signs of no script and of no text: what holds them was never typed by a person.
BEFORE, AFTER = "\ue0f0", "\ue0f1"
SNIPPET_LENGTH = 240
_SENTENCE_ENDS = ".!?।…"
#: Longer texts are not read to their end for a snippet, where the index does not know the places of its words.
READ_LENGTH = 100_000


def fields(path: str, query: dict | None = None, *, unfinished: bool = False) -> dict:
    """Return what to mark of the texts below ``path``: titles whole, of the rest the best stretch.

    With ``query`` its words are marked, otherwise those of the question: a plainer one is quicker to look for.
    """
    begun = [f"{path}.title.begun"] if unfinished else []
    title = {"number_of_fragments": 0, "matched_fields": [f"{path}.title", f"{path}.title.hi", *begun]}
    marked = {f"{path}.title": title}
    for name in ("summary", "body"):
        field = f"{path}.{name}"
        marked[field] = {
            "number_of_fragments": 1,
            "fragment_size": SNIPPET_LENGTH,
            "no_match_size": SNIPPET_LENGTH,
            "matched_fields": [field, f"{field}.hi"],
        }
    return {
        "type": "unified",
        "order": "score",
        "pre_tags": [BEFORE],
        "post_tags": [AFTER],
        "max_analyzed_offset": READ_LENGTH,
        "fields": marked,
    } | ({"highlight_query": query} if query else {})


def title_html(title: str, found: dict[str, list[str]]) -> SafeString:
    """Return ``title`` escaped, with the marks that ``found`` has for it."""
    for name, texts in found.items():
        for text in texts if name.endswith(".title") else ():
            if unmarked(text) == title:
                return _marked(text)
    return escape(title)


def snippet_html(found: list[dict[str, list[str]]]) -> SafeString:
    """Return the stretch with the most different marks, the first of equals: summaries before bodies."""
    stretches = [
        each[f"{path}.{name}"][0]
        for name in ("summary", "body")
        for each in found
        for path in ("public", "inside")
        if each.get(f"{path}.{name}")
    ]
    if not stretches:
        return mark_safe("")
    best = max(stretches, key=_ideas).strip()
    end = "" if not best or unmarked(best)[-1:] in _SENTENCE_ENDS else " …"
    return mark_safe(f"{_marked(best)}{end}")


def _ideas(text: str) -> int:
    return len({piece.partition(AFTER)[0].casefold() for piece in text.split(BEFORE)[1:]})


def unmarked(text: str) -> str:
    """Return a text of an answer without its marks."""
    return text.replace(BEFORE, "").replace(AFTER, "")


def _marked(text: str) -> SafeString:
    # Neighbours share a mark, as they do in the other engine.
    joined = text.replace(f"{AFTER} {BEFORE}", " ")
    return mark_safe(escape(joined).replace(BEFORE, "<mark>").replace(AFTER, "</mark>"))
