"""Mail out: every mail is an envelope first; a transport hands it over."""

from . import env
from .env import VAR_DIR

#: Django's own door: writes an envelope row. allauth's and Wagtail's mails come through it too.
EMAIL_BACKEND = "community.mail.backend.EnvelopeBackend"
DEFAULT_FROM_EMAIL = env.MAIL_FROM
SERVER_EMAIL = env.MAIL_FROM
EMAIL_SUBJECT_PREFIX = ""
EMAIL_TIMEOUT = 20

#: The hand-over behind the envelopes: SMTP where EMAIL_URL is set, else a folder (embedded stack).
MAIL_TRANSPORT = (
    "community.mail.transports.SmtpTransport" if env.EMAIL_URL else "community.mail.transports.FolderTransport"
)
MAIL_FOLDER = VAR_DIR / "mail"
if env.EMAIL_URL:
    _config = env.email(env.EMAIL_URL)
    EMAIL_HOST = _config["EMAIL_HOST"]
    EMAIL_PORT = _config["EMAIL_PORT"]
    EMAIL_HOST_USER = _config["EMAIL_HOST_USER"]
    EMAIL_HOST_PASSWORD = _config["EMAIL_HOST_PASSWORD"]
    EMAIL_USE_TLS = _config.get("EMAIL_USE_TLS", False)
    EMAIL_USE_SSL = _config.get("EMAIL_USE_SSL", False)

#: Minutes after which an ambiguous hand-over is tried once more, with the same Message-ID.
MAIL_AMBIGUOUS_RETRY_MINUTES = 30
#: Minutes after which an envelope still marked as being handed over is taken for a killed process's.
MAIL_SENDING_TIMEOUT_MINUTES = 10
#: Hour of the day (India time) from which a daily mail is due.
DAILY_MAIL_HOUR = 7
