"""From a folder of templates to the bytes of a mail."""

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation

from community.models import Envelope, Member

from . import addresses


def build_envelope(
    *,
    key: str,
    kind: str,
    member: Member | None,
    template: str,
    context: Mapping,
    now: datetime,
    headers: Mapping[str, str] | None = None,
    mode: str = "",
    period: str = "",
    address: str = "",
) -> Envelope:
    """Write the envelope ``key`` from ``templates/mail/<template>/``; the one that exists where it was built before.

    The folder holds ``subject.txt``, ``body.txt`` and ``body.html``; they are rendered in the member's language, for
    an account without a profile (``address``) in the site's.
    """
    address = member.user.email if member else address
    subject, message = render_message(
        key=key, member=member, template=template, context=context, now=now, headers=headers or {}, address=address
    )
    envelope, _ = Envelope.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "member": member,
            "address": address,
            "mode": mode,
            "period": period,
            "message_id": addresses.message_id(key),
            "subject": subject,
            "message": message,
            "built_at": now,
            "next_attempt_at": now,
        },
    )
    return envelope


def render_message(
    *,
    key: str,
    member: Member | None,
    template: str,
    context: Mapping,
    now: datetime,
    headers: Mapping[str, str],
    address: str = "",
) -> tuple[str, bytes]:
    """Return subject and bytes of a mail in the member's language, text and HTML side."""
    language = member.mail_language if member else settings.LANGUAGE_CODE
    with translation.override(language):
        words = {"base_url": settings.BASE_URL.rstrip("/"), "member": member, **context}
        subject = " ".join(render_to_string(f"mail/{template}/subject.txt", words).split())[:250]
        message = EmailMultiAlternatives(
            subject=subject,
            body=render_to_string(f"mail/{template}/body.txt", words).strip() + "\n",
            to=[member.user.email if member else address],
            headers={
                "Message-ID": addresses.message_id(key),
                "Date": format_datetime(timezone.localtime(now)),
                "Content-Language": language,
                **headers,
            },
        )
        message.attach_alternative(render_to_string(f"mail/{template}/body.html", words), "text/html")
    return subject, message.message().as_bytes(linesep="\r\n")
