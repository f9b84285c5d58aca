"""The sample exchanges of the demonstration."""

import json
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

import community
from community.playing.play import FILE, play
from community.services.bootstrap import STARTING_CONTENT

PLAN = Path(community.__file__).parent / "starting_content" / "exchange_plan.json"
_BAR_WIDTH = 30
#: Each saving is told by these; hundreds of played ones are no news to them.
_TALKATIVE = ("wagtail", "django_tasks")


class Command(BaseCommand):
    """Plays what was not played yet. Ends with 1 if an exchange could not be played; the others are all the same."""

    help = "Play the sample exchanges of the demonstration through the real services, at past times."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--file", type=Path, default=STARTING_CONTENT / FILE, help="The exchanges; default: ours.")
        parser.add_argument("--plan", type=Path, default=PLAN, help="Their times and ends; default: ours.")
        parser.add_argument("--force-for-tests", action="store_true", help="Play outside the demonstration too.")

    def handle(self, *args, **options) -> None:
        if not (settings.DEMO or options["force_for_tests"]):
            raise CommandError("Sample exchanges are for the demonstration only.")
        rows, words = _read(options["file"], list), _read(options["plan"], dict)
        started = time.monotonic()
        with _quietly():
            result = play(rows=rows, words=words, now=timezone.now(), progress=self._progress)
        start = "\r\x1b[K" if self.stdout.isatty() else ""
        for problem in result.problems:
            self.stderr.write(f"{start}{FILE}: {problem.slug}: {problem.reason}")
        self.stdout.write(
            f"{start}{FILE}: {len(rows)} exchanges, {result.played} played, {result.standing} already there, "
            f"{len(result.problems)} problems, {time.monotonic() - started:.1f} s"
        )
        if result.problems:
            raise CommandError(f"{len(result.problems)} exchanges could not be played; the others are.", returncode=1)

    def _progress(self, done: int, total: int) -> None:
        """Draw a bar on a terminal, nothing elsewhere."""
        if self.stdout.isatty():
            filled = _BAR_WIDTH * done // total
            bar = "#" * filled + "-" * (_BAR_WIDTH - filled)
            self.stdout.write(f"\r{FILE} [{bar}] {done}/{total}", ending="")
            self.stdout.flush()


def _read(path: Path, expected: type) -> list | dict:
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(value, expected):
        raise CommandError(f"{path.name} is no JSON {'array' if expected is list else 'object'}.")
    return value


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
