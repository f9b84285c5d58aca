"""The outbox: what is written in a transaction arrives in the index, whatever is killed, late, doubled or refused."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, connections, transaction
from django.utils import timezone

from search import indexing, tasks
from search.documents import SearchUnavailable
from search.models import OutboxEntry
from search.registry import get_engine

from .fake_source import make_document

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def change(source, key: str, title: str) -> None:
    """Store a document and note the change, as a service does in its transaction."""
    kind, _colon, number = key.partition(":")
    source.add(key, title)
    indexing.schedule_index(kind, int(number))


def remove(source, key: str) -> None:
    kind, _colon, number = key.partition(":")
    del source.stored[key]
    indexing.schedule_index(kind, int(number))


def held() -> dict[str, int]:
    return {each.key: each.version for each in get_engine().versions()}


def drain(after: timedelta = timedelta(0), limit: int = 200) -> indexing.Drained:
    return indexing.drain(now=timezone.now() + after, limit=limit)


def entry(key: str) -> OutboxEntry:
    return OutboxEntry.objects.get(key=key)


# Scheduling


def test_each_change_gives_the_key_a_new_version_and_starts_its_attempts_anew(source):
    change(source, "solution:1", "One")
    OutboxEntry.objects.update(attempts=4, error="refused", next_attempt_at=NOW + timedelta(days=1))
    change(source, "solution:1", "One again")
    row = entry("solution:1")
    assert (row.engine, row.source, row.version, row.done_version) == ("embedded", "fake", 2, 0)
    assert (row.attempts, row.error, row.next_attempt_at) == (0, "", None)
    assert row.created_at < row.updated_at


def test_many_keys_are_scheduled_in_few_statements_and_doubles_once(source, django_assert_num_queries):
    with django_assert_num_queries(3):
        indexing.schedule_indexes("solution", [*range(1, 251), 7, 7])
    assert OutboxEntry.objects.pending().count() == 250
    assert entry("solution:7").version == 1


def test_a_kind_that_no_source_offers_is_an_error_of_the_caller():
    with pytest.raises(indexing.UnknownKind):
        indexing.schedule_index("statistic", 1)


def test_a_change_that_is_rolled_back_leaves_no_row(source):
    with transaction.atomic():
        change(source, "solution:1", "One")
        transaction.set_rollback(True)
    assert not OutboxEntry.objects.exists()


def test_a_change_wakes_the_drain_when_it_is_committed(source, monkeypatch, django_capture_on_commit_callbacks):
    woken = []
    monkeypatch.setattr(tasks.drain_outbox, "delay", lambda: woken.append(True))
    with django_capture_on_commit_callbacks(execute=True):
        change(source, "solution:1", "One")
        assert not woken
    assert woken == [True]


# Draining


def test_a_drain_brings_changes_and_deletions_into_the_index(source):
    change(source, "solution:1", "One")
    change(source, "solution:2", "Two")
    assert drain() == indexing.Drained(taken=2)
    assert held() == {"solution:1": 1, "solution:2": 1}
    remove(source, "solution:1")
    drain()
    assert held() == {"solution:2": 1}
    assert not OutboxEntry.objects.pending().exists()
    assert OutboxEntry.objects.count() == 2


def test_a_lost_wake_up_costs_nothing_because_the_sweep_finds_the_row(source):
    change(source, "solution:1", "One")
    tasks.drain_outbox()
    assert held() == {"solution:1": 1}


def test_a_doubled_task_does_nothing_the_second_time(source):
    change(source, "solution:1", "One")
    tasks.drain_outbox()
    asked = len(source.asked)
    tasks.drain_outbox()
    assert len(source.asked) == asked


def test_more_than_a_batch_is_drained_by_one_task(source):
    for number in range(1, 12):
        source.add(f"solution:{number}")
    indexing.schedule_indexes("solution", range(1, 12))
    assert drain(limit=5) == indexing.Drained(taken=5, more=True)
    tasks.drain_outbox()
    assert len(held()) == 11


def test_a_late_drain_writes_what_the_database_says_now(source):
    change(source, "solution:1", "One")
    remove(source, "solution:1")
    drain()
    assert held() == {}
    assert entry("solution:1").done_version == 2


def test_a_change_while_draining_stays_pending(source, monkeypatch):
    change(source, "solution:1", "Old")
    original = indexing.write

    def write_and_change(*args) -> None:
        original(*args)
        change(source, "solution:1", "New")

    monkeypatch.setattr(indexing, "write", write_and_change)
    drain()
    row = entry("solution:1")
    assert (row.done_version, row.version, row.next_attempt_at) == (1, 2, None)
    monkeypatch.undo()


def test_a_slow_drain_cannot_undo_a_fast_one(source, monkeypatch):
    """The first drain has read the old state and writes it only after a second drain has written the new one."""
    change(source, "solution:1", "Old")
    original, seen = indexing.write, []

    def overtaken_write(engine, batch) -> None:
        if not seen:
            seen.append(True)
            remove(source, "solution:1")
            drain()
        original(engine, batch)

    monkeypatch.setattr(indexing, "write", overtaken_write)
    drain()
    assert held() == {}
    row = entry("solution:1")
    assert (row.done_version, row.version) == (2, 2)


@pytest.mark.parametrize("step", ["read", "write", "settle"])
def test_a_drain_that_dies_at_any_step_is_made_good_when_its_lease_ends(source, monkeypatch, step):
    change(source, "solution:1", "One")

    def die(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(indexing, step, die)
        with pytest.raises(KeyboardInterrupt):
            drain()
    assert drain() == indexing.Drained()  # the lease still holds
    drain(after=indexing.LEASE * 2)
    assert held() == {"solution:1": 1}
    assert not OutboxEntry.objects.pending().exists()


def test_a_leased_row_is_taken_at_once_when_it_changes_again(source):
    change(source, "solution:1", "One")
    indexing.claim(get_engine(), now=timezone.now(), limit=10)
    change(source, "solution:1", "Two")
    assert drain().taken == 1


# What goes wrong


def test_a_poisonous_document_is_kept_with_its_reason_and_holds_up_no_other(source):
    for number in range(1, 6):
        change(source, f"solution:{number}", "Sound")
    source.poisonous = {"solution:3"}
    assert drain() == indexing.Drained(taken=4, refused=1)
    assert sorted(held()) == ["solution:1", "solution:2", "solution:4", "solution:5"]
    row = entry("solution:3")
    assert row.error == "ValueError: solution:3 is poisonous"
    assert row in OutboxEntry.objects.refused()
    source.poisonous = set()
    drain(after=timedelta(minutes=5))
    assert "solution:3" in held()
    assert entry("solution:3").error == ""


def test_what_the_engine_refuses_is_kept_with_its_reason(source):
    source.stored["solution:1"] = make_document("solution:1", "\ud800")
    indexing.schedule_index("solution", 1)
    change(source, "solution:2", "Sound")
    assert drain() == indexing.Drained(taken=1, refused=1)
    assert "UnicodeEncodeError" in entry("solution:1").error


def test_the_pause_after_a_refusal_doubles_up_to_a_bound(source):
    change(source, "solution:1", "One")
    source.poisonous = {"solution:1"}
    pauses = []
    now = NOW
    for _attempt in range(14):
        indexing.drain(now=now)
        pauses.append(entry("solution:1").next_attempt_at - now)
        now += pauses[-1]
    assert pauses[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert pauses[-1] == indexing.LAST_PAUSE
    assert entry("solution:1").attempts == 14


def test_an_engine_that_is_away_loses_nothing_and_needs_no_command(source, monkeypatch):
    for number in range(1, 4):
        change(source, f"solution:{number}", "One")

    def away(*args):
        raise SearchUnavailable("connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(type(get_engine()), "write", away)
        for minutes in range(5):
            assert drain(after=timedelta(minutes=minutes)) == indexing.Drained()
        remove(source, "solution:2")
        drain()
    assert OutboxEntry.objects.pending().count() == 3
    assert OutboxEntry.objects.refused().filter(error__contains="connection refused").exists()
    assert not OutboxEntry.objects.filter(attempts__gt=0).exists()
    drain(after=timedelta(minutes=6))
    assert sorted(held()) == ["solution:1", "solution:3"]


def test_rows_of_a_source_that_is_gone_wait_with_a_reason(source):
    OutboxEntry.objects.bump(engine="embedded", source="former", keys=["former:1"], now=NOW)
    assert drain() == indexing.Drained(refused=1)
    assert "No registered source" in entry("former:1").error


def test_rows_written_under_an_earlier_name_of_their_source_are_indexed(source):
    OutboxEntry.objects.bump(engine="embedded", source="former", keys=["solution:1"], now=NOW)
    assert drain() == indexing.Drained(taken=1)


def test_rows_for_another_engine_are_left_alone(source):
    OutboxEntry.objects.bump(engine="another", source="fake", keys=["solution:1"], now=NOW)
    assert drain() == indexing.Drained()
    assert entry("solution:1").next_attempt_at is None


def test_a_new_version_passes_what_the_index_holds_already(source):
    OutboxEntry.objects.bump(engine="embedded", source="fake", keys=["solution:1"], now=NOW, above=41)
    assert entry("solution:1").version == 42
    OutboxEntry.objects.bump(engine="embedded", source="fake", keys=["solution:1"], now=NOW, above=5)
    assert entry("solution:1").version == 43


# With real transactions


@pytest.mark.django_db(transaction=True)
def test_an_empty_outbox_is_drained_without_a_write_lock(django_assert_num_queries):
    with django_assert_num_queries(1):
        drain()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_writers_and_drains_beside_each_other_end_with_the_index_as_the_database_is(source):
    """Four threads change and delete, two drain; at the end nothing is pending and both sides are equal."""
    lock, failures = threading.Lock(), []

    def work(body) -> None:
        try:
            body()
        except Exception as error:  # noqa: BLE001 - reported by the assertion below
            failures.append(error)
        finally:
            connections.close_all()

    def write(offset: int) -> None:
        for turn in range(12):
            key = f"solution:{(turn * 7 + offset) % 5 + 1}"
            with lock:  # stands for the row lock of the content's own table
                if turn % 3 == 2 and key in source.stored:
                    remove(source, key)
                else:
                    change(source, key, f"Turn {turn} of {offset}")

    def sweep() -> None:
        for _turn in range(10):
            indexing.drain(now=timezone.now() + timedelta(hours=1))

    threads = [threading.Thread(target=work, args=(lambda offset=offset: write(offset),)) for offset in range(4)]
    threads += [threading.Thread(target=work, args=(sweep,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    while indexing.drain(now=timezone.now() + timedelta(days=1)).taken:
        pass
    assert not OutboxEntry.objects.pending().exists()
    assert {each.key: each.digest for each in get_engine().versions()} == {
        key: document.digest for key, document in source.stored.items()
    }
    assert set(held().items()) <= set(OutboxEntry.objects.values_list("key", "done_version"))


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_drains_never_claim_the_same_row(source):
    for number in range(1, 21):
        source.add(f"solution:{number}")
    indexing.schedule_indexes("solution", range(1, 21))
    claimed: list[list[str]] = []

    def claim() -> None:
        entries = indexing.claim(get_engine(), now=timezone.now(), limit=10)
        claimed.append([entry.key for entry in entries])
        connection.close()

    threads = [threading.Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    keys = [key for batch in claimed for key in batch]
    assert len(keys) == len(set(keys)) == 20
