"""The index on disk: generations behind a link, so that a rebuilt index takes its place in one step.

``search.sqlite3`` is a link to the present generation, a database with a name like ``search.sqlite3.1f0c9a7e``. While
a rebuild is under way, ``search.sqlite3.fresh`` links to the generation that is being filled, and every write goes to
both. Renaming that second link over the first one is the whole switch: whoever is killed around it leaves one state
or the other. Each generation keeps its own write-ahead log, so no log is ever read with another database; every
process looks at the link before each use and so notices a switch. The generation before the present one stays behind
``search.sqlite3.before``, for those who still read it and for going back, and takes every write too.
"""

import fcntl
import os
import re
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from search.documents import NothingToRollBack, RebuildOvertaken

from .schema import SCHEMA, SCHEMA_VERSION

#: Seconds that a connection waits for a lock inside SQLite.
BUSY_SECONDS = 5
#: How long the generation before the present one is kept for going back.
KEPT_SECONDS = 7 * 86_400

_open = threading.local()


class IndexFiles:
    """The generations of the index whose link is ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = Path(path)
        self._fresh = self.path.with_name(f"{self.path.name}.fresh")
        self._before = self.path.with_name(f"{self.path.name}.before")
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
        """Return the generations that a write goes to: present, being filled, before. Ask when locked."""
        others = (_target(link) for link in (self._fresh, self._before))
        return list(dict.fromkeys([self.present(), *(each for each in others if each and each.exists())]))

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
            if _schema_version(previous) == SCHEMA_VERSION:
                _point(self._before, previous)
            else:
                self._before.unlink(missing_ok=True)  # it could not take the writes of this version of the portal
            self._drop_others(generation, previous)

    def abandon(self, generation: Path) -> None:
        """Drop a generation that is being filled, and no other."""
        with self.locked():
            if _target(self._fresh) == generation:
                self._fresh.unlink(missing_ok=True)
                self._drop_others(*self.to_write())

    def roll_back(self) -> None:
        """Make the generation before the present one the present one again. Raises NothingToRollBack."""
        with self.locked():
            present, before = _target(self.path), _target(self._before)
            if before is None or before == present or _schema_version(before) != SCHEMA_VERSION:
                raise NothingToRollBack("There is no index from before the last rebuild.")
            _point(self.path, before)
            if present is not None:
                _point(self._before, present)

    def forget_before(self, *, unless_younger: float = 0) -> None:
        """Drop the generation before the present one, unless it was left less than so many seconds ago."""
        with self.locked():
            try:
                left_at = self._before.lstat().st_mtime
            except FileNotFoundError:
                return
            if time.time() - left_at >= unless_younger:
                self._before.unlink(missing_ok=True)
                self._drop_others(*self.to_write())

    def state(self) -> str:
        """Return whether the present generation is ``current``, ``outdated``, or ``missing`` or no index at all."""
        generation = _target(self.path)
        version = _schema_version(generation) if generation else None
        if version is None:
            return "missing"
        return "current" if version == SCHEMA_VERSION else "outdated"

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
        # Three may be open at a time: the present generation, the one that a rebuild fills, the one before.
        while len(connections) > 2:
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


def _schema_version(generation: Path) -> int | None:
    """Return the schema that a generation was made with; None where it is gone or no index. An empty file is new."""
    if not generation.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{generation.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.DatabaseError:
        return None
    return version or SCHEMA_VERSION


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
