import json
import sys
from dataclasses import asdict

from django.core.management.base import BaseCommand, CommandError, CommandParser

from search.documents import SearchUnavailable
from search.management.progress import progress
from search.registry import engine_named, engines
from search.upkeep.verification import PROBLEMS, Comparison, repair, verify

#: Keys of one problem that are printed; JSON has them all.
PRINTED = 20


class Command(BaseCommand):
    help = "Compares the index with the database. Exit code 1 where they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--repair", action="store_true", help="index again what differs, then compare once more")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
        parser.add_argument("--engine", help="name of the engine; otherwise the one that answers")

    def handle(self, *args, **options) -> None:
        engine = engine_named(options["engine"]) if options["engine"] else engines()[0]
        if engine is None:
            names = ", ".join(each.name for each in engines())
            raise CommandError(f"No engine called {options['engine']} is in use: {names}.", returncode=2)
        tell = progress(self.stderr if options["json"] else self.stdout, "Comparing")
        try:
            comparison = verify(tell, engine=engine)
            if options["repair"] and comparison.drifted:
                if not options["json"]:
                    self._print(comparison)
                repair(comparison, engine=engine)
                comparison = verify(tell, engine=engine)
        except SearchUnavailable as error:
            raise CommandError(f"The search engine does not answer: {error}", returncode=2) from error
        if options["json"]:
            self.stdout.write(json.dumps(asdict(comparison), sort_keys=True))
        else:
            self._print(comparison)
        if comparison.drifted:
            sys.exit(1)

    def _print(self, comparison: Comparison) -> None:
        for problem in PROBLEMS:
            keys = getattr(comparison, problem)
            for key in keys[:PRINTED]:
                self.stdout.write(f"{problem} {key}")
            if len(keys) > PRINTED:
                self.stdout.write(f"{problem} … and {len(keys) - PRINTED} more")
        for key, reason in list(comparison.reasons.items())[:PRINTED]:
            self.stdout.write(f"refused {key}: {reason}")
        counts = ", ".join(f"{len(getattr(comparison, problem))} {problem}" for problem in PROBLEMS)
        waiting = f"{comparison.waiting} on their way, {comparison.refused} refused so far"
        style = self.style.ERROR if comparison.drifted else self.style.SUCCESS
        self.stdout.write(style(f"{comparison.checked} compared: {counts}; {waiting}."))
