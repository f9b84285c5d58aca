"""Marks and snippets, from the original text: escaped, with ``<mark>`` as the only markup, never inside a word."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

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


def highlight(text: str, phrases: Iterable[Phrase]) -> SafeString:
    """Return ``text`` escaped, with every word or phrase whose tokens are among ``phrases`` marked."""
    return _marked(text, (0, len(text)), spans(list(words(text)), set(phrases)))


def spans(found: list[Word], phrases: set[Phrase]) -> list[Span]:
    """Return the stretches to mark among the words ``found`` of a text; neighbours are joined into one."""
    longest = max(map(len, phrases), default=0)
    covered = set()
    for index in range(len(found)):
        for size in range(min(longest, len(found) - index), 0, -1):
            if tuple(word.token for word in found[index : index + size]) in phrases:
                covered.update(range(index, index + size))
                break
    result: list[Span] = []
    previous = None
    for index in sorted(covered):
        word = found[index]
        if previous == index - 1 and word.start - result[-1][1] <= 1:
            result[-1] = (result[-1][0], word.end)
        else:
            result.append((word.start, word.end))
        previous = index
    return result


def snippet(texts: list[str], phrases: Iterable[Phrase]) -> SafeString:
    """Return the stretch of ``texts`` that holds the most different marked words; without any, the first words.

    Whole words around the marks, an ellipsis where the text goes on.
    """
    wanted = set(phrases)
    best, best_count = None, 0
    for text in texts:
        marks = spans(list(words(text)), wanted)
        window, count = _best_window(text, marks)
        if count > best_count:
            best, best_count = (text, window, marks), count
    if best is None:
        text = next((text for text in texts if text.strip()), "")
        best = (text, _fit(text, 0), [])
    text, (start, end), marks = best
    before = "… " if text[:start].strip() else ""
    after = " …" if text[end:].strip() else ""
    return mark_safe(f"{before}{_marked(text, (start, end), marks)}{after}")


def _best_window(text: str, marks: list[Span]) -> tuple[Span, int]:
    """Return the window with the most different marked words, the first of equals, and their number."""
    best, best_count = (0, 0), 0
    inside: Counter[str] = Counter()
    last = 0
    for first, (begin, end) in enumerate(marks):
        while last < len(marks) and marks[last][1] <= max(begin + SNIPPET_LENGTH - LEAD, end):
            inside[text[slice(*marks[last])].casefold()] += 1
            last += 1
        if len(inside) > best_count:
            best, best_count = _fit(text, _beginning(text, begin)), len(inside)
        inside -= Counter([text[slice(*marks[first])].casefold()])
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
