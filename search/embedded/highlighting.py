"""Marks and snippets, from the original text: escaped, with ``<mark>`` as the only markup, never inside a word."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from search.analysis import Word, words

#: Characters of a snippet, and how far before the first marked word it may begin.
SNIPPET_LENGTH = 240
LEAD = 60
_SENTENCE_ENDS = ".!?।\n"
_VIRAMA = "\N{DEVANAGARI SIGN VIRAMA}"

Phrase = tuple[str, ...]
Span = tuple[int, int]
#: What is marked, as tokens, with a number for the idea that it stands for: "cashew" and "kaju" are one idea.
Ideas = Mapping[Phrase, int]


@dataclass(frozen=True, slots=True)
class Found:
    """Words ``first`` to ``last`` of a text, which stand for ``idea``."""

    first: int
    last: int
    idea: int


def highlight(text: str, ideas: Ideas) -> SafeString:
    """Return ``text`` escaped, with every word or phrase that stands for one of ``ideas`` marked."""
    return _marked(text, (0, len(text)), spans(list(words(text)), ideas) if ideas else [])


def snippet(texts: list[str], ideas: Ideas) -> SafeString:
    """Return the stretch of ``texts`` that holds the most of the ``ideas``; without any, the first words.

    Of equal stretches the first one. Whole words around the marks, an ellipsis where the text goes on.
    """
    best, best_count = None, 0
    for text in texts if ideas else ():
        read = list(words(text))
        begin, count = _best_begin(read, _find(read, ideas))
        if count > best_count:
            best, best_count = (text, _fit(text, _beginning(text, begin)), spans(read, ideas)), count
    if best is None:
        text = next((text for text in texts if text.strip()), "")
        best = (text, _fit(text, 0), [])
    text, (start, end), marks = best
    before = "… " if text[:start].strip() else ""
    after = " …" if text[end:].strip() else ""
    return mark_safe(f"{before}{_marked(text, (start, end), marks)}{after}")


def spans(read: list[Word], ideas: Ideas) -> list[Span]:
    """Return the stretches to mark among the words ``read`` of a text; neighbours are joined into one."""
    result: list[Span] = []
    previous = None
    covered = {index for found in _find(read, ideas) for index in range(found.first, found.last + 1)}
    for index in sorted(covered):
        word = read[index]
        if previous == index - 1 and word.start - result[-1][1] <= 1:
            result[-1] = (result[-1][0], word.end)
        else:
            result.append((word.start, word.end))
        previous = index
    return result


def _find(read: list[Word], ideas: Ideas) -> list[Found]:
    """Return where the ``ideas`` stand, the longest phrase first at each word."""
    longest = max(map(len, ideas), default=0)
    result = []
    for index in range(len(read)):
        for size in range(min(longest, len(read) - index), 0, -1):
            idea = ideas.get(tuple(word.token for word in read[index : index + size]))
            if idea is not None:
                result.append(Found(index, index + size - 1, idea))
                break
    return result


def _best_begin(read: list[Word], found: list[Found]) -> tuple[int, int]:
    """Return where the stretch with the most ideas begins, the first of equals, and the number of its ideas."""
    best, best_count = 0, 0
    inside: Counter[int] = Counter()
    last = 0
    for each in found:
        begin = read[each.first].start
        while last < len(found) and read[found[last].last].end <= begin + SNIPPET_LENGTH - LEAD:
            inside[found[last].idea] += 1
            last += 1
        count = sum(1 for idea in inside.values() if idea > 0) or 1
        if count > best_count:
            best, best_count = begin, count
        inside[each.idea] -= 1
    return best, best_count


def _beginning(text: str, mark: int) -> int:
    """Return where a snippet begins whose first mark is at ``mark``: with a sentence, else a word, LEAD before."""
    earliest = max(mark - LEAD, 0)
    if earliest == 0:
        return 0
    lead = text[earliest:mark]
    for index in range(len(lead) - 1, 0, -1):
        if lead[index].isspace() and lead[index - 1] in _SENTENCE_ENDS:
            return earliest + index + 1
    space = next((index for index, char in enumerate(lead) if char.isspace()), None)
    return mark if space is None else earliest + space + 1


def _fit(text: str, start: int) -> Span:
    """Return the window of whole words from ``start``; a word longer than all of it is cut between letters."""
    end = min(start + SNIPPET_LENGTH, len(text))
    if end == len(text) or text[end].isspace():
        return start, end
    space = max((index for index in range(start, end) if text[index].isspace()), default=start)
    if space > start:
        return start, space
    while end > start + 1 and not _may_cut(text, end):
        end -= 1
    return start, end


def _may_cut(text: str, index: int) -> bool:
    joins = unicodedata.category(text[index]).startswith("M") or text[index] in "\u200c\u200d"
    return not joins and text[index - 1] not in f"{_VIRAMA}\u200d"


def _marked(text: str, window: Span, marks: list[Span]) -> SafeString:
    return mark_safe("".join(_pieces(text, window, marks)))


def _pieces(text: str, window: Span, marks: list[Span]) -> Iterator[str]:
    position, stop = window
    for mark in marks:
        # Neighbours share a mark, so one may reach over the edge of the window, which is the edge of a word.
        start, end = max(mark[0], position), min(mark[1], stop)
        if start < end:
            yield escape(text[position:start])
            yield f"<mark>{escape(text[start:end])}</mark>"
            position = end
    yield escape(text[position:stop])
