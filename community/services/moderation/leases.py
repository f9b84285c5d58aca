"""Who holds an item: taken by a moderator for as long as it is open, claimed for longer, given back, taken over.

A lease is no state and moves no version. It keeps others from deciding (``moves.move`` asks for it in its UPDATE)
and ends by itself. Each function locks the row, so that of two people one holds it and the other is told who.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from community.enums import LeaseKind
from community.models import Appeal, Community, Member, Submission
from community.permissions import NotAllowed, Viewer, member_of, moderated_community_ids
from community.states import Action, SubmissionState, next_state

from .moves import NO_LEASE, Held, check_moderator, write_entry

#: How long an item stays with who opened it, unless renewed.
OPEN_FOR = timedelta(minutes=15)
#: How long a claimed item stays.
CLAIMED_FOR = timedelta(hours=24)
NOTE_MAX_LENGTH = 300


def _locked(submission: Submission) -> Submission:
    # Alone: rows that are joined to a row that was waited for are those from before the wait.
    return Submission.objects.select_for_update().get(pk=submission.pk)


def _hold(submission: Submission, member: Member, kind: LeaseKind, now: datetime) -> Submission:
    """Write the lease into the locked row. What is held already keeps its beginning, and never gets shorter."""
    mine = _is_held_by(submission, member, now)
    until = now + (CLAIMED_FOR if kind == LeaseKind.CLAIMED else OPEN_FOR)
    if mine and submission.lease_kind == LeaseKind.CLAIMED:
        kind, until = LeaseKind.CLAIMED, max(until, submission.lease_until)
    submission.lease_holder, submission.lease_kind, submission.lease_until = member, kind, until
    submission.leased_at = submission.leased_at if mine else now
    submission.save(update_fields=[*NO_LEASE])
    return submission


def _is_held_by(submission: Submission, member: Member, now: datetime) -> bool:
    until = submission.lease_until
    return submission.lease_holder_id == member.pk and until is not None and until > now


def _is_free(submission: Submission, member: Member, now: datetime) -> bool:
    return Submission.objects.filter(pk=submission.pk).free_for(member, now).exists()


@transaction.atomic
def take(*, submission: Submission, moderator: Viewer, now: datetime) -> Submission:
    """Hold a waiting item while it is open; taken again, it is held from now on.

    Raises NotAllowed, InvalidTransition (it waits no more), Held.
    """
    return _take(_locked(submission), moderator, LeaseKind.AUTO, now)


@transaction.atomic
def claim(*, submission: Submission, moderator: Viewer, now: datetime) -> Submission:
    """Put a waiting item aside as one's own for a day; the log says so. Raises NotAllowed, InvalidTransition, Held."""
    submission = _locked(submission)
    member = member_of(moderator)
    claimed = submission.lease_kind == LeaseKind.CLAIMED and member and _is_held_by(submission, member, now)
    submission = _take(submission, moderator, LeaseKind.CLAIMED, now)
    if not claimed:
        _log(submission, Action.CLAIM, moderator, now)
    return submission


def _take(submission: Submission, moderator: Viewer, kind: LeaseKind, now: datetime) -> Submission:
    next_state(submission.state, Action.CLAIM)
    member = check_moderator(submission, moderator)
    if not _is_free(submission, member, now):
        raise Held(submission)
    return _hold(submission, member, kind, now)


def _log(submission: Submission, action: Action, moderator: Viewer, now: datetime, note: str = "") -> None:
    write_entry(
        submission,
        action,
        actor=moderator,
        now=now,
        from_state=submission.state,
        before=submission.revision,
        note=note,
    )


@transaction.atomic
def renew(*, submission: Submission, moderator: Viewer, now: datetime) -> Submission | None:
    """Keep holding what ``moderator`` holds; None where it is held no more. Raises NotAllowed, Held."""
    submission = _locked(submission)
    member = check_moderator(submission, moderator)
    if submission.lease_holder_id != member.pk or submission.state != SubmissionState.PENDING:
        if submission.state == SubmissionState.PENDING and not _is_free(submission, member, now):
            raise Held(submission)
        return None
    return _hold(submission, member, LeaseKind(submission.lease_kind or LeaseKind.AUTO), now)


@transaction.atomic
def give_back(*, submission: Submission, moderator: Viewer) -> bool:
    """Let go of an item, whatever the role by now; return whether it was held."""
    member = member_of(moderator)
    held = Submission.objects.filter(pk=submission.pk, lease_holder=member) if member else Submission.objects.none()
    return bool(held.update(**NO_LEASE))


def let_go(*, member: Member, community: Community) -> None:
    """Free everything that ``member`` holds in ``community``: the role has ended."""
    Submission.objects.filter(lease_holder=member, community=community).update(**NO_LEASE)


@transaction.atomic
def take_over(*, submission: Submission, moderator: Viewer, holder_id: int, note: str, now: datetime) -> Submission:
    """Take an item from ``holder_id``, who holds it, with a line on why that the log keeps.

    Where it is free by now it is taken without an entry. Raises NotAllowed (also where the line is missing),
    InvalidTransition, Held where a third person holds it.
    """
    submission = _locked(submission)
    next_state(submission.state, Action.TAKE_OVER)
    member = check_moderator(submission, moderator)
    if _is_free(submission, member, now):
        return _hold(submission, member, LeaseKind.AUTO, now)
    if submission.lease_holder_id != holder_id:
        raise Held(submission)
    note = " ".join(note.split())[:NOTE_MAX_LENGTH]
    if not note:
        raise NotAllowed(_("Say in one line why you take it over: the log keeps it."))
    _hold(submission, member, LeaseKind.AUTO, now)
    _log(submission, Action.TAKE_OVER, moderator, now, note)
    return submission


def free_items(*, moderator: Viewer, now: datetime) -> QuerySet[Submission]:
    """Return what ``moderator`` could take now, in the order of the queue as that one sees it."""
    member = member_of(moderator)
    waiting = Submission.objects.waiting().filter(community_id__in=moderated_community_ids(moderator))
    waiting = waiting.yours_first(member, now)
    declined = Appeal.objects.undecided().filter(declined__actor_id=moderator.pk).values("submission_id")
    return waiting.not_involving(member).exclude(author=member).exclude(pk__in=declined).free_for(member, now)


@transaction.atomic
def take_next(*, moderator: Viewer, now: datetime) -> Submission | None:
    """Take the first item of the queue that nobody holds; None where there is none.

    Two people who ask at once get two items: a row that somebody is taking is passed over.
    """
    member = member_of(moderator)
    rows = free_items(moderator=moderator, now=now).select_for_update(
        skip_locked=connection.features.has_select_for_update_skip_locked
    )
    mine = Submission.objects.held_by(member, now).values("pk") if member else Submission.objects.none()
    submission = rows.exclude(pk__in=mine).first()
    if submission is None:
        return None
    return _hold(submission, member, LeaseKind.AUTO, now)
