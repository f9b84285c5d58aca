"""Generations behind a link: what other threads and processes see, what is left after a kill."""

import os
import sqlite3
import subprocess
import sys
import threading

import pytest

from search.documents import SearchCriteria, SearchUnavailable
from search.embedded.engine import EmbeddedEngine
from search.embedded.files import IndexFiles

from .fake_source import make_document


@pytest.fixture
def engine() -> EmbeddedEngine:
    return EmbeddedEngine()


def keys(engine: EmbeddedEngine) -> list[str]:
    return [each.key for each in engine.versions()]


def rebuild_with(engine: EmbeddedEngine, key: str) -> None:
    fresh = engine.start_rebuild()
    fresh.write([(make_document(key), 1)], [])
    engine.finish_rebuild(fresh)


def generations(path) -> set[str]:
    suffixes = (".lock", ".before", "-wal", "-shm", path.name)
    return {file.name for file in path.parent.iterdir() if not file.name.endswith(suffixes)}


def test_the_path_is_a_link_to_one_generation_and_the_one_before_is_kept(engine, own_index):
    for number in range(1, 5):
        rebuild_with(engine, f"solution:{number}")
    assert own_index.is_symlink()
    assert len(generations(own_index)) == 2
    assert os.readlink(own_index) in generations(own_index)


def test_another_thread_notices_a_switch(engine):
    rebuild_with(engine, "solution:1")
    seen, go_on, ready = [], threading.Event(), threading.Event()

    def read() -> None:
        seen.append(keys(engine))
        ready.set()
        go_on.wait(10)
        seen.append(keys(engine))

    thread = threading.Thread(target=read)
    thread.start()
    assert ready.wait(10)
    rebuild_with(engine, "solution:2")
    go_on.set()
    thread.join(10)
    assert seen == [["solution:1"], ["solution:2"]]


def test_another_process_reads_and_writes_the_same_index(engine, own_index):
    engine.write([(make_document("solution:1"), 1)], [])
    script = (
        "import django; from django.conf import settings;"
        f"settings.configure(SEARCH_INDEX_PATH={str(own_index)!r}, SEARCH_WINDOW=10); django.setup();"
        "from search.embedded.engine import EmbeddedEngine; from search.documents import SearchDocument;"
        "engine = EmbeddedEngine();"
        "print([each.key for each in engine.versions()]);"
        "engine.write([(SearchDocument('solution:2', 'solution', '/', 'Two', ()), 1)], [])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "['solution:1']"
    assert keys(engine) == ["solution:1", "solution:2"]


def test_a_rebuild_that_was_killed_leaves_the_present_index_and_the_next_one_succeeds(engine, own_index):
    rebuild_with(engine, "solution:1")
    engine.start_rebuild().write([(make_document("solution:2"), 1)], [])  # and is never finished
    engine.write([(make_document("solution:3"), 1)], [])
    assert keys(engine) == ["solution:1", "solution:3"]
    rebuild_with(engine, "solution:4")
    assert keys(engine) == ["solution:4"]
    assert len(generations(own_index)) == 2


def test_writers_beside_a_switch_lose_nothing(engine):
    rebuild_with(engine, "solution:1000")
    stop, failures = threading.Event(), []

    def write(start: int) -> None:
        try:
            for number in range(start, start + 30):
                engine.write([(make_document(f"solution:{number}"), 1)], [])
        except SearchUnavailable as error:
            failures.append(error)

    def rebuild() -> None:
        while not stop.is_set():
            fresh = engine.start_rebuild()
            # As a real rebuild does: everything that was committed before it began.
            fresh.write([(make_document(each.key), 1) for each in engine.versions()], [])
            engine.finish_rebuild(fresh)

    rebuilder = threading.Thread(target=rebuild)
    writers = [threading.Thread(target=write, args=(start,)) for start in (1, 101)]
    for thread in (rebuilder, *writers):
        thread.start()
    for thread in writers:
        thread.join(60)
    stop.set()
    rebuilder.join(60)
    assert not failures
    assert len(keys(engine)) == 61


def test_a_file_that_is_no_index_makes_search_unavailable_and_a_rebuild_heals_it(engine, own_index):
    rebuild_with(engine, "solution:1")
    present = IndexFiles(own_index).present()
    present.write_bytes(b"no database " * 1000)
    for log in ("-wal", "-shm"):
        present.with_name(present.name + log).unlink()
    with pytest.raises(SearchUnavailable):
        _in_new_thread(lambda: engine.search(SearchCriteria()))
    rebuild_with(engine, "solution:2")
    assert keys(engine) == ["solution:2"]


def test_an_index_of_an_older_schema_asks_for_a_rebuild(engine, own_index):
    rebuild_with(engine, "solution:1")
    with sqlite3.connect(own_index) as connection:
        connection.execute("PRAGMA user_version = 999")
    with pytest.raises(SearchUnavailable, match="search_rebuild"):
        _in_new_thread(lambda: engine.search(SearchCriteria()))


def test_a_lost_file_is_missing_and_not_an_empty_index(engine, own_index):
    rebuild_with(engine, "solution:1")
    IndexFiles(own_index).present().unlink()
    with pytest.raises(SearchUnavailable):
        engine.search(SearchCriteria())
    with pytest.raises(SearchUnavailable):
        engine.write([(make_document("solution:2"), 1)], [])
    rebuild_with(engine, "solution:3")
    assert keys(engine) == ["solution:3"]


def _in_new_thread(call) -> None:
    """Call with no connection open, and raise here what it raised."""
    errors = []

    def run() -> None:
        try:
            call()
        except SearchUnavailable as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join(10)
    if errors:
        raise errors[0]
