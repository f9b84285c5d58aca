"""The entry of the admin's menu for members, shown to those who moderate and to administrators."""

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from community.permissions import moderated_ids_shown


class MembersMenuItem(MenuItem):
    def __init__(self) -> None:
        super().__init__(_("Members"), reverse_lazy("members_home"), name="members", icon_name="group", order=15)

    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.is_superuser or bool(moderated_ids_shown(request.user))
