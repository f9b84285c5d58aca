"""The starting content of the exchange."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from knowledge.loading import load
from knowledge.loading.reader import STARTING_CONTENT, FileUnreadable, Folder
from knowledge.loading.rows import FileResult

_BAR_WIDTH = 30
#: Each saving is told by these; a loading of two thousand rows is no news to them.
_TALKATIVE = ("wagtail", "django_tasks")


class Command(BaseCommand):
    """Loads what is new or changed in the files and leaves alone what anybody changed since.

    Ends with 1 if anything could not be loaded; the rest is loaded all the same.
    """

    help = "Load themes, registries, pages and reference lists from files of JSON rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--only", action="append", metavar="FILE", help="Load this file alone, for example faqs; may be repeated."
        )
        parser.add_argument(
            "--folder", type=Path, default=STARTING_CONTENT, help="Folder with the files; default: the portal's own."
        )

    def handle(self, *args, **options) -> None:
        files = _chosen(options["only"])
        if not options["folder"].is_dir():
            raise CommandError(f"There is no folder {options['folder']}.")
        started, results = time.monotonic(), []
        folder = Folder(options["folder"])
        with _quietly():
            try:
                for result in load.load_content(
                    folder=folder, now=timezone.now(), files=files, progress=self._progress(folder)
                ):
                    self._report(result)
                    results.append(result)
            except load.SectionMissing as error:
                raise CommandError(f"There is no {error} yet: run bootstrap_site first.") from error
        problems = sum(len(result.problems) for result in results)
        self.stdout.write(
            f"Total: {sum(result.rows for result in results)} rows, "
            f"{sum(result.created for result in results)} new, {sum(result.changed for result in results)} changed, "
            f"{problems} problems, {time.monotonic() - started:.1f} s"
        )
        if problems:
            raise CommandError(f"{problems} problems; everything else is loaded.", returncode=1)

    def _progress(self, folder: Folder) -> load.Progress:
        """Return what draws a bar for the file at work on a terminal, and nothing elsewhere."""
        if not self.stdout.isatty():
            return lambda file, done: None

        def draw(file: str, done: int) -> None:
            try:
                total = max(done, len(folder.rows(file)))
            except FileUnreadable:
                total = sum(len(rows) for rows in folder.lists(file).values())
            filled = _BAR_WIDTH * done // max(total, 1)
            bar = "#" * min(filled, _BAR_WIDTH) + "-" * (_BAR_WIDTH - filled)
            self.stdout.write(f"\r{file:24} [{bar}] {done}", ending="")
            self.stdout.flush()

        return draw

    def _report(self, result: FileResult) -> None:
        start = "\r\x1b[K" if self.stdout.isatty() else ""
        kept = f", {result.kept} kept as somebody changed them" if result.kept else ""
        self.stdout.write(
            f"{start}{result.file}: {result.rows} rows, {result.created} new, {result.changed} changed{kept}"
        )
        for problem in result.problems:
            self.stderr.write(": ".join(part for part in (problem.file, problem.slug, problem.reason) if part))


def _chosen(only: list[str] | None) -> tuple[str, ...]:
    """Return the files that ``only`` names, with or without their endings."""
    if not only:
        return load.FILES
    by_name = {Path(file).stem: file for file in load.FILES}
    unknown = sorted({name for name in only if Path(name).stem not in by_name})
    if unknown:
        raise CommandError(f"There is no file {', '.join(unknown)}; there are {', '.join(by_name)}.")
    return tuple(by_name[Path(name).stem] for name in only)


@contextmanager
def _quietly() -> Iterator[None]:
    loggers = [logging.getLogger(name) for name in _TALKATIVE]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
