"""Mails about a member's own message: what became of it, and that it was used."""

from datetime import datetime

from community.mail import messages
from community.models import Envelope, ModerationEvent


def _wake(envelope: Envelope) -> Envelope:
    from community.tasks import hand_over  # service → task → service is the one honest cycle

    hand_over.delay_on_commit(envelope.pk)
    return envelope


def tell_author(*, event: ModerationEvent, now: datetime) -> Envelope:
    """Write the mail that tells an author of a release, a return or a decline."""
    submission = event.submission
    question = submission.thread
    question.refresh_from_db()
    link = submission.concrete if event.to_state == "released" else None
    return _wake(messages.decision(event=event, subject_line=question.title, link=link, now=now))
