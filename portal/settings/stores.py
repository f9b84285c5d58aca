"""Where rows and cached values are kept: SQLite and the process's memory, or PostgreSQL and Redis."""

from urllib.parse import urlsplit, urlunsplit

from . import env
from .env import VAR_DIR

#: Seconds after which a page stops waiting for a connection to the database.
DATABASE_PATIENCE = 5


def _postgresql(url: str) -> dict:
    """Return the entry of DATABASES for a server: a pool in each process, and no wait without an end."""
    entry = env.database(url)
    # The pool keeps connections alive; Django allows no second way of keeping them.
    entry |= {"CONN_MAX_AGE": 0, "CONN_HEALTH_CHECKS": True}
    entry["OPTIONS"] = {
        "connect_timeout": DATABASE_PATIENCE,
        # A server that vanished without a word is given up after this many milliseconds.
        "tcp_user_timeout": 15_000,
        "application_name": "cluster-exchange",
    } | entry.get("OPTIONS", {})
    if env.DATABASE_POOL_MAX_SIZE:
        entry["OPTIONS"]["pool"] = {
            "min_size": min(env.DATABASE_POOL_MIN_SIZE, env.DATABASE_POOL_MAX_SIZE),
            "max_size": env.DATABASE_POOL_MAX_SIZE,
            "timeout": DATABASE_PATIENCE,
            "reconnect_timeout": DATABASE_PATIENCE,  # then the next page tries anew
        }
    return entry


def _next_database(url: str) -> str:
    """Return ``url`` with the number of the database after its own."""
    parts = urlsplit(url)
    number = int(parts.path.strip("/") or 0)
    return urlunsplit(parts._replace(path=f"/{number + 1}"))


DATABASES = {
    "default": env.database(env.DATABASE_URL)
    if env.DATABASE_URL
    else {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": VAR_DIR / "portal.sqlite3",
    }
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # IMMEDIATE takes the write lock at BEGIN, so that two writers wait for each other and never dead-lock.
    DATABASES["default"]["OPTIONS"] = {
        "timeout": 20,
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"] = _postgresql(env.DATABASE_URL)

#: Whether Redis is set, and the address of its database for cached values: not the broker's, as clearing a cache
#: empties its whole database.
REDIS_CACHE_URL = env.REDIS_CACHE_URL or (_next_database(env.REDIS_URL) if env.REDIS_URL else "")
CACHES = {
    "default": {
        "BACKEND": "portal.cache.PatientRedisCache",
        "LOCATION": REDIS_CACHE_URL,
        "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5, "health_check_interval": 30},
    }
    if REDIS_CACHE_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}
# Rows, so that nobody is signed out when Redis is flushed.
SESSION_ENGINE = "django.contrib.sessions.backends.db"
