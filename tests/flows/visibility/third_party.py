"""The addresses that come with Wagtail and allauth, by namespace, with the least role that enters any of them.

They are opened too: no role below the least may get a page of one, and nobody may meet there what the rule forbids.
"""

from wagtail.models import Page

from .routes import Route
from .world import World

#: From the least to the most. Officers stand below moderators: they have no rights to pages or files.
LADDER = ("visitor", "author", "officer", "other moderator", "editor", "administrator")
#: Stands above all: in this world nobody gets a page, because another door lies in front or there is nothing behind.
NOBODY = "nobody"

#: By namespace; addresses without one by the beginning of their names. The first that fits counts.
LEAST_ROLE: dict[str, str] = {
    # Signing up, in and out, the second factor: before and after an account there is nothing else to meet.
    "account_": "visitor",
    "mfa_": "author",
    # Wagtail's doors without a login: pictures of its buttons, words of its scripts, passwords for pages.
    "wagtailadmin_sprite": "visitor",
    "wagtailadmin_javascript_catalog": "visitor",
    "wagtailadmin_login": NOBODY,
    "wagtailadmin_logout": "author",
    "wagtailcore_": "visitor",
    "wagtaildocs_serve": NOBODY,
    "wagtaildocs_authenticate_with_password": NOBODY,
    # Tools of the editor's forms, for whoever enters the admin.
    "wagtailadmin_home": "officer",
    "wagtailadmin_account": "officer",
    "wagtailadmin_dismissibles": "officer",
    "wagtailadmin_tag_": "officer",
    "wagtailadmin_choose_page": "officer",
    "wagtailadmin_block_preview": NOBODY,
    "wagtailadmin_editing_sessions": NOBODY,
    "wagtailadmin_api": "officer",
    "wagtailembeds": "officer",
    "wagtaildocs_chooser": "officer",
    "wagtailimages_chooser": "officer",
    "wagtail_bulk_action": "officer",
    "/admin/test404/": "officer",
    "/admin/^.*/$": NOBODY,
    # Pages: officers have none.
    "wagtailadmin_explore": "other moderator",
    "wagtailadmin_pages": "other moderator",
    "wagtailadmin_reports": "officer",
    "wagtailadmin_workflows": "officer",
    "wagtaildocs": "other moderator",
    "wagtailimages": "other moderator",
    # What only administrators set.
    "wagtailadmin_collections": "administrator",
    "wagtailadmin_password_reset": NOBODY,
    "wagtailadmin_error_test": NOBODY,
    "wagtailredirects": "administrator",
    "wagtailsettings": NOBODY,
    "wagtailsites": "administrator",
    "wagtailsnippets": NOBODY,
    "wagtailusers_groups": "administrator",
    "wagtailusers_users": "administrator",
}


def listed_as(name: str) -> str | None:
    """Return the entry of ``LEAST_ROLE`` under which the address ``name`` is listed; None where it is not."""
    return next((start for start in LEAST_ROLE if _fits(name, start)), None)


def _fits(name: str, start: str) -> bool:
    namespace, colon, _rest = name.partition(":")
    if colon:
        return namespace == start  # a namespace is listed whole, and stands for no other
    return name.startswith(start)


def addresses(route: Route, world: World) -> list[tuple[str, tuple[str, ...]]]:
    """Return the addresses to open for ``route``, each with who opens it: drafts of both sections stand behind them."""
    shelf = world.shelf
    if route.name == "wagtail_bulk_action":
        pages = "&".join(f"id={page.pk}" for page in shelf.pages.values())
        acts = [
            route.path(app_label="wagtailcore", model_name="page", action=action)
            for action in ("delete", "move", "publish", "unpublish")
        ]
        return [(f"{act}?{pages}", LADDER) for act in acts]
    drafted, foreign = route.path(**_about(shelf.pages["drafted"])), route.path(**_about(shelf.pages["draft case"]))
    found = [(drafted, LADDER)]
    if foreign != drafted:  # a page of a section that moderators have no part in
        found.append((foreign, ("officer", "other moderator")))
    if route.full_name == "wagtailadmin_api:pages:listing":
        found.append((f"{drafted}?fields=*&for_explorer=1", LADDER))
    return found


def _about(page: Page) -> dict[str, object]:
    """Return what leads to ``page``, under all the names that Wagtail's addresses have for it."""
    revision, parent = page.latest_revision_id or 1, page.get_parent().pk
    return {
        "page_id": page.pk,
        "page_to_move_id": page.pk,
        "pk": page.pk,
        "parent_page_id": parent,
        "destination_id": parent,
        "content_type_app_name": "knowledge",
        "content_type_model_name": type(page)._meta.model_name,
        "revision_id": revision,
        "revision_id_a": revision,
        "revision_id_b": revision,
    }
