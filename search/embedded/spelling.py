"""Did you mean: the closest readable words to those that nothing holds."""

import re

from search.analysis import analyse, words

from .ranking import Reader

#: Shorter words are names and acronyms as often as mistakes; longer ones may have two mistakes.
MIN_LENGTH, LENGTH_FOR_TWO = 4, 7
#: Texts that are read to see how a word is written.
TEXTS_FOR_A_WORD = 20


def correct(reader: Reader, text: str) -> str:
    """Return ``text`` with unknown words replaced by the closest words that ``reader`` may read; empty if none is."""
    pieces, position, changed = [], 0, False
    for word in words(text):
        pieces.append(text[position : word.start])
        position = word.end
        better = "" if word.written.isupper() or reader.frequencies((word.token,)) else _closest(reader, word.written)
        changed = changed or bool(better)
        pieces.append(better or word.written)
    return "".join([*pieces, text[position:]]) if changed else ""


def _closest(reader: Reader, written: str) -> str:
    """Return the closest readable word, as a text writes it; of equals the one in most documents."""
    token = analyse(written)
    allowed = 0 if len(token) < MIN_LENGTH else 1 if len(token) < LENGTH_FOR_TWO else 2
    if not allowed or re.search(r"\d", token):
        return ""
    close = reader.connection.execute(
        "SELECT term FROM vocabulary WHERE term >= ? AND term < ? AND length(term) BETWEEN ? AND ?",
        (token[0], f"{token[0]}\U0010ffff", len(token) - allowed, len(token) + allowed),
    )
    measured = [(distance(token, row["term"], allowed), row["term"]) for row in close]
    # Only now is looked whether the reader may read the word: what others read must not take its place.
    candidates = [
        (steps, -len(documents), term)
        for steps, term in measured
        if steps <= allowed and (documents := reader.frequencies((term,)))
    ]
    return _as_written(reader, min(candidates)[2], written) if candidates else ""


def _as_written(reader: Reader, token: str, typed: str) -> str:
    """Return how readable texts write ``token``, as close to what was ``typed`` as any: a stem by itself is no word."""
    sql = (
        "SELECT part.title, part.summary, part.body FROM posting CROSS JOIN part ON part.id = posting.doc"  # noqa: S608
        f" WHERE posting.term = ? AND {reader.readable} LIMIT {TEXTS_FOR_A_WORD}"
    )
    texts = (text for row in reader.connection.execute(sql, (token, *reader.sets)) for text in row)
    written = {word.written.lower() for text in texts for word in words(text) if word.token == token}
    return min(written, key=lambda word: (distance(typed.lower(), word, len(typed)), word), default=token)


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters to add, drop, change or swap with their neighbour; above ``most`` any greater number."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before, last = [], list(range(len(other) + 1))
    for i, left in enumerate(one, start=1):
        row = [i]
        for j, right in enumerate(other, start=1):
            cost = min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == other[j - 2] and one[i - 2] == right:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
        before, last = last, row
    return last[-1]
