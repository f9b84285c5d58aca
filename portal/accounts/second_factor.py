"""The rule of the second factor."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest

#: What counts as a second factor of its own; recovery codes only stand in for one of these.
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


def missing_step(request: HttpRequest) -> str | None:
    """Return the name of the page that stands between ``request.user`` and the admin, or None where nothing does.

    Staff without a second factor set one up. Staff who have one must have shown it in this very session: a session
    from before it was set up, or one that some other way of signing in began, is not enough. A passkey counts.
    """
    user = request.user
    if not (settings.MFA_REQUIRED_FOR_STAFF and user.is_authenticated and user.has_perm("wagtailadmin.access_admin")):
        return None
    if not is_mfa_enabled(user, FACTORS):
        return "mfa_index"
    shown = any(record.get("method") == "mfa" for record in get_authentication_records(request, user))
    return None if shown else "mfa_reauthenticate"
