from django.apps import AppConfig
from wagtail.users.apps import WagtailUsersAppConfig


class PortalConfig(AppConfig):
    name = "portal"
    default = True

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers the system checks


class AdminUsersConfig(WagtailUsersAppConfig):
    """Wagtail's account administration with the forms of our ``User``."""

    user_viewset = "portal.accounts.users.UserViewSet"
