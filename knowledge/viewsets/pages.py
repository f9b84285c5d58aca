"""What Wagtail does to several pages at once, without naming to a person the pages that are not theirs to work on."""

from wagtail.admin.views.pages import bulk_actions
from wagtail.models import Page
from wagtail.permissions import policy_registry


class OnlySeenPages:
    """Leaves out of the list of refused pages those that the person cannot find in the explorer either."""

    def get_actionable_objects(self) -> tuple[list[Page], dict]:
        objects, refused = super().get_actionable_objects()
        opened = policy_registry.get_by_type(Page).instances_user_has_any_permission_for(
            self.request.user, {"add", "change", "publish"}
        )
        seen = set(opened.values_list("pk", flat=True))
        kept = [page for page in refused["items_with_no_access"] if page.pk in seen]
        return objects, {**refused, "items_with_no_access": kept}


class DeletePages(OnlySeenPages, bulk_actions.DeleteBulkAction):
    pass


class MovePages(OnlySeenPages, bulk_actions.MoveBulkAction):
    pass


class PublishPages(OnlySeenPages, bulk_actions.PublishBulkAction):
    pass


class UnpublishPages(OnlySeenPages, bulk_actions.UnpublishBulkAction):
    pass


PAGE_BULK_ACTIONS = (DeletePages, MovePages, PublishPages, UnpublishPages)
