"""Alive and ready: for everybody who may ask, without a secret, and never longer than a check may wait."""

import socket
import threading
import time

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test import override_settings

from portal.observability import probes
from search.documents import SearchUnavailable

STRANGE_HOST = {"headers": {"host": "10.0.0.7:8000"}}

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict():
    """Close every door that production closes."""
    with override_settings(ALLOWED_HOSTS=["exchange.example"], SECURE_SSL_REDIRECT=True):
        yield


def problems(response) -> dict[str, str]:
    return {name: check["problem"] for name, check in response.json()["checks"].items() if not check["ok"]}


def test_alive_asks_no_database_no_host_and_no_https(visitor, strict, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = visitor.get("/healthz", **STRANGE_HOST)
    assert (response.status_code, response.content) == (200, b"alive\n")
    assert not response.cookies
    assert "no-store" in response["Cache-Control"]


def test_ready_names_each_dependency_with_its_latency(visitor, strict):
    response = visitor.get("/readyz", **STRANGE_HOST)
    answer = response.json()
    assert (response.status_code, answer["status"]) == (200, "ready")
    assert {"database", "migrations", "search"} <= answer["checks"].keys()
    assert all(check["ms"] >= 0 for check in answer["checks"].values())
    assert not response.cookies


def test_without_the_database_nobody_is_sent_here(visitor, monkeypatch):
    def gone():
        raise OperationalError("password authentication failed for user portal")

    monkeypatch.setattr(probes, "ask_database", gone)
    response = visitor.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (503, "unavailable")
    assert problems(response) == {"database": "OperationalError"}
    assert b"password" not in response.content


def test_pending_migrations_keep_visitors_away(visitor, monkeypatch):
    monkeypatch.setattr(probes.MigrationExecutor, "migration_plan", lambda self, targets: ["one"])
    probes._schema_seen_complete.cache_clear()
    response = visitor.get("/readyz")
    assert response.status_code == 503
    assert problems(response) == {"migrations": "migrations are pending"}
    monkeypatch.undo()
    assert visitor.get("/readyz").status_code == 200, "asked anew once they have run"


def test_without_search_the_portal_is_degraded_and_ready(visitor, monkeypatch):
    class Silent:
        def search(self, criteria):
            raise SearchUnavailable("http://elastic:secret@es:9200 does not answer")

    monkeypatch.setattr(probes, "get_engine", Silent)
    response = visitor.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert problems(response) == {"search": "SearchUnavailable"}
    assert b"secret" not in response.content


def test_without_redis_and_mail_server_the_portal_is_degraded_and_ready(visitor, settings):
    nobody = "redis://:secret@127.0.0.1:9/0"
    settings.CELERY_BROKER_URL = settings.REDIS_CACHE_URL = nobody
    settings.MAIL_TRANSPORT = "community.mail.transports.SmtpTransport"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_SSL = "127.0.0.1", 9, False
    response = visitor.get("/readyz")
    assert (response.status_code, response.json()["status"]) == (200, "degraded")
    assert problems(response).keys() == {"broker", "cache", "mail"}
    assert b"secret" not in response.content


def test_a_mail_server_that_greets_is_well_and_one_that_only_listens_is_not(settings):
    settings.EMAIL_HOST, settings.EMAIL_USE_SSL = "127.0.0.1", False
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_PORT = server.getsockname()[1]

        def greet(words: bytes) -> None:
            client, _ = server.accept()
            with client:
                client.sendall(words)

        for words in (b"220 well\r\n", b"554 go away\r\n"):
            greeter = threading.Thread(target=greet, args=[words])
            greeter.start()
            if words.startswith(b"220"):
                probes.ask_mail_server()
            else:
                with pytest.raises(probes.NotReady):
                    probes.ask_mail_server()
            greeter.join(5)


def test_a_dependency_that_hangs_makes_nobody_wait(visitor, monkeypatch):
    ended = threading.Event()
    monkeypatch.setattr(probes, "PATIENCE", 0.2)
    monkeypatch.setattr(probes, "ask_search", lambda: ended.wait(30))
    started = time.monotonic()
    response = visitor.get("/readyz")
    waited = time.monotonic() - started
    ended.set()
    assert problems(response) == {"search": "no answer in time"}
    assert waited < 5
    assert connection.connection is not None


def test_the_doors_for_machines_are_for_reading(visitor):
    for door in ("/healthz", "/readyz", "/metrics"):
        assert visitor.post(door).status_code == 405
