"""The mails of the exchange: which template, which headers, which key."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Model
from django.urls import reverse
from django.utils import translation

from community.enums import DeliveryMode, EnvelopeKind, EventKind
from community.models import Appeal, Delivery, Envelope, Event, Member, Membership, ModerationEvent, Question

from . import addresses
from .builders import build_envelope, render_message

AUTOMATIC = {"Auto-Submitted": "auto-generated", "X-Auto-Response-Suppress": "All"}

_TEMPLATES = {
    EventKind.QUESTION_RELEASED: "question_released",
    EventKind.REPLY_RELEASED: "reply_released",
    EventKind.QUESTION_COMPILED: "question_compiled",
    EventKind.SUMMARY_POSTED: "summary_posted",
}


def as_sent_key(event_id: int, member_id: int) -> str:
    """Return the key of the mail that brings one event to one member."""
    return f"i:{event_id}:{member_id}"


def _membership(delivery: Delivery) -> Membership:
    rows = delivery.member.memberships.all()
    return next(row for row in rows if row.community_id == delivery.event.community_id and not row.ended_at)


def _bulk_headers(membership: Membership, archive_path: str) -> dict[str, str]:
    community = membership.community
    stop = addresses.unsubscribe_url(membership)
    return {
        "List-Id": f"{community.name} <{addresses.list_id(community)}>",
        "List-Archive": f"<{addresses.absolute(archive_path)}>",
        "List-Help": f"<{addresses.absolute('/moderation/')}>",
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Precedence": "list",
    }


def question_of(event: Event) -> Question:
    """Return the question that an event is about."""
    submission = event.submission
    return submission.thread


def _thread_headers(delivery: Delivery) -> dict[str, str]:
    """Return headers that make a thread in mail clients: every mail of a question refers to its root."""
    question = question_of(delivery.event)
    root = addresses.thread_root(question.pk)
    headers = {"References": root}
    if delivery.event.kind != EventKind.QUESTION_RELEASED:
        first = Event.objects.filter(key=f"released:{question.pk}").values_list("pk", flat=True).first()
        if first is not None:
            parent = addresses.message_id(as_sent_key(first, delivery.member_id))
            headers = {"References": f"{root} {parent}", "In-Reply-To": parent}
    return headers


def _as_sent_parts(delivery: Delivery) -> dict:
    question = question_of(delivery.event)
    membership = _membership(delivery)
    return {
        "key": as_sent_key(delivery.event_id, delivery.member_id),
        "member": delivery.member,
        "template": _TEMPLATES[EventKind(delivery.event.kind)],
        "context": {
            "event": delivery.event,
            "question": question,
            "submission": delivery.event.submission,
            "page": delivery.event.page,
            "membership": membership,
            "unsubscribe_url": addresses.unsubscribe_url(membership),
        },
        "headers": _bulk_headers(membership, question.get_absolute_url()) | _thread_headers(delivery),
    }


def as_sent(*, delivery: Delivery, now: datetime) -> Envelope:
    """Build the mail of one delivery."""
    return build_envelope(kind=EnvelopeKind.AS_SENT, mode=DeliveryMode.AS_SENT, now=now, **_as_sent_parts(delivery))


def _summary_parts(key: str, member: Member, mode: str, deliveries: Sequence[Delivery]) -> dict:
    memberships = list({_membership(delivery).pk: _membership(delivery) for delivery in deliveries}.values())
    items = [
        {
            "event": delivery.event,
            "question": question_of(delivery.event),
            "submission": delivery.event.submission,
            "page": delivery.event.page,
            "community": delivery.event.community,
        }
        for delivery in deliveries
    ]
    subscriptions = [(row, addresses.unsubscribe_url(row)) for row in memberships]
    return {
        "key": key,
        "member": member,
        "template": "daily" if mode == DeliveryMode.DAILY else "summary",
        "context": {"items": items, "mode": mode, "subscriptions": subscriptions},
        "headers": _bulk_headers(memberships[0], "/questions/") | AUTOMATIC,
    }


def summary(*, member: Member, mode: str, period: str, deliveries: Sequence[Delivery], now: datetime) -> Envelope:
    """Build the one mail of a day or week from what the member is owed."""
    key = f"d:{member.pk}:{mode}:{period}:1"
    return build_envelope(
        kind=EnvelopeKind.SUMMARY, mode=mode, period=period, now=now, **_summary_parts(key, member, mode, deliveries)
    )


def render_again(*, envelope: Envelope, deliveries: Sequence[Delivery], now: datetime) -> None:
    """Render a mail anew from the deliveries that are still owed; its Message-ID stays."""
    if envelope.kind == EnvelopeKind.AS_SENT:
        parts = _as_sent_parts(deliveries[0])
    else:
        parts = _summary_parts(envelope.key, envelope.member, envelope.mode, deliveries)
    envelope.subject, envelope.message = render_message(now=now, **parts)


def notice(*, key: str, member: Member, template: str, context: dict, now: datetime) -> Envelope:
    """Build a mail about the member's own message; it is no subscription and has no unsubscribe link."""
    return build_envelope(
        key=f"n:{key}",
        kind=EnvelopeKind.NOTICE,
        member=member,
        template=template,
        context=context,
        headers=AUTOMATIC,
        now=now,
    )


def decision(
    *,
    event: ModerationEvent,
    template: str,
    subject_line: str,
    link: Model | None,
    now: datetime,
    editing: object | None = None,
    appeal: Appeal | None = None,
) -> Envelope:
    """Build the mail that tells an author what became of a message.

    ``editing`` is what moderators changed in it, ``appeal`` the one that this decision ended.
    """
    submission = event.submission
    with translation.override(submission.author.mail_language):
        path = link.get_absolute_url() if link is not None else reverse("my_submission", args=[submission.pk])
        given = event.reason_version
        rule = addresses.rule_address(given.rule_link, submission.community) if given else ""
    return notice(
        key=f"decision:{event.pk}",
        member=submission.author,
        template=template,
        context={
            "event": event,
            "submission": submission,
            "title": subject_line,
            "url": addresses.absolute(path),
            "rule": rule,
            "editing": editing,
            "appeal": appeal,
        },
        now=now,
    )
