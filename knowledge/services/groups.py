"""The groups of the editors' side and what they may do."""

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from knowledge.models import SolutionIndexPage
from knowledge.permissions import EDITORS, GROUP_PERMISSIONS, MODERATORS

#: What each group may do to pages: editors to all, moderators to solutions. Who compiles writes drafts; a second
#: person publishes them.
PAGE_PERMISSIONS = {
    EDITORS: ("add_page", "change_page", "publish_page", "lock_page", "unlock_page"),
    MODERATORS: ("add_page", "change_page"),
}
#: What each group may do to images and documents.
FILE_PERMISSIONS = {EDITORS: ("add", "change", "choose"), MODERATORS: ("add", "choose")}


@transaction.atomic
def ensure_groups() -> list[Group]:
    """Make the groups Editors, Moderators and Officers, give each exactly its permissions, and return them.

    Idempotent: a permission that the tables do not name is taken away again.
    """
    groups = []
    for name, models in GROUP_PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=name)
        wanted = [Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")]
        for model, actions in models.items():
            codenames = [f"{action}_{model._meta.model_name}" for action in actions]
            wanted += Permission.objects.filter(
                content_type=ContentType.objects.get_for_model(model), codename__in=codenames
            )
        kept = group.permissions.exclude(content_type__app_label__in=("knowledge", "search", "wagtailadmin"))
        group.permissions.set([*wanted, *kept])
        _set_page_permissions(group)
        _set_file_permissions(group)
        groups.append(group)
    return groups


def _set_page_permissions(group: Group) -> None:
    top = _top_page(group)
    wanted = Permission.objects.filter(
        content_type__app_label="wagtailcore", codename__in=PAGE_PERMISSIONS.get(group.name, ())
    )
    GroupPagePermission.objects.filter(group=group).exclude(page=top, permission__in=wanted).delete()
    for permission in wanted:
        GroupPagePermission.objects.get_or_create(group=group, page=top, permission=permission)


def _top_page(group: Group) -> Page:
    """Return the page at and below which the group works; before there are sections there is nothing but the root."""
    section = SolutionIndexPage.objects.first() if group.name == MODERATORS else None
    return section.page_ptr if section else Page.get_first_root_node()


def _set_file_permissions(group: Group) -> None:
    root = Collection.get_first_root_node()
    codenames = [
        f"{action}_{model}" for action in FILE_PERMISSIONS.get(group.name, ()) for model in ("image", "document")
    ]
    wanted = Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=codenames
    )
    GroupCollectionPermission.objects.filter(group=group).exclude(collection=root, permission__in=wanted).delete()
    for permission in wanted:
        GroupCollectionPermission.objects.get_or_create(group=group, collection=root, permission=permission)
