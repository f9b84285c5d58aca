"""Wiring of Cluster Exchange: settings, addresses, the Celery app, the user."""

from .celery import app as celery_app

__all__ = ["celery_app"]
