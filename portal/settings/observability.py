"""What those who run the portal see: how log lines are laid out, who may read the figures."""

import logging

from portal.observability import lines

from . import env

#: The word that /metrics asks for (``Authorization: Bearer …``); without one there is no such page.
METRICS_TOKEN = env.METRICS_TOKEN

lines.configure()
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": lines.formatter(as_json=False), "json": lines.formatter(as_json=True)},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.LOG_LEVEL},
    "loggers": {
        # Wagtail hands each saving to this library, which tells of every single one.
        "django_tasks": {"level": "WARNING"},
        # Each request has one line (portal.observability.requests), with the answer's status.
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "propagate": True},
        # A task has one line too, from django_structlog.
        "celery.app.trace": {"level": "ERROR"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
    },
}

# One line for each request and task, when it is done. No line names a person: no address, no account, no user agent.
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = ""
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
DJANGO_STRUCTLOG_STATUS_4XX_LOG_LEVEL = logging.INFO
DJANGO_STRUCTLOG_CELERY_TASK_START_LOG_LEVEL = logging.DEBUG
#: Behind a proxy of ours its X-Request-ID is taken; nobody else's is.
DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = env.TRUSTED_PROXY_COUNT > 0
