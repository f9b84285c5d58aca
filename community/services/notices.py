"""Mails about a member's own message: what became of it, and that it was used."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from community.mail import messages
from community.models import Envelope, ModerationEvent
from community.states import Action, SubmissionState

from .differences import editing_of


def _wake(envelope: Envelope) -> Envelope:
    from community.tasks import hand_over  # service → task → service is the one honest cycle

    hand_over.delay_on_commit(envelope.pk)
    return envelope


def tell_author(*, event: ModerationEvent, now: datetime) -> Envelope:
    """Write the mail that tells an author of a release, a return, a decline or that a message was hidden."""
    submission = event.submission
    question = submission.thread
    question.refresh_from_db()
    link = submission.concrete if event.to_state == "released" else None
    may_know = question.state == SubmissionState.RELEASED or question.author_id == submission.author_id
    title = question.title if may_know else _("a question that is no longer shown")
    editing = editing_of(submission) if event.action == Action.RELEASE else None
    return _wake(messages.decision(event=event, subject_line=title, link=link, editing=editing, now=now))
