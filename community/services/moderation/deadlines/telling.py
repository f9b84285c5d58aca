"""Mails to those who moderate: all that has come together in one mail, and no more than one an hour."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import connection, transaction

from community.enums import NoticeCause
from community.models import Community, Envelope, Membership, ModeratorNotice
from community.services import notices
from community.states import SubmissionState

#: From the least grave: of several notices about an item the last one here is told.
_GRAVITY = list(NoticeCause)


def tell_due(*, now: datetime) -> int:
    """Write every mail about the queue that may leave at ``now``; return how many were written here."""
    waiting = ModeratorNotice.objects.filter(settled_at=None).order_by("recipient_id")
    recipients = list(waiting.values_list("recipient_id", flat=True).distinct())
    return sum(tell(recipient_id=pk, now=now) is not None for pk in recipients)


@transaction.atomic
def tell(*, recipient_id: int, now: datetime) -> Envelope | None:
    """Put what one person is to be told into a mail; None where it is too early or nothing is left to tell.

    Items that were decided meanwhile, and communities that the person has nothing to do with any more, are left out.
    """
    features = connection.features
    recipient = (
        get_user_model()
        .objects.select_for_update(
            skip_locked=features.has_select_for_update_skip_locked, no_key=features.has_select_for_no_key_update
        )
        .filter(pk=recipient_id)
        .first()
    )
    since = now - timedelta(minutes=settings.MODERATOR_MAIL_MINUTES)
    told = ModeratorNotice.objects.filter(recipient_id=recipient_id, envelope__isnull=False, settled_at__gt=since)
    if recipient is None or told.exists():
        return None
    rows = list(
        ModeratorNotice.objects.filter(recipient=recipient, settled_at=None)
        .select_related(
            "community",
            "submission__as_question",
            "submission__as_reply__question__released_revision",
        )
        .order_by("pk")
    )
    owed = _still_owed(recipient, rows)
    envelope = notices.tell_moderator(recipient=recipient, rows=owed, now=now) if owed else None
    ModeratorNotice.objects.filter(pk__in=[row.pk for row in rows]).update(settled_at=now, envelope=envelope)
    return envelope


def _still_owed(recipient: AbstractBaseUser, rows: list[ModeratorNotice]) -> list[ModeratorNotice]:
    """Return one notice for each thing that still waits, the gravest, the gravest things first."""
    if not recipient.is_active:
        return []
    mine = Membership.objects.moderating().filter(member__user=recipient, member__left_at=None)
    moderated = set(mine.values_list("community_id", flat=True))
    unattended = {row.community_id for row in rows if row.cause == NoticeCause.UNATTENDED}
    if unattended:
        still = Community.objects.filter(pk__in=unattended, unattended_since__isnull=False)
        unattended = set(still.values_list("pk", flat=True))
    gravest: dict[tuple[int, int | None], ModeratorNotice] = {}
    for row in rows:
        if row.community_id not in moderated and not recipient.is_superuser:
            continue
        if row.submission is None and row.community_id not in unattended:
            continue
        if row.submission is not None and row.submission.state != SubmissionState.PENDING:
            continue
        key = (row.community_id, row.submission_id)
        if key not in gravest or _GRAVITY.index(row.cause) >= _GRAVITY.index(gravest[key].cause):
            gravest[key] = row
    return sorted(gravest.values(), key=lambda row: (-_GRAVITY.index(row.cause), row.pk))
