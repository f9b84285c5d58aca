"""Site, pages and groups of an empty portal."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from knowledge.services import bootstrap
from knowledge.services.groups import ensure_groups


class Command(BaseCommand):
    """Makes what is missing; run twice it changes nothing. ``--upgrade`` leaves pages alone that editors removed."""

    help = "Make the site, its sections and plain pages, the languages and the groups of editors."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--upgrade", action="store_true", help="only what a new release adds: what each group may do"
        )

    def handle(self, *args, upgrade: bool, **options) -> None:
        if upgrade:
            ensure_groups()
            self.stdout.write("The groups may do what this release lets them.")
            return
        made = bootstrap.bootstrap(now=timezone.now()).made
        self.stdout.write(f"Made: {', '.join(made)}." if made else "Everything stands; nothing made.")
