"""What a moderator changed in an author's words, word by word, in a time that no text can stretch.

Lines are compared first, then the words of lines that differ. Each comparison pays its cost beforehand from a budget;
where that is used up, a stretch is shown as taken out and put in as a whole.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate, groupby

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.models import ModerationEvent, Revision, Submission
from community.states import Action

#: Steps that the comparison of one text may take: a fraction of a second.
BUDGET = 3_000_000
#: Characters of unchanged words that a shortened difference keeps on each side of a change.
AROUND = 80

SAME, REMOVED, ADDED = "same", "removed", "added"


@dataclass(frozen=True)
class Piece:
    """A stretch of words: ``kind`` is SAME, REMOVED or ADDED."""

    kind: str
    words: str


@dataclass(frozen=True)
class Change:
    """What changed in one part of a message; ``label`` names the part."""

    label: str
    pieces: tuple[Piece, ...]


class _Comparison:
    """Compares two sequences as difflib does, as far as the budget goes."""

    def __init__(self, budget: int) -> None:
        self.left = budget

    def blocks(self, before: Sequence[str], after: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
        """Return stretches ``(kind, from, to, from, to)`` in order; kind is "same" or "changed"."""
        start = 0
        while start < min(len(before), len(after)) and before[start] == after[start]:
            start += 1
        end = 0
        most = min(len(before), len(after)) - start
        while end < most and before[len(before) - 1 - end] == after[len(after) - 1 - end]:
            end += 1
        middle = self._matches(before, after, (start, len(before) - end, start, len(after) - end))
        matches = [(0, 0, start), *middle, (len(before) - end, len(after) - end, end)]
        found, i, j = [], 0, 0
        for at_before, at_after, size in matches:
            if i < at_before or j < at_after:
                found.append(("changed", i, at_before, j, at_after))
            if size:
                found.append(("same", at_before, at_before + size, at_after, at_after + size))
            i, j = at_before + size, at_after + size
        return found

    def _matches(
        self, before: Sequence[str], after: Sequence[str], whole: tuple[int, int, int, int]
    ) -> list[tuple[int, int, int]]:
        first, last, begin, stop = whole
        if first == last or begin == stop:
            return []
        self.left -= len(before) + len(after)
        if self.left < 0:
            return []
        matcher = SequenceMatcher(None, before, after, autojunk=False)
        meets = accumulate((1 + len(matcher.b2j.get(word, ())) for word in before), initial=0)
        cost = list(meets)
        found, todo = [], [whole]
        while todo:
            first, last, begin, stop = todo.pop()
            if first == last or begin == stop:
                continue
            self.left -= cost[last] - cost[first]
            if self.left < 0:
                break
            match = matcher.find_longest_match(first, last, begin, stop)
            if match.size:
                found.append((match.a, match.b, match.size))
                todo += [(first, match.a, begin, match.b), (match.a + match.size, last, match.b + match.size, stop)]
        return sorted(found)


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)


def compare(before: str, after: str) -> tuple[Piece, ...]:
    """Return the words of both texts in reading order, each stretch as same, removed or added."""
    comparison = _Comparison(BUDGET)
    pieces: list[Piece] = []
    old, new = _lines(before), _lines(after)
    for kind, i, to_i, j, to_j in comparison.blocks(old, new):
        if kind == "same":
            pieces.append(Piece(SAME, "".join(old[i:to_i])))
            continue
        old_words, new_words = _words("".join(old[i:to_i])), _words("".join(new[j:to_j]))
        for inner, a, to_a, b, to_b in comparison.blocks(old_words, new_words):
            if inner == "same":
                pieces.append(Piece(SAME, "".join(old_words[a:to_a])))
            else:
                pieces += [Piece(REMOVED, "".join(old_words[a:to_a])), Piece(ADDED, "".join(new_words[b:to_b]))]
    grouped = groupby((piece for piece in pieces if piece.words), key=lambda piece: piece.kind)
    return tuple(Piece(kind, "".join(piece.words for piece in stretch)) for kind, stretch in grouped)


def shortened(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Return the pieces with the middle of long unchanged stretches left out, for a mail."""
    last = len(pieces) - 1
    short = []
    for place, piece in enumerate(pieces):
        words = piece.words
        if piece.kind == SAME and len(words) > 3 * AROUND:
            head = "" if place == 0 else words[:AROUND].rsplit(" ", 1)[0] + " "
            tail = "" if place == last else " " + words[-AROUND:].split(" ", 1)[-1]
            words = f"{head}…{tail}"
        short.append(Piece(piece.kind, words))
    return tuple(short)


def as_text(pieces: Sequence[Piece]) -> str:
    """Return the pieces as plain text in which changes are named in words."""
    frames = {SAME: "%s", REMOVED: _("[taken out: %s]"), ADDED: _("[put in: %s]")}
    said = []
    for piece in pieces:
        inside = piece.words if piece.kind == SAME else piece.words.strip()
        space = piece.words[len(piece.words.rstrip()) :] if piece.kind != SAME else ""
        said.append((frames[piece.kind] % inside if inside else "") + (space or ""))
    return "".join(said).strip()


_PARTS = (
    ("title", gettext_lazy("Title")),
    ("body", gettext_lazy("Text")),
    ("tried", gettext_lazy("What was tried")),
)


def changes_between(before: Revision, after: Revision) -> tuple[Change, ...]:
    """Return what differs between two revisions, part by part; parts that are the same are left out."""
    differing = [(name, label) for name, label in _PARTS if getattr(before, name) != getattr(after, name)]
    return tuple(Change(label, compare(getattr(before, name), getattr(after, name))) for name, label in differing)


@dataclass(frozen=True)
class Editing:
    """What moderators did to an author's words before the release: the changes, and their notes on them."""

    changes: tuple[Change, ...]
    notes: tuple[ModerationEvent, ...]

    @property
    def is_substantive(self) -> bool:
        """Return whether a moderator called a change substantive."""
        return any(event.is_substantive for event in self.notes)


def editing_of(submission: Submission) -> Editing | None:
    """Return what moderators changed since the author's last words; None where the words are the author's own."""
    shown = submission.text
    if shown is None or shown.made_by_id == submission.author_id or shown.redacted_at:
        return None
    own = (
        submission.revisions.filter(number__lt=shown.number, made_by_id=submission.author_id, redacted_at=None)
        .order_by("-number")
        .first()
    )
    if own is None:
        return None
    notes = submission.events.filter(
        action=Action.AMEND, revision_after__number__gt=own.number, revision_after__number__lte=shown.number
    )
    return Editing(changes_between(own, shown), tuple(notes))
