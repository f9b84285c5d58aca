"""Did you mean: the closest written words that the reader may read, where nothing readable holds what was typed."""

import re

from elasticsearch import Elasticsearch
from elasticsearch_dsl import Q
from elasticsearch_dsl.query import Query

from search.analysis import Word, words
from search.documents import MAX_TEXT_LENGTH, MAX_WORDS, PUBLIC

from . import queries
from .facets import readable

#: Shorter words are names and acronyms as often as mistakes; longer ones may have two mistakes.
MIN_LENGTH, LENGTH_FOR_TWO = 4, 7
#: Words that are offered for one that nobody wrote, and words of a question that are looked at.
CANDIDATES, CHECKED = 5, 12


def correct(client: Elasticsearch, index: str, text: str, audiences: frozenset[str]) -> str:
    """Return ``text`` with unknown words replaced by the closest ones that ``audiences`` may read; empty if none is."""
    read = list(words(text[:MAX_TEXT_LENGTH]))[:MAX_WORDS]
    doubtful = [word for word in read if _may_be_wrong(word)][:CHECKED]
    if not doubtful:
        return ""
    written = list(dict.fromkeys(word.written.lower() for word in doubtful))
    answer = client.search(
        index=index,
        size=0,
        query=readable(audiences).to_dict(),
        aggs={"known": _counts(written, audiences)},
        suggest=_suggesters(written, audiences),
    )
    known = _counted(answer, "known")
    offered = {
        word: _offered(answer["suggest"], word, number) for number, word in enumerate(written) if not known[word]
    }
    candidates = list(dict.fromkeys(each for found in offered.values() for each in found))
    if not candidates:
        return ""
    # The dictionary of a field also holds what others read, and what was deleted a moment ago.
    answer = client.search(
        index=index, size=0, query=readable(audiences).to_dict(), aggs={"known": _counts(candidates, audiences)}
    )
    counts = _counted(answer, "known")
    better = {}
    for word, found in offered.items():
        if readable_ones := [each for each in found if counts[each]]:
            better[word] = readable_ones[0]
    return _replaced(text, read, better) if better else ""


def _may_be_wrong(word: Word) -> bool:
    return len(word.written) >= MIN_LENGTH and not word.written.isupper() and not re.search(r"\d", word.written)


def _counts(written: list[str], audiences: frozenset[str]) -> dict:
    return {"filters": {"filters": {word: _holding(word, audiences).to_dict() for word in written}}}


def _counted(answer: dict, name: str) -> dict[str, int]:
    return {word: bucket["doc_count"] for word, bucket in answer["aggregations"][name]["buckets"].items()}


def _holding(word: str, audiences: frozenset[str]) -> Query:
    """Return the query for what holds ``word`` in any of its forms where ``audiences`` may read it."""
    found = queries.any_word(word)
    if inner := audiences - {PUBLIC}:
        found += [queries.inside(inner, query) for query in queries.any_word(word, "inside")]
    return Q("bool", should=found, minimum_should_match=1)


def _suggesters(written: list[str], audiences: frozenset[str]) -> dict:
    fields = ["public.words"] + (["inside.words"] if audiences - {PUBLIC} else [])
    return {
        f"{field} {number}": {
            "text": word,
            "term": {
                "field": field,
                "analyzer": "portal_written",
                "suggest_mode": "always",
                "size": CANDIDATES,
                "max_edits": 1 if len(word) < LENGTH_FOR_TWO else 2,
                "prefix_length": 1,
                "min_word_length": MIN_LENGTH,
                "string_distance": "damerau_levenshtein",
            },
        }
        for number, word in enumerate(written)
        for field in fields
    }


def _offered(suggested: dict, word: str, number: int) -> list[str]:
    """Return the words offered for ``word``, the closest first, of equals the most frequent."""
    options = [
        option
        for field in ("public.words", "inside.words")
        for each in suggested.get(f"{field} {number}", [])
        for option in each["options"]
        if option["text"] != word
    ]
    ordered = sorted(options, key=lambda option: (-option["score"], -option["freq"], option["text"]))
    return list(dict.fromkeys(option["text"] for option in ordered))


def _replaced(text: str, read: list[Word], better: dict[str, str]) -> str:
    pieces, position = [], 0
    for word in read:
        right = "" if word.written.isupper() else better.get(word.written.lower(), "")
        pieces += [text[position : word.start], right or word.written]
        position = word.end
    return "".join([*pieces, text[position:]])
