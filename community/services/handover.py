"""Handing mails over, each once.

Three steps, the middle one outside any transaction: claim (committed as *sending*), hand over, settle. Whoever
dies before the second step left a mail that is sent later; whoever dies between the second and the third left
one that is *ambiguous* where the transport cannot tell: tried once more after 30 minutes with the same
Message-ID, and listed to staff for ever.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q, QuerySet

from community.enums import DeliveryState, EnvelopeKind, EnvelopeState
from community.mail import messages
from community.mail.transports import Refused, Transport, Unknown, Unreachable, get_transport
from community.models import Delivery, Envelope

from . import distribution

#: Minutes until the next try, by the number of tries so far; the last one repeats.
BACK_OFF_MINUTES = (1, 5, 15, 60, 240)
#: After as many tries over days an unreachable server is taken for a refusal.
MOST_ATTEMPTS = 20


def due(now: datetime) -> QuerySet[Envelope]:
    """Return the envelopes that are to be handed over at ``now``, oldest first."""
    return Envelope.objects.filter(
        Q(state=EnvelopeState.BUILT) | Q(state=EnvelopeState.AMBIGUOUS), next_attempt_at__lte=now
    ).order_by("next_attempt_at", "pk")


def hand_over(*, envelope_id: int, now: datetime, transport: Transport | None = None) -> EnvelopeState | None:
    """Hand one envelope over if it is due; return its new state, None where there was nothing to do."""
    envelope = claim(envelope_id=envelope_id, now=now)
    if envelope is None:
        return None
    transport = transport or get_transport()
    try:
        transfer(envelope, transport)
    except Refused as error:
        return settle(envelope=envelope, state=EnvelopeState.FAILED, now=now, error=str(error))
    except Unknown as error:
        return mark_ambiguous(envelope=envelope, now=now, error=str(error))
    except Unreachable as error:
        return put_back(envelope=envelope, now=now, error=str(error))
    return settle(envelope=envelope, state=EnvelopeState.SENT, now=now)


@transaction.atomic
def claim(*, envelope_id: int, now: datetime) -> Envelope | None:
    """Mark a due envelope as being sent, after asking again whether its contents are still owed."""
    locking = connection.features.has_select_for_update_skip_locked
    envelope = Envelope.objects.select_for_update(skip_locked=locking).filter(pk__in=due(now), pk=envelope_id).first()
    if envelope is None:
        return None
    if envelope.kind in (EnvelopeKind.AS_SENT, EnvelopeKind.SUMMARY) and not _still_owed(envelope, now):
        envelope.state, envelope.next_attempt_at = EnvelopeState.DROPPED, None
        envelope.save(update_fields=["state", "next_attempt_at"])
        return None
    envelope.state, envelope.sending_at, envelope.next_attempt_at = EnvelopeState.SENDING, now, None
    envelope.attempts += 1
    envelope.save()
    return envelope


def _still_owed(envelope: Envelope, now: datetime) -> bool:
    """Drop what is no longer owed; render anew where something was dropped. Return whether anything is left."""
    deliveries = list(distribution.whole(envelope.deliveries.order_by("event__occurred_at", "pk")))
    # What was cancelled stays so, also where the message is readable again.
    owed = distribution.sort_out([each for each in deliveries if each.state != DeliveryState.SKIPPED])
    if owed and (len(owed) < len(deliveries) or _names_who_left(owed, envelope.built_at)):
        messages.render_again(envelope=envelope, deliveries=owed, now=now)
    return bool(owed)


def _names_who_left(deliveries: list[Delivery], built_at: datetime) -> bool:
    """Return whether somebody whom the mail names has left for good since it was built."""
    named = set()
    for submission in (each.event.submission for each in deliveries if each.event.submission_id):
        summary = getattr(getattr(submission, "as_question", None), "summary", None)
        named |= {submission.author} | ({summary.made_by} if summary else set())
    return any(member.left_at is not None and member.left_at >= built_at for member in named)


def transfer(envelope: Envelope, transport: Transport) -> None:
    """Give the bytes to the transport. Sample addresses count as reached. Raises what the transport raises."""
    if envelope.address.endswith(".invalid"):
        return
    transport.send(
        message_id=envelope.message_id,
        sender=settings.DEFAULT_FROM_EMAIL,
        recipient=envelope.address,
        message=bytes(envelope.message),
    )


@transaction.atomic
def settle(*, envelope: Envelope, state: EnvelopeState, now: datetime, error: str = "") -> EnvelopeState:
    """Record the end of a hand-over, with its deliveries."""
    changed = Envelope.objects.filter(pk=envelope.pk, state=EnvelopeState.SENDING).update(
        state=state, handed_over_at=now if state == EnvelopeState.SENT else None, error=error, next_attempt_at=None
    )
    if changed and state == EnvelopeState.SENT:
        Delivery.objects.filter(envelope=envelope, state=DeliveryState.ENVELOPED).update(state=DeliveryState.SENT)
    return state


def put_back(*, envelope: Envelope, now: datetime, error: str) -> EnvelopeState:
    """Plan another try for a mail that the transport did not take."""
    if envelope.attempts >= MOST_ATTEMPTS:
        return settle(envelope=envelope, state=EnvelopeState.FAILED, now=now, error=error)
    minutes = BACK_OFF_MINUTES[min(envelope.attempts, len(BACK_OFF_MINUTES)) - 1]
    Envelope.objects.filter(pk=envelope.pk, state=EnvelopeState.SENDING).update(
        state=EnvelopeState.BUILT, next_attempt_at=now + timedelta(minutes=minutes), error=error
    )
    return EnvelopeState.BUILT


def mark_ambiguous(*, envelope: Envelope, now: datetime, error: str) -> EnvelopeState:
    """Record that nobody can tell whether a mail left; plan its one more try, unless this was it."""
    first_time = envelope.ambiguous_at is None
    retry_at = now + timedelta(minutes=settings.MAIL_AMBIGUOUS_RETRY_MINUTES) if first_time else None
    Envelope.objects.filter(pk=envelope.pk, state=EnvelopeState.SENDING).update(
        state=EnvelopeState.AMBIGUOUS,
        ambiguous_at=envelope.ambiguous_at or now,
        next_attempt_at=retry_at,
        error=error,
    )
    return EnvelopeState.AMBIGUOUS


def recover_broken_off(*, now: datetime, transport: Transport | None = None) -> int:
    """Sort out the envelopes whose process died while sending; return how many there were."""
    transport = transport or get_transport()
    since = now - timedelta(minutes=settings.MAIL_SENDING_TIMEOUT_MINUTES)
    broken_off = list(Envelope.objects.filter(state=EnvelopeState.SENDING, sending_at__lte=since))
    for envelope in broken_off:
        taken = True if envelope.address.endswith(".invalid") else transport.was_taken(envelope.message_id)
        if taken:
            settle(envelope=envelope, state=EnvelopeState.SENT, now=now)
        elif taken is None:
            mark_ambiguous(envelope=envelope, now=now, error="The sending process ended.")
        else:
            put_back(envelope=envelope, now=now, error="The sending process ended.")
    return len(broken_off)


def hand_over_due(*, now: datetime, limit: int = 500) -> int:
    """Hand over everything that is due at ``now``; return how many were handed over here."""
    recover_broken_off(now=now)
    states = [hand_over(envelope_id=pk, now=now) for pk in due(now).values_list("pk", flat=True)[:limit]]
    return sum(state == EnvelopeState.SENT for state in states)
