"""Who speaks for an item: its community's moderators and, where there are none, the administrators."""

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from community.enums import NoticeCause, Role
from community.models import Appeal, Community, Flag, Membership, ModeratorNotice, Submission
from community.services.moderation.moves import NO_LEASE
from community.states import SubmissionState


def _present() -> QuerySet[Membership]:
    """Return the memberships of those who moderate now and can be reached."""
    return Membership.objects.moderating().filter(member__left_at=None, member__user__is_active=True)


def administrators() -> list[AbstractBaseUser]:
    """Return those who may give a community a moderator."""
    return list(get_user_model().objects.filter(is_superuser=True, is_active=True).order_by("pk"))


def speakers_of(submission: Submission, *, role: str | None = None) -> list[AbstractBaseUser]:
    """Return who is told of ``submission``: who may decide on it, of one ``role`` where it is given.

    Neither its author, nor whose decision is appealed, nor who has a part in what is reported. Where there is nobody,
    the administrators.
    """
    appealed = Appeal.objects.undecided().filter(submission_id=submission.pk, declined__actor__isnull=False)
    present = (
        _present()
        .filter(community_id=submission.community_id)
        .exclude(member_id=submission.author_id)
        .exclude(member__user_id__in=appealed.values("declined__actor_id"))
        .exclude(Exists(Flag.objects.filter(pk=submission.pk).involving(OuterRef("member_id"))))
    )
    if role is not None:
        present = present.filter(role=role)
    found = [membership.member.user for membership in present.select_related("member__user").order_by("pk")]
    return found or administrators()


def leads_of(submission: Submission) -> list[AbstractBaseUser]:
    """Return who leads the community of ``submission``, else the administrators, else whoever moderates it."""
    return speakers_of(submission, role=Role.LEAD) or speakers_of(submission)


def communities_without_moderator() -> QuerySet[Community]:
    """Return the communities in which something waits and nobody can decide."""
    waiting = Submission.objects.filter(state=SubmissionState.PENDING, community_id=OuterRef("pk"))
    return Community.objects.filter(Exists(waiting), ~Exists(_present().filter(community_id=OuterRef("pk"))))


def free_what_nobody_holds() -> int:
    """Take items from people who moderate the community no more; return how many there were."""
    pending = Submission.objects.filter(state=SubmissionState.PENDING)
    of_holder = _present().filter(member_id=OuterRef("lease_holder_id"), community_id=OuterRef("community_id"))
    of_preferred = _present().filter(
        member_id=OuterRef("preferred_moderator_id"), community_id=OuterRef("community_id")
    )
    freed = pending.filter(Q(lease_holder__isnull=False) & ~Exists(of_holder)).update(**NO_LEASE)
    pending.filter(Q(preferred_moderator__isnull=False) & ~Exists(of_preferred)).update(
        preferred_moderator=None, preferred_until=None
    )
    return freed


def watch_communities(*, now: datetime) -> int:
    """Tell the administrators, once, of each community in which something waits and nobody can decide.

    Return of how many they were told here.
    """
    attended = Community.objects.filter(unattended_since__isnull=False)
    attended.filter(Exists(_present().filter(community_id=OuterRef("pk")))).update(unattended_since=None)
    new = communities_without_moderator().filter(unattended_since=None)
    return sum(_report_unattended(community, now) for community in new)


@transaction.atomic
def _report_unattended(community: Community, now: datetime) -> bool:
    mine = Community.objects.filter(pk=community.pk, unattended_since=None).update(unattended_since=now)
    if mine:
        write_notices(NoticeCause.UNATTENDED, administrators(), community_id=community.pk, now=now)
    return bool(mine)


def write_notices(
    cause: str,
    recipients: Iterable[AbstractBaseUser],
    *,
    community_id: int,
    now: datetime,
    submission: Submission | None = None,
) -> None:
    """Note that ``recipients`` are to be told; the next sweep puts it into a mail."""
    ModeratorNotice.objects.bulk_create(
        ModeratorNotice(
            recipient=recipient,
            community_id=community_id,
            submission_id=submission.pk if submission else None,
            cause=cause,
            created_at=now,
        )
        for recipient in recipients
    )


def note_arrival(submission: Submission, now: datetime) -> None:
    """Note that an item came in, or came back: then for the one who returned it, while that one still moderates."""
    recipients = speakers_of(submission)
    preferred = submission.preferred_moderator
    if preferred is not None and any(user.pk == preferred.user_id for user in recipients):
        recipients = [user for user in recipients if user.pk == preferred.user_id]
    write_notices(NoticeCause.ARRIVED, recipients, community_id=submission.community_id, submission=submission, now=now)
