"""Without Redis, or with one that does not answer, the portal goes on; only what must be counted waits for it."""

import pickle
import time

import pytest
import redis
from django.core.cache import caches
from django.core.cache.backends.base import BaseCache
from django.db import transaction
from django.test import override_settings
from django.urls import reverse

import portal.celery
from portal.cache import PatientRedisCache
from portal.settings.stores import _next_database
from search.tasks import drain_outbox
from tests.factories.users import UserFactory

pytestmark = pytest.mark.redis

OPTIONS = {"socket_connect_timeout": 0.3, "socket_timeout": 0.3}


@pytest.fixture
def cached_there(own_redis):
    """Let this test's cache be in the Redis of its own."""
    place = {
        "BACKEND": "portal.cache.PatientRedisCache",
        "LOCATION": f"redis://127.0.0.1:{own_redis.port}/1",
        "OPTIONS": OPTIONS,
    }
    with override_settings(CACHES={"default": place}):
        yield caches["default"]


def test_values_are_kept_counted_and_forgotten(cached_there):
    assert isinstance(cached_there, PatientRedisCache)
    cached_there.set("a", {"b": [1]})
    assert cached_there.get("a") == {"b": [1]}
    assert cached_there.add("n", 1) is True
    assert cached_there.add("n", 1) is False
    assert cached_there.incr("n") == 2
    assert cached_there.get_many(["a", "n", "x"]) == {"a": {"b": [1]}, "n": 2}
    assert cached_there.set_many({"c": 3}) == []
    cached_there.delete_many(["a"])
    assert not cached_there.has_key("a")
    assert cached_there.touch("c", 10) is True
    cached_there.clear()
    assert cached_there.get("c", "nothing") == "nothing"


def every_call(cache: BaseCache) -> list:
    return [
        cache.get("a", "nothing"),
        cache.set("a", 1),
        cache.add("a", 1),
        cache.delete("a"),
        cache.get_many(["a"]),
        cache.set_many({"a": 1}),
        cache.delete_many(["a"]),
        cache.has_key("a"),
        cache.touch("a"),
        cache.get_or_set("a", lambda: "made"),
        cache.clear(),
    ]


WITHOUT_REDIS = ["nothing", None, False, False, {}, ["a"], None, False, False, "made", False]


def test_a_stopped_redis_spoils_no_call(cached_there, own_redis):
    cached_there.set("a", 1)
    own_redis.stop()
    assert every_call(cached_there) == WITHOUT_REDIS
    with pytest.raises(ValueError, match="no count"):
        cached_there.incr("a")


def test_a_silent_redis_costs_one_wait_and_not_one_for_each_call(cached_there, own_redis):
    cached_there.set("a", 1)
    with own_redis.frozen():
        started = time.monotonic()
        assert every_call(cached_there) == WITHOUT_REDIS
        assert time.monotonic() - started < 2.5


def test_redis_is_asked_again_when_it_is_back(cached_there, own_redis, monkeypatch):
    monkeypatch.setattr("portal.cache.SILENCE", 0.1)
    own_redis.stop()
    cached_there.set("a", 1)
    own_redis.start()
    time.sleep(0.15)
    cached_there.set("a", 2)
    assert cached_there.get("a") == 2


@pytest.mark.parametrize("garbage", [b"\x80\x05nonsense", b"", pickle.dumps(UserFactory)[:-9], b"cno.such\nthing\n."])
def test_a_value_that_nobody_can_read_counts_as_none(cached_there, own_redis, garbage):
    with redis.Redis(port=own_redis.port, db=1) as client:
        client.set(cached_there.make_and_validate_key("a"), garbage)
    assert cached_there.get("a", "nothing") == "nothing"
    assert cached_there.get_many(["a"]) == {}


def test_the_cache_has_another_database_than_the_broker():
    assert _next_database("redis://cache:6379") == "redis://cache:6379/1"
    assert _next_database("rediss://user:word@cache:6379/4?ssl_cert_reqs=none").endswith(
        "@cache:6379/5?ssl_cert_reqs=none"
    )


@pytest.mark.django_db
def test_without_redis_pages_are_served_and_whoever_is_signed_in_stays_so(cached_there, own_redis, visitor, member):
    assert member.get("/my/").status_code == 200
    own_redis.stop()
    assert visitor.get("/").status_code == 200
    assert visitor.get("/search/?q=water").status_code == 200
    assert member.get("/my/").status_code == 200


@pytest.mark.django_db
def test_a_flush_signs_nobody_out(cached_there, own_redis, member):
    with redis.Redis(port=own_redis.port) as client:
        client.flushall()
    assert member.get("/my/").status_code == 200


@pytest.mark.django_db
def test_nobody_signs_in_while_nobody_can_count_the_attempts(cached_there, own_redis, visitor):
    user = UserFactory(email="asha@example.org")
    user.set_password("a-long-password")
    user.save()
    form = {"login": user.email, "password": "a-long-password"}
    login = reverse("account_login")
    own_redis.stop()
    started = time.monotonic()
    refused = visitor.post(login, form)
    assert refused.status_code == 429
    assert time.monotonic() - started < 4
    assert visitor.get(login).status_code == 200, "the page itself can be read"
    own_redis.start()
    caches["default"]._silent_until = 0
    assert visitor.post(login, form).status_code == 302


@pytest.fixture
def broker(own_redis, monkeypatch):
    """Let messages go to the Redis of this test."""
    app = portal.celery.app
    url = f"redis://127.0.0.1:{own_redis.port}/0"
    options = {"max_retries": 1, "interval_start": 0, "socket_connect_timeout": 0.3, "socket_timeout": 1.2}
    monkeypatch.setattr(portal.celery.wake_up, "_silent_until", 0.0)
    before = app.conf.broker_url, app.conf.broker_transport_options
    app.conf.broker_url, app.conf.broker_transport_options = url, options
    app._pool = app.amqp._producer_pool = None  # opened for another broker
    yield own_redis
    app.conf.broker_url, app.conf.broker_transport_options = before
    app._pool = app.amqp._producer_pool = None


def wake_within_a_transaction() -> float:
    started = time.monotonic()
    with transaction.atomic():
        drain_outbox.delay_on_commit()
    return time.monotonic() - started


@pytest.mark.django_db(transaction=True)
def test_a_message_arrives_also_after_redis_was_flushed(broker):
    with redis.Redis(port=broker.port) as client:
        wake_within_a_transaction()
        assert client.llen("celery") == 1
        client.flushall()
        wake_within_a_transaction()
        assert client.llen("celery") == 1, "nothing that a long-lived process remembers stands in the way"


@pytest.mark.django_db(transaction=True)
def test_without_redis_a_change_is_committed_at_once_and_one_wait_is_all(broker):
    wake_within_a_transaction()
    with broker.frozen():
        assert wake_within_a_transaction() < 4
        assert sum(wake_within_a_transaction() for _ in range(20)) < 0.5
