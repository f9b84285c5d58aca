"""A rebuild beside writers: nothing written meanwhile is lost, no step of it can be killed to any harm."""

import random
import threading
from functools import partial

import pytest
from django.db import connections
from django.utils import timezone

from search import indexing
from search.documents import RebuildOvertaken, SearchEngine
from search.models import OutboxEntry
from search.upkeep import gate, rebuilding
from search.upkeep.verification import verify

from .fake_source import make_document
from .steps import found, put

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(source, engine, monkeypatch):
    """Return the source with forty documents that are indexed, and let a rebuild take them in small batches."""
    monkeypatch.setattr(rebuilding, "BATCH", 4)
    for number in range(1, 41):
        source.add(f"solution:{number}", f"Title {number}")
    indexing.schedule_indexes("solution", range(1, 41))
    drain()
    return source


def drain() -> None:
    while indexing.drain(now=timezone.now()).more:
        pass


def edit(source, chance: random.Random) -> None:
    """Change, remove or add something, as a service does in its transaction."""
    number = chance.randint(1, 60)
    key = f"solution:{number}"
    if key in source.stored and chance.random() < 0.4:
        del source.stored[key]
    else:
        source.add(key, f"Title {number} changed to {chance.randint(1, 10**6)}")
    indexing.schedule_index("solution", number)


def assert_whole(engine: SearchEngine, source) -> None:
    drain()
    assert {each.key: each.digest for each in engine.versions()} == {
        key: document.digest for key, document in source.stored.items()
    }
    comparison = verify()
    assert (comparison.drifted, comparison.waiting, comparison.refused) == ([], 0, 0)
    assert len(found(engine, page_size=100)) == len(source.stored)


@pytest.mark.parametrize("seed", range(3))
def test_what_is_written_between_any_two_steps_of_a_rebuild_is_in_the_new_index(shelf, engine, monkeypatch, seed):
    chance = random.Random(seed)
    before = {each.key for each in engine.versions()}

    def busily(step):
        def stepped(*args, **kwargs):
            for _edit in range(chance.randint(0, 3)):
                edit(shelf, chance)
            if chance.random() < 0.5:
                drain()
            return step(*args, **kwargs)

        return stepped

    for module, name in ((rebuilding, "_read"), (rebuilding, "_check"), (rebuilding, "_settle"), (gate, "_ask")):
        monkeypatch.setattr(module, name, busily(getattr(module, name)))
    monkeypatch.setattr(type(engine), "finish_rebuild", busily(type(engine).finish_rebuild))
    rebuilding.rebuild()
    assert_whole(engine, shelf)
    engine.roll_back()
    assert_whole(engine, shelf)
    assert before != {each.key for each in engine.versions()}


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_threads_that_write_during_rebuilds_lose_nothing(shelf, engine):
    stop, failures, lock = threading.Event(), [], threading.Lock()

    def work(body) -> None:
        try:
            while not stop.is_set():
                body()
        except Exception as error:  # noqa: BLE001 - reported by the assertion below
            failures.append(error)
        finally:
            connections.close_all()

    def write(chance: random.Random) -> None:
        with lock:  # stands for the transaction in which content and outbox change together
            edit(shelf, chance)

    def read(keys: list[str]) -> list:
        with lock:
            return list(original(keys))

    original = shelf.documents
    shelf.documents = read

    threads = [threading.Thread(target=work, args=(partial(write, random.Random(seed)),)) for seed in range(2)]
    threads += [threading.Thread(target=work, args=(drain,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        for _turn in range(3):
            rebuilding.rebuild()
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)
    assert not failures
    OutboxEntry.objects.update(next_attempt_at=None)
    assert_whole(engine, shelf)


@pytest.mark.parametrize(
    "step", ["start_rebuild", "first batch", "last batch", "write", "_check", "switch", "after the switch", "_settle"]
)
def test_a_rebuild_killed_at_any_step_leaves_an_index_that_serves_and_no_orphan_after_the_next(
    shelf, engine, monkeypatch, step
):
    with monkeypatch.context() as patch:
        kill_at(step, engine, patch)
        with pytest.raises(Killed):
            rebuilding.rebuild()
    assert len(found(engine, page_size=100)) == 40
    shelf.add("solution:41", "Written after the kill")
    indexing.schedule_index("solution", 41)
    assert_whole(engine, shelf)
    rebuilding.rebuild()
    assert_whole(engine, shelf)
    assert_no_orphans(engine)
    engine.roll_back()
    assert_whole(engine, shelf)


class Killed(BaseException):
    """Stands for a signal that no handler sees."""


def kill_at(step: str, engine: SearchEngine, patch) -> None:
    """Have a rebuild die at ``step``."""

    def die(*args, **kwargs):
        raise Killed

    def die_after(original):
        def stepped(*args, **kwargs):
            original(*args, **kwargs)
            raise Killed

        return stepped

    kind = type(engine)
    calls = []
    original = rebuilding._read

    def read(*args):
        calls.append(args)
        if (step == "first batch") or (step == "last batch" and len(calls) == 10):
            raise Killed
        return original(*args)

    if step in ("first batch", "last batch"):
        patch.setattr(rebuilding, "_read", read)
    elif step == "start_rebuild":
        patch.setattr(kind, "start_rebuild", die_after(kind.start_rebuild))
    elif step == "write":
        patch.setattr(rebuilding._Writer, "take", die_after(rebuilding._Writer.take))
    elif step == "switch":
        patch.setattr(kind, "finish_rebuild", die)
    elif step == "after the switch":
        patch.setattr(kind, "finish_rebuild", die_after(kind.finish_rebuild))
    else:
        patch.setattr(rebuilding, step, die)


def assert_no_orphans(engine: SearchEngine) -> None:
    """Nothing is left but the present index and the one before."""
    if engine.name == "elasticsearch":
        with engine._indices() as indices:
            present = indices.present()
        assert present.known == {present.read, present.before}
        assert set(present.writes) == present.known
        assert present.filling == frozenset()
    else:
        assert len(engine._files.to_write()) == 2


def test_of_two_rebuilds_beside_each_other_one_finishes(shelf, engine, monkeypatch):
    original, seen = rebuilding._check, []

    def overtaken(*args):
        if not seen:
            seen.append(True)
            rebuilding.rebuild()
        original(*args)

    monkeypatch.setattr(rebuilding, "_check", overtaken)
    with pytest.raises((RebuildOvertaken, gate.RebuildFailed, indexing.SearchUnavailable)):
        rebuilding.rebuild()
    assert_whole(engine, shelf)
    assert_no_orphans(engine)


def test_a_rebuild_that_fails_at_the_gate_leaves_nothing_behind(shelf, engine, monkeypatch):
    def fail(*args, **kwargs):
        raise gate.RebuildFailed("It did not pass.")

    with monkeypatch.context() as patch:
        patch.setattr(gate, "_ask", fail)
        with pytest.raises(gate.RebuildFailed):
            rebuilding.rebuild()
    shelf.add("solution:41", "Later")
    indexing.schedule_index("solution", 41)
    assert_whole(engine, shelf)
    rebuilding.rebuild()
    assert_no_orphans(engine)


@pytest.mark.parametrize("fault", ["lost", "older", "other", "strange"])
def test_the_gate_refuses_an_index_that_is_not_as_it_was_written(shelf, engine, monkeypatch, fault):
    original = rebuilding._check

    def tampered(engine, fresh, rebuilt, started_at) -> None:
        if fault == "lost":
            fresh.write([], [("solution:7", 99)])
        elif fault == "older":
            rebuilt.written["solution:7"] += 1
        elif fault == "other":
            put(fresh, make_document("solution:7", "Another text"), version=99)
        else:
            put(fresh, make_document("scheme:1", "Nobody wrote this"))
        original(engine, fresh, rebuilt, started_at)

    monkeypatch.setattr(rebuilding, "_check", tampered)
    with pytest.raises(gate.RebuildFailed, match=r"solution:7|scheme:1"):
        rebuilding.rebuild()
    assert_whole(engine, shelf)


def test_ten_queries_suffice_for_a_thousand_documents(source, engine, django_assert_max_num_queries):
    for number in range(1, 2001):
        source.add(f"solution:{number}", "Title")
    with django_assert_max_num_queries(20):
        rebuilding.rebuild()
