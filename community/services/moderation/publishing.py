"""Questions and replies in the queue: what their release does, and what they are called there."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.enums import SubmissionKind
from community.models import Question, Submission
from community.services import distribution, threads
from community.states import Action
from knowledge.slugs import unique_slug
from search.indexing import schedule_index

from .kinds import Approval, Kind


def _publish_question(submission: Submission, approval: Approval, now: datetime) -> None:
    """Give the question its address, owe it to the members and have search take it."""
    question = submission.thread
    if question.slug is None:
        slug = unique_slug(submission.revision.title, Question.objects.all())
        Question.objects.filter(pk=question.pk).update(slug=slug)
    threads.start(question_id=question.pk, now=now)
    _publish(submission, now)


def _publish_reply(submission: Submission, approval: Approval, now: datetime) -> None:
    _publish(submission, now)


def _publish(submission: Submission, now: datetime) -> None:
    distribution.record_release(submission=submission, now=now)
    schedule_index("question", submission.thread.pk)


QUESTION = Kind(
    SubmissionKind.QUESTION,
    release=_publish_question,
    heading=lambda submission: submission.revision.title,
    fields=("title", "body", "tried"),
)
REPLY = Kind(
    SubmissionKind.REPLY,
    release=_publish_reply,
    heading=lambda submission: _("Answer to “%(title)s”") % {"title": submission.thread.title},
    refused={Action.MOVE: gettext_lazy("An answer stays where its question is.")},
)
