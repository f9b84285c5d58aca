"""What the timer does: an approved item goes out when its hold is over."""

from datetime import datetime

from django.db import connection, transaction

from community.enums import AppealOutcome, SubmissionKind
from community.models import Question, Submission
from community.services import distribution, notices, threads, trust
from community.states import Action
from knowledge.slugs import unique_slug
from search.indexing import schedule_index

from .appeals import settle_appeal
from .automatic import is_distrusted, take_back
from .moves import move


@transaction.atomic
def release(*, submission_id: int, now: datetime) -> Submission | None:
    """Release an approved item whose hold is over: readers see it, members are owed it, the index takes it.

    Returns None where another process has it, it was undone, its time has not come, or the trust that approved it
    was lost meanwhile: then it waits for a moderator.
    """
    submission = (
        Submission.objects.select_for_update(skip_locked=connection.features.has_select_for_update_skip_locked)
        .due_for_release(now)
        .filter(pk=submission_id)
        .first()
    )
    if submission is None:
        return None
    if is_distrusted(submission):
        take_back(submission, now)
        return None
    event = move(
        submission,
        Action.RELEASE,
        actor=None,
        now=now,
        version=submission.version,
        released_revision=submission.revision,
        released_at=now,
        release_at=None,
    )
    if submission.kind == SubmissionKind.QUESTION:
        question = submission.as_question
        if question.slug is None:
            slug = unique_slug(submission.revision.title, Question.objects.all())
            Question.objects.filter(pk=question.pk).update(slug=slug)
        threads.start(question_id=question.pk, now=now)
    else:
        question = submission.thread
    distribution.record_release(submission=submission, now=now)
    settle_appeal(submission, AppealOutcome.OVERTURNED, now)
    trust.earn(submission=submission, now=now)
    notices.tell_author(event=event, now=now)
    schedule_index("question", question.pk)
    return submission


def release_due(*, now: datetime) -> int:
    """Release everything whose hold is over at ``now``; return how many were released here."""
    due = list(Submission.objects.due_for_release(now).values_list("pk", flat=True))
    return sum(release(submission_id=pk, now=now) is not None for pk in due)
