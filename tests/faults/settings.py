"""The settings of the processes that the fault tests start and kill: the embedded stack with short waits."""

from portal.settings.demo import *  # noqa: F403 - a settings module takes all of another

RELEASE_HOLD_SECONDS = 0
THROTTLES_ARE_ON = False
SWEEP_SECONDS = 1
# Minutes as in the portal, only shorter: what a killed process left is found within seconds.
MAIL_SENDING_TIMEOUT_MINUTES = 2 / 60
MAIL_AMBIGUOUS_RETRY_MINUTES = 2 / 60
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
