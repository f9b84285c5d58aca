"""What follows from the last approval of a workflow."""


def publish_approved(workflow_state, user=None) -> None:
    """Publish what the workflow approved.

    Named by ``WAGTAIL_FINISH_WORKFLOW_ACTION``. The tasks decided who may approve; that ``user`` could not publish
    without them is what a second person is for, so it is not asked here again.
    """
    revision = workflow_state.content_object.get_latest_revision()
    revision.publish(user=user, skip_permission_checks=True)
