"""The mails about a suspension."""

from datetime import datetime

from django.urls import reverse

from community.models import Envelope, Suspension

from . import addresses, messages


def about(*, suspension: Suspension, what: str, now: datetime) -> Envelope:
    """Build the mail that says ``what`` became of a suspension; there is one for each."""
    return messages.notice(
        key=f"suspension:{suspension.pk}:{what}",
        member=suspension.member,
        template="suspension",
        context={
            "suspension": suspension,
            "what": what,
            "url": addresses.absolute(reverse("my_suspension", args=[suspension.pk])),
        },
        now=now,
    )
