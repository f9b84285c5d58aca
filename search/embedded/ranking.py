"""Which documents match, and in what order: BM25F over what the reader may read, and over nothing else.

FTS5 ranks by statistics of the whole table, so a word in members' texts would move the results of visitors. Therefore
its postings are read as they are (``fts5vocab``) and scored here, with frequencies and lengths of the reader's parts
alone. Words arrive as bound values; only phrases become a MATCH expression, made of analysed tokens in quotes. CROSS
JOIN makes SQLite begin with the postings, which are few, and not with the parts.
"""

import json
import math
import sqlite3
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from itertools import pairwise

from django.utils import timezone

from search.analysis import is_stop_word, tokens, words
from search.documents import MAX_TEXT_LENGTH, MAX_WORDS, Concept
from search.priors import ageing

#: How much a word counts in each field, and how much the length of the field tempers it.
WEIGHTS = {"title": 2.0, "summary": 1.5, "body": 1.0}
LENGTH_SHARE = 0.45
SATURATION = 1.0
#: What means the same counts a little less than what was typed, a word only begun less again.
SYNONYM_SHARE = 0.8
PREFIX_SHARE = 0.5
#: What two words add that stand beside each other as in the question: "working capital" is more than both.
PAIR_SHARE = 0.3
#: The question as the very title.
TITLE_BOOST = 3.0
#: All words of what is still being typed in a title: who has typed "cash" looks for the page on cashew nuts, and not
#: for a text that says "cash" often.
BEGUN_TITLE_BOOST = 10.0
#: A word is completed from this many letters on, to so many words.
MIN_PREFIX, MAX_COMPLETIONS = 3, 8

Frequencies = dict[int, float]


@dataclass
class Match:
    """How well a document answers: the score, and how much of the question it holds (1 is all of it)."""

    score: float = 0.0
    share: float = 0.0


@dataclass
class Reader:
    """What one reader may read of an index, and the statistics of that."""

    connection: sqlite3.Connection
    audiences: frozenset[str]
    _frequencies: dict[tuple[str, ...], Frequencies] = field(default_factory=dict)

    @cached_property
    def sets(self) -> list[str]:
        """Return the stored sets of audiences that the reader is among."""
        stored = self.connection.execute("SELECT DISTINCT audiences FROM part")
        return [row["audiences"] for row in stored if self.audiences.intersection(row["audiences"].split("\n"))]

    @property
    def readable(self) -> str:
        """Return the SQL condition for a readable part; its parameters are ``sets``."""
        return f"part.audiences IN ({', '.join('?' * len(self.sets))})"

    def documents(self) -> set[int]:
        """Return every document of which something is readable."""
        sql = f"SELECT DISTINCT document FROM part WHERE {self.readable}"  # noqa: S608 - question marks only
        return {row["document"] for row in self.connection.execute(sql, self.sets)}

    def document(self, key: str) -> int | None:
        """Return the document of ``key`` if something of it is readable."""
        sql = (
            "SELECT document.id FROM document JOIN part ON part.document = document.id"  # noqa: S608 - question marks only
            f" WHERE document.key = ? AND {self.readable} LIMIT 1"
        )
        row = self.connection.execute(sql, (key, *self.sets)).fetchone()
        return row and row["id"]

    def documents_at(self, urls: list[str]) -> set[int]:
        """Return the documents at these addresses of which something is readable."""
        sql = (
            "SELECT DISTINCT document.id FROM document JOIN part ON part.document = document.id"  # noqa: S608 - question marks only
            f" WHERE document.url IN (SELECT value FROM json_each(?)) AND {self.readable}"
        )
        return {row["id"] for row in self.connection.execute(sql, (json.dumps(urls), *self.sets))}

    @cached_property
    def _statistics(self) -> sqlite3.Row:
        sql = (
            "SELECT count(DISTINCT document) AS documents, avg(title_length) AS title,"  # noqa: S608 - question marks only
            f" avg(summary_length) AS summary, avg(body_length) AS body FROM part WHERE {self.readable}"
        )
        return self.connection.execute(sql, self.sets).fetchone()

    @property
    def number_of_documents(self) -> int:
        return self._statistics["documents"]

    def weight_of(self, column: str) -> str:
        """Return the SQL that says how much one occurrence in ``column`` counts, tempered by the field's length."""
        average = max(self._statistics[column] or 0.0, 1.0)
        return f"{WEIGHTS[column]} / ({1 - LENGTH_SHARE} + {LENGTH_SHARE} * part.{column}_length / {average})"

    def frequencies(self, phrase: tuple[str, ...]) -> Frequencies:
        """Return the weighted frequency of a word or phrase, as tokens, in each document that holds it."""
        if phrase not in self._frequencies:
            read = self._word_frequencies if len(phrase) == 1 else self._phrase_frequencies
            self._frequencies[phrase] = read(phrase) if self.sets and phrase else {}
        return self._frequencies[phrase]

    def _word_frequencies(self, phrase: tuple[str, ...]) -> Frequencies:
        cases = " ".join(f"WHEN '{column}' THEN {self.weight_of(column)}" for column in WEIGHTS)
        sql = (
            f"SELECT part.document, sum(CASE posting.col {cases} END)"  # noqa: S608 - numbers and names of ours
            " FROM posting CROSS JOIN part ON part.id = posting.doc"
            f" WHERE posting.term = ? AND {self.readable} GROUP BY part.document"
        )
        return dict(map(tuple, self.connection.execute(sql, (*phrase, *self.sets))))

    def _phrase_frequencies(self, phrase: tuple[str, ...]) -> Frequencies:
        found: Frequencies = defaultdict(float)
        for column in WEIGHTS:
            sql = (
                f"SELECT part.document, sum({self.weight_of(column)})"  # noqa: S608 - numbers and names of ours
                " FROM tokens CROSS JOIN part ON part.id = tokens.rowid"
                f" WHERE tokens MATCH ? AND {self.readable} GROUP BY part.document"
            )
            for document, frequency in self.connection.execute(sql, (f"{column} : {quoted(phrase)}", *self.sets)):
                found[document] += frequency
        return dict(found)

    def scores(self, phrase: tuple[str, ...]) -> Frequencies:
        """Return what a word or phrase adds to the score of each document that holds it."""
        found = self.frequencies(phrase)
        rarity = math.log(1 + (self.number_of_documents - len(found) + 0.5) / (len(found) + 0.5)) if found else 0
        return {
            document: rarity * frequency * (SATURATION + 1) / (frequency + SATURATION)
            for document, frequency in found.items()
        }

    def completions(self, beginning: str) -> list[str]:
        """Return the readable tokens that begin so, the most frequent first."""
        if len(beginning) < MIN_PREFIX or not self.sets:
            return []
        sql = (
            "SELECT posting.term FROM posting CROSS JOIN part ON part.id = posting.doc"  # noqa: S608 - question marks only
            f" WHERE posting.term >= ? AND posting.term < ? AND {self.readable}"
            " GROUP BY posting.term ORDER BY count(DISTINCT part.document) DESC, posting.term LIMIT ?"
        )
        bounds = (beginning, f"{beginning}\U0010ffff")
        return [row["term"] for row in self.connection.execute(sql, (*bounds, *self.sets, MAX_COMPLETIONS))]


def quoted(phrase: Iterable[str]) -> str:
    """Return tokens as a phrase of FTS5's query language, in which nothing of them is an operator."""
    return '"' + " ".join(phrase).replace('"', " ").replace("\0", " ") + '"'


def meaning_words(concept: Concept) -> list[str]:
    """Return the tokens of what was typed; a concept of several words may lose those that say nothing."""
    typed = list(words(concept.words))
    telling = [word.token for word in typed if not is_stop_word(word.written, among=concept.words)]
    return telling or [word.token for word in typed]


def rank(reader: Reader, text: str, concepts: tuple[Concept, ...], *, unfinished: bool = False) -> dict[int, Match]:
    """Return every readable document that holds any of the ``concepts``, by its id.

    The more of the concepts a document holds, the more it keeps of its score. ``unfinished`` says that the last word
    may be only begun.
    """
    matches: dict[int, Match] = defaultdict(Match)
    for concept in concepts:
        last = unfinished and concept is concepts[-1]
        for document, match in _rank_concept(reader, concept, unfinished=last).items():
            matches[document].score += match.score
            matches[document].share += match.share / len(concepts)
    for match in matches.values():
        match.score *= 0.5 + 0.5 * match.share
    asked = tokens(text[:MAX_TEXT_LENGTH])[:MAX_WORDS]
    for pair in set(pairwise(asked)):
        for document, score in reader.scores(pair).items():
            if document in matches:
                matches[document].score += score * PAIR_SHARE
    titled = reader.connection.execute("SELECT id FROM document WHERE title_tokens = ?", (" ".join(asked),))
    for row in titled:
        if row["id"] in matches:
            matches[row["id"]].score *= TITLE_BOOST
    if unfinished:
        for document in _titled(reader, concepts, matches):
            matches[document].score *= BEGUN_TITLE_BOOST
    weigh(reader, matches)
    return dict(matches)


def _titled(reader: Reader, concepts: tuple[Concept, ...], matches: Iterable[int]) -> list[int]:
    """Return which of ``matches`` hold all that is typed in their titles, the last word maybe only begun."""
    *whole, begun = [token for concept in concepts for token in meaning_words(concept)] or [""]
    sql = "SELECT id, title_tokens FROM document WHERE id IN (SELECT value FROM json_each(?))"
    rows = reader.connection.execute(sql, (json.dumps(list(matches)),))
    titles = {row["id"]: row["title_tokens"].split() for row in rows}
    return [
        document
        for document, title in titles.items()
        if set(whole) <= set(title) and any(token.startswith(begun) for token in title)
    ]


def weigh(reader: Reader, matches: dict[int, Match]) -> None:
    """Multiply the scores of ``matches`` with what each document is worth before anybody asks, and with its age."""
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0).timestamp()
    sql = "SELECT id, prior, fresh FROM document WHERE id IN (SELECT value FROM json_each(?))"
    for row in reader.connection.execute(sql, (json.dumps(list(matches)),)):
        aged = 1.0 if row["fresh"] is None else ageing(timedelta(seconds=today - row["fresh"]))
        matches[row["id"]].score *= row["prior"] * aged


def _rank_concept(reader: Reader, concept: Concept, *, unfinished: bool) -> dict[int, Match]:
    """Score one concept: the sum of its typed words, or its best synonym where that is more."""
    matches: dict[int, Match] = defaultdict(Match)
    typed = meaning_words(concept)
    for token in typed:
        for document, score in reader.scores((token,)).items():
            matches[document].score += score
            matches[document].share += 1 / len(typed)
    others = [(tuple(tokens(alternative)), SYNONYM_SHARE) for alternative in concept.alternatives]
    if unfinished:
        others += [((token,), PREFIX_SHARE) for token in reader.completions(typed[-1]) if token not in typed]
    for phrase, kept in others:
        for document, score in reader.scores(phrase).items():
            match = matches[document]
            match.score, match.share = max(match.score, score * kept), 1.0
    return matches
