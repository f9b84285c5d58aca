"""The way to the server: one client for each process, short patience, and a breaker that spares a server in trouble."""

import logging
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, TransportError

from search.documents import SearchUnavailable

logger = logging.getLogger(__name__)
logging.getLogger("elastic_transport").setLevel(logging.ERROR)  # a line for each request; failures are told of below

#: Seconds that a page waits for an answer, and a worker for a batch to be taken.
READ_SECONDS, WRITE_SECONDS = 2.0, 30.0
#: After so many failures in a row nobody asks for some seconds; then one question tries whether it is over.
FAILURES, PAUSE_SECONDS = 3, 5.0
#: Other nodes that are tried when one cannot be reached. What ran into its time is not tried again.
OTHER_NODES = 2


def client() -> Elasticsearch:
    """Return the client of this process for the servers that the settings name."""
    return _client(
        os.getpid(), settings.ELASTICSEARCH_URL, settings.ELASTICSEARCH_CA_CERTS, settings.ELASTICSEARCH_API_KEY
    )


@lru_cache(maxsize=4)
def _client(process: int, urls: str, ca_certs: str, api_key: str) -> Elasticsearch:
    hosts = [url.strip() for url in urls.split(",") if url.strip()]
    return Elasticsearch(
        hosts,
        ca_certs=ca_certs or None,
        api_key=api_key or None,
        request_timeout=READ_SECONDS,
        max_retries=min(len(hosts) - 1, OTHER_NODES),
        retry_on_timeout=False,
        retry_on_status=(),
        connections_per_node=20,
    )


class Breaker:
    """Lets questions through until ``FAILURES`` in a row failed, then one in ``PAUSE_SECONDS`` until one succeeds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget every failure."""
        self._failures, self._asked_again_at = 0, float("-inf")

    def allows(self) -> bool:
        """Return whether to ask now; of several who come while it is open, one may."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            if time.monotonic() < self._asked_again_at:
                return False
            self._asked_again_at = time.monotonic() + PAUSE_SECONDS
            return True

    def failed(self) -> None:
        """Note that the server did not answer as it should."""
        with self._lock:
            self._failures += 1
            self._asked_again_at = time.monotonic() + PAUSE_SECONDS

    def worked(self) -> None:
        """Note an answer."""
        with self._lock:
            self._failures = 0


breaker = Breaker()


#: What reading an answer raises that is not what Elasticsearch answers.
_NONSENSE = (AttributeError, IndexError, KeyError, TypeError, ValueError)


@contextmanager
def asking() -> Iterator[Elasticsearch]:
    """Give the client for a question; whatever goes wrong with the server or its answer is SearchUnavailable."""
    if not breaker.allows():
        raise SearchUnavailable("The search engine failed a moment ago and is asked again in some seconds.")
    try:
        with _translated():
            yield client()
    except SearchUnavailable as error:
        cause = error.__cause__
        if is_trouble(cause):
            breaker.failed()
        elif isinstance(cause, ApiError) and cause.status_code != 404:
            logger.error("The search engine refused a question: %s", error)
        raise
    else:
        breaker.worked()


@contextmanager
def speaking() -> Iterator[Elasticsearch]:
    """Give the client for work that no page waits for, past the breaker; a server in trouble is SearchUnavailable."""
    with _translated():
        yield client().options(request_timeout=WRITE_SECONDS)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (ApiError, TransportError) as error:
        raise SearchUnavailable(f"{type(error).__name__}: {str(error)[:300]}") from error
    except _NONSENSE as error:
        logger.exception("The search engine answered what nobody understands")
        raise SearchUnavailable(f"The answer makes no sense: {type(error).__name__}: {error}") from error


def is_trouble(error: BaseException | None) -> bool:
    """Return whether ``error`` says that the server is away, slow or overloaded, and not that it was asked wrongly."""
    if isinstance(error, ApiError):
        return error.status_code == 429 or error.status_code >= 500 or not 400 <= error.status_code < 500
    return isinstance(error, (TransportError, *_NONSENSE))
