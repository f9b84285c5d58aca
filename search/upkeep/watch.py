"""What watches over the indices without being asked: a lost one is built again, drift is reported and repaired."""

import logging
from datetime import datetime

from django.core.cache import cache

from search.documents import RebuildOvertaken, SearchUnavailable
from search.registry import engines

from .gate import RebuildFailed
from .rebuilding import rebuild
from .verification import PROBLEMS, repair, verify

logger = logging.getLogger(__name__)

#: A rebuild shows that it lives more often than this many seconds; then nobody begins a second one.
HEARTBEAT = 300
#: Keys of one problem that are named in the log.
NAMED = 10


def rebuild_missing() -> list[str]:
    """Build each index that is missing, unless somebody does so already; return the names of their engines."""
    built = []
    for engine in engines():
        lock = f"search-rebuild-{engine.name}"
        try:
            if engine.state() != "missing" or not cache.add(lock, True, HEARTBEAT):
                continue
            logger.error("The index of %s is missing and is built again", engine.name)
            try:
                rebuild(lambda done, total, lock=lock: cache.set(lock, True, HEARTBEAT), engine=engine)
            finally:
                cache.delete(lock)
            built.append(engine.name)
        except (RebuildFailed, RebuildOvertaken, SearchUnavailable) as error:
            logger.warning("The index of %s could not be built: %s", engine.name, error)
    return built


def verify_nightly(*, now: datetime) -> None:
    """Compare each index with the database, log drift as an error and repair it, and let engines tidy up."""
    for engine in engines():
        try:
            comparison = verify(engine=engine)
            if comparison.drifted:
                logger.error("The index of %s had drifted: %s", engine.name, _told(comparison))
                repair(comparison, engine=engine)
            if comparison.refused:
                logger.error("%s refuses %d documents: %s", engine.name, comparison.refused, comparison.reasons)
            engine.tidy(now)
        except SearchUnavailable as error:
            logger.error("The index of %s could not be compared: %s", engine.name, error)


def _told(comparison) -> str:
    found = {problem: getattr(comparison, problem) for problem in PROBLEMS}
    return "; ".join(f"{len(keys)} {problem} ({', '.join(keys[:NAMED])})" for problem, keys in found.items() if keys)
