"""Approval by a second person."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState


class SecondPersonTask(AbstractGroupApprovalTask):
    """A member of the groups decides, but neither who handed the object in nor who wrote its last version.

    Administrators are bound as well; what they may publish on their own they publish outside a workflow.
    """

    class Meta:
        verbose_name = _("approval by a second person")
        verbose_name_plural = _("approvals by a second person")

    def get_actions(self, obj, user) -> list[tuple]:
        state = obj.current_workflow_state
        revision = obj.latest_revision
        if (state and state.requested_by_id == user.pk) or (revision and revision.user_id == user.pk):
            return []
        return super().get_actions(obj, user)

    def get_task_states_user_can_moderate(self, user, **kwargs) -> QuerySet[TaskState]:
        return (
            super()
            .get_task_states_user_can_moderate(user, **kwargs)
            .exclude(workflow_state__requested_by=user)
            .exclude(revision__user=user)
        )

    @classmethod
    def get_description(cls) -> str:
        return _("A member of the groups who did not write the last version can approve")
