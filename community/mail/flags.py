"""The mail that tells each who reported a message what came of it."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation

from community.enums import FlagOutcome
from community.models import Envelope, Flag, Member

from . import addresses, messages


def outcome(*, flag: Flag, member: Member, outcome: str, message: str, now: datetime) -> Envelope:
    """Build the mail on the outcome of a case for one who reported. Its key is the case and the person: there is one.

    ``message`` is what the moderator writes to those who reported, empty where the message was hidden.
    """
    with translation.override(member.mail_language):
        title = flag.thread.title
        path = reverse("my_reports")
    return messages.notice(
        key=f"flag:{flag.pk}:{member.pk}",
        member=member,
        template="flag_outcome",
        context={
            "flag": flag,
            "outcome": FlagOutcome(outcome),
            "title": title,
            "message": message,
            "url": addresses.absolute(path),
        },
        now=now,
    )
