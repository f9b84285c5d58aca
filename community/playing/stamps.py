"""Wagtail writes the present time into what it keeps; a played publishing gets the times it is said to have had."""

from datetime import datetime, timedelta

from wagtail.models import Page, PageLogEntry, Revision, TaskState, WorkflowState

from community.models import Compilation
from knowledge.models import SolutionPage


def last_log_entry() -> int:
    """Return the key of the newest entry of Wagtail's log; what is written later has a higher one."""
    return PageLogEntry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def stamp(
    page: SolutionPage,
    *,
    compiled_at: datetime,
    published_at: datetime,
    log_before: int,
    log_between: int,
) -> None:
    """Date the draft and its handing in to ``compiled_at``, the approval and the publishing to ``published_at``.

    ``log_before`` and ``log_between`` are the newest log entries before the draft and before the approval.
    """
    revisions = Revision.objects.for_instance(page)
    drafted = revisions.filter(pk=page.live_revision_id)
    revisions.filter(created_at__gte=compiled_at).exclude(pk__in=drafted).update(
        created_at=compiled_at - timedelta(minutes=1)
    )
    drafted.update(created_at=compiled_at)
    Page.objects.filter(pk=page.pk).update(
        first_published_at=published_at, last_published_at=published_at, latest_revision_created_at=compiled_at
    )
    Compilation.objects.filter(page=page).update(published_at=published_at)
    states = WorkflowState.objects.for_instance(page)
    states.update(created_at=compiled_at)
    TaskState.objects.filter(workflow_state__in=states).update(started_at=compiled_at, finished_at=published_at)
    entries = PageLogEntry.objects.filter(page_id=page.pk)
    entries.filter(pk__gt=log_before, pk__lte=log_between).update(timestamp=compiled_at)
    entries.filter(pk__gt=log_between).update(timestamp=published_at)
    entries.filter(pk__lte=log_before, timestamp__gt=compiled_at).update(timestamp=compiled_at - timedelta(minutes=1))
