"""Approval of a solution by somebody who did not compile it."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page, TaskState

from knowledge.models import SecondPersonTask

from .compiling import Compilation


def compiler_ids(page_id: int) -> set[int]:
    """Return the accounts that compiled an exchange into the page."""
    return set(Compilation.objects.filter(page_id=page_id).values_list("started_by__user_id", flat=True))


class SolutionApprovalTask(SecondPersonTask):
    """The one who compiled does not approve, nor who handed the page in, nor who wrote its last version.

    The compiler may not edit either while the page is under review, so that what was read is what is published.
    """

    class Meta:
        verbose_name = _("approval of a solution by a second person")
        verbose_name_plural = _("approvals of solutions by a second person")

    def bars(self, obj: Page, user) -> bool:
        """Return whether ``user`` has a part in the page that somebody else has to approve."""
        state, revision = obj.current_workflow_state, obj.latest_revision
        return (
            user.pk in compiler_ids(obj.pk)
            or (state is not None and state.requested_by_id == user.pk)
            or (revision is not None and revision.user_id == user.pk)
        )

    def locked_for_user(self, obj, user) -> bool:
        return super().locked_for_user(obj, user) or user.pk in compiler_ids(obj.pk)

    def get_actions(self, obj, user) -> list[tuple]:
        return [] if self.bars(obj, user) else super().get_actions(obj, user)

    def on_action(self, task_state, user, action_name, **kwargs):
        """Decide on the page. Raises PermissionDenied for whoever may not, and where it cannot be published."""
        if action_name == "approve":
            page = task_state.workflow_state.content_object
            try:
                page.get_latest_revision_as_object().full_clean()
            except ValidationError as error:  # for example a quote whose reply was hidden since
                raise PermissionDenied(" ".join(error.messages)) from error
        return super().on_action(task_state, user, action_name, **kwargs)

    def get_task_states_user_can_moderate(self, user, **kwargs) -> QuerySet[TaskState]:
        compiled = Compilation.objects.filter(started_by__user=user).values_list("page_id", flat=True)
        return (
            super()
            .get_task_states_user_can_moderate(user, **kwargs)
            .exclude(workflow_state__object_id__in=[str(pk) for pk in compiled])
        )

    @classmethod
    def get_description(cls) -> str:
        return _("A member of the groups who neither compiled the page nor wrote its last version can approve")
