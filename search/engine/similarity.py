"""More like this: the documents that share the telling words of one, by what the reader may read of both."""

import math
from collections import Counter

from elasticsearch_dsl import Q
from elasticsearch_dsl.query import Query

from search.analysis import is_stop_word, words
from search.documents import PUBLIC

from . import queries

#: Characters of each field that are read: what a text is about stands at its beginning.
READ_LENGTH = 4000
#: The words by which documents are compared: the most repeated ones. How rare they are, the scores say.
COMPARED = 20
#: A similar document shares at least so many of these words, and this share of them.
MIN_SHARED, MIN_SHARE = 2, 0.15


def telling(source: dict, audiences: frozenset[str]) -> dict[str, float]:
    """Return the words by which a stored document is compared, as written, each with its weight."""
    texts = [source.get("public") or {}]
    texts += [part for part in source.get("inside") or [] if audiences.intersection(part["audiences"])]
    repeated: Counter[str] = Counter()
    written: dict[str, str] = {}
    for part in texts:
        for name, weight in queries.WEIGHTS.items():
            for text in part.get(name, []):
                for word in words(text[:READ_LENGTH]):
                    if len(word.token) > 1 and not is_stop_word(word.written, among=text):
                        repeated[word.token] += weight
                        written.setdefault(word.token, word.written)
    most = sorted(repeated.items(), key=lambda item: (-item[1], item[0]))[:COMPARED]
    return {written[token]: times / (times + 1) for token, times in most}


def alike(weights: dict[str, float], key: str, audiences: frozenset[str]) -> Query:
    """Return the query for what shares enough of the words in ``weights`` to be worth a look, that of ``key`` apart."""
    shared = max(MIN_SHARED, math.ceil(MIN_SHARE * len(weights)))
    clauses = [_word(word, weight, audiences - {PUBLIC}) for word, weight in weights.items()]
    found = Q("bool", should=clauses, minimum_should_match=shared, must_not=[Q("ids", values=[key])])
    return queries.weighed(found)


def _word(word: str, weight: float, inner: frozenset[str]) -> Query:
    found = queries.any_word(word, boost=weight)
    if inner:
        found += [
            queries.inside(inner, query)
            for query in queries.any_word(word, "inside", boost=weight * queries.INSIDE_WEIGHT)
        ]
    return found[0] if len(found) == 1 else Q("dis_max", queries=found)
