from django.core.management.base import BaseCommand, CommandError

from search.documents import SearchUnavailable
from search.registry import engines

STATES = {
    "current": "is there",
    "outdated": "was made by another version of the portal: run search_rebuild --if-needed",
    "missing": "is missing: run search_rebuild",
}


class Command(BaseCommand):
    help = "Tries each feature that search needs of its server, and names what is missing. Exit code 1 if anything is."

    def handle(self, *args, **options) -> None:
        missing = 0
        for engine in engines():
            try:
                lacks, state = engine.lacks(), engine.state()
            except SearchUnavailable as error:
                raise CommandError(f"{engine.name} does not answer: {error}", returncode=2) from error
            for sentence in lacks:
                self.stdout.write(self.style.ERROR(f"{engine.name}: {sentence}"))
            if not lacks:
                self.stdout.write(self.style.SUCCESS(f"{engine.name}: has everything that is needed."))
            self.stdout.write(f"{engine.name}: the index {STATES[state]}.")
            missing += len(lacks)
        if missing:
            raise CommandError(f"{missing} things are missing.", returncode=1)
