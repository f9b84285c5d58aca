"""What follows from the last approval of a workflow."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # Wagtail imports this module while its own models are being made
    from django.contrib.auth.base_user import AbstractBaseUser
    from wagtail.models import WorkflowState


def publish_approved(workflow_state: "WorkflowState", user: "AbstractBaseUser | None" = None) -> None:
    """Publish what the workflow approved.

    Named by ``WAGTAIL_FINISH_WORKFLOW_ACTION``. The tasks decided who may approve; that ``user`` could not publish
    without them is what a second person is for, so it is not asked here again.
    """
    revision = workflow_state.content_object.get_latest_revision()
    revision.publish(user=user, skip_permission_checks=True)
