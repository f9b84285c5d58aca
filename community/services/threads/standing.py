"""How threads stand, for the desk and for their own page. Nothing here changes anything."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from community.models import Compilation, Question, Reply, ThreadEvent
from community.permissions import Viewer, moderated_ids_shown
from community.states import SubmissionState, ThreadAction, ThreadLife

#: Most threads in a list of the desk, and most entries of a thread's history on its page.
MOST_LISTED = 10
MOST_ENTRIES = 20
#: What readers of a thread are told of: the opening is the question's own date.
_TOLD = frozenset(ThreadAction) - {ThreadAction.START, ThreadAction.SUMMARISE, ThreadAction.UNPIN}


def _moderated(user: Viewer) -> QuerySet[Question]:
    rows = Question.objects.filter(community_id__in=moderated_ids_shown(user), state=SubmissionState.RELEASED)
    return rows.with_answers().select_related("released_revision", "community")


def closing_soon(*, moderator: Viewer, now: datetime) -> QuerySet[Question]:
    """Return the open threads that close within CLOSING_SOON_DAYS, soonest first, with their number of answers."""
    until = now + timedelta(days=settings.CLOSING_SOON_DAYS)
    rows = _moderated(moderator).filter(life=ThreadLife.OPEN, closes_at__lte=until)
    return rows.order_by("closes_at", "pk")[:MOST_LISTED]


def closed_without_answer(*, moderator: Viewer) -> QuerySet[Question]:
    """Return the threads that closed without an answer or a page, newest first.

    What was answered and not written up stands in the list of what can be.
    """
    rows = _moderated(moderator).filter(life=ThreadLife.CLOSED)
    answers = Reply.objects.released().filter(question_id=OuterRef("pk"))
    pages = Compilation.objects.filter(question_id=OuterRef("pk"))
    return rows.exclude(Exists(answers)).exclude(Exists(pages)).order_by("-closed_at", "-pk")[:MOST_LISTED]


def history_of(question: Question, *, everything: bool = False) -> list[ThreadEvent]:
    """Return the newest entries of the thread's history, newest first: what readers are told of, or ``everything``."""
    if question.thread_version <= 1 and not everything:  # released, and nothing done since
        return []
    rows = question.thread_events.select_related("actor", "summary").order_by("-number")
    return list(rows[:MOST_ENTRIES] if everything else rows.filter(action__in=_TOLD)[:MOST_ENTRIES])
