"""The mails of deadlines: what waits, to those who moderate; what takes long or was forgotten, to its author."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils import translation

from community.enums import EnvelopeKind, NoticeCause
from community.models import Community, Envelope, Member, ModerationEvent, ModeratorNotice, Submission
from community.states import SubmissionState

from . import addresses, messages
from .builders import build_envelope

#: Most lines in one mail to those who moderate; the desk shows the rest.
MOST_LINES = 40


@dataclass(frozen=True)
class WaitingItem:
    """A line of the mail to those who moderate: an item, or a community that has no moderator.

    ``thread`` is the title of the released question that a reply answers, or that a report is about. The words of what
    nobody has approved yet stay out of every mail but its author's.
    """

    cause: NoticeCause
    community: Community
    submission: Submission | None
    thread: str
    url: str


def _line(row: ModeratorNotice) -> WaitingItem:
    submission = row.submission
    thread, path = "", reverse("members_home")
    if submission is not None:
        path = reverse("desk_item", args=[submission.pk])
        question = submission.thread
        if question is not None and question.pk != submission.pk and question.state == SubmissionState.RELEASED:
            thread = question.title
    return WaitingItem(NoticeCause(row.cause), row.community, submission, thread, addresses.absolute(path))


def waiting(*, recipient: AbstractBaseUser, rows: Sequence[ModeratorNotice], now: datetime) -> Envelope:
    """Build the one mail of everything that ``recipient`` is to be told of at ``now``."""
    member: Member | None = getattr(recipient, "member", None)
    items = [_line(row) for row in rows[:MOST_LINES]]
    return build_envelope(
        key=f"n:waiting:{recipient.pk}:{rows[0].pk}",
        kind=EnvelopeKind.MODERATOR,
        member=member,
        address=recipient.email,
        template="waiting",
        context={
            "items": items,
            "number": len(rows),
            "others": len(rows) - 1,
            "hidden": len(rows) - len(items),
            "communities": list({item.community.pk: item.community for item in items}.values()),
            "desk_url": addresses.absolute(reverse("desk")),
        },
        headers=messages.AUTOMATIC,
        now=now,
    )


def _about(submission: Submission, member: Member | None = None) -> dict:
    with translation.override((member or submission.author).mail_language):
        title = submission.own_title
        path = submission.own_address
    return {"submission": submission, "title": title, "url": addresses.absolute(path)}


def apology(*, submission: Submission, member: Member, now: datetime) -> Envelope:
    """Build the mail that says sorry to one person for a decision that takes far too long.

    Its key is that of the item, and of the person where it is not the author: there is one.
    """
    own = member.pk == submission.author_id
    return messages.notice(
        key=f"apology:{submission.pk}" if own else f"apology:{submission.pk}:{member.pk}",
        member=member,
        template="submission_overdue",
        context=_about(submission, member),
        now=now,
    )


def reminder(*, submission: Submission, step: int, lapse_at: datetime, is_last: bool, now: datetime) -> Envelope:
    """Build the mail that reminds an author of a returned item, the ``step``-th since this return."""
    return messages.notice(
        key=f"reminder:{submission.pk}:{submission.version}:{step}",
        member=submission.author,
        template="submission_reminder",
        context=_about(submission) | {"lapse_at": lapse_at, "is_last": is_last},
        now=now,
    )


def lapsed(*, event: ModerationEvent, now: datetime) -> Envelope:
    """Build the mail that tells an author that a returned item has lapsed."""
    return messages.notice(
        key=f"lapse:{event.pk}",
        member=event.submission.author,
        template="submission_lapsed",
        context=_about(event.submission),
        now=now,
    )
