"""The summary so far that moderators pin on a thread: every wording is kept, one is shown."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from community.models import Question, SummaryRevision
from community.permissions import NotAllowed, Viewer
from community.services import distribution
from community.states import ThreadAction
from knowledge.sanitize import RENDERER_VERSION, render_markdown

from .moves import begin, move


@transaction.atomic
def pin_summary(
    *, question: Question, moderator: Viewer, version: int, body: str, now: datetime, tell: bool = False
) -> Question:
    """Pin ``body`` (Markdown) on the thread, in the place of what was pinned; ``tell`` mails it to those who follow.

    The wording that stands already is neither kept nor mailed a second time. Raises NotAllowed, ThreadConflict.
    """
    question = begin(question, ThreadAction.SUMMARISE, actor=moderator, version=version)
    body = body.strip()
    if not body:
        raise NotAllowed(_("Write the summary, or unpin the one that stands."))
    if len(body) > settings.SUMMARY_MAX_LENGTH:
        raise NotAllowed(_("The summary is too long."))
    if question.summary is None or question.summary.body != body:
        summary = SummaryRevision.objects.create(
            question=question,
            number=question.summaries.count() + 1,
            body=body,
            body_html=render_markdown(body),
            renderer_version=RENDERER_VERSION,
            made_by=moderator.member,
            made_at=now,
        )
        move(question, ThreadAction.SUMMARISE, actor=moderator, now=now, summary=summary)
    if tell:
        Question.objects.filter(pk=question.pk).update(summary_told=question.summary)
        distribution.record_summary(question=question, summary=question.summary, now=now)
    return question


@transaction.atomic
def unpin_summary(*, question: Question, moderator: Viewer, version: int, now: datetime) -> Question:
    """Take the summary from the thread, from search and from mails that have not left; its wordings are kept.

    Raises NotAllowed, ThreadConflict.
    """
    question = begin(question, ThreadAction.UNPIN, actor=moderator, version=version)
    if question.summary_id is None:
        raise NotAllowed(_("No summary is pinned."))
    move(question, ThreadAction.UNPIN, actor=moderator, now=now, summary=None, summary_told=None)
    return question
