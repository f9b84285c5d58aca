"""The tasks that watch over the indices, started by the schedule."""

from celery import shared_task
from django.utils import timezone

from . import watch


@shared_task(ignore_result=True)
def rebuild_missing() -> None:
    """Build an index that is not there: nothing was built yet, or the engine lost its data."""
    watch.rebuild_missing()


@shared_task(ignore_result=True)
def verify_nightly() -> None:
    """Compare every index with the database, repair what differs, and do the housekeeping."""
    watch.verify_nightly(now=timezone.now())
