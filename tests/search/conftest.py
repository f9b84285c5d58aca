"""An index of its own for each test, an empty registry with one fake source."""

import pytest
from django.utils.module_loading import import_string

from search import registry

from .fake_source import FakeSource

#: Every engine passes the same contract; a server's engine is marked with what it needs.
ENGINES = [
    pytest.param("search.embedded.engine.EmbeddedEngine", id="embedded"),
    pytest.param("search.engine.engine.ElasticsearchEngine", id="elasticsearch", marks=pytest.mark.elasticsearch),
]


@pytest.fixture(autouse=True)
def own_index(settings, tmp_path):
    """Keep the index of each test apart."""
    settings.SEARCH_ENGINE = "search.embedded.engine.EmbeddedEngine"
    settings.SEARCH_INDEX_PATH = tmp_path / "search.sqlite3"
    return settings.SEARCH_INDEX_PATH


@pytest.fixture(autouse=True)
def source(monkeypatch) -> FakeSource:
    """Return the only source that search knows in these tests."""
    for name, empty in (("_sources", {}), ("_labels", {}), ("_remembered_labels", {}), ("_audiences", [])):
        monkeypatch.setattr(registry, name, empty)
    fake = FakeSource()
    registry.register(fake)
    return fake


@pytest.fixture(params=ENGINES)
def engine(request, settings):
    """Return an empty engine, chosen by the settings; a test that uses it runs with each engine."""
    if "elasticsearch" in request.param.lower():
        request.getfixturevalue("elasticsearch")
    settings.SEARCH_ENGINE = request.param
    chosen = import_string(request.param)()
    chosen.clear()
    return chosen
