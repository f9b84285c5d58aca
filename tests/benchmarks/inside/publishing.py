"""From an editor's publishing to a visitor's finding."""

import http.client
import time
import uuid

from knowledge.models import SolutionPage
from tests.benchmarks.bench_pages import HOST, fetch
from tests.benchmarks.synthetic import PREFIX

#: Seconds for one, and for the first, which also waits for the worker to start.
_PATIENCE, _PATIENCE_AT_FIRST = 30, 180
_PAUSE = 0.02
#: Publishings before those that count: a worker that has just started still opens its connections.
_WARM_UP = 2


def publish(port: int, times: int) -> dict[str, list[float]]:
    """Return the seconds from the end of a publishing until the page of results shows its new title."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    pages = SolutionPage.objects.current().filter(slug__startswith=PREFIX).order_by("pk")[: times + _WARM_UP]
    found = []
    for page in pages:
        word = f"w{uuid.uuid4().hex[:12]}"
        page.title = f"{word} {page.title}"[:200]
        page.save_revision().publish()
        started = time.perf_counter()
        while page.url_path.split("/")[-2] not in fetch(connection, f"/search/?q={word}&exact=1"):
            if time.perf_counter() - started > (_PATIENCE if found else _PATIENCE_AT_FIRST):
                raise TimeoutError(f"{page.slug} was not found in time after its publishing.")
            time.sleep(_PAUSE)
        found.append(time.perf_counter() - started)
    return {"findable": found[_WARM_UP:]}
