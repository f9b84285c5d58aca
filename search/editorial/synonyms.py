"""Synonyms: rows that editors keep, expanded here at query time and for every engine."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from search.analysis import Word, is_stop_word, tokens, words
from search.documents import MAX_TEXT_LENGTH, MAX_WORDS, Concept
from search.models import Synonym, split_terms

from .remembered import Remembered

#: How far synonyms may widen a question: alternatives of one concept, and of all together.
MAX_ALTERNATIVES = 8
MAX_EXPANSIONS = 24

Phrase = tuple[str, ...]

_FORMAT = re.compile(r"^(?P<terms>[^#=]+?)(?:=>(?P<replacement>.+))?$")


@dataclass
class Rules:
    """What each phrase also stands for, by the tokens of the phrase."""

    alternatives: dict[Phrase, list[str]] = field(default_factory=lambda: defaultdict(list))
    longest: int = 0

    def add(self, terms: list[str], replacement: list[str] | None = None) -> None:
        """Let each of ``terms`` also stand for ``replacement``, or for each other where there is none."""
        for term in terms:
            if phrase := tuple(tokens(term)):
                others = terms if replacement is None else replacement
                self.alternatives[phrase] += [other for other in others if tuple(tokens(other)) != phrase]
                self.longest = max(self.longest, len(phrase))


NO_RULES = Rules()


def expand(text: str) -> tuple[Concept, ...]:
    """Return the concepts of ``text`` with the synonyms that are in use."""
    return concepts(text, _current.get())


def concepts(text: str, rules: Rules = NO_RULES) -> tuple[Concept, ...]:
    """Return the concepts of ``text``; the longest phrase that ``rules`` know wins.

    Words that say nothing are left out unless the text has no others. Both the text and its expansion are bounded.
    """
    text = text[:MAX_TEXT_LENGTH]
    rest = list(words(text))[:MAX_WORDS]
    found: list[Concept] = []
    empty: list[Concept] = []
    left = MAX_EXPANSIONS
    while rest:
        size, alternatives = _match(rest, rules, left)
        concept = Concept(text[rest[0].start : rest[size - 1].end], alternatives)
        says_nothing = size == 1 and not alternatives and is_stop_word(rest[0].written, among=text)
        (empty if says_nothing else found).append(concept)
        left -= len(alternatives)
        rest = rest[size:]
    return tuple(found or empty)


def _match(rest: list[Word], rules: Rules, left: int) -> tuple[int, tuple[str, ...]]:
    """Return how many words at the start of ``rest`` are one concept, and its alternatives."""
    for size in range(min(rules.longest, len(rest)), 0, -1):
        phrase = tuple(word.token for word in rest[:size])
        if phrase in rules.alternatives:
            distinct = {tuple(tokens(other)): other for other in reversed(rules.alternatives[phrase])}
            bound = min(MAX_ALTERNATIVES, left)
            return size, tuple(reversed(distinct.values()))[:bound]
    return 1, ()


def _rules_in_use() -> Rules:
    rules = Rules()
    for synonym in Synonym.objects.filter(in_use=True).order_by("pk"):
        rules.add(synonym.term_list, synonym.replacement_list if synonym.one_way else None)
    return rules


_current = Remembered(_rules_in_use)
#: Let the next question read the rules anew: for tests, and for a process that has just changed them.
forget = _current.forget


@transaction.atomic
def load_synonyms(path: Path) -> int:
    """Load the rules of a file in Solr's format and return how many rows are new.

    A line is ``a, b, c`` (each also searches the others) or ``a, b => c, d`` (one way); ``#`` begins a comment,
    which becomes the note of the lines below it. A line that was loaded before is left as editors have made it.
    """
    known = set(Synonym.objects.exclude(loaded_as="").values_list("loaded_as", flat=True))
    rows, note = [], ""
    for line in path.read_text(encoding="utf-8").splitlines():
        line = " ".join(line.split())
        if line.startswith("#"):
            note = line.lstrip("# ")[:255]
        elif (match := _FORMAT.match(line)) and line not in known:
            known.add(line)
            rows.append(_row(match, note))
    Synonym.objects.bulk_create(rows)
    transaction.on_commit(forget)
    return len(rows)


def _row(match: re.Match, note: str) -> Synonym:
    replacement = ", ".join(split_terms(match["replacement"] or ""))
    return Synonym(
        terms=", ".join(split_terms(match["terms"])),
        replacement=replacement,
        one_way=bool(replacement),
        note=note,
        loaded_as=match.string,
    )
