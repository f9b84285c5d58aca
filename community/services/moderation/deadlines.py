"""Until when a moderator should have decided."""

from datetime import datetime, timedelta

from django.conf import settings


def due_at(kind: str, now: datetime) -> datetime:
    """Return the moment until which a moderator should have decided on a submission of ``kind``."""
    return now + timedelta(hours=settings.DUE_HOURS[kind])
