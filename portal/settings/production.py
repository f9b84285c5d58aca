"""Production: the servers come from the environment, every door is closed first."""

from django.core.exceptions import ImproperlyConfigured

from .base import *  # noqa: F403 - a settings module takes all of base
from .base import LOGGING, env

if not env.SECRET_KEY:
    raise ImproperlyConfigured("Set SECRET_KEY to a long random value.")
if not env.ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS to the portal's host names, separated by commas.")

LOGGING["handlers"]["console"]["formatter"] = "json"

MFA_REQUIRED_FOR_STAFF = True
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
CELERY_BEAT_SYNC_EVERY = 1  # beat's file is as fresh as its last wake-up, which is how its health is seen
if env.TRUSTED_PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
