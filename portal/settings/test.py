"""Tests: quick hashing, files in a temporary folder, tasks run only when a test asks."""

import tempfile
from pathlib import Path

from .base import *  # noqa: F403 - a settings module takes all of base
from .base import CACHES, LOGGING, env

_FOLDER = Path(tempfile.mkdtemp(prefix="cluster-exchange-tests-"))

SECRET_KEY = "tests-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP"
ALLOWED_HOSTS = ["*"]
BASE_URL = WAGTAILADMIN_BASE_URL = "http://localhost"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MEDIA_ROOT = _FOLDER / "media"
STATIC_ROOT = _FOLDER / "static"
STATIC_ROOT.mkdir()
MAIL_FOLDER = _FOLDER / "mail"
SEARCH_INDEX_PATH = _FOLDER / "search.sqlite3"
LOGGING["loggers"]["django_structlog"] = {"level": "WARNING"}  # a line for each of ten thousand requests helps nobody
THROTTLES_ARE_ON = False  # tests send hundreds from one address
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS = {}
if not env.REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
