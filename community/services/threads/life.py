"""From open to closed and back: by date, by moderators, by the asker, by what is written up."""

from datetime import date, datetime

from django.db import transaction

from community.models import Question
from community.permissions import Viewer
from community.services import notices
from community.states import ThreadAction, ThreadLife

from .dates import check_day, closing_of
from .moves import begin, locked, move

#: Most threads that one run of the sweep closes, or gives a date.
BATCH = 200


# By the portal


@transaction.atomic
def start(*, question_id: int, now: datetime) -> Question | None:
    """Give a released question its closing date; None where it has one, or another process is at it."""
    question = locked(question_id, skip=True)
    if question is None or question.closes_at is not None or not question.takes_replies:
        return None
    move(question, ThreadAction.START, actor=None, now=now, closes_at=closing_of(question.community, now))
    return question


@transaction.atomic
def expire(*, question_id: int, now: datetime) -> Question | None:
    """Close a thread whose date is over and tell the asker; None where it is not, or another process is at it."""
    question = locked(question_id, skip=True)
    if question is None or not question.takes_replies or question.closes_at is None or question.closes_at > now:
        return None
    event = move(question, ThreadAction.EXPIRE, actor=None, now=now, closed_at=now)
    notices.tell_of_closing(event=event, now=now)
    return question


def close_due(*, now: datetime) -> int:
    """Close the threads whose date is over at ``now``, a transaction each; return how many were closed here.

    What was released without a date, by a former release during an upgrade, gets one.
    """
    opened = Question.objects.released().open()
    undated = opened.filter(closes_at=None, slug__isnull=False).order_by("pk").values_list("pk", flat=True)
    for pk in list(undated[:BATCH]):
        start(question_id=pk, now=now)
    due = opened.filter(closes_at__lte=now).order_by("closes_at").values_list("pk", flat=True)
    return sum(expire(question_id=pk, now=now) is not None for pk in list(due[:BATCH]))


@transaction.atomic
def write_up(*, question: Question, now: datetime, is_first: bool = True) -> Question:
    """Call a thread written up whose page is live.

    A thread that was reopened since stays open when its page is merely published again (``is_first`` is False).
    """
    question = locked(question.pk)
    if question.life == ThreadLife.CLOSED or (is_first and question.life == ThreadLife.OPEN):
        move(question, ThreadAction.WRITE_UP, actor=None, now=now, closed_at=question.closed_at or now)
    return question


@transaction.atomic
def take_back(*, question_id: int, now: datetime) -> Question:
    """Call a thread merely closed whose last live page is gone."""
    question = locked(question_id)
    if question.life == ThreadLife.COMPILED:
        move(question, ThreadAction.TAKE_BACK, actor=None, now=now)
    return question


# By people


@transaction.atomic
def extend(
    *, question: Question, moderator: Viewer, version: int, until: date, now: datetime, note: str = ""
) -> Question:
    """Let an open question take answers until the end of ``until``, a day after the present one.

    Raises NotAllowed, ThreadConflict, InvalidTransition.
    """
    question = begin(question, ThreadAction.EXTEND, actor=moderator, version=version)
    closes_at = check_day(until, now, later_than=question.closes_at)
    move(question, ThreadAction.EXTEND, actor=moderator, now=now, note=note, closes_at=closes_at)
    return question


@transaction.atomic
def close(*, question: Question, moderator: Viewer, version: int, now: datetime, note: str = "") -> Question:
    """Close an open question and tell the asker. Raises NotAllowed, ThreadConflict, InvalidTransition."""
    question = begin(question, ThreadAction.CLOSE, actor=moderator, version=version)
    event = move(question, ThreadAction.CLOSE, actor=moderator, now=now, note=note, closed_at=now)
    if moderator.pk != question.author.user_id:
        notices.tell_of_closing(event=event, now=now)
    return question


@transaction.atomic
def answered(*, question: Question, asker: Viewer, version: int, now: datetime, note: str = "") -> Question:
    """Close one's own open question as answered. Raises NotAllowed, ThreadConflict, InvalidTransition."""
    question = begin(question, ThreadAction.ANSWER, actor=asker, version=version)
    move(question, ThreadAction.ANSWER, actor=asker, now=now, note=note, closed_at=now)
    return question


@transaction.atomic
def reopen(
    *, question: Question, moderator: Viewer, version: int, until: date, now: datetime, note: str = ""
) -> Question:
    """Let a closed or written-up question take answers again until the end of ``until``; its page stays.

    Raises NotAllowed, ThreadConflict, InvalidTransition.
    """
    question = begin(question, ThreadAction.REOPEN, actor=moderator, version=version)
    closes_at = check_day(until, now)
    move(question, ThreadAction.REOPEN, actor=moderator, now=now, note=note, closes_at=closes_at, closed_at=None)
    return question
