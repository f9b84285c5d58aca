"""How long the main pages take, in multiples of a trivial view of the same server in the same run.

Milliseconds differ from machine to machine; the ratios say what a page costs beyond the middleware, the server and
the connection. The pages take turns, so that whatever else the machine does falls on all of them alike.
"""

import http.client
import re
import time

from .timing import Line, ratio

HOST = "127.0.0.1"
TRIVIAL = "trivial"
WARM_UP = 5
#: As behind the proxy of production, which ended TLS.
HEADERS = {"Host": "localhost", "Accept": "text/html", "X-Forwarded-Proto": "https"}


class NotThere(Exception):
    """A page that is to be timed does not answer as it should."""


def measure(port: int, rounds: int) -> list[Line]:
    """Return the ratio of each page, fetched ``rounds`` times over one connection."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    pages = _addresses(connection)
    times: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(WARM_UP + rounds):
        for name, path in pages.items():
            started = time.perf_counter()
            fetch(connection, path)
            if turn >= WARM_UP:
                times[name].append(time.perf_counter() - started)
    connection.close()
    return [ratio(f"{name} / trivial view, median", times[name], times[TRIVIAL]) for name in pages if name != TRIVIAL]


def fetch(connection: http.client.HTTPConnection, path: str) -> str:
    """Return the body of a page, fetched over the connection that stays open. Raises NotThere."""
    connection.request("GET", path, headers=HEADERS)
    response = connection.getresponse()
    body = response.read().decode()
    if response.status != 200:
        raise NotThere(f"{path} answered {response.status}.")
    return body


def _addresses(connection: http.client.HTTPConnection) -> dict[str, str]:
    """Return the pages to time; the solution is the first that the list of solutions shows."""
    solution = re.search(
        r'<h3><a href="(?:https?://localhost)?(/solutions/[^"/?#]+/)"', fetch(connection, "/solutions/")
    )
    if solution is None:
        raise NotThere("The list of solutions shows none.")
    return {
        TRIVIAL: "/trivial/",
        "home": "/",
        "a solution": solution.group(1),
        "a list": "/solutions/",
        "search": "/search/?q=waste+water+from+dye+houses",
    }
