"""Whether everything that the portal needs answers, and how soon.

Only the database and its schema are needed to serve: without Redis, search, or the mail server pages are served,
posting works and what is owed waits in rows. If their absence took every server out of service, a lost cache would be
a lost portal.
"""

import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from functools import cache

import redis
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from search.documents import PUBLIC, SearchCriteria
from search.registry import get_engine

#: Seconds that a probe may take; the answer is there soon after, whatever hangs.
PATIENCE = 2


@dataclass(frozen=True)
class Probe:
    """Something to ask. ``needed``: without it this server must get no visitors."""

    name: str
    ask: Callable[[], None]
    needed: bool = False


@dataclass(frozen=True)
class Finding:
    """What came of a probe: ``problem`` is empty where it answered, else the kind of failure and never its words."""

    name: str
    needed: bool
    milliseconds: float
    problem: str = ""


class NotReady(Exception):
    """Something answers and is not as it must be; the words may be shown to everybody."""


def ask_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        cursor.fetchone()


def ask_migrations() -> None:
    """Raise NotReady while the database lacks a migration of this release."""
    if not _schema_seen_complete():
        _schema_seen_complete.cache_clear()
        raise NotReady("migrations are pending")


@cache
def _schema_seen_complete() -> bool:
    """Return whether no migration is pending; a database once complete stays so while this process runs."""
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def ask_redis(url: str) -> None:
    with redis.Redis.from_url(url, socket_connect_timeout=PATIENCE / 2, socket_timeout=PATIENCE / 2) as client:
        client.ping()


def ask_search() -> None:
    """Ask the engine the smallest question, past every fallback."""
    get_engine().search(SearchCriteria(audiences=frozenset({PUBLIC}), page_size=1))


def ask_mail_server() -> None:
    """Knock at the mail server and hear its greeting; signing in is the hand-over's business."""
    with socket.create_connection((settings.EMAIL_HOST, settings.EMAIL_PORT), timeout=PATIENCE / 2) as server:
        if not settings.EMAIL_USE_SSL and not server.recv(3).startswith(b"220"):
            raise NotReady("no greeting")


def probes() -> list[Probe]:
    """Return what the settings make this portal depend on."""
    listed = [Probe("search", ask_search)]
    if settings.CELERY_BROKER_URL.startswith("redis"):
        listed.append(Probe("broker", lambda: ask_redis(settings.CELERY_BROKER_URL)))
    if settings.REDIS_CACHE_URL:
        listed.append(Probe("cache", lambda: ask_redis(settings.REDIS_CACHE_URL)))
    if settings.MAIL_TRANSPORT.endswith("SmtpTransport"):
        listed.append(Probe("mail", ask_mail_server))
    return listed


def examine() -> list[Finding]:
    """Ask everything at once, the database in this thread and with its own timeouts; return what came of it."""
    pool = ThreadPoolExecutor(thread_name_prefix="probe")
    asked = {probe.name: (probe, pool.submit(_find, probe)) for probe in probes()}
    findings = [_find(Probe("database", ask_database, needed=True))]
    if not findings[0].problem:
        findings.append(_find(Probe("migrations", ask_migrations, needed=True)))
    done, _late = wait([future for _probe, future in asked.values()], timeout=PATIENCE)
    for probe, future in asked.values():
        late = Finding(probe.name, probe.needed, PATIENCE * 1000, "no answer in time")
        findings.append(future.result() if future in done else late)
    pool.shutdown(wait=False)
    return findings


def _find(probe: Probe) -> Finding:
    started = time.perf_counter()
    problem = ""
    try:
        probe.ask()
    except NotReady as error:
        problem = str(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is to be reported
        problem = type(error).__name__
    return Finding(probe.name, probe.needed, round((time.perf_counter() - started) * 1000, 1), problem)
