"""Search: which engine answers, which one stands in for it, and where they live."""

from . import env
from .env import VAR_DIR

_EMBEDDED = "search.embedded.engine.EmbeddedEngine"
_ELASTICSEARCH = "search.engine.engine.ElasticsearchEngine"

#: One node or several, separated by commas.
ELASTICSEARCH_URL = env.ELASTICSEARCH_URL
ELASTICSEARCH_CA_CERTS = env.ELASTICSEARCH_CA_CERTS
ELASTICSEARCH_API_KEY = env.ELASTICSEARCH_API_KEY
#: Name of the alias that is read, and beginning of the names of all indices.
ELASTICSEARCH_INDEX_PREFIX = env.ELASTICSEARCH_INDEX_PREFIX
#: Dotted path of the engine that answers.
SEARCH_ENGINE = _ELASTICSEARCH if ELASTICSEARCH_URL else _EMBEDDED
#: Dotted path of an engine that is kept in step too and answers when the first one does not; empty for none.
SEARCH_FALLBACK = _EMBEDDED if ELASTICSEARCH_URL and env.SEARCH_FALLBACK == "embedded" else ""
#: File of the embedded engine's index, apart from the database.
SEARCH_INDEX_PATH = VAR_DIR / "search.sqlite3"
SEARCH_PAGE_SIZE = 10
#: Hits beyond this number are not paged to.
SEARCH_WINDOW = 10_000
