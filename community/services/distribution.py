"""From what happened to who is owed it, and from that to mails: rows all the way.

Event → deliveries (fan-out) → envelopes (as sent, or one a day or week) → hand-over, which is ``handover``.
What a member is owed is a row, not the result of a time window, so nothing falls between two runs.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from community.enums import (
    DeliveryMode,
    DeliveryState,
    EnvelopeState,
    EventKind,
    EventScope,
    SkipReason,
    SubmissionKind,
)
from community.mail import messages
from community.models import Delivery, Envelope, Event, Member, Membership, Question, Submission, SummaryRevision
from community.states import SubmissionState

FAN_OUT_CHUNK = 500
#: Most deliveries in one daily or weekly mail; the rest goes into the next period's.
SUMMARY_LIMIT = 100
PERIODIC_MODES = (DeliveryMode.DAILY, DeliveryMode.DAILY_SUMMARY, DeliveryMode.WEEKLY_SUMMARY)


def _skip_locked() -> bool:
    return connection.features.has_select_for_update_skip_locked


# Events


def record_release(*, submission: Submission, now: datetime) -> Event:
    """Write the event of a release, for the members of the community, and wake the fan-out."""
    kind = EventKind.QUESTION_RELEASED if submission.kind == SubmissionKind.QUESTION else EventKind.REPLY_RELEASED
    return _record(
        key=f"released:{submission.pk}",
        kind=kind,
        scope=EventScope.COMMUNITY,
        community_id=submission.community_id,
        submission_id=submission.pk,
        occurred_at=now,
    )


def record_compiled(*, question: Question, page_id: int, now: datetime) -> Event:
    """Write the event that a question was written up, for those who follow it, and wake the fan-out."""
    return _record(
        key=f"compiled:{question.pk}:{page_id}",
        kind=EventKind.QUESTION_COMPILED,
        scope=EventScope.THREAD,
        community_id=question.community_id,
        submission_id=question.pk,
        page_id=page_id,
        occurred_at=now,
    )


def record_summary(*, question: Question, summary: SummaryRevision, now: datetime) -> Event:
    """Write the event that a wording of a summary was pinned, for those who follow the thread, and wake the fan-out."""
    return _record(
        key=f"summary:{summary.pk}",
        kind=EventKind.SUMMARY_POSTED,
        scope=EventScope.THREAD,
        community_id=question.community_id,
        submission_id=question.pk,
        summary=summary,
        occurred_at=now,
    )


def _record(*, key: str, **values) -> Event:
    from community.tasks import fan_out  # service → task → service is the one honest cycle

    event, _ = Event.objects.get_or_create(key=key, defaults=values)
    fan_out.delay_on_commit(event.pk)
    return event


# Fan-out


@dataclass(frozen=True)
class Recipient:
    """A member who is owed an event, in the mode chosen for its community."""

    member_id: int
    mode: str


def _recipients(event: Event, after: int, limit: int) -> list[Recipient]:
    memberships = Membership.objects.current().filter(
        community_id=event.community_id, member__left_at=None, member_id__gt=after
    )
    if event.scope == EventScope.COMMUNITY:
        memberships = memberships.filter(started_at__lte=event.occurred_at)
    elif event.scope == EventScope.THREAD:
        from .discussion import follower_ids  # discussion → moderation → distribution, so not at the top

        memberships = memberships.filter(member_id__in=follower_ids(event.submission.as_question))
    rows = memberships.order_by("member_id").values_list("member_id", "delivery_mode")[:limit]
    return [Recipient(member_id, mode) for member_id, mode in rows]


def _first_state(event: Event, recipient: Recipient) -> tuple[DeliveryState, str]:
    if recipient.mode == DeliveryMode.NONE:
        return DeliveryState.SKIPPED, SkipReason.MODE_NONE
    if event.submission_id and event.submission.state != SubmissionState.RELEASED:
        return DeliveryState.SKIPPED, SkipReason.NOT_VISIBLE
    own = event.scope == EventScope.COMMUNITY and event.submission.author_id == recipient.member_id
    return (DeliveryState.SKIPPED, SkipReason.OWN_MESSAGE) if own else (DeliveryState.PENDING, "")


@transaction.atomic
def fan_out_chunk(*, event_id: int, now: datetime) -> bool:
    """Write the next deliveries of an event; return whether there may be more.

    Idempotent by the unique pair of event and member; a broken-off run goes on where it stopped.
    """
    from community.tasks import build_due_envelopes  # service → task → service is the one honest cycle

    event = Event.objects.select_for_update(skip_locked=_skip_locked()).filter(pk=event_id, fanned_out_at=None).first()
    if event is None:
        return False
    recipients = _recipients(event, event.fanned_out_to, FAN_OUT_CHUNK)
    deliveries = []
    for recipient in recipients:
        state, reason = _first_state(event, recipient)
        deliveries.append(
            Delivery(
                event=event,
                member_id=recipient.member_id,
                mode=recipient.mode,
                state=state,
                reason=reason,
                created_at=now,
            )
        )
    Delivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    more = len(recipients) == FAN_OUT_CHUNK
    if recipients:
        event.fanned_out_to = recipients[-1].member_id
    if not more:
        event.fanned_out_at = now
        build_due_envelopes.delay_on_commit()
    event.save(update_fields=["fanned_out_to", "fanned_out_at"])
    return more


def fan_out(*, event_id: int, now: datetime) -> None:
    """Write all deliveries of an event, a transaction for each chunk."""
    while fan_out_chunk(event_id=event_id, now=now):
        pass


def fan_out_due(*, now: datetime) -> None:
    """Fan out every event whose deliveries are not all written: what a lost wake-up left."""
    for event_id in list(Event.objects.filter(fanned_out_at=None).order_by("pk").values_list("pk", flat=True)[:100]):
        fan_out(event_id=event_id, now=now)


# Cancelling


def cancel(*, submission: Submission) -> int:
    """Skip what has not left about ``submission``, and about the replies of a question; return how many there were.

    A mail that holds such a delivery alone is dropped; one with others too is rendered anew when it is handed over.
    """
    events = Event.objects.filter(Q(submission=submission.pk) | Q(submission__as_reply__question=submission.pk))
    owed = Delivery.objects.filter(event__in=events.values("pk"))
    unsent = Envelope.objects.filter(state=EnvelopeState.BUILT, pk__in=owed.values("envelope"))
    # The mails first, as whoever hands one over locks it before its deliveries.
    envelopes = list(unsent.order_by("pk").select_for_update().values_list("pk", flat=True))
    waiting = owed.filter(Q(state=DeliveryState.PENDING) | Q(state=DeliveryState.ENVELOPED, envelope__in=envelopes))
    count = waiting.update(state=DeliveryState.SKIPPED, reason=SkipReason.NOT_VISIBLE)
    left = Delivery.objects.filter(state=DeliveryState.ENVELOPED).values("envelope")
    empty = Envelope.objects.filter(pk__in=envelopes).exclude(pk__in=left.filter(envelope__in=envelopes))
    empty.update(state=EnvelopeState.DROPPED, next_attempt_at=None)
    return count


# Is it still owed?


def why_not(delivery: Delivery) -> str:
    """Return the SkipReason that speaks against sending ``delivery`` now, or an empty text.

    Asked when the mail is built and again just before it is handed over.
    """
    event, member = delivery.event, delivery.member
    if member.left_at is not None or not member.user.is_active:
        return SkipReason.LEFT
    if event.submission_id and event.submission.state != SubmissionState.RELEASED:
        return SkipReason.NOT_VISIBLE
    if event.submission_id and messages.question_of(event).state != SubmissionState.RELEASED:
        return SkipReason.NOT_VISIBLE
    if event.kind == EventKind.SUMMARY_POSTED and messages.question_of(event).summary_told_id != event.summary_id:
        return SkipReason.NOT_VISIBLE  # unpinned since, or another wording is owed in its place
    if event.kind == EventKind.QUESTION_COMPILED and not (event.page_id and event.page.live):
        return SkipReason.NOT_VISIBLE
    if event.community_id:
        membership = next(
            (row for row in member.memberships.all() if row.community_id == event.community_id and not row.ended_at),
            None,
        )
        if membership is None:
            return SkipReason.LEFT
        if membership.delivery_mode == DeliveryMode.NONE:
            return SkipReason.MODE_NONE
    return ""


def whole(deliveries: QuerySet[Delivery]) -> QuerySet[Delivery]:
    """Return ``deliveries`` with everything that building their mails reads, in constant queries."""
    return deliveries.select_related(
        "member__user",
        "event__community",
        "event__page",
        "event__submission__author__state",
        "event__submission__released_revision",
        "event__submission__as_reply__question__released_revision",
        "event__submission__as_question__released_revision",
        "event__submission__as_question__summary__made_by__state",
    ).prefetch_related("member__memberships__community")


def sort_out(deliveries: list[Delivery]) -> list[Delivery]:
    """Return those of ``deliveries`` that are still owed and mark the others as skipped, with the reason."""
    owed = []
    for delivery in deliveries:
        if reason := why_not(delivery):
            delivery.state, delivery.reason = DeliveryState.SKIPPED, reason
            delivery.save(update_fields=["state", "reason"])
        else:
            owed.append(delivery)
    return owed


# Envelopes


def _wake_hand_over(envelope: Envelope) -> Envelope:
    from community.tasks import hand_over  # service → task → service is the one honest cycle

    hand_over.delay_on_commit(envelope.pk)
    return envelope


def _put_into(envelope: Envelope, deliveries: list[Delivery]) -> Envelope:
    Delivery.objects.filter(pk__in=[delivery.pk for delivery in deliveries]).update(
        state=DeliveryState.ENVELOPED, envelope=envelope
    )
    return _wake_hand_over(envelope)


@transaction.atomic
def build_as_sent(*, delivery_id: int, now: datetime) -> Envelope | None:
    """Put one delivery into a mail of its own; None where there is nothing left to do."""
    locked = Delivery.objects.select_for_update(skip_locked=_skip_locked()).filter(
        pk=delivery_id, state=DeliveryState.PENDING
    )
    if not locked.exists():
        return None
    owed = sort_out(list(whole(Delivery.objects.filter(pk=delivery_id))))
    if not owed:
        return None
    return _put_into(messages.as_sent(delivery=owed[0], now=now), owed)


@dataclass(frozen=True)
class Period:
    """A day or week whose mail is due: what was owed before ``until`` goes into it."""

    name: str
    until: datetime


def current_period(mode: str, now: datetime) -> Period:
    """Return the newest period of ``mode`` that is due at ``now``: days and weeks begin at DAILY_MAIL_HOUR.

    Weeks begin on Monday. A late sweep finds the same period, so a missed hour is caught up once.
    """
    local = timezone.localtime(now)
    start = timezone.make_aware(datetime.combine(local.date(), time(settings.DAILY_MAIL_HOUR)), local.tzinfo)
    if start > local:
        start -= timedelta(days=1)
    if mode == DeliveryMode.WEEKLY_SUMMARY:
        start -= timedelta(days=start.weekday())
        year, week, _ = start.isocalendar()
        return Period(f"{year}-W{week:02d}", start)
    return Period(start.date().isoformat(), start)


def _due_for_period(mode: str, period: Period) -> QuerySet[Delivery]:
    mailed = Envelope.objects.filter(mode=mode, period=period.name).values("member_id")
    return Delivery.objects.filter(mode=mode, state=DeliveryState.PENDING, created_at__lt=period.until).exclude(
        member_id__in=mailed
    )


@transaction.atomic
def build_summary(*, member_id: int, mode: str, now: datetime) -> Envelope | None:
    """Put what a member is owed for the period that is due into one mail; None where nothing is left to do."""
    member = Member.objects.select_for_update(skip_locked=_skip_locked()).filter(pk=member_id).first()
    if member is None:
        return None
    period = current_period(mode, now)
    waiting = _due_for_period(mode, period).filter(member_id=member_id).order_by("event__occurred_at", "pk")
    owed = sort_out(list(whole(waiting[:SUMMARY_LIMIT])))
    if not owed:
        return None
    return _put_into(messages.summary(member=member, mode=mode, period=period.name, deliveries=owed, now=now), owed)


def build_due(*, now: datetime, limit: int = 500) -> int:
    """Build every mail that is due at ``now``; return how many were built here."""
    as_sent = Delivery.objects.filter(mode=DeliveryMode.AS_SENT, state=DeliveryState.PENDING).order_by("pk")
    built = [build_as_sent(delivery_id=pk, now=now) for pk in as_sent.values_list("pk", flat=True)[:limit]]
    for mode in PERIODIC_MODES:
        due = _due_for_period(mode, current_period(mode, now))
        members = list(due.order_by("member_id").values_list("member_id", flat=True).distinct()[:limit])
        built += [build_summary(member_id=member_id, mode=mode, now=now) for member_id in members]
    return sum(envelope is not None for envelope in built)
