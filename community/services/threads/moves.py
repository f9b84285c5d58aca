"""The one step that changes a thread: a compare-and-swap on its version, and an entry in its history."""

from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from community.models import Question, ThreadEvent
from community.permissions import NotAllowed, Viewer, current_membership, member_of, moderates
from community.states import ASKERS_THREAD_ACTIONS, MODERATORS_THREAD_ACTIONS, SubmissionState, ThreadAction, next_life
from search.indexing import schedule_index

LONGEST_NOTE = 300


class ThreadConflict(Exception):
    """Somebody else changed the thread first; ``event`` says who did what and when."""

    def __init__(self, event: ThreadEvent | None) -> None:
        super().__init__(str(event))
        self.event = event


def check_actor(question: Question, actor: Viewer, action: ThreadAction) -> None:
    """Raise NotAllowed where ``actor`` may not do ``action`` to the thread of ``question``."""
    if action in ASKERS_THREAD_ACTIONS:
        member = member_of(actor)
        if member is None or member.pk != question.author_id:
            raise NotAllowed(_("Only the member who asked can say that the question is answered."))
        if current_membership(actor, question.community) is None:
            raise NotAllowed(_("You are no longer a member of this community."))
    elif action in MODERATORS_THREAD_ACTIONS and not moderates(actor, question.community):
        raise NotAllowed(_("Only moderators of this community do this."))


def locked(question_id: int, *, skip: bool = False) -> Question | None:
    """Return the question as it is now, its thread locked; None where ``skip`` is set and somebody holds it."""
    features = connection.features
    rows = Question.objects.select_for_update(
        of=("self",) if features.has_select_for_update_of else (),
        skip_locked=skip and features.has_select_for_update_skip_locked,
    )
    return rows.select_related("community", "author__user", "released_revision").filter(pk=question_id).first()


def check_version(question: Question, version: int) -> None:
    """Raise ThreadConflict where the locked ``question`` was changed since ``version`` was shown."""
    if question.thread_version != version:
        last = question.thread_events.select_related("actor").order_by("-number").first()
        raise ThreadConflict(last)


def begin(question: Question, action: ThreadAction, *, actor: Viewer, version: int) -> Question:
    """Return the question as it is now, locked, once ``actor`` may do ``action`` to what was shown as ``version``.

    Raises NotAllowed, ThreadConflict, InvalidTransition.
    """
    fresh = locked(question.pk)
    check_actor(fresh, actor, action)
    if fresh.state != SubmissionState.RELEASED:
        raise NotAllowed(_("This question is hidden. Restore it first."))
    check_version(fresh, version)
    next_life(fresh.life, action)
    return fresh


def move(
    question: Question, action: ThreadAction, *, actor: Viewer | None, now: datetime, note: str = "", **changes
) -> ThreadEvent:
    """Do ``action`` to the locked ``question`` and write it down; ``changes`` are columns. Raises InvalidTransition."""
    before, from_life = question.closes_at, question.life
    changes |= {"life": next_life(from_life, action), "thread_version": question.thread_version + 1}
    Question.objects.filter(pk=question.pk).update(**changes)
    for name, value in changes.items():
        setattr(question, name, value)
    if "summary" in changes:  # nothing else of a thread is searched for
        schedule_index("question", question.pk)
    return ThreadEvent.objects.create(
        question=question,
        number=question.thread_version,
        actor=actor,
        action=action,
        from_life=from_life,
        to_life=question.life,
        closes_before=before,
        closes_after=question.closes_at,
        summary=changes.get("summary"),
        note=" ".join(note.split())[:LONGEST_NOTE],
        at=now,
    )
