"""What authors do with what they send in."""

from datetime import datetime

from django.db import transaction

from community.enums import SubmissionKind
from community.models import Submission
from community.permissions import NotAllowed, Viewer
from community.services import contributing, holding
from community.services.revisions import Text, freeze
from community.services.writing import drafts
from community.states import Action, SubmissionState

from .automatic import approve_by_trust
from .deadlines import clock_resumed, clock_started, note_arrival
from .moves import locked, move


@transaction.atomic
def submit(*, submission: Submission, text: Text, now: datetime) -> Submission:
    """Send a fresh draft in: its text is frozen and it joins the queue, or goes out by trust after the hold."""
    revision = freeze(submission=submission, text=text, made_by=submission.author, now=now)
    move(
        submission,
        Action.SUBMIT,
        actor=submission.author.user,
        now=now,
        version=submission.version,
        revision=revision,
        submitted_at=now,
        held_because=holding.check(submission=submission, text=text, now=now),
        **clock_started(submission, now),
    )
    if approve_by_trust(submission, now) is None:
        note_arrival(submission, now)
    return submission


@transaction.atomic
def revise(
    *,
    submission: Submission,
    author: Viewer,
    version: int,
    text: Text,
    now: datetime,
    draft: drafts.Place | None = None,
) -> Submission:
    """Take an author's new text: a pending item stays pending, a returned one goes back into the queue.

    ``draft`` is where the text was kept until now. Raises NotAllowed, Conflict, InvalidTransition.
    """
    action = Action.RESUBMIT if submission.state == SubmissionState.RETURNED else Action.EDIT
    submission = locked(submission, version, action)
    if submission.author.user_id != author.pk:
        raise NotAllowed("Only the author changes a message.")
    contributing.check_not_suspended(member=submission.author, community=submission.community, now=now)
    revision = freeze(submission=submission, text=text, made_by=submission.author, now=now)
    changes = clock_resumed(submission, now) if action == Action.RESUBMIT else {}
    changes["held_because"] = holding.check(submission=submission, text=text, now=now)
    move(submission, action, actor=author, now=now, version=version, revision=revision, **changes)
    if action == Action.RESUBMIT:
        note_arrival(submission, now)
    drafts.sent(member=submission.author, place=draft)
    return submission


@transaction.atomic
def withdraw(*, submission: Submission, author: Viewer, version: int, now: datetime) -> Submission:
    """Take an author's message back before it is released. Raises NotAllowed, Conflict, InvalidTransition."""
    submission = locked(submission, version, Action.WITHDRAW)
    if submission.author.user_id != author.pk:
        raise NotAllowed("Only the author withdraws a message.")
    if submission.kind == SubmissionKind.FLAG:
        raise NotAllowed("Each of those who reported takes a report back; the case goes with the last one.")
    move(submission, Action.WITHDRAW, actor=author, now=now, version=version, release_at=None)
    return submission
