"""System checks: what production still lacks, in plain words."""

from django.conf import settings
from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning


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
    return lacks
