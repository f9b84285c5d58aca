"""Elasticsearch behind TLS that asks for a key, as clusters do: a local nginx with a certificate of its own making."""

import pytest

from search.documents import PUBLIC, Part, SearchCriteria, SearchDocument, SearchUnavailable
from search.engine.connection import breaker
from search.registry import get_engine
from tests.servers import certificate, free_port, nginx_server

pytestmark = [pytest.mark.elasticsearch, pytest.mark.nginx]

KEY = "c2VsZi1tYWRlOmtleQ=="
GUARD = """
access_log off;
server {{
  listen {port} ssl;
  ssl_certificate {folder}/fullchain.pem;
  ssl_certificate_key {folder}/privkey.pem;
  client_max_body_size 100m;
  location / {{
    default_type application/json;
    if ($http_authorization != "ApiKey {key}") {{ return 401 '{{"error": "no credentials", "status": 401}}'; }}
    proxy_pass {node};
  }}
}}
"""


@pytest.fixture
def guarded(elasticsearch, settings, tmp_path):
    """Let the settings name the guarded address, its certificate and the key; return the server."""
    port = free_port()
    trusted = certificate(tmp_path / "certificates")
    http = GUARD.format(port=port, folder=trusted.parent, key=KEY, node=elasticsearch)
    server = nginx_server(tmp_path, http, port)
    server.start()
    settings.SEARCH_ENGINE = "search.engine.engine.ElasticsearchEngine"
    settings.ELASTICSEARCH_URL = f"https://localhost:{port}"
    settings.ELASTICSEARCH_CA_CERTS = str(trusted)
    settings.ELASTICSEARCH_API_KEY = KEY
    yield server
    server.stop()


@pytest.fixture
def document() -> SearchDocument:
    parts = (Part(audiences=frozenset({PUBLIC}), title="Effluent of dyers", body="A shared plant."),)
    return SearchDocument(key="solution:1", kind="solution", url="/s/1/", title="Effluent of dyers", parts=parts)


def found() -> list[str]:
    return [hit.key for hit in get_engine().search(SearchCriteria()).hits]


def test_with_key_and_certificate_everything_works(guarded, document):
    get_engine().clear()
    assert get_engine().write([(document, 1)], []) == {}
    assert found() == ["solution:1"]
    assert [held.key for held in get_engine().versions()] == ["solution:1"]


@pytest.mark.django_db
def test_readiness_asks_by_the_same_way(guarded, visitor):
    get_engine().clear()
    assert visitor.get("/readyz").json()["checks"]["search"]["ok"] is True
    guarded.stop()
    answer = visitor.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["checks"]["search"]["ok"] is False


@pytest.mark.parametrize(
    ("setting", "value"), [("ELASTICSEARCH_API_KEY", ""), ("ELASTICSEARCH_API_KEY", "b3RoZXI6a2V5")]
)
def test_without_the_right_key_search_is_unavailable_and_tells_nobody_why(guarded, settings, setting, value):
    get_engine().clear()
    setattr(settings, setting, value)
    with pytest.raises(SearchUnavailable) as refused:
        found()
    assert KEY not in str(refused.value)


def test_a_server_whose_certificate_nobody_vouches_for_is_not_spoken_to(guarded, settings):
    settings.ELASTICSEARCH_CA_CERTS = ""
    with pytest.raises(SearchUnavailable):
        found()


def test_of_several_nodes_one_that_answers_is_enough(guarded, settings, document):
    get_engine().clear()
    get_engine().write([(document, 1)], [])
    settings.ELASTICSEARCH_URL = f"https://localhost:{free_port()},{settings.ELASTICSEARCH_URL}"
    breaker.reset()
    assert [found() for _ in range(4)] == [["solution:1"]] * 4
