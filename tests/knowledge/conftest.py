"""What the tests of the public pages share."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


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
