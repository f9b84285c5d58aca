"""An index that holds nothing, for a test or for a world, whichever engine answers."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.test import override_settings

from search.registry import get_engine
from tests import elasticsearch_server


@contextmanager
def own_index(folder: Path) -> Iterator[None]:
    """Let search keep what it holds in ``folder``, or in Elasticsearch below a name that nobody else uses."""
    prefix = f"test-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    with override_settings(SEARCH_INDEX_PATH=folder / "search.sqlite3", ELASTICSEARCH_INDEX_PREFIX=prefix):
        if not settings.ELASTICSEARCH_URL:
            yield
            return
        get_engine().clear()
        try:
            yield
        finally:
            elasticsearch_server.drop(settings.ELASTICSEARCH_URL.split(",")[0], f"{prefix}-*")
