"""Hooks into Wagtail's admin: the desk, the lists of the exchange, who publishes what was compiled."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.action_menu import PublishMenuItem
from wagtail.admin.staticfiles import versioned_static
from wagtail.models import Page

from knowledge.models import SolutionPage

from .desk import urls as desk_urls
from .desk.menu import DeskMenuItem, greet_moderator
from .desk.people.menu import MembersMenuItem
from .desk.unattended import warn_administrator
from .desk.viewsets import deadlines, holding
from .models import SolutionApprovalTask
from .services.compiling import is_compiled
from .viewsets import ExchangeGroup, register_policies

deadlines.register_policies()
holding.register_policies()
register_policies()  # before the viewsets: Wagtail refuses a policy once it has made one of its own


@hooks.register("register_admin_urls")
def serve_desk() -> list:
    return desk_urls.urlpatterns


@hooks.register("register_admin_menu_item")
def lead_to_desk() -> DeskMenuItem:
    return DeskMenuItem()


@hooks.register("register_admin_menu_item")
def lead_to_members() -> MembersMenuItem:
    return MembersMenuItem()


@hooks.register("insert_global_admin_js")
def keep_the_badge_true() -> str:
    return format_html('<script src="{}" defer></script>', versioned_static("community/live.js"))


hooks.register("construct_homepage_panels", greet_moderator)
hooks.register("construct_homepage_panels", warn_administrator)


@hooks.register("register_admin_viewset")
def list_exchange() -> ExchangeGroup:
    return ExchangeGroup()


def _needs_second_person(page: Page) -> bool:
    return isinstance(page, SolutionPage) and is_compiled(page)


@hooks.register("register_admin_viewset")
def list_deadlines() -> deadlines.DeadlinesGroup:
    return deadlines.DeadlinesGroup()


@hooks.register("register_admin_viewset")
def list_rules_that_hold() -> holding.HoldingRuleViewSet:
    return holding.HoldingRuleViewSet()


@hooks.register("construct_page_action_menu")
def offer_approval_instead_of_publishing(items: list, request: HttpRequest, context: dict) -> None:
    """Take the button away that a compiled page refuses; the refusal itself stands where pages are saved."""
    if context.get("page") is not None and _needs_second_person(context["page"]):
        items[:] = [item for item in items if not isinstance(item, PublishMenuItem)]


@hooks.register("before_publish_page")
def explain_second_person(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Say in words why a compiled page is not published directly; what was typed is saved as its draft."""
    if not _needs_second_person(page):
        return None
    messages.error(
        request,
        _(
            "This page was compiled from an exchange, so a second person publishes it. Your changes are saved: "
            "send them for approval."
        ),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


@hooks.register("before_bulk_action")
def explain_second_person_in_bulk(request: HttpRequest, action_type: str, objects: list, action) -> HttpResponse | None:
    """Say the same where several pages are published at once."""
    if action_type != "publish" or not any(_needs_second_person(page.specific) for page in objects):
        return None
    messages.error(
        request,
        _("Some of these pages were compiled from exchanges. A second person's approval publishes each of those."),
    )
    return redirect(action.next_url)


@hooks.register("before_edit_page")
def explain_who_approves(request: HttpRequest, page: Page) -> None:
    """Tell whoever opens a page that waits for approval why the buttons are not theirs."""
    task = page.current_workflow_task if request.method == "GET" else None
    if isinstance(task, SolutionApprovalTask) and task.bars(page, request.user):
        messages.info(request, _("You compiled, wrote or handed in this page: somebody else approves it."))
