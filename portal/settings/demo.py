"""The demonstration: everything embedded, on this machine only."""

from .base import *  # noqa: F403 - a settings module takes all of base
from .base import LOGGING, VAR_DIR, env

DEMO = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
# Never leaves this machine: the demo binds 127.0.0.1 and refuses production settings.
SECRET_KEY = env.SECRET_KEY or "demonstration-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH"
RELEASE_HOLD_SECONDS = 30
SWEEP_SECONDS = 5
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "celerybeat-schedule")
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True  # passkeys on http://localhost
# The terminal shows the address and the accounts; each saving in the admin is no news there.
LOGGING = {**LOGGING, "root": {**LOGGING["root"], "level": "WARNING"}}
