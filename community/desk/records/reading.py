"""What the desk says of a member and of what went out by trust, in a constant number of queries."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from community.enums import SubmissionKind
from community.models import AutomaticApproval, Community, Member, Submission, Suspension, Trust
from community.permissions import Viewer, moderated_ids_shown
from community.services import contributing, moderation
from community.states import Action, SubmissionState

#: Most rows of trust and of suspensions that a record shows, newest first.
MOST_SHOWN = 20


def members_for(user: Viewer) -> QuerySet[Member]:
    """Return the members whose record ``user`` reads: of the communities moderated; all for an administrator."""
    rows = Member.objects.select_related("user", "state")
    if user.is_superuser:
        return rows
    ids = moderated_ids_shown(user)
    there = Q(memberships__community_id__in=ids, memberships__started_at__isnull=False)
    return rows.filter(there | Q(submissions__community_id__in=ids)).distinct()


def communities_for(user: Viewer) -> QuerySet[Community]:
    """Return the communities of which a record shows ``user`` anything."""
    return Community.objects.all() if user.is_superuser else Community.objects.filter(pk__in=moderated_ids_shown(user))


@dataclass(frozen=True)
class SuspensionRow:
    """A suspension as its line shows it, and what the viewer may do about it."""

    suspension: Suspension
    is_in_force: bool
    can_lift: bool
    can_decide: bool


def suspensions_of(member: Member, user: Viewer, now: datetime) -> list[SuspensionRow]:
    """Return what ``user`` may know of the suspensions of ``member``, newest first; those of everywhere too."""
    ids = communities_for(user).values("pk")
    rows = member.suspensions.filter(Q(community=None) | Q(community__in=ids))
    rows = rows.select_related("community", "imposed_by", "lifted_by", "appeal_decided_by", "member")
    return [_suspension_row(row, user, now) for row in rows.order_by("-started_at", "-pk")[:MOST_SHOWN]]


def _suspension_row(row: Suspension, user: Viewer, now: datetime) -> SuspensionRow:
    in_force = row.lifted_at is None and row.started_at <= now < row.ends_at
    decides = in_force and row.member.user_id != user.pk
    decides = decides and (user.is_superuser or row.community_id in moderated_ids_shown(user))
    waits = row.appealed_at is not None and not row.appeal_outcome
    return SuspensionRow(row, in_force, decides, decides and waits and row.imposed_by_id != user.pk)


def trusts_of(member: Member, user: Viewer) -> QuerySet[Trust]:
    """Return the times in which ``member`` was trusted, as far as ``user`` may know, newest first."""
    rows = member.trusts.filter(community__in=communities_for(user).values("pk"))
    return rows.select_related("community", "given_by", "ended_by")[:MOST_SHOWN]


def sent_by(member: Member, user: Viewer) -> QuerySet[Submission]:
    """Return what ``member`` sent in, as far as ``user`` moderates it, newest first."""
    rows = Submission.objects.filter(author=member, community_id__in=moderated_ids_shown(user))
    related = ("community", "revision", "as_question__released_revision", "as_reply__question__released_revision")
    return rows.exclude(state=SubmissionState.DRAFT).select_related(*related).order_by("-submitted_at", "-pk")


def counts_of(member: Member, user: Viewer) -> dict[str, int]:
    """Return what came of it: numbers by ``released``, ``returned``, ``declined``, ``hidden`` and ``spam``."""
    sent = Submission.objects.filter(author=member, community__in=communities_for(user).values("pk"))
    return sent.aggregate(
        released=Count("pk", distinct=True, filter=Q(state=SubmissionState.RELEASED)),
        returned=Count("pk", distinct=True, filter=Q(events__action=Action.RETURN)),
        declined=Count("pk", distinct=True, filter=Q(state=SubmissionState.DECLINED)),
        hidden=Count("pk", distinct=True, filter=Q(state=SubmissionState.HIDDEN)),
        spam=Count("pk", distinct=True, filter=Q(state=SubmissionState.SPAM)),
    )


def may_be_suspended_in(member: Member, user: Viewer) -> list[Community]:
    """Return the communities in which ``user`` may suspend ``member`` now."""
    there = communities_for(user).filter(memberships__member=member, memberships__ended_at=None).distinct()
    return [each for each in there if not contributing.why_not_suspend(member=member, community=each, by=user)]


def about_author(item: Submission, user: Viewer, now: datetime) -> dict[str, object]:
    """Return what stands on an item's page beside its author: trust, suspension, and what is to be looked at.

    Of a report it is the author of the reported message.
    """
    here = {"member_id": item.as_flag.about.author_id if item.kind == SubmissionKind.FLAG else item.author_id}
    return {
        "trusts": list(Trust.objects.current(now).filter(**here, community_id=item.community_id)),
        "suspended": Suspension.objects.in_force(now).filter(**here).that_bind_in(item.community_id).first(),
        "to_look_at": moderation.to_look_at(item, user),
    }


def drawn_for(user: Viewer) -> QuerySet[AutomaticApproval]:
    """Return what went out by trust and waits for ``user`` to look at it: never one's own."""
    rows = AutomaticApproval.objects.to_look_at().filter(submission__community_id__in=moderated_ids_shown(user))
    return rows.exclude(submission__author__user_id=user.pk)


def appeals_for(user: Viewer, now: datetime) -> QuerySet[Suspension]:
    """Return the appeals of suspensions that ``user`` can decide."""
    rows = Suspension.objects.appealed(now).exclude(imposed_by_id=user.pk).exclude(member__user_id=user.pk)
    rows = rows if user.is_superuser else rows.filter(community_id__in=moderated_ids_shown(user))
    return rows.select_related("member", "community").order_by("appealed_at", "pk")
