"""Mails about a member's own message, what became of it or has not yet, and to those who moderate."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.utils import translation

from community.mail import deadlines, messages, threads
from community.models import (
    Appeal,
    Envelope,
    Member,
    ModerationEvent,
    ModeratorNotice,
    ReplyUse,
    Submission,
    ThreadEvent,
)
from community.states import Action

from .differences import editing_of


def _wake(envelope: Envelope) -> Envelope:
    from community.tasks import hand_over  # service → task → service is the one honest cycle

    hand_over.delay_on_commit(envelope.pk)
    return envelope


def _settled(event: ModerationEvent) -> Appeal | None:
    """Return the appeal that the event has decided."""
    return Appeal.objects.filter(submission_id=event.submission_id).exclude(outcome="").first()


def tell_author(*, event: ModerationEvent, now: datetime, mail: str = "submission") -> Envelope:
    """Write the mail that tells an author of a release, a return, a decline or that a message was hidden.

    ``mail`` begins the name of its template, which ends with the state.
    """
    submission = event.submission
    if (question := submission.thread) is not None:
        question.refresh_from_db()
    link = submission.concrete if event.to_state == "released" else None
    with translation.override(submission.author.mail_language):
        title = submission.own_title
    editing = editing_of(submission) if event.action == Action.RELEASE else None
    return _wake(
        messages.decision(
            event=event,
            template=f"{mail}_{event.to_state}",
            subject_line=title,
            link=link,
            editing=editing,
            appeal=_settled(event),
            now=now,
        )
    )


def tell_moderator(*, recipient: AbstractBaseUser, rows: Sequence[ModeratorNotice], now: datetime) -> Envelope:
    """Write the mail that tells one person of everything in ``rows`` that waits for a decision."""
    return _wake(deadlines.waiting(recipient=recipient, rows=rows, now=now))


def apologise(*, submission: Submission, members: Iterable[Member], now: datetime) -> list[Envelope]:
    """Write the mails that say sorry to those who wait far too long; there is one for each and item, ever."""
    return [_wake(deadlines.apology(submission=submission, member=member, now=now)) for member in members]


def remind_author(*, submission: Submission, step: int, lapse_at: datetime, is_last: bool, now: datetime) -> Envelope:
    """Write the mail that reminds an author of an item that was returned; the last one before it lapses says so."""
    return _wake(deadlines.reminder(submission=submission, step=step, lapse_at=lapse_at, is_last=is_last, now=now))


def tell_of_lapse(*, event: ModerationEvent, now: datetime) -> Envelope:
    """Write the mail that tells an author that a returned item has lapsed and where its text stands."""
    return _wake(deadlines.lapsed(event=event, now=now))


def _is_here(member: Member) -> bool:
    return member.left_at is None and member.user.is_active


def tell_of_closing(*, event: ThreadEvent, now: datetime) -> Envelope | None:
    """Write the mail that tells an asker that the question takes no more answers; one for each closing.

    None where the asker has left.
    """
    return _wake(threads.closed(event=event, now=now)) if _is_here(event.question.author) else None


def tell_of_use(*, use: ReplyUse, now: datetime) -> Envelope | None:
    """Write the mail that tells who answered that the answer helped; there is one for each answer, ever.

    None where who answered has left.
    """
    return _wake(threads.used(use=use, now=now)) if _is_here(use.reply.author) else None
