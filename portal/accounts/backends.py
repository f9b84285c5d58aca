"""Who may do what: Django's permissions without Django's own way of signing in."""

from django.contrib.auth.backends import ModelBackend


class PermissionsBackend(ModelBackend):
    """Answers permission questions by groups and flags. Signing in is allauth's alone."""

    def authenticate(self, request, **credentials) -> None:
        return None
