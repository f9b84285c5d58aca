"""The Celery app; tasks are found in each app's ``tasks`` module."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.demo")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def schedule_periodic_tasks(sender: Celery, **kwargs) -> None:
    """Hand beat the table of ``portal.schedule``."""
    from .schedule import schedule  # the table reads settings, which are ready only now

    sender.conf.beat_schedule = schedule()
