"""The Celery app; tasks are found in each app's ``tasks`` module."""

import logging
import logging.config
import os
import time
from collections.abc import Callable, Iterator
from functools import partial, update_wrapper

import structlog
from celery import Celery, Task
from celery.contrib.django.task import DjangoTask
from celery.signals import setup_logging
from django_structlog.celery.signals import bind_extra_task_metadata
from django_structlog.celery.steps import DjangoStructLogInitStep
from kombu.exceptions import OperationalError

from .broker import use_patient_folder

# A server started without a word runs as production or not at all; manage.py names the demonstration before this.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

logger = logging.getLogger(__name__)


class Waking:
    """Sends wake-ups, and none for ``seconds`` after the broker has failed: its silence costs one page one wait."""

    def __init__(self, seconds: float = 5) -> None:
        self.seconds = seconds
        self._silent_until = 0.0

    def __call__(self, send: Callable, *args, **kwargs) -> None:
        if time.monotonic() < self._silent_until:
            return
        try:
            send(*args, **kwargs)
        except (OperationalError, OSError) as error:
            self._silent_until = time.monotonic() + self.seconds
            logger.warning("No worker was woken (%s): the next sweep finds the work.", type(error).__name__)


wake_up = Waking()


class WakingTask(DjangoTask):
    """A task whose message may be lost: the rows hold the work, the sweeps find it.

    So a broker that does not answer is logged and never spoils the request whose transaction has committed.
    """

    def delay_on_commit(self, *args, **kwargs) -> None:
        from django.db import transaction  # the settings are ready only when a task is used

        waiting = transaction.get_connection().run_on_commit
        if any((wake.args, wake.keywords) == ((self.delay, *args), kwargs) for wake in _wakes(waiting)):
            return  # once woken is enough: a transaction that changes a thousand things sends one message
        # Django logs a robust callback that fails by its name, and a partial has none of its own.
        wake = update_wrapper(partial(wake_up, self.delay, *args, **kwargs), self.delay)
        transaction.on_commit(wake, robust=True)


def _wakes(waiting: list[tuple]) -> Iterator[partial]:
    return (
        callback
        for _savepoints, callback, _robust in waiting
        if isinstance(callback, partial) and callback.func is wake_up
    )


use_patient_folder()
app = Celery("portal", task_cls=WakingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(DjangoStructLogInitStep)  # the id of the request that woke a task is in the task's lines too


@bind_extra_task_metadata.connect
def name_the_task(task: Task, **kwargs) -> None:
    """Let every line that a task writes name it."""
    structlog.contextvars.bind_contextvars(task=task.name)


@setup_logging.connect
def log_as_the_settings_say(**kwargs) -> None:
    """Keep Celery from laying out log lines of its own."""
    from django.conf import settings  # ready only when a worker starts

    logging.config.dictConfig(settings.LOGGING)


@app.on_after_finalize.connect
def schedule_periodic_tasks(sender: Celery, **kwargs) -> None:
    """Hand beat the table of ``portal.schedule``."""
    from .schedule import schedule  # the table reads settings, which are ready only now

    sender.conf.beat_schedule = schedule()
