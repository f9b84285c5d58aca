"""The Celery app; tasks are found in each app's ``tasks`` module."""

import os

from celery import Celery

# A server started without a word runs as production or not at all; manage.py names the demonstration before this.
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.production")

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@app.on_after_finalize.connect
def schedule_periodic_tasks(sender: Celery, **kwargs) -> None:
    """Hand beat the table of ``portal.schedule``."""
    from .schedule import schedule  # the table reads settings, which are ready only now

    sender.conf.beat_schedule = schedule()
