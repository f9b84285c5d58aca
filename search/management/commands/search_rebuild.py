from django.core.management.base import BaseCommand, CommandError

from search.documents import RebuildOvertaken, SearchUnavailable
from search.management.progress import progress
from search.upkeep.rebuilding import RebuildFailed, rebuild


class Command(BaseCommand):
    help = "Fills a new index from the database and puts it in the place of the present one, which serves meanwhile."

    def handle(self, *args, **options) -> None:
        try:
            rebuilt = rebuild(progress(self.stdout, "Indexing"))
        except (RebuildFailed, RebuildOvertaken, SearchUnavailable) as error:
            raise CommandError(f"{error} The present index goes on.") from error
        for key, reason in sorted(rebuilt.refused.items()):
            self.stderr.write(f"refused {key}: {reason}")
        self.stdout.write(self.style.SUCCESS(f"The index holds {len(rebuilt.written)} documents."))
        if rebuilt.refused:
            raise CommandError(f"{len(rebuilt.refused)} were refused and are tried again.", returncode=1)
