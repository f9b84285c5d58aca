"""Elasticsearch killed, overloaded, read-only, slow, talking nonsense, robbed of its data: the portal goes on, and
afterwards the index is what the database says, without a command."""

import random
import shutil
import time
from collections.abc import Iterator
from datetime import timedelta

import pytest
import redis
from celery import current_app
from django.core.cache import cache
from django.utils import timezone

from search import indexing, registry, tasks
from search.documents import SearchCriteria, SearchUnavailable
from search.engine import connection
from search.models import OutboxEntry
from search.registry import get_engine
from search.upkeep import rebuilding, watch
from search.upkeep.verification import verify
from tests import elasticsearch_server
from tests.search.fake_source import FakeSource

from .elasticsearch_proxy import Proxy

#: A node of these tests alone, and of this run alone: they kill it.
PORT = elasticsearch_server.free_port()

pytestmark = [pytest.mark.django_db, pytest.mark.elasticsearch, pytest.mark.xdist_group("search faults")]


@pytest.fixture(scope="module")
def node() -> Iterator[str]:
    yield elasticsearch_server.start(PORT)
    elasticsearch_server.stop(PORT)
    elasticsearch_server.forget(PORT)


@pytest.fixture
def source(monkeypatch, settings, node) -> Iterator[FakeSource]:
    """Return the only source, of which thirty documents are indexed in an index of this test."""
    elasticsearch_server.start(PORT)
    for name, empty in (("_sources", {}), ("_labels", {}), ("_audiences", [])):
        monkeypatch.setattr(registry, name, empty)
    fake = FakeSource()
    registry.register(fake)
    settings.SEARCH_ENGINE = "search.engine.engine.ElasticsearchEngine"
    settings.ELASTICSEARCH_URL = node
    settings.ELASTICSEARCH_INDEX_PREFIX = "faults"
    connection.breaker.reset()
    get_engine().clear()
    for number in range(1, 31):
        fake.add(f"solution:{number}", f"Title {number}")
    indexing.schedule_indexes("solution", range(1, 31))
    indexing.drain(now=timezone.now())
    yield fake
    connection.breaker.reset()
    elasticsearch_server.start(PORT)
    elasticsearch_server.drop(node, "faults-*")


@pytest.fixture
def proxy(source, node, settings) -> Iterator[Proxy]:
    """Let the portal speak with Elasticsearch through a server that can misbehave."""
    between = Proxy(node)
    settings.ELASTICSEARCH_URL = between.url
    yield between
    between.close()


def edit(source: FakeSource, chance: random.Random) -> None:
    number = chance.randint(1, 40)
    if chance.random() < 0.3:
        source.stored.pop(f"solution:{number}", None)
    else:
        source.add(f"solution:{number}", f"Title {number}, changed to {chance.randint(1, 10**6)}")
    indexing.schedule_index("solution", number)


def sweep(minutes: float = 0) -> None:
    """Do what the schedule does: drain what is due."""
    while indexing.drain(now=timezone.now() + timedelta(minutes=minutes)).more:
        pass


def assert_whole(source: FakeSource) -> None:
    comparison = verify()
    assert (comparison.drifted, comparison.waiting, comparison.refused) == ([], 0, 0)
    assert {each.key for each in get_engine().versions()} == source.stored.keys()


def test_killed_during_two_hundred_edits_it_has_them_all_when_it_is_back(source):
    chance, longest = random.Random(1), 0.0
    for number in range(200):
        if number == 60:
            elasticsearch_server.stop(PORT, kill=True)
        if number == 140:
            elasticsearch_server.start(PORT)
        edit(source, chance)
        if number % 5 == 0:
            sweep()
        if 60 < number < 140:
            began = time.monotonic()
            with pytest.raises(SearchUnavailable):
                get_engine().search(SearchCriteria())
            longest = max(longest, time.monotonic() - began)
    assert longest < connection.READ_SECONDS + 0.5
    assert OutboxEntry.objects.pending().exists()
    sweep(minutes=1)
    assert_whole(source)
    assert not OutboxEntry.objects.filter(attempts__gt=0).exists(), "it was no fault of any document"


@pytest.mark.parametrize("status", [429, 503])
def test_items_that_it_has_no_time_for_wait_and_the_others_land_once(source, proxy, monkeypatch, status):
    monkeypatch.setattr("search.engine.writing.PAUSES", ())
    proxy.judge = lambda key: status if int(key.partition(":")[2]) % 2 else None
    for number in range(1, 21):
        source.add(f"solution:{number}", f"Changed {number}")
    indexing.schedule_indexes("solution", range(1, 21))
    proxy.offered.clear()
    sweep()
    waiting = OutboxEntry.objects.pending()
    assert {entry.key for entry in waiting} == {f"solution:{number}" for number in range(1, 21, 2)}
    assert {entry.attempts for entry in waiting} == {0}
    proxy.be_good()
    sweep(minutes=1)
    assert all(proxy.offered.count(f"solution:{number}") == 1 for number in range(2, 21, 2))
    assert_whole(source)


def test_a_rebuild_waits_for_a_server_that_has_no_time(source, proxy, monkeypatch):
    monkeypatch.setattr("search.engine.writing.PAUSES", ())
    monkeypatch.setattr(rebuilding, "PAUSES", (0.01,) * 20)
    chance = random.Random(2)
    proxy.judge = lambda key: 429 if chance.random() < 0.5 else None
    rebuilding.rebuild()
    proxy.be_good()
    assert_whole(source)


def test_a_document_that_it_refuses_is_kept_with_its_reason_and_the_rest_goes_on(source, proxy):
    proxy.judge = lambda key: 400 if key == "solution:13" else None
    source.poisonous = {"solution:14"}
    indexing.schedule_indexes("solution", range(10, 20))
    sweep()
    reasons = verify().reasons
    assert set(reasons) == {"solution:13", "solution:14"}
    assert "failed to parse field [body]" in reasons["solution:13"]
    assert {entry.attempts for entry in OutboxEntry.objects.pending()} == {1}
    proxy.be_good()
    source.poisonous = set()
    sweep(minutes=5)
    assert_whole(source)


def test_an_index_that_is_read_only_lets_writes_wait(source, node):
    with elasticsearch_server.Elasticsearch(node) as client:
        client.indices.put_settings(index="faults", settings={"index.blocks.write": True})
        edit(source, random.Random(3))
        sweep()
        assert OutboxEntry.objects.pending().count() == 1
        assert get_engine().search(SearchCriteria()).total == 30
        client.indices.put_settings(index="faults", settings={"index.blocks.write": None})
    sweep(minutes=1)
    assert_whole(source)


@pytest.mark.parametrize("nonsense", [b"", b"<html>502</html>", b"[]", b"{}", b'{"hits": {"hits": [{}]}}', b"\xff\xfe"])
def test_nonsense_is_no_answer_and_nothing_is_lost(source, proxy, nonsense):
    proxy.nonsense = nonsense
    for question in (
        lambda: get_engine().search(SearchCriteria()),
        lambda: get_engine().at(["/solution/1/"], frozenset({"public"})),
        lambda: list(get_engine().versions()),
    ):
        with pytest.raises(SearchUnavailable):
            question()
    edit(source, random.Random(4))
    sweep()
    assert OutboxEntry.objects.pending().count() == 1
    proxy.be_good()
    connection.breaker.reset()
    sweep(minutes=1)
    assert_whole(source)


def test_a_slow_server_costs_a_few_pages_their_patience_and_then_none(source, proxy, monkeypatch):
    monkeypatch.setattr(connection, "PAUSE_SECONDS", 0.5)
    get_engine().search(SearchCriteria())
    proxy.seconds = connection.READ_SECONDS + 1
    taken = []
    for _page in range(connection.FAILURES + 10):
        began = time.monotonic()
        with pytest.raises(SearchUnavailable):
            get_engine().search(SearchCriteria())
        taken.append(time.monotonic() - began)
    assert max(taken) < connection.READ_SECONDS + 0.5
    assert sorted(taken)[9] < 0.05, "the others were not asked"
    proxy.be_good()
    time_is_over = time.monotonic() + 0.6
    while time.monotonic() < time_is_over:
        time.sleep(0.05)
    assert get_engine().search(SearchCriteria()).total == 30


def test_while_it_is_away_the_second_engine_answers_and_both_are_in_step_afterwards(source, settings, tmp_path):
    settings.SEARCH_FALLBACK = "search.embedded.engine.EmbeddedEngine"
    settings.SEARCH_INDEX_PATH = tmp_path / "search.sqlite3"
    rebuilding.rebuild(engine=registry.engines()[1])
    elasticsearch_server.stop(PORT, kill=True)
    source.add("solution:50", "Written while it was away")
    indexing.schedule_index("solution", 50)
    sweep()
    assert get_engine().search(SearchCriteria()).total == 31
    assert OutboxEntry.objects.pending().get().engine == "elasticsearch"
    elasticsearch_server.start(PORT)
    connection.breaker.reset()
    sweep(minutes=1)
    for engine in registry.engines():
        assert verify(engine=engine).drifted == []
    assert {each.key for each in get_engine().versions()} == source.stored.keys()


def test_a_server_that_lost_its_data_is_filled_again(source):
    elasticsearch_server.stop(PORT, kill=True)
    shutil.rmtree(elasticsearch_server.data(PORT))
    elasticsearch_server.start(PORT)
    edit(source, random.Random(5))
    sweep()
    assert get_engine().state() == "missing"
    with pytest.raises(SearchUnavailable):
        get_engine().search(SearchCriteria())
    assert watch.rebuild_missing() == ["elasticsearch"]
    sweep(minutes=1)
    assert_whole(source)
    assert watch.rebuild_missing() == []


def test_a_server_killed_at_any_step_of_a_rebuild_serves_again_and_the_next_one_succeeds(source, monkeypatch):
    for step in ("_read", "_check"):
        original = getattr(rebuilding, step)

        def killing(*args, original=original):
            elasticsearch_server.stop(PORT, kill=True)
            return original(*args)

        with monkeypatch.context() as patch:
            patch.setattr(rebuilding, step, killing)
            with pytest.raises(SearchUnavailable):
                rebuilding.rebuild()
        elasticsearch_server.start(PORT)
        connection.breaker.reset()
        edit(source, random.Random(6))
        sweep(minutes=1)
        assert_whole(source)
    rebuilding.rebuild()
    assert_whole(source)
    with get_engine()._indices() as indices:
        present = indices.present()
    assert present.known == {present.read, present.before}


@pytest.mark.redis
def test_a_redis_that_is_flushed_and_restarted_loses_wake_ups_and_nothing_else(
    source, own_redis, settings, monkeypatch, django_capture_on_commit_callbacks
):
    url = f"redis://127.0.0.1:{own_redis.port}/0"
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}}
    with current_app.connection_for_write(url) as broker:
        monkeypatch.setattr(tasks.drain_outbox, "delay", lambda: tasks.drain_outbox.apply_async(connection=broker))
        with django_capture_on_commit_callbacks(execute=True):
            for turn in range(10):
                edit(source, random.Random(turn))
    cache.set("kept", "no longer")
    with redis.Redis(port=own_redis.port) as client:
        assert client.llen("celery") > 0
        client.flushall()
    own_redis.stop()
    own_redis.start()
    tasks.drain_outbox()
    assert_whole(source)


def test_drift_is_told_as_an_error_and_repaired_in_the_night(source, caplog):
    get_engine().write([], [("solution:1", 1)])
    source.add("solution:2", "Changed without a word")
    watch.verify_nightly(now=timezone.now())
    assert "1 missing (solution:1); 1 stale (solution:2)" in caplog.text
    assert_whole(source)
