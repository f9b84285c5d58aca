"""What each process remembers for some seconds of rows that editors keep: synonyms, best bets, the words of terms."""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar
from weakref import WeakSet

#: Seconds for which what was read is used: a change counts after that time at the latest.
KEPT_SECONDS = 5.0

Kept = TypeVar("Kept")

_all: WeakSet["Remembered"] = WeakSet()


class Remembered(Generic[Kept]):
    """What ``read`` makes of rows, read again when it is older than ``KEPT_SECONDS``."""

    def __init__(self, read: Callable[[], Kept]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self.forget()
        _all.add(self)

    def forget(self) -> None:
        """Let the next question read anew: for tests, and for a process that has just changed a row."""
        self._read_at = float("-inf")

    def get(self) -> Kept:
        """Return what was read."""
        with self._lock:
            if time.monotonic() - self._read_at > KEPT_SECONDS:
                self._kept, self._read_at = self._read(), time.monotonic()
            return self._kept


def forget_everything() -> None:
    """Let everything be read anew."""
    for each in list(_all):
        each.forget()
