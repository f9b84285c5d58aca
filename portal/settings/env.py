"""The only reader of the environment.

Every other settings module takes its values from the names below, so this file is the list of what
a deployment can choose. README repeats it as a table.
"""

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent.parent

_env = environ.Env()

#: Where the embedded stack keeps its files: database, search index, mail folder, media, static files.
VAR_DIR = Path(_env.str("VAR_DIR", default=str(BASE_DIR / "var")))

SECRET_KEY = _env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS = _env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = _env.list("ALLOWED_HOSTS", default=[])
BASE_URL = _env.str("BASE_URL", default="http://localhost:8000")
TRUSTED_PROXY_COUNT = _env.int("TRUSTED_PROXY_COUNT", default=0)

DATABASE_URL = _env.str("DATABASE_URL", default="")
DATABASE_POOL_MIN_SIZE = _env.int("DATABASE_POOL_MIN_SIZE", default=1)
DATABASE_POOL_MAX_SIZE = _env.int("DATABASE_POOL_MAX_SIZE", default=8)
REDIS_URL = _env.str("REDIS_URL", default="")
REDIS_CACHE_URL = _env.str("REDIS_CACHE_URL", default="")
ELASTICSEARCH_URL = _env.str("ELASTICSEARCH_URL", default="")
ELASTICSEARCH_CA_CERTS = _env.str("ELASTICSEARCH_CA_CERTS", default="")
ELASTICSEARCH_API_KEY = _env.str("ELASTICSEARCH_API_KEY", default="")
ELASTICSEARCH_INDEX_PREFIX = _env.str("ELASTICSEARCH_INDEX_PREFIX", default="cluster-exchange")
SEARCH_FALLBACK = _env.str("SEARCH_FALLBACK", default="")
EMAIL_URL = _env.str("EMAIL_URL", default="")

METRICS_TOKEN = _env.str("METRICS_TOKEN", default="")
LOG_LEVEL = _env.str("LOG_LEVEL", default="INFO")

MAIL_FROM = _env.str("MAIL_FROM", default="Cluster Exchange <exchange@localhost>")
MFA_REQUIRED_FOR_STAFF = _env.bool("MFA_REQUIRED_FOR_STAFF", default=False)
RELEASE_HOLD_SECONDS = _env.int("RELEASE_HOLD_SECONDS", default=300)
SWEEP_SECONDS = _env.int("SWEEP_SECONDS", default=30)


def database(url: str) -> dict:
    """Return Django's DATABASES entry for ``url`` (``postgres://…`` or ``sqlite:///…``)."""
    return _env.db_url_config(url)


def email(url: str) -> dict:
    """Return Django's e-mail settings for ``url`` (``smtp+tls://user:password@host:port``)."""
    return _env.email_url_config(url)
