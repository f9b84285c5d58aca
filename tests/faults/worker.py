"""A Celery worker with beat in one process, armed to kill itself where KILL_AT says."""

import os
from datetime import timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.faults.settings")

from celery.signals import worker_init

from portal.celery import app  # noqa: F401 - the app that the command line asks for

from .points import arm


@worker_init.connect
def arm_worker(**kwargs) -> None:
    """Arm the process once Django stands and before it takes a task; let what a killed one leased run out soon."""
    from search import indexing  # needs Django to stand

    indexing.LEASE = timedelta(seconds=2)
    if point := os.environ.get("KILL_AT"):
        arm(point)
