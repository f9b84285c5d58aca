"""A Celery worker with beat in one process, armed to kill itself where KILL_AT says."""

import os
from datetime import timedelta

from celery.signals import worker_init

from portal.celery import app
from search import indexing

from .points import arm

OPTIONS = ["--pool", "solo", "--loglevel", "INFO", "--without-gossip", "--without-mingle", "--without-heartbeat"]


@worker_init.connect
def arm_worker(**kwargs) -> None:
    """Arm the process before it takes a task; let what a killed one leased run out soon."""
    indexing.LEASE = timedelta(seconds=2)
    if point := os.environ.get("KILL_AT"):
        arm(point)


def run(*, beat_file: str) -> None:
    """Be a worker with beat until killed."""
    app.worker_main(["worker", *OPTIONS, "--beat", "--schedule", beat_file])
