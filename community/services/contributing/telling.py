"""Mails to a member about a suspension: imposed, lifted early, or the answer to the appeal. Each is written once."""

from datetime import datetime

from community.mail import suspensions
from community.models import Envelope, Suspension


def tell(*, suspension: Suspension, what: str, now: datetime) -> Envelope:
    """Write the mail that says ``what`` became of a suspension: ``suspended``, ``lifted`` or ``stands``."""
    from community.tasks import hand_over  # service → task → service is the one honest cycle

    envelope = suspensions.about(suspension=suspension, what=what, now=now)
    hand_over.delay_on_commit(envelope.pk)
    return envelope
