"""What the desk puts beside a text: what waits that says nearly the same, and what it names of the registries."""

from dataclasses import dataclass

from django.db.models.functions import Left

from community.enums import READ_KINDS
from community.models import Submission
from community.permissions import Viewer
from knowledge.models.base import RegistryEntry
from knowledge.services.naming import entries_of, namings_in
from search.analysis import is_stop_word, words

from .reading import QueueRow, items_of, rows_of

#: Waiting items that are compared: the newest, so that the page costs the same however long the queue is.
MOST_COMPARED = 200
#: Characters of each text that are compared.
COMPARED = 600
#: Share of the words of the shorter text that the other has too, from which two are "nearly the same".
NEAR = 0.6
MOST_NEAR = 3
MOST_ENTRIES = 8
#: Shorter texts have too few words to say that two are the same.
FEWEST_WORDS = 4


@dataclass(frozen=True)
class Beside:
    """What stands beside a text: lines of the queue, the nearest first, and entries in the order of the text."""

    waiting: list[QueueRow]
    entries: list[RegistryEntry]


def beside(item: Submission, user: Viewer, now) -> Beside:
    """Return what ``user`` needs beside ``item`` to decide, in a bounded number of queries and of comparisons."""
    revision = item.revision
    text = f"{revision.title}\n{revision.body}\n{revision.tried}"
    return Beside(waiting=_near(item, user, now), entries=entries_of(namings_in(text), MOST_ENTRIES))


def _near(item: Submission, user: Viewer, now) -> list[QueueRow]:
    own = _words_of(f"{item.revision.title} {item.revision.body[:COMPARED]}")
    if len(own) < FEWEST_WORDS:
        return []
    messages = Submission.objects.waiting().filter(kind__in=READ_KINDS)
    own_queue = items_of(user).order_by().values("pk")
    others = (
        messages.filter(pk__in=own_queue)
        .exclude(pk=item.pk)
        .order_by("-pk")
        .values_list("pk", "revision__title", Left("revision__body", COMPARED))[:MOST_COMPARED]
    )
    likeness = {pk: _likeness(own, _words_of(f"{title} {body}")) for pk, title, body in others}
    near = sorted((pk for pk in likeness if likeness[pk] >= NEAR), key=lambda pk: (-likeness[pk], -pk))[:MOST_NEAR]
    if not near:
        return []
    rows = {row.item.pk: row for row in rows_of(list(items_of(user).with_holding(now).filter(pk__in=near)), now)}
    return [rows[pk] for pk in near if pk in rows]


def _words_of(text: str) -> frozenset[str]:
    written = (word for word in words(text) if not is_stop_word(word.written, among=text))
    return frozenset(word.token for word in written)


def _likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Return the share of the shorter text's words that both have: 0 to 1."""
    shorter = min(len(one), len(other))
    return len(one & other) / shorter if shorter >= FEWEST_WORDS else 0.0
