"""Approval by a second person."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.models import AbstractGroupApprovalTask, TaskState


class SecondPersonTask(AbstractGroupApprovalTask):
    """A member of the groups decides, but neither who handed the object in nor who wrote its last version.

    Administrators are bound as well; what they may publish on their own they publish outside a workflow. The rule
    stands in the action itself: a forged request is refused like a hidden button.
    """

    class Meta:
        verbose_name = _("approval by a second person")
        verbose_name_plural = _("approvals by a second person")

    def get_actions(self, obj, user) -> list[tuple]:
        state, revision = obj.current_workflow_state, obj.latest_revision
        if (state and state.requested_by_id == user.pk) or (revision and revision.user_id == user.pk):
            return []
        return super().get_actions(obj, user)

    def on_action(self, task_state, user, action_name, **kwargs):
        """Decide on the object of ``task_state``. Raises PermissionDenied for whoever may not."""
        obj = task_state.workflow_state.content_object
        if action_name not in {name for name, *_rest in self.get_actions(obj, user)}:
            raise PermissionDenied(_("A second person approves: somebody who did not write this or hand it in."))
        return super().on_action(task_state, user, action_name, **kwargs)

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
