"""More like this: the documents that share the telling words of one, by what the reader may read of both."""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import itemgetter

from search.analysis import is_stop_word, words

from .ranking import SATURATION, WEIGHTS, Match, Reader, weigh

#: Characters of each field that are read: what a text is about stands at its beginning.
READ_LENGTH = 4000
#: The words that are looked up, and those of them, the rarest and most repeated, by which documents are compared.
CANDIDATES, COMPARED = 40, 20
#: A word of so many parts, and of this share of all, tells nothing apart and takes long to look up.
COMMON, COMMON_SHARE = 100, 0.2
#: A similar document shares at least so many of these words, and this much of their weight.
MIN_SHARED, MIN_SHARE = 2, 0.15


def similar(reader: Reader, document: int) -> dict[int, Match]:
    """Return the documents that share enough with ``document`` to be worth a look, by their ids."""
    weights = _telling(reader, document)
    total = sum(weights.values())
    matches: dict[int, Match] = defaultdict(Match)
    shared: Counter[int] = Counter()
    for token, weight in weights.items():
        for other, frequency in reader.frequencies((token,)).items():
            matches[other].score += weight * frequency / (frequency + SATURATION)
            matches[other].share += weight / total
            shared[other] += 1
    alike = {
        other: match
        for other, match in matches.items()
        if other != document and shared[other] >= MIN_SHARED and match.share >= MIN_SHARE
    }
    weigh(reader, alike)
    return alike


def _telling(reader: Reader, document: int) -> dict[str, float]:
    """Return the words by which ``document`` is compared, each with its weight."""
    repeated = _repeated(reader, document)
    for token in _common(reader, repeated):
        del repeated[token]
    candidates = sorted(repeated.items(), key=lambda item: (-item[1], item[0]))[:CANDIDATES]
    weights = {}
    for token, times in candidates:
        holding = len(reader.frequencies((token,)))
        if holding > 1:  # what nobody else says compares nothing
            weights[token] = times / (times + SATURATION) * math.log(1 + reader.number_of_documents / holding)
    return dict(sorted(weights.items(), key=itemgetter(1), reverse=True)[:COMPARED])


def _common(reader: Reader, tokens: Iterable[str]) -> list[str]:
    most = max(COMMON, COMMON_SHARE * reader.number_of_documents)
    sql = "SELECT term FROM vocabulary WHERE term IN (SELECT value FROM json_each(?)) AND doc > ?"
    return [row["term"] for row in reader.connection.execute(sql, (json.dumps(list(tokens)), most))]


def _repeated(reader: Reader, document: int) -> Counter[str]:
    """Return how often ``document`` says each of its words, by the weight of the field."""
    sql = f"SELECT title, summary, body FROM part WHERE {reader.readable} AND document = ?"  # noqa: S608 - question marks only
    found: Counter[str] = Counter()
    for row in reader.connection.execute(sql, (*reader.sets, document)):
        for column, weight in WEIGHTS.items():
            for word in words(row[column][:READ_LENGTH]):
                if len(word.token) > 1 and not is_stop_word(word.written, among=row[column]):
                    found[word.token] += weight
    return found
