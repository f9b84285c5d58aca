"""What may answer a question before it is asked: solutions first, then questions, then entries of the registries."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from django.db import transaction

from community.models import Question, Suggested
from community.permissions import Viewer
from community.states import ThreadLife
from knowledge.models import SolutionPage
from search.documents import Hit, SearchUnavailable
from search.query import suggest, visible_keys

#: In the order in which they are shown: kinds, and how many of them at most.
GROUPS = (
    (("solution", "case_study", "best_practice", "faq"), 3),
    (("question",), 3),
    (("scheme", "resource_centre", "initiative", "cluster", "institution"), 2),
)
KINDS = tuple(kind for kinds, _most in GROUPS for kind in kinds)
#: How many are asked for, so that each group finds its own among them.
_ASKED_FOR = 30
#: Most that are stored with a question: what was shown for its title and for those typed before.
MOST = 20
#: Longest line of "not my case because", in characters.
BECAUSE_MAX_LENGTH = 300
_MOST_WORDS = 8
_MARKED = re.compile(r"<mark>(.*?)</mark>", re.DOTALL)


@dataclass(frozen=True)
class Suggestion:
    """Something that may answer a title: the ``hit``, the words it has in common, a solution's own one-line answer."""

    hit: Hit
    rank: int
    matched: tuple[str, ...]
    answer: str = ""

    @property
    def why_html(self) -> str:
        """Return the stretch of its text that shows why it was found; none where the answer says as much."""
        snippet = self.hit.snippet_html
        return "" if self.answer and "<mark>" not in snippet else snippet

    @property
    def says(self) -> str:
        """Return its one-line answer, unless the stretch of its text holds it already."""
        plain = unescape(_MARKED.sub(r"\1", self.why_html))
        return "" if self.answer in plain else self.answer


@dataclass(frozen=True)
class Looked:
    """A suggestion as it was shown to an asker, and what they did with it."""

    key: str
    title: str
    address: str
    rank: int
    matched: tuple[str, ...]
    shown_at: datetime
    opened_at: datetime | None = None
    not_my_case: str = ""


def suggestions(title: str, *, viewer: Viewer) -> list[Suggestion]:
    """Return what may answer ``title``, of what ``viewer`` may find; nothing while search does not answer."""
    try:
        hits = suggest(title, viewer=viewer, kinds=KINDS, limit=_ASKED_FOR)
    except SearchUnavailable:
        return []
    hits = _open_first(hits)
    chosen = [hit for kinds, most in GROUPS for hit in [each for each in hits if each.kind in kinds][:most]]
    answers = _answers(chosen)
    return [Suggestion(hit, rank, _matched(hit), answers.get(hit.key, "")) for rank, hit in enumerate(chosen, start=1)]


def _open_first(hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits with the questions that take answers before those that do not."""
    open_keys = {
        f"question:{pk}"
        for pk in Question.objects.filter(pk__in=_pks(hits, "question"), life=ThreadLife.OPEN).values_list(
            "pk", flat=True
        )
    }
    return sorted(hits, key=lambda hit: hit.kind == "question" and hit.key not in open_keys)


def _answers(hits: Sequence[Hit]) -> dict[str, str]:
    """Return the one-line answer of each solution, which is its summary."""
    rows = SolutionPage.objects.filter(pk__in=_pks(hits, "solution")).values_list("pk", "summary")
    return {f"solution:{pk}": summary for pk, summary in rows}


def _pks(hits: Sequence[Hit], kind: str) -> list[str]:
    return [hit.key.partition(":")[2] for hit in hits if hit.kind == kind]


def _matched(hit: Hit) -> tuple[str, ...]:
    """Return the words for which it was found, each once, as they stand in its text."""
    found: dict[str, str] = {}
    for words in _MARKED.findall(f"{hit.title_html} {hit.snippet_html}"):
        found.setdefault(unescape(words).casefold(), unescape(words)[:40])
    return tuple(found.values())[:_MOST_WORDS]


@transaction.atomic
def note(*, question: Question, looked: Sequence[Looked]) -> None:
    """Store with ``question`` what was shown to its asker. Called in the transaction that stores the question."""
    Suggested.objects.bulk_create(
        Suggested(
            question=question,
            key=each.key,
            title=each.title,
            address=each.address,
            rank=each.rank,
            matched=list(each.matched),
            shown_at=each.shown_at,
            opened_at=each.opened_at,
            not_my_case=each.not_my_case,
        )
        for each in list({each.key: each for each in looked}.values())[:MOST]
    )


def looked_at(question: Question, viewer: Viewer) -> list[Suggested]:
    """Return what the asker was shown, without what ``viewer`` may not know of now."""
    rows = list(question.suggested.all())
    allowed = visible_keys((row.key for row in rows), viewer)
    return [row for row in rows if row.key in allowed]
