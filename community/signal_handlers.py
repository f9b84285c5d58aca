"""What follows in the exchange when a page of knowledge changes: heard from Django and Wagtail, connected in apps."""

from django.db.models.signals import post_delete, post_save, pre_save
from wagtail.signals import page_unpublished

from community.models import Compilation
from community.services import compiling
from knowledge.models import SolutionPage


def connect() -> None:
    """Connect every handler; called once, when the models are ready."""
    pre_save.connect(check_before_going_live, sender=SolutionPage)
    post_save.connect(follow_live_content, sender=SolutionPage)
    page_unpublished.connect(follow_unpublishing, sender=SolutionPage)
    post_delete.connect(follow_deletion, sender=Compilation)


def _writes_content(update_fields) -> bool:
    """Return whether a save writes the live content: a revision is kept by a save of a few columns."""
    return update_fields is None or "live" in update_fields


def check_before_going_live(sender, instance: SolutionPage, raw: bool, update_fields=None, **kwargs) -> None:
    """Refuse a page that goes live, or another revision of it, without what its publishing needs.

    The check stands here because every way to publish ends in saving the page: the editor's button, a bulk action,
    a schedule, a workflow, a copy.
    """
    if raw or not instance.live or not _writes_content(update_fields):
        return
    before = SolutionPage.objects.filter(pk=instance.pk).values("live", "live_revision_id").first()
    if before is None or not before["live"] or before["live_revision_id"] != instance.live_revision_id:
        compiling.check_publishing(instance)


def follow_live_content(sender, instance: SolutionPage, raw: bool, update_fields=None, **kwargs) -> None:
    """Rebuild the rows of a page in the transaction that saves what is live of it."""
    if not raw and _writes_content(update_fields) and instance.live:
        compiling.bring_in_step(page=instance)


def follow_unpublishing(sender, instance: SolutionPage, **kwargs) -> None:
    """Take the rows of a page back that is live no more."""
    compiling.bring_in_step(page=instance)


def follow_deletion(sender, instance: Compilation, **kwargs) -> None:
    """Call a question closed whose page was deleted."""
    compiling.close_without_page([instance.question_id])
