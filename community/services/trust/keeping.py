"""The rows of trust: given, asked for, lost."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from community.models import AutomaticApproval, Community, Member, ModerationReason, Submission, Suspension, Trust
from community.models.moderation.trust import IDLE_AFTER, AfterwardsOutcome, TrustLost
from community.permissions import NotAllowed, Viewer, moderates

NOTE_MAX_LENGTH = 300
#: Most rows that one sweep ends.
IDLE_AT_ONCE = 500
#: How long a member is told that trust has ended, and of how many rows at most.
TOLD_FOR, MOST_TOLD = timedelta(days=90), 20


def check_trustable(submission: Submission) -> None:
    """Raise NotAllowed where nobody is ever trusted with what ``submission`` is."""
    if submission.kind not in settings.TRUSTED_KINDS:
        raise NotAllowed(_("Only replies can be trusted: this kind always waits for a moderator."))


def is_suspended(submission: Submission, now: datetime) -> bool:
    """Return whether the author of ``submission`` is suspended in its community, or everywhere."""
    binding = Suspension.objects.in_force(now).filter(member_id=submission.author_id)
    return binding.that_bind_in(submission.community_id).exists()


@transaction.atomic
def give(*, submission: Submission, by: Viewer | None, now: datetime) -> Trust:
    """Trust the author of ``submission`` with its kind in its community; who is trusted already stays so.

    ``by`` is the moderator who gives it, None where it was earned. Raises NotAllowed.
    """
    check_trustable(submission)
    who = {"member": submission.author, "community": submission.community, "kind": submission.kind}
    if is_suspended(submission, now):
        raise NotAllowed(_("The author is suspended: nobody trusts them meanwhile."))
    _end(Trust.objects.idle(now).filter(**who), TrustLost.IDLE, now)
    try:
        with transaction.atomic():
            return Trust.objects.get_or_create(
                **who,
                ended_at=None,
                defaults={"started_at": now, "last_at": now, "given_by": by, "submission": submission},
            )[0]
    except IntegrityError:  # given by somebody else at the same moment
        return Trust.objects.get(**who, ended_at=None)


def trust_for(submission: Submission, now: datetime) -> Trust | None:
    """Return the trust that lets ``submission`` go out unread, locked, and note that it was used; None without."""
    if submission.kind not in settings.TRUSTED_KINDS:
        return None
    rows = Trust.objects.filter(member=submission.author, community=submission.community, kind=submission.kind)
    trust = rows.filter(ended_at=None).select_for_update().first()
    if trust is None:
        return None
    if not Trust.objects.current(now).filter(pk=trust.pk).exists():
        _end(Trust.objects.filter(pk=trust.pk), TrustLost.IDLE, now)
        return None
    trust.last_at = now
    trust.save(update_fields=["last_at"])
    return trust


def told_to(member: Member, now: datetime) -> QuerySet[Trust]:
    """Return what a member is told of: the trust there is, and what ended lately; an undone approval is no news."""
    ended = Q(ended_at__gt=now - TOLD_FOR) & ~Q(ended_because=TrustLost.UNDONE)
    rows = Trust.objects.filter(Q(ended_at=None, last_at__gt=now - IDLE_AFTER) | ended, member=member)
    return rows.select_related("community").order_by("-started_at", "-pk")[:MOST_TOLD]


def _end(rows, because: TrustLost, now: datetime, by: Viewer | None = None, note: str = "") -> int:
    note = " ".join(note.split())[:NOTE_MAX_LENGTH]
    return rows.filter(ended_at=None).update(ended_at=now, ended_because=because, ended_by=by, ended_note=note)


@transaction.atomic
def lose(
    *,
    member: Member,
    community: Community | None,
    kind: str | None,
    because: TrustLost,
    now: datetime,
    by: Viewer | None = None,
    note: str = "",
) -> int:
    """End the trust in ``member``; return how many rows ended. What it approved and is still held waits again.

    ``kind`` None stands for every kind, ``community`` None for every community.
    """
    rows = Trust.objects.filter(member=member)
    if community is not None:
        rows = rows.filter(community=community)
    if kind is not None:
        rows = rows.filter(kind=kind)
    return _end(rows, because, now, by, note)


def lose_by_reason(*, submission: Submission, reason: ModerationReason, by: Viewer, now: datetime) -> int:
    """End every trust in the author of ``submission`` in its community, where ``reason`` is about conduct."""
    if not reason.is_conduct:
        return 0
    who = {"member": submission.author, "community": submission.community, "kind": None}
    return lose(**who, because=TrustLost.CONDUCT, by=by, now=now)


@transaction.atomic
def end(*, trust: Trust, moderator: Viewer, note: str, now: datetime) -> Trust:
    """End a trust at a moderator's word, with a line on why that other moderators read. Raises NotAllowed."""
    if not moderates(moderator, trust.community):
        raise NotAllowed(_("Only moderators of this community end a trust."))
    if not note.strip():
        raise NotAllowed(_("Say in one line why it ends: other moderators read it."))
    if not _end(Trust.objects.filter(pk=trust.pk), TrustLost.MODERATOR, now, moderator, note):
        raise NotAllowed(_("It had ended already."))
    drawn = AutomaticApproval.objects.to_look_at().filter(trust=trust).exclude(submission__author__user=moderator)
    drawn.update(looked_at=now, looked_by=moderator, outcome=AfterwardsOutcome.TRUST_ENDED)
    trust.refresh_from_db()
    return trust


def undo(*, submission: Submission, by: Viewer, now: datetime) -> None:
    """Take back the trust that came with an approval which is undone."""
    _end(Trust.objects.filter(submission_id=submission.pk), TrustLost.UNDONE, now, by)


@transaction.atomic
def end_idle(*, now: datetime) -> int:
    """End the trust that nobody has used for twelve months; return how many rows ended."""
    oldest = Trust.objects.idle(now).order_by("last_at").values_list("pk", flat=True)[:IDLE_AT_ONCE]
    return _end(Trust.objects.filter(pk__in=list(oldest)), TrustLost.IDLE, now)
