from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.documents import NothingToRollBack, RebuildOvertaken, SearchEngine, SearchUnavailable
from search.management.progress import progress
from search.registry import engine_named, engines
from search.upkeep.gate import RebuildFailed
from search.upkeep.rebuilding import is_needed, rebuild


class Command(BaseCommand):
    help = (
        "Fills a new index from the database and puts it in the place of the present one, which serves meanwhile. "
        "On a deploy use --if-needed: an index of this version that equals the database is left as it is."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--engine", help="name of one engine; otherwise of each that is in use")
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="only where the index is missing, was made by another version of the portal, or has drifted",
        )
        parser.add_argument("--rollback", action="store_true", help="put the index from before the last rebuild back")

    def handle(self, *args, **options) -> None:
        chosen = engines()
        if options["engine"]:
            engine = engine_named(options["engine"])
            if engine is None:
                names = ", ".join(engine.name for engine in engines())
                raise CommandError(f"No engine called {options['engine']} is in use: {names}.")
            chosen = (engine,)
        refused = 0
        for engine in chosen:
            try:
                refused += self._roll_back(engine) if options["rollback"] else self._rebuild(engine, options)
            except NothingToRollBack as error:
                raise CommandError(str(error)) from error
            except (RebuildFailed, RebuildOvertaken, SearchUnavailable) as error:
                raise CommandError(f"{error} The present index goes on.") from error
        if refused:
            raise CommandError(f"{refused} were refused and are tried again.", returncode=1)

    def _rebuild(self, engine: SearchEngine, options: dict) -> int:
        if options["if_needed"] and not is_needed(engine, progress(self.stdout, "Comparing")):
            self.stdout.write(self.style.SUCCESS(f"The index of {engine.name} is whole: nothing to do."))
            return 0
        rebuilt = rebuild(progress(self.stdout, "Indexing"), engine=engine)
        for key, reason in sorted(rebuilt.refused.items()):
            self.stderr.write(f"refused {key}: {reason}")
        self.stdout.write(self.style.SUCCESS(f"The index holds {len(rebuilt.written)} documents."))
        return len(rebuilt.refused)

    def _roll_back(self, engine: SearchEngine) -> int:
        engine.roll_back()
        self.stdout.write(self.style.SUCCESS(f"The index of {engine.name} from before the last rebuild is read again."))
        return 0
