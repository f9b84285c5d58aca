"""Log lines: one object each, with the id of the request, without what is nobody's business."""

import json
import logging
from io import StringIO

import pytest
import structlog
from django.core import signing
from django.test import override_settings
from django.urls import path, reverse

from community.mail.addresses import unsubscribe_token
from community.models import Membership
from portal.observability import lines
from portal.settings import observability
from portal.urls import urlpatterns as portal_urls
from search.tasks import drain_outbox
from tests.factories.pages import SolutionPageFactory

pytestmark = pytest.mark.django_db

TOKEN = "MTI:1tEbcd:pLh3hGkz0mYQ0yXcW1c9Zz8o7u6Yt5Rr4Ee3Ww2Qq1A"


def break_down(request):
    logging.getLogger("community.services").warning("Wrote to %s about /x?q=hidden", "asha@example.org")
    raise RuntimeError(f"no luck for asha@example.org with {TOKEN}")


urlpatterns = [path("broken/", break_down, name="broken"), *portal_urls]


@pytest.fixture
def log():
    """Return a function that gives the lines that production would write from here on."""
    stream = StringIO()
    handler = logging.StreamHandler(stream)
    formatter = dict(observability.LOGGING["formatters"]["json"])
    handler.setFormatter(formatter.pop("()")(**formatter))
    loggers = [logging.getLogger(), logging.getLogger("django_structlog")]
    levels = [logger.level for logger in loggers]
    loggers[0].addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_a_request_has_one_line_with_view_status_and_time(visitor, log):
    response = visitor.get("/themes/?q=brine+asha@example.org", headers={"user-agent": "Mozilla", "referer": "/x"})
    (line,) = log()
    assert line["request"] == "GET /themes/"
    assert (line["view"], line["code"]) == ("theme_list", 200)
    assert line["ms"] > 0
    assert line["request_id"] == response["X-Request-ID"]
    assert "brine" not in json.dumps(line)
    assert line.keys() == {"request", "view", "code", "ms", "event", "request_id", "logger", "level", "timestamp"}


def test_the_doors_for_machines_write_no_lines(visitor, log):
    visitor.get("/healthz")
    visitor.get("/readyz")
    assert log() == []


@pytest.mark.parametrize(
    ("trusted", "sent", "taken"),
    [
        (True, "0123456789abcdef0123456789abcdef", True),
        (True, "short", False),
        (True, "a" * 65, False),
        (True, 'x"}\n{"level": "forged"', False),
        (False, "0123456789abcdef0123456789abcdef", False),
    ],
)
def test_an_id_is_taken_from_a_trusted_proxy_only_and_only_if_it_is_one(visitor, log, settings, trusted, sent, taken):
    settings.DJANGO_STRUCTLOG_TRUST_UPSTREAM_REQUEST_ID = trusted
    response = visitor.get("/themes/", headers={"x-request-id": sent})
    assert (response["X-Request-ID"] == sent) is taken
    assert [line["request_id"] for line in log()] == [response["X-Request-ID"]]


def test_whatever_breaks_is_told_with_its_traceback_and_without_personal_data(client, log):
    client.raise_request_exception = False
    with override_settings(ROOT_URLCONF=__name__):
        response = client.get(f"/broken/?token={TOKEN}")
    assert response.status_code == 500
    said = log()
    assert {line["request_id"] for line in said} == {response["X-Request-ID"]}
    assert any("RuntimeError" in line.get("exception", "") for line in said)
    assert said[0]["event"] == "Wrote to …@… about /x?…"
    text = json.dumps(said)
    for word in ("asha", "example.org", TOKEN, TOKEN.rpartition(":")[2], "hidden"):
        assert word not in text


def test_no_line_holds_a_word_that_opens_something(visitor, member, log):
    token = unsubscribe_token(Membership.objects.get(member=member.user.member))
    doors = [
        reverse("unsubscribe", args=[token]),
        f"/mail/stop/{token}",  # redirected to the address with a slash
        f"/mail/stop/{token}x/",
        "/hi" + reverse("unsubscribe", args=[token]),
        reverse("invitation", args=[token]),
        reverse("account_confirm_email", args=[signing.dumps(1, salt="account")]),
        reverse("account_reset_password_from_key", kwargs={"uidb36": "1a", "key": f"c9x2-{'0af1' * 8}"}),
    ]
    for door in doors:
        visitor.get(door)
    said = log()
    assert len(said) >= len(doors)
    text = json.dumps(said)
    assert [door for door in doors if door.strip("/").rpartition("/")[2][:20] in text] == []


def test_masking_leaves_ordinary_words_alone():
    told = (
        "Rebuilt exchange-3f2a91bc in 2.5 s; 12:30:45 GET /questions/how-to-treat-effluent-of-dyers-in-a-common-plant/"
    )
    assert lines.without_secrets(told) == told
    assert lines.without_secrets("redis://:word@cache:6379/1 is silent") == "redis://…@cache:6379/1 is silent"


def test_a_line_in_a_terminal_is_one_line_of_words():
    line = dict(observability.LOGGING["formatters"]["line"])
    record = logging.LogRecord("search", logging.WARNING, __file__, 1, "Index %s is late", ("a",), None)
    laid_out = line.pop("()")(**line).format(record)
    assert "Index a is late" in laid_out
    assert "\n" not in laid_out
    assert "\x1b" not in laid_out


def test_a_draft_is_shown_by_a_request_within_a_request_and_the_id_stays(editor, log):
    page = SolutionPageFactory(live=False)
    page.save_revision()
    response = editor.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]))
    assert response.status_code == 200
    assert log()[-1]["request_id"] == response["X-Request-ID"]


@pytest.fixture
def headers(monkeypatch):
    """Return the headers of the messages that are sent."""
    sent = []

    def publish(self, *args, headers=None, **kwargs):
        sent.append(headers)

    monkeypatch.setattr("kombu.messaging.Producer.publish", publish)
    return sent


def test_a_message_carries_the_id_of_the_request_that_sent_it(headers):
    with structlog.contextvars.bound_contextvars(request_id="of-the-request"):
        drain_outbox.delay()
    assert headers[0]["__django_structlog__"]["request_id"] == "of-the-request"
