"""System checks: what production still lacks, in plain words."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning
from django.http.request import validate_host

#: Hosts to which nothing crosses a network.
THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


@register(Tags.security, deploy=True)
def production_has_its_servers(app_configs, **kwargs) -> list[CheckMessage]:
    """Warn about each part of the embedded stack that a production portal must not rest on."""
    lacks = []
    if settings.DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
        lacks.append(CheckWarning("The database is SQLite.", hint="Set DATABASE_URL to PostgreSQL.", id="portal.W001"))
    if settings.CELERY_BROKER_URL.startswith("filesystem"):
        lacks.append(CheckWarning("Tasks wake through a folder.", hint="Set REDIS_URL.", id="portal.W002"))
    if settings.MAIL_TRANSPORT.endswith("FolderTransport"):
        lacks.append(CheckWarning("Mails go to a folder.", hint="Set EMAIL_URL to an SMTP server.", id="portal.W003"))
    if settings.DEMO:
        lacks.append(
            CheckWarning("This is the demonstration.", hint="Use portal.settings.production.", id="portal.W004")
        )
    if not settings.ELASTICSEARCH_URL:
        lacks.append(
            CheckWarning(
                "Search answers from a file of this machine, which other machines do not see.",
                hint="Set ELASTICSEARCH_URL.",
                id="portal.W005",
            )
        )
    return lacks


@register(Tags.security, deploy=True)
def production_is_reached_as_it_says(app_configs, **kwargs) -> list[CheckMessage]:
    """Warn where links in mails, limits of attempts or senders would not be what people and mail servers expect."""
    lacks = []
    address = urlsplit(settings.BASE_URL)
    if address.scheme != "https" or not validate_host(address.hostname or "", settings.ALLOWED_HOSTS):
        lacks.append(
            CheckWarning(
                "Links in mails would lead to an address at which this portal does not answer.",
                hint="Set BASE_URL to https:// and one of ALLOWED_HOSTS.",
                id="portal.W006",
            )
        )
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        lacks.append(
            CheckWarning(
                "All visitors count as one for the limits of attempts, and HTTPS ends here or nowhere.",
                hint="Set TRUSTED_PROXY_COUNT to the number of proxies in front.",
                id="portal.W007",
            )
        )
    if settings.DEFAULT_FROM_EMAIL.rstrip(">").endswith("@localhost"):
        lacks.append(CheckWarning("Mails come from nowhere.", hint="Set MAIL_FROM.", id="portal.W008"))
    return lacks


@register(Tags.security, deploy=True)
def production_keeps_its_words_to_itself(app_configs, **kwargs) -> list[CheckMessage]:
    """Warn where a password or a key would cross a network readable, or a cache could empty the broker."""
    lacks = [
        CheckWarning(f"{name} crosses the network readable.", hint=hint, id="portal.W009")
        for name, hint in _readable_words()
    ]
    if settings.REDIS_CACHE_URL and settings.REDIS_CACHE_URL == settings.CELERY_BROKER_URL:
        lacks.append(
            CheckWarning(
                "Clearing the cache would empty the broker.",
                hint="Let REDIS_CACHE_URL name another database than REDIS_URL.",
                id="portal.W010",
            )
        )
    if not settings.METRICS_TOKEN:
        lacks.append(
            CheckWarning(
                "Nobody can read the figures.", hint="Set METRICS_TOKEN to a long random value.", id="portal.W011"
            )
        )
    return lacks


def _readable_words() -> Iterator[tuple[str, str]]:
    nodes = [urlsplit(node.strip()) for node in settings.ELASTICSEARCH_URL.split(",") if node.strip()]
    secret = settings.ELASTICSEARCH_API_KEY or any(node.password for node in nodes)
    if secret and any(node.scheme != "https" and node.hostname not in THIS_MACHINE for node in nodes):
        yield "The key of Elasticsearch", "Let every address in ELASTICSEARCH_URL begin with https://."
    with_password = getattr(settings, "EMAIL_HOST_PASSWORD", "")
    safe = getattr(settings, "EMAIL_USE_TLS", False) or getattr(settings, "EMAIL_USE_SSL", False)
    if with_password and not safe and settings.EMAIL_HOST not in THIS_MACHINE:
        yield "The password of the mail server", "Let EMAIL_URL begin with smtp+tls:// or smtp+ssl://."
