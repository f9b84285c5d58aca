"""Site, pages and groups of an empty portal."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from knowledge.services import bootstrap


class Command(BaseCommand):
    """Makes what is missing; run twice it changes nothing."""

    help = "Make the site, its sections and plain pages, the languages and the groups of editors."

    def handle(self, *args, **options) -> None:
        made = bootstrap.bootstrap(now=timezone.now()).made
        self.stdout.write(f"Made: {', '.join(made)}." if made else "Everything stands; nothing made.")
