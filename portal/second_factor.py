"""The rule of the second factor."""

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings


def must_set_up_second_factor(user) -> bool:
    """Return whether ``user`` may enter the admin only after setting up a second factor.

    Somebody who has one was asked for it at sign-in, because allauth never completes a sign-in without it.
    """
    return (
        settings.MFA_REQUIRED_FOR_STAFF
        and user.is_authenticated
        and user.has_perm("wagtailadmin.access_admin")
        and not is_mfa_enabled(user)
    )
