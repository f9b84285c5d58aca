"""On the first page of the admin: communities in which messages wait and nobody can decide."""

from django.http import HttpRequest
from wagtail.admin.ui.components import Component

from community.services.moderation import deadlines


class UnattendedPanel(Component):
    """Names the communities that need a moderator, with the way to give them one."""

    name = "unattended"
    order = 30
    template_name = "community/desk/unattended_panel.html"

    def get_context_data(self, parent_context: dict) -> dict:
        return {"communities": list(deadlines.communities_without_moderator())}


def warn_administrator(request: HttpRequest, panels: list) -> None:
    """Put the panel on the first page of administrators while there is such a community."""
    if request.user.is_superuser and deadlines.communities_without_moderator().exists():
        panels.append(UnattendedPanel())
