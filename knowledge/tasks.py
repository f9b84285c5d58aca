"""What happens by date: offices begin and end, scheduled pages come and go."""

from celery import shared_task
from django.core.management import call_command
from django.utils import timezone

from .services.offices import refresh_derived_groups


@shared_task
def refresh_offices() -> int:
    """Bring the group Officers in step with the offices held now."""
    return refresh_derived_groups(now=timezone.now())


@shared_task
def publish_scheduled() -> None:
    """Publish and expire what an editor gave a date; Wagtail keeps these dates with the revisions."""
    call_command("publish_scheduled", verbosity=0)
