"""Figures: for whoever shows the word, right however many processes there are, cheap however much there is."""

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.utils import OperationalError
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from community.models import Envelope
from portal.observability import waiting
from search.models import OutboxEntry
from search.registry import get_engine
from tests.factories.community import pending_question, released_question

ROOT = Path(__file__).resolve().parents[3]
WORD = {"headers": {"authorization": "Bearer open-sesame"}}

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(visitor, settings):
    """Return a function that reads the figures: each by its name with labels."""
    settings.METRICS_TOKEN = "open-sesame"

    def read() -> dict[str, float]:
        response = visitor.get("/metrics", **WORD)
        assert response.status_code == 200
        lines = [line for line in response.content.decode().splitlines() if not line.startswith("#")]
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}

    return read


@pytest.mark.parametrize("header", [None, "Bearer", "Bearer ", "Bearer wrong", "open-sesame", "Bearer öpen"])
def test_without_the_word_there_are_no_figures(visitor, settings, header):
    settings.METRICS_TOKEN = "open-sesame"
    headers = {} if header is None else {"authorization": header}
    assert visitor.get("/metrics", headers=headers).status_code == 404


def test_where_no_word_is_set_no_word_opens(visitor, settings):
    settings.METRICS_TOKEN = ""
    assert visitor.get("/metrics", headers={"authorization": "Bearer "}).status_code == 404
    assert visitor.get("/metrics").status_code == 404


def test_a_request_is_counted_by_view_method_and_class_of_status(visitor, told):
    before = told()
    visitor.get("/themes/")
    visitor.get("/no-such-page/at-all/")
    visitor.post("/glossary/", {})
    visitor.generic("BREW", "/themes/")
    after = told()
    count = "exchange_request_seconds_count{method=%s,status=%s,view=%s}"

    def more(method: str, status: str, view: str) -> float:
        name = count % tuple(json.dumps(value) for value in (method, status, view))
        return after.get(name, 0) - before.get(name, 0)

    assert more("GET", "2xx", "theme_list") == 1
    assert more("GET", "4xx", "wagtail_serve") == 1
    assert not [name for name in after if "no-such-page" in name or "BREW" in name]


def test_what_waits_is_told(told):
    question = pending_question()
    question.submitted_at = timezone.now() - timedelta(hours=2)
    question.due_at = timezone.now() - timedelta(hours=1)
    question.save(update_fields=["submitted_at", "due_at"])
    OutboxEntry.objects.all().delete()
    OutboxEntry.objects.bump(
        engine=get_engine().name,
        source="themes",
        keys=["theme:1", "theme:2"],
        now=timezone.now() - timedelta(minutes=5),
    )
    OutboxEntry.objects.filter(key="theme:2").update(error="refused: too long")
    now = told()
    assert now["exchange_submissions_pending"] == 1
    assert now["exchange_submissions_overdue"] == 1
    assert 7200 <= now["exchange_submission_oldest_pending_seconds"] < 7300
    assert now["exchange_search_outbox"] == 2
    assert now["exchange_search_outbox_refused"] == 1
    assert 300 <= now["exchange_search_outbox_oldest_seconds"] < 400


def test_mails_and_deliveries_are_told_by_state(told, community):
    released_question(community=community)
    mails = Envelope.objects.count()
    assert mails
    now = told()
    assert now['exchange_envelopes{state="built"}'] == mails
    assert now['exchange_envelopes_last_day{state="built"}'] == mails
    assert now['exchange_envelopes_last_day{state="sent"}'] == 0
    assert now["exchange_envelope_oldest_due_seconds"] >= 0
    Envelope.objects.update(state="sent", built_at=timezone.now() - timedelta(days=2))
    now = told()
    assert now['exchange_envelopes{state="built"}'] == 0
    assert now['exchange_envelopes_last_day{state="sent"}'] == 0


def test_without_a_database_the_requests_are_still_told(told, monkeypatch):
    def gone():
        raise OperationalError

    monkeypatch.setattr(waiting, "in_database", gone)
    now = told()
    assert now["exchange_database_readable"] == 0
    assert any(name.startswith("exchange_request_seconds_count") for name in now)


def test_without_redis_the_rest_is_still_told(told, settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    assert told()["exchange_broker_readable"] == 0


@pytest.mark.postgresql
def test_each_reading_goes_by_an_index():
    with CaptureQueriesContext(connection) as queries:
        waiting.in_database()
    with connection.cursor() as cursor:
        # A few rows are read faster as a whole: forbidden here, so that what has an index shows it.
        cursor.execute("SET LOCAL enable_seqscan = off")
        for query in queries.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
            assert "Seq Scan" not in plan, f"{query['sql']}\n{plan}"


#: Counts a request, or reads what all processes of one folder have counted.
ONE_REQUEST = """
import django, sys
django.setup()
from django.test import RequestFactory
from portal.observability import figures
if sys.argv[1] == "count":
    request = RequestFactory().get("/")
    request.resolver_match = None
    figures.count_request(request, 200, 0.01)
else:
    figures.WaitingCollector.collect = lambda self: iter(())
    print(figures.exposition().decode())
"""


def test_the_requests_of_all_processes_are_added_up(tmp_path):
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
        "PROMETHEUS_MULTIPROC_DIR": str(tmp_path),
        "PYTHONPATH": str(ROOT),
    }

    def run(what: str) -> str:
        return subprocess.run(
            [sys.executable, "-c", ONE_REQUEST, what],
            cwd=ROOT,
            env=environment,
            check=True,
            capture_output=True,
            text=True,
        ).stdout

    for _ in range(2):
        run("count")
    assert 'exchange_request_seconds_count{method="GET",status="2xx",view="none"} 2.0' in run("read")
