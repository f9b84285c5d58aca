"""What waits: mails, deliveries, submissions, changes of the index, messages in the broker.

Each query reads what is open from a partial index, or one day's rows, so that a reading costs the same in ten years.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db.models import Count, Min, QuerySet
from django.utils import timezone

from community.enums import DeliveryState, EnvelopeState
from community.models import Delivery, Envelope, Event, Submission
from community.states import SubmissionState
from search.models import OutboxEntry
from search.registry import get_engine

BrokerError = redis.RedisError
#: States of a mail that is still to be handed over, and of those that staff must look at.
OPEN_ENVELOPES = (EnvelopeState.BUILT, EnvelopeState.SENDING, EnvelopeState.AMBIGUOUS)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Gauge:
    """A figure by the values of one label, or one figure under the empty value where there is no label."""

    name: str
    says: str
    values: dict[str, float]
    label: str = ""


def in_database() -> list[Gauge]:
    """Return what waits in the rows."""
    now = timezone.now()
    envelopes = Envelope.objects.filter(state__in=OPEN_ENVELOPES)
    pending = Submission.objects.filter(state=SubmissionState.PENDING)
    outbox = OutboxEntry.objects.filter(engine=get_engine().name)
    return [
        Gauge(
            "exchange_envelopes", "Mails not yet known as handed over", _by_state(envelopes, OPEN_ENVELOPES), "state"
        ),
        Gauge(
            "exchange_envelopes_last_day",
            "Mails built within 24 hours",
            _by_state(Envelope.objects.filter(built_at__gte=now - DAY), EnvelopeState.values),
            "state",
        ),
        _age(
            "exchange_envelope_oldest_due_seconds",
            "Time for which the mail longest due has waited",
            envelopes.filter(next_attempt_at__lte=now),
            "next_attempt_at",
            now,
        ),
        Gauge(
            "exchange_deliveries_pending",
            "Deliveries that wait for their mail, daily and weekly ones too",
            {"": Delivery.objects.filter(state=DeliveryState.PENDING).count()},
        ),
        Gauge(
            "exchange_deliveries_last_day",
            "Deliveries of what was released within 24 hours",
            _by_state(Delivery.objects.filter(event__occurred_at__gte=now - DAY), DeliveryState.values),
            "state",
        ),
        _age(
            "exchange_event_oldest_unfanned_seconds",
            "Time for which the oldest release waits to become deliveries",
            Event.objects.filter(fanned_out_at=None),
            "occurred_at",
            now,
        ),
        Gauge("exchange_submissions_pending", "Messages that wait for a moderator", {"": pending.count()}),
        Gauge(
            "exchange_submissions_overdue", "Messages that wait too long", {"": pending.filter(due_at__lt=now).count()}
        ),
        _age(
            "exchange_submission_oldest_pending_seconds",
            "Time for which the oldest message waits for a moderator",
            pending,
            "submitted_at",
            now,
        ),
        Gauge("exchange_search_outbox", "Changes that the index has not taken", {"": outbox.pending().count()}),
        Gauge(
            "exchange_search_outbox_refused",
            "Changes that the index has refused so far",
            {"": outbox.refused().count()},
        ),
        _age(
            "exchange_search_outbox_oldest_seconds",
            "Time for which the oldest change waits for the index",
            outbox.pending(),
            "updated_at",
            now,
        ),
    ]


def in_broker() -> list[Gauge]:
    """Return the messages that wait in Redis; none of it where a folder is the broker. Raises BrokerError."""
    if not settings.CELERY_BROKER_URL.startswith("redis"):
        return []
    with redis.Redis.from_url(settings.CELERY_BROKER_URL, socket_connect_timeout=1, socket_timeout=1) as client:
        waiting, taken = client.llen("celery"), client.hlen("unacked")
    return [
        Gauge("exchange_queue_messages", "Wake-ups in the broker", {"waiting": waiting, "taken": taken}, "state"),
    ]


def _by_state(rows: QuerySet, states: tuple[str, ...] | list[str]) -> dict[str, float]:
    """Count ``rows`` by state; a state without rows is 0, so that its series does not vanish."""
    counted = rows.order_by().values_list("state").annotate(Count("pk"))
    return {str(state): 0 for state in states} | dict(counted)


def _age(name: str, says: str, rows: QuerySet, moment: str, now: datetime) -> Gauge:
    oldest = rows.aggregate(oldest=Min(moment))["oldest"]
    return Gauge(name, says, {"": max((now - oldest).total_seconds(), 0) if oldest else 0})
