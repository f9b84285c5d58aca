"""What the tests of the public pages share."""

from collections.abc import Callable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Take back the language that a request for a Hindi page leaves behind in the test's thread."""
    with translation.override("en"):
        yield


@pytest.fixture
def queries_of(visitor: Client) -> Callable[[str], int]:
    """Return how to count the queries of a page that a visitor reads, its templates and caches being warm."""

    def count(address: str) -> int:
        assert visitor.get(address).status_code == 200
        with CaptureQueriesContext(connection) as queries:
            response = visitor.get(address)
        assert response.status_code == 200
        return len(queries)

    return count
