"""Communities, reasons and the approval of solutions."""

from django.core.management.base import BaseCommand, CommandError

from community.services import bootstrap


class Command(BaseCommand):
    """Makes what is missing; run twice it changes nothing. ``--upgrade`` makes no communities."""

    help = "Make the communities, the moderators' reasons and the approval of solutions by a second person."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--upgrade", action="store_true", help="only what a new release adds: reasons, holidays, the approval"
        )

    def handle(self, *args, upgrade: bool, **options) -> None:
        try:
            outcome = bootstrap.bootstrap([] if upgrade else bootstrap.read_communities())
        except LookupError as error:
            raise CommandError(str(error)) from error
        for line in outcome.broken:
            self.stderr.write(line)
        self.stdout.write(f"{outcome.made} communities and reasons made.")
        if outcome.broken:
            raise CommandError(f"{len(outcome.broken)} rows could not be used.")
