"""Every periodic job in one table: what, how often, why."""

from celery.schedules import crontab
from django.conf import settings


def schedule() -> dict[str, dict]:
    """Return Celery beat's schedule. Each job is a sweep over rows that alone suffices with the broker empty."""
    seconds = settings.SWEEP_SECONDS
    return {
        name: {"task": task, "schedule": seconds, "options": {"expires": seconds * 2}}
        for name, task in {
            "release what was approved and whose hold is over": "community.tasks.release_due",
            "fan events out to deliveries": "community.tasks.fan_out_due",
            "put deliveries into mails": "community.tasks.build_due_envelopes",
            "hand mails over": "community.tasks.hand_over_due",
            "let quotes and questions follow what is live": "community.tasks.reconcile_compilations",
            "bring the search index in step": "search.tasks.drain_outbox",
        }.items()
    } | {
        "end what has ended, drop what is old": {
            "task": "community.tasks.tidy",
            "schedule": 3600,
            "options": {"expires": 3600},
        },
        "escalate what is late, remind of what was returned, tell those who moderate": {
            "task": "community.tasks.keep_deadlines",
            "schedule": 60,
            "options": {"expires": 60},
        },
        "close the questions whose date is over": {
            "task": "community.tasks.close_threads",
            "schedule": 60,
            "options": {"expires": 60},
        },
        "let the group of officers follow their offices": {
            "task": "knowledge.tasks.refresh_offices",
            "schedule": 3600,
            "options": {"expires": 3600},
        },
        "build a search index that was lost": {
            "task": "search.upkeep.tasks.rebuild_missing",
            "schedule": 60,
            "options": {"expires": 60},
        },
        "compare the search index with the database": {
            "task": "search.upkeep.tasks.verify_nightly",
            "schedule": crontab(hour=3, minute=20),
            "options": {"expires": 6 * 3600},
        },
        "publish and expire what an editor scheduled": {
            "task": "knowledge.tasks.publish_scheduled",
            "schedule": 60,
            "options": {"expires": 120},
        },
    }
