"""Keeping what was typed when the login had ended, for the same browser."""

import hashlib
import secrets
from datetime import datetime, timedelta

from community.models import KeptForm

KEPT_FOR = timedelta(hours=24)
#: Longest form that is kept, in characters of its values.
LONGEST = 60_000


def length_of(fields: dict[str, list[str]]) -> int:
    """Return how many characters the values of a form hold."""
    return sum(len(value) for values in fields.values() for value in values)


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def keep(*, path: str, fields: dict[str, list[str]], now: datetime) -> str | None:
    """Keep the fields of a refused form; return the secret for the browser, None where it is too long to keep."""
    if length_of(fields) > LONGEST:
        return None
    secret = secrets.token_urlsafe(32)
    KeptForm.objects.create(secret_hash=_hash(secret), path=path[:300], fields=fields, kept_at=now)
    return secret


def find(*, secret: str, path: str, now: datetime) -> dict[str, list[str]] | None:
    """Return the kept fields for ``path``; None where there are none, or others', or old ones. A read only."""
    row = KeptForm.objects.filter(secret_hash=_hash(secret), path=path, kept_at__gt=now - KEPT_FOR).first()
    return row.fields if row else None


def forget(*, secret: str, path: str) -> None:
    """Forget the fields kept for ``path``: they were sent, or thrown away by the person."""
    KeptForm.objects.filter(secret_hash=_hash(secret), path=path).delete()


def drop_old(*, now: datetime) -> int:
    """Forget what nobody came back for; return how many."""
    deleted, _ = KeptForm.objects.filter(kept_at__lte=now - KEPT_FOR).delete()
    return deleted
