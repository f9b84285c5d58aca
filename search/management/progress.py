"""How far a command has come: a bar on a terminal, a line now and then elsewhere."""

import time
from collections.abc import Callable
from typing import TextIO

#: Characters of the bar, and seconds between two lines in a log.
WIDTH, SECONDS = 30, 10


def progress(stream: TextIO, what: str) -> Callable[[int, int], None]:
    """Return what is to be told how many of how many are done, and writes it to ``stream``."""
    on_terminal = stream.isatty()
    said_at = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal said_at
        if on_terminal:
            full = WIDTH * done // max(total, 1)
            end = "\n" if done >= total else ""
            stream.write(f"\r{what} {'█' * full}{'░' * (WIDTH - full)} {done}/{total}{end}")
            stream.flush()
        elif done >= total or time.monotonic() - said_at > SECONDS:
            said_at = time.monotonic()
            stream.write(f"{what} {done}/{total}\n")

    return tell
