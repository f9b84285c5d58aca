"""The desk in the admin's menu and on its first page, with the number of items that wait and that nobody else holds."""

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component
from wagtail.admin.ui.sidebar import LinkMenuItem

from community.permissions import member_of

from .reading import decides, items_of, ready_to_compile


def label_of(waiting: int) -> str:
    """Return what the menu's entry says."""
    return _("Moderation (%(waiting)d)") % {"waiting": waiting} if waiting else _("Moderation")


class DeskMenuItem(MenuItem):
    """Leads to the desk; shown to those who moderate a community."""

    def __init__(self) -> None:
        super().__init__(
            gettext_lazy("Moderation"), reverse_lazy("desk"), name="moderation", icon_name="check", order=10
        )

    def is_shown(self, request: HttpRequest) -> bool:
        return decides(request.user)

    def render_component(self, request: HttpRequest) -> LinkMenuItem:
        return LinkMenuItem(self.name, label_of(waiting_for(request)), str(self.url), icon_name=self.icon_name)


class DeskPanel(Component):
    """On the first page of the admin: what waits for a moderator."""

    name = "moderation"
    order = 40
    template_name = "community/desk/home_panel.html"

    def get_context_data(self, parent_context: dict) -> dict:
        request = parent_context["request"]
        return {"waiting": waiting_for(request), "ready": ready_to_compile(request.user).count()}


def greet_moderator(request: HttpRequest, panels: list) -> None:
    """Put the desk's panel on the first page of those who moderate a community."""
    if decides(request.user):
        panels.append(DeskPanel())


def waiting_for(request: HttpRequest) -> int:
    """Return how many items wait that nobody but the request's account holds, counted once in a request."""
    if not hasattr(request, "waiting_submissions"):
        free = items_of(request.user).waiting().free_for(member_of(request.user), timezone.now())
        request.waiting_submissions = free.count()
    return request.waiting_submissions
