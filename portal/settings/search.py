"""Search: which engine answers and where it lives."""

from . import env
from .env import VAR_DIR

ELASTICSEARCH_URL = env.ELASTICSEARCH_URL
#: Dotted path of the engine; the Elasticsearch engine takes its place when ELASTICSEARCH_URL is set.
SEARCH_ENGINE = "search.embedded.engine.EmbeddedEngine"
#: File of the embedded engine's index, apart from the database.
SEARCH_INDEX_PATH = VAR_DIR / "search.sqlite3"
SEARCH_PAGE_SIZE = 10
#: Hits beyond this number are not paged to.
SEARCH_WINDOW = 10_000
