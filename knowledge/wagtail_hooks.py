"""Hooks into Wagtail's admin: who may do what, then the menus of registries, lists and people."""

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.auth import user_has_any_page_permission
from wagtail.snippets.models import register_snippet

from knowledge.models import SchemeUpdate
from knowledge.permissions import institutions_of, register_policies
from knowledge.viewsets import (
    PAGE_BULK_ACTIONS,
    GuardedDeleteBulkAction,
    OfficesPanel,
    PeopleGroup,
    PublishOwnUpdateMenuItem,
    ReferenceListsGroup,
    RegistriesGroup,
    VocabulariesGroup,
    leave_hiding_to_administrators,
    put_handing_in_first,
)

register_policies()  # before the viewsets: Wagtail refuses a policy once it has made one of its own

for group in (RegistriesGroup, ReferenceListsGroup, VocabulariesGroup, PeopleGroup):
    register_snippet(group)

for action in (GuardedDeleteBulkAction, *PAGE_BULK_ACTIONS):
    hooks.register("register_bulk_action", action, order=100)  # after Wagtail's, whose place it takes
hooks.register("construct_snippet_action_menu", put_handing_in_first)
hooks.register("construct_snippet_action_menu", leave_hiding_to_administrators)


@hooks.register("register_snippet_action_menu_item")
def offer_direct_publishing(model: type) -> PublishOwnUpdateMenuItem | None:
    return PublishOwnUpdateMenuItem(order=30) if model is SchemeUpdate else None


@hooks.register("construct_main_menu")
def drop_what_leads_elsewhere(request: HttpRequest, items: list) -> None:
    """Take out Wagtail's own help, which lies on other sites."""
    items[:] = [item for item in items if item.name != "help"]


@hooks.register("construct_homepage_summary_items")
def count_pages_for_editors_only(request: HttpRequest, items: list) -> None:
    """Numbers of pages and files say nothing to an officer."""
    if not user_has_any_page_permission(request.user):
        items.clear()


@hooks.register("construct_homepage_panels")
def show_offices(request: HttpRequest, panels: list) -> None:
    """Greet an officer with the office."""
    institutions = institutions_of(request.user)
    if institutions.exists():
        panels.append(OfficesPanel(institutions))
