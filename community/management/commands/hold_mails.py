"""What to do with mails after a restore, before any worker runs."""

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from community.services import restoring


class Command(BaseCommand):
    """Holds the mails of which a restored database cannot know whether they went out; or lets them go."""

    help = "After a restore and before any worker runs: hold every mail that may have been handed over already."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--release", action="store_true", help="Have the held mails handed over after all, each once more."
        )

    def handle(self, *args, **options) -> None:
        if options["release"]:
            self.stdout.write(f"{restoring.let_mails_go(now=timezone.now())} mails will be handed over.")
            return
        held = restoring.hold_mails(now=timezone.now())
        self.stdout.write(f"{held} mails are held. Staff find them under Mails, as perhaps handed over.")
