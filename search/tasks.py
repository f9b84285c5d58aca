"""The task that brings the index in step: woken on commit, and started by the sweep of the schedule."""

from celery import shared_task
from django.utils import timezone

from . import indexing

#: Batches of one run; the sweep takes up what is left, so that one task never holds a worker for long.
MAX_BATCHES = 50


@shared_task(acks_late=True, ignore_result=True)
def drain_outbox() -> None:
    """Write what is due to the index. May run twice, late or beside itself."""
    for _batch in range(MAX_BATCHES):
        if not indexing.drain(now=timezone.now()).more:
            return
