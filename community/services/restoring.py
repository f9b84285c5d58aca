"""Mails after a restore: what a backup does not know as handed over may have been, after it was taken."""

from datetime import datetime

from django.apps import apps
from django.db import connection, transaction
from django.db.models.fields import AutoFieldMixin

from community.enums import EnvelopeState
from community.models import Envelope

from . import distribution, moderation, threads

#: Stands with a mail that is held: staff see it in the list of those that may exist twice.
HELD = "Held after a restore: it may have been handed over after the backup was taken."
#: Numbers that are left out after a restore: more rows than a portal writes between two backups.
LOST_NUMBERS = 1_000_000


def skip_lost_numbers() -> None:
    """Give no row that is made from now on a number that one may have had which the backup does not know.

    Message-IDs are made of these numbers: a mail program would take a new mail for a copy of a lost one.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in apps.get_app_config("community").get_models():
            if isinstance(model._meta.pk, AutoFieldMixin):  # the number of a question is that of its submission
                numbers = "pg_get_serial_sequence(%(table)s, %(column)s)::regclass"
                cursor.execute(
                    f"SELECT setval({numbers}, nextval({numbers}) + %(lost)s)",
                    {"table": model._meta.db_table, "column": model._meta.pk.column, "lost": LOST_NUMBERS},
                )


def hold_mails(*, now: datetime) -> int:
    """Mark everything that is to be mailed at ``now`` as perhaps handed over; return how many mails are held.

    To be called before any worker runs on a restored database. What was due for release, for its deliveries and for
    its mails is brought to mails first, so that nothing due at the time of the backup goes out past the list.
    """
    skip_lost_numbers()
    moderation.release_due(now=now)
    while threads.close_due(now=now):
        pass
    distribution.fan_out_due(now=now)
    while distribution.build_due(now=now):
        pass
    waiting = Envelope.objects.filter(state__in=[EnvelopeState.BUILT, EnvelopeState.SENDING])
    retried = Envelope.objects.filter(state=EnvelopeState.AMBIGUOUS).exclude(next_attempt_at=None)
    with transaction.atomic():
        held = waiting.update(state=EnvelopeState.AMBIGUOUS, ambiguous_at=now, next_attempt_at=None, error=HELD)
        return held + retried.update(next_attempt_at=None, error=HELD)


def let_mails_go(*, now: datetime) -> int:
    """Have every held mail handed over after all, with its old Message-ID; return how many."""
    held = Envelope.objects.filter(state=EnvelopeState.AMBIGUOUS, next_attempt_at=None, error=HELD)
    return held.update(next_attempt_at=now, error="")
