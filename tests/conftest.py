"""What all tests share: clients by role, what is cleared between tests, what a test may not reach."""

import ipaddress
import os
import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client, TransactionTestCase
from django.utils import translation

from community.append_only import TABLES, lay_triggers, lift_triggers
from portal.settings import mail
from search.editorial.remembered import forget_everything
from search.engine.connection import breaker
from tests import elasticsearch_server
from tests.factories.community import CommunityFactory, make_member, make_moderator
from tests.factories.knowledge import OfficerFactory
from tests.factories.users import UserFactory
from tests.own_index import own_index
from tests.servers import Server, find_nginx, redis_server

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
SIGN_IN_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def find_browser() -> str | None:
    """Return the path of the Chromium that Debian or another system brings, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def _left_out() -> dict[str, str]:
    """Return the markers whose tests this machine cannot run, each with the reason."""
    reasons = {}
    if settings.DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        reasons["postgresql"] = "needs PostgreSQL: set DATABASE_URL=postgres://user@host/name"
    if find_browser() is None:
        reasons["browser"] = f"needs Chromium: sudo apt install chromium (looked for {', '.join(BROWSERS)})"
    if shutil.which("redis-server") is None:
        reasons["redis"] = "needs a Redis to start: sudo apt install redis-server"
    if find_nginx() is None:
        reasons["nginx"] = "needs nginx: sudo apt install nginx-light"
    if why_not := elasticsearch_server.why_not():
        reasons["elasticsearch"] = why_not
    if os.name != "posix":
        reasons["processes"] = "needs the signals of a POSIX system"
    return reasons


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reasons = _left_out()
    for item in items:
        for marker, reason in reasons.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=f"marked {marker}: {reason}"))


def pytest_configure() -> None:
    # Nothing outside this machine answers a test, so none can come to need it.
    socket.socket.connect = _only_here(socket.socket.connect)
    socket.socket.connect_ex = _only_here(socket.socket.connect_ex)
    TransactionTestCase._fixture_teardown = _with_log_unlocked(TransactionTestCase._fixture_teardown)
    _keep_apart()


def _keep_apart() -> None:
    """Give each process of a run its own database of the Redis that all of them share."""
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    if settings.REDIS_CACHE_URL:
        server, _, first = settings.REDIS_CACHE_URL.rpartition("/")
        settings.CACHES["default"]["LOCATION"] = settings.REDIS_CACHE_URL = f"{server}/{int(first) + number}"


def pytest_unconfigure() -> None:
    # The folder that portal.settings.test made for this process.
    shutil.rmtree(settings.MAIL_FOLDER.parent, ignore_errors=True)


def _only_here(connect: Callable) -> Callable:
    def connect_here(self: socket.socket, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_here(address[0]):
            raise AssertionError(f"A test tried to reach {address[0]}: tests reach this machine only.")
        return connect(self, address)

    return connect_here


def _is_here(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _with_log_unlocked(flush: Callable) -> Callable:
    """Lift the triggers of the append-only logs while the rows of a transactional test are flushed."""

    def flush_unlocked(self: TransactionTestCase) -> None:
        for log in TABLES:
            lift_triggers(connection, log)
        try:
            flush(self)
        finally:
            for log in TABLES:
                lay_triggers(connection, log)

    return flush_unlocked


@pytest.fixture(autouse=True, scope="session")
def index_that_answers(django_test_environment) -> Iterator[None]:
    """Give this process an index: Elasticsearch without one says that it is unavailable."""
    with tempfile.TemporaryDirectory() as folder, own_index(Path(folder)):
        yield


@pytest.fixture(autouse=True, scope="session")
def mail_goes_through_envelopes(django_test_environment) -> None:
    """Undo Django's replacement of the mail backend: a mail in a test is an envelope, as it is in the portal."""
    settings.EMAIL_BACKEND = mail.EMAIL_BACKEND


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """Let no test see what an earlier one cached, remembered, counted or limited."""
    cache.clear()
    forget_everything()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Take back the language that a request for a Hindi page leaves behind in the test's thread."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def browser_path() -> str:
    """Return the path of Chromium; tests that use it are marked ``browser``."""
    return find_browser() or pytest.fail("Mark this test with `browser`: there is no Chromium here.")


@pytest.fixture(scope="session")
def elasticsearch_node() -> Iterator[str]:
    """Return the address of an Elasticsearch; tests that use it are marked ``elasticsearch``."""
    with elasticsearch_server.shared() as url:
        yield url


@pytest.fixture
def elasticsearch(elasticsearch_node, settings) -> Iterator[str]:
    """Let the settings name an Elasticsearch in which this test has its own indices, and return its address."""
    settings.ELASTICSEARCH_URL = elasticsearch_node
    settings.ELASTICSEARCH_INDEX_PREFIX = prefix = f"alone-{os.getpid()}"
    breaker.reset()
    yield elasticsearch_node
    breaker.reset()
    elasticsearch_server.drop(elasticsearch_node, f"{prefix}-*")


@pytest.fixture
def own_redis(tmp_path) -> Iterator[Server]:
    """Return a running Redis that this test may stop and freeze; tests that use it are marked ``redis``."""
    server = redis_server(tmp_path)
    server.start()
    yield server
    server.stop()


def sign_in(user) -> Client:
    """Return a client signed in as ``user``, who is also its attribute ``user``."""
    client = Client()
    client.force_login(user, backend=SIGN_IN_BACKEND)
    client.user = user
    return client


@pytest.fixture
def visitor() -> Client:
    """Return a client that nobody signed in to."""
    return Client()


@pytest.fixture
def community(db):
    """Return the community in which ``member`` and ``moderator`` are."""
    return CommunityFactory()


@pytest.fixture
def member(community) -> Client:
    return sign_in(make_member(community).user)


@pytest.fixture
def moderator(community) -> Client:
    return sign_in(make_moderator(community).user)


@pytest.fixture
def editor(db) -> Client:
    return sign_in(UserFactory(editor=True))


@pytest.fixture
def officer(db) -> Client:
    return sign_in(OfficerFactory(user=UserFactory(officer=True)).user)


@pytest.fixture
def administrator(db) -> Client:
    return sign_in(UserFactory(superuser=True))
