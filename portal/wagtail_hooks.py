"""Hooks into Wagtail's admin that concern the house: its look and its accounts."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks

from portal.accounts import users


@hooks.register("insert_global_admin_css")
def brand() -> SafeString:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/admin.css"))


for action in (users.AssignRole, users.SetActiveState, users.Delete):
    hooks.register("register_bulk_action", action, order=100)  # after Wagtail's, whose place it takes
