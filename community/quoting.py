"""Is a quote what it says? Words of a released reply, taken from the text that readers were shown."""

import hashlib
import re
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from .enums import SubmissionKind
from .models import Member, ModerationEvent, Reply, Revision
from .states import Action, SubmissionState

#: Beyond it no database has a key; SQLite does not even take the question.
BIGGEST_KEY = 2**63 - 1


class QuoteRefused(Exception):
    """The quote is not a stretch of a released reply; the message says why, in words for the editor."""


@dataclass(frozen=True)
class FoundQuote:
    """Where the words of a quote stand in the revision it names; ``end`` is behind the last character."""

    reply: Reply
    revision: Revision
    start: int
    end: int
    text_hash: str


def find_quote(*, text: str, reply: int, revision: int) -> FoundQuote:
    """Return where ``text`` stands in the revision; spaces and line ends may differ, nothing else.

    Raises QuoteRefused where the reply or its question is not released, the revision was never shown to readers,
    or the words do not stand there.
    """
    if max(reply, revision) > BIGGEST_KEY:
        raise QuoteRefused(_("There is no reply with this number."))
    source = (
        Reply.objects.filter(pk=reply, kind=SubmissionKind.REPLY)
        .select_related("question", "released_revision", "author")
        .first()
    )
    if source is None:
        raise QuoteRefused(_("There is no reply with this number."))
    if source.state != SubmissionState.RELEASED or source.question.state != SubmissionState.RELEASED:
        raise QuoteRefused(_("This reply is not released, so it cannot be quoted."))
    shown = _shown_revision(source, revision)
    if shown is None:
        raise QuoteRefused(_("This is not a revision of the reply that readers have seen."))
    words = text.split()
    found = re.search(r"\s+".join(re.escape(word) for word in words), shown.body) if words else None
    if found is None:
        raise QuoteRefused(_("These words do not stand in the reply. A quote may be shortened, not changed."))
    digest = hashlib.sha256(" ".join(words).encode()).hexdigest()
    return FoundQuote(reply=source, revision=shown, start=found.start(), end=found.end(), text_hash=digest)


def hidden_replies(numbers: set[int]) -> set[int]:
    """Return those of the replies that were hidden since, or whose question was; asked by ``knowledge.blocks``."""
    known = Reply.objects.filter(pk__in={number for number in numbers if number <= BIGGEST_KEY})
    shown = Q(state=SubmissionState.RELEASED, question__state=SubmissionState.RELEASED)
    return set(known.exclude(shown).values_list("pk", flat=True))


def former_members(numbers: set[int]) -> set[int]:
    """Return those of the members who have left for good; asked by ``knowledge.blocks``."""
    known = Member.objects.filter(pk__in={number for number in numbers if number <= BIGGEST_KEY})
    return set(known.exclude(left_at=None).values_list("pk", flat=True))


def replies_of_former_members(numbers: set[int]) -> set[int]:
    """Return those of the replies whose author has left for good; asked by ``knowledge.blocks``."""
    known = Reply.objects.filter(pk__in={number for number in numbers if number <= BIGGEST_KEY})
    return set(known.exclude(author__left_at=None).values_list("pk", flat=True))


def problem_with_quote(text: str, reply: int, revision: int) -> str:
    """Return why the quote is refused, or an empty text; the check that ``knowledge.blocks`` asks."""
    try:
        find_quote(text=text, reply=reply, revision=revision)
    except QuoteRefused as refused:
        return str(refused)
    return ""


def _shown_revision(reply: Reply, revision: int) -> Revision | None:
    """Return the revision where readers were shown it: what a moderator took out before the release stays out."""
    if reply.released_revision_id == revision:
        shown = reply.released_revision
    else:
        event = (
            ModerationEvent.objects.filter(submission_id=reply.pk, action=Action.RELEASE, revision_after_id=revision)
            .select_related("revision_after")
            .first()
        )
        shown = event.revision_after if event else None
    return None if shown is None or shown.redacted_at else shown
