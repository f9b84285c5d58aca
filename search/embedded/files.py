"""The index on disk: generations behind a link, so that a rebuilt index takes its place in one step.

``search.sqlite3`` is a link to the present generation, a database with a name like ``search.sqlite3.1f0c9a7e``. While
a rebuild is under way, ``search.sqlite3.fresh`` links to the generation that is being filled, and every write goes to
both. Renaming that second link over the first one is the whole switch: whoever is killed around it leaves one state
or the other. Each generation keeps its own write-ahead log, so no log is ever read with another database; every
process looks at the link before each use and so notices a switch. The generation before the present one stays, for
those who still read it.
"""

import fcntl
import os
import re
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.documents import RebuildOvertaken

from .schema import SCHEMA, SCHEMA_VERSION

#: Seconds that a connection waits for a lock inside SQLite.
BUSY_SECONDS = 5

_open = threading.local()


class IndexFiles:
    """The generations of the index whose link is ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._fresh = self.path.with_name(f"{self.path.name}.fresh")
        self._lock = self.path.with_name(f"{self.path.name}.lock")

    def present(self) -> Path:
        """Return the generation that is read; the first use makes an empty one."""
        generation = _target(self.path)
        if generation is None:
            with self.locked():
                generation = _target(self.path)
                if generation is None:
                    generation = self._new_generation()
                    _point(self.path, generation)
        return generation

    def to_write(self) -> list[Path]:
        """Return the generations that a write goes to: the present one, and the one being filled. Ask when locked."""
        fresh = _target(self._fresh)
        return [self.present()] if fresh is None else [self.present(), fresh]

    def begin(self) -> Path:
        """Start a generation aside and return it. A rebuild that was under way, or was killed, is overtaken."""
        with self.locked():
            generation = self._new_generation()
            _point(self._fresh, generation)
        return generation

    def switch(self, generation: Path) -> None:
        """Make ``generation`` the present one. Raises RebuildOvertaken."""
        previous = self.present()
        with self.locked():
            if _target(self._fresh) != generation:
                raise RebuildOvertaken(f"{generation.name} is not the generation being filled any more.")
            os.replace(self._fresh, self.path)
            self._drop_others(generation, previous)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other writers, in any process, out. The system frees the lock of a killed process."""
        if getattr(_open, "locked", None) == self.path:
            yield
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _open.locked = self.path
            try:
                yield
            finally:
                _open.locked = None

    def _new_generation(self) -> Path:
        generation = self.path.with_name(f"{self.path.name}.{uuid.uuid4().hex[:8]}")
        generation.touch()
        return generation

    def _drop_others(self, *kept: Path) -> None:
        generations = re.compile(re.escape(self.path.name) + r"\.[0-9a-f]{8}(-wal|-shm|-journal)?")
        for file in self.path.parent.iterdir():
            match = generations.fullmatch(file.name)
            if match and not any(file.name.startswith(generation.name) for generation in kept):
                file.unlink(missing_ok=True)


def connect(generation: Path) -> sqlite3.Connection:
    """Return this thread's connection to ``generation``. A connection of a process that forked is left to its owner."""
    if getattr(_open, "process", None) != os.getpid():
        _open.process, _open.connections = os.getpid(), {}
    connections: dict[Path, sqlite3.Connection] = _open.connections
    if not generation.exists() and generation in connections:
        connections.pop(generation).close()  # somebody removed the file, so what the connection shows is gone
    if generation not in connections:
        # Two may be open at a time: the present generation and the one that a rebuild fills.
        while len(connections) > 1:
            connections.pop(next(iter(connections))).close()
        connections[generation] = _connection(generation)
    return connections[generation]


def _connection(generation: Path) -> sqlite3.Connection:
    # Mode rw: a generation that somebody removed is missing, and not an empty index.
    uri = f"{generation.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    # The outbox forgets what the index took, so what it took has to be on the disk.
    connection.execute("PRAGMA synchronous = FULL")
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version == 0:
        connection.executescript(SCHEMA)
    elif version != SCHEMA_VERSION:
        connection.close()
        raise sqlite3.DatabaseError("This index was made by another version of the portal: run search_rebuild.")
    return connection


def _target(link: Path) -> Path | None:
    try:
        return link.with_name(os.readlink(link))
    except FileNotFoundError:
        return None


def _point(link: Path, generation: Path) -> None:
    """Let ``link`` point to ``generation`` in one step."""
    aside = link.with_name(f"{link.name}.{uuid.uuid4().hex[:8]}.link")
    aside.symlink_to(generation.name)
    os.replace(aside, link)
