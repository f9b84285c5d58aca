"""Django's door for mail: whatever code sends mail, it becomes envelopes."""

import uuid
from collections.abc import Sequence
from email.utils import parseaddr

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from community.enums import EnvelopeKind
from community.models import Envelope, Member

from . import addresses


class EnvelopeBackend(BaseEmailBackend):
    """Writes an envelope for each recipient, in the transaction of whoever sends; the hand-over comes after commit."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Take Django's messages; return how many were taken."""
        from community.tasks import hand_over  # mail → task → service → mail: the task only wakes

        taken = 0
        for message in email_messages:
            for recipient in message.recipients():
                envelope = self._envelope(message, recipient)
                hand_over.delay_on_commit(envelope.pk)
            taken += bool(message.recipients())
        return taken

    def _envelope(self, message: EmailMessage, recipient: str) -> Envelope:
        now = timezone.now()
        key = f"m:{uuid.uuid4()}"
        address = parseaddr(recipient)[1].lower()
        message.extra_headers = {
            **message.extra_headers,
            "Message-ID": addresses.message_id(key),
            "Auto-Submitted": "auto-generated",
        }
        return Envelope.objects.create(
            key=key,
            kind=EnvelopeKind.ACCOUNT,
            member=Member.objects.filter(user__email=address).first(),
            address=address,
            message_id=addresses.message_id(key),
            subject=" ".join(message.subject.split())[:250],
            message=message.message().as_bytes(linesep="\r\n"),
            built_at=now,
            next_attempt_at=now,
        )
