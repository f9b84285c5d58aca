"""The Celery app; tasks are found in each app's ``tasks`` module."""

import os
from functools import partial, update_wrapper

from celery import Celery
from celery.contrib.django.task import DjangoTask

# A server started without a word runs as production or not at all; manage.py names the demonstration before this.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")


class WakingTask(DjangoTask):
    """A task whose message may be lost: the rows hold the work, the sweeps find it.

    So a broker that does not answer is logged and never spoils the request whose transaction has committed.
    """

    def delay_on_commit(self, *args, **kwargs) -> None:
        from django.db import transaction  # the settings are ready only when a task is used

        # Django logs a robust callback that fails by its name, and a partial has none of its own.
        wake = update_wrapper(partial(self.delay, *args, **kwargs), self.delay)
        transaction.on_commit(wake, robust=True)


app = Celery("portal", task_cls=WakingTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def schedule_periodic_tasks(sender: Celery, **kwargs) -> None:
    """Hand beat the table of ``portal.schedule``."""
    from .schedule import schedule  # the table reads settings, which are ready only now

    sender.conf.beat_schedule = schedule()
