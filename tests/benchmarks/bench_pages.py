"""How long the main pages take, in multiples of a trivial view of the same server in the same run.

Milliseconds differ from machine to machine; the ratios say what a page costs beyond the middleware, the server and
the connection. The pages take turns, so that whatever else the machine does falls on all of them alike.
"""

import argparse
import http.client
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.demo.processes import ProcessGroup
from portal.management.commands.serve_demo import web_server

ROOT = Path(__file__).resolve().parent.parent.parent
HOST = "127.0.0.1"
TRIVIAL = "trivial"
WARM_UP = 5
#: The embedded stack is measured, whatever servers the environment names.
SERVERS = {"DATABASE_URL", "REDIS_URL", "EMAIL_URL", "ELASTICSEARCH_URL"}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--rounds", type=int, default=200, help="times that each page is fetched (default 200)")
    arguments.add_argument("--var", type=Path, help="keep the demonstration's files here and use them the next time")
    options = arguments.parse_args()
    rounds = max(1, options.rounds)
    with (
        tempfile.TemporaryDirectory(prefix="cluster-exchange-bench-") as folder,
        server(options.var or Path(folder)) as port,
    ):
        print_table(measure(port, rounds), rounds)


@contextmanager
def server(var: Path) -> Iterator[int]:
    """Prepare the demonstration in ``var`` and serve it without worker and beat; yield the port."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = probe.getsockname()[1]
    environment = {
        **{name: value for name, value in os.environ.items() if name not in SERVERS},
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "VAR_DIR": str(var.resolve()),
        "BASE_URL": "http://localhost",
    }
    subprocess.run([sys.executable, "manage.py", "prepare_demo"], cwd=ROOT, env=environment, check=True)
    with ProcessGroup() as group:
        group.start("web server", [sys.executable, *web_server(port)], environment, cwd=ROOT)
        if not group.wait(until=lambda: listens(port), seconds=60):
            sys.exit("The server did not start; the lines above say why.")
        yield port


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


def measure(port: int, rounds: int) -> dict[str, tuple[str, list[float]]]:
    """Return each page's address and its times in seconds."""
    connection = http.client.HTTPConnection(HOST, port, timeout=60)
    pages = addresses(connection)
    times: dict[str, list[float]] = {name: [] for name in pages}
    for turn in range(WARM_UP + rounds):
        for name, path in pages.items():
            started = time.perf_counter()
            fetch(connection, path)
            if turn >= WARM_UP:
                times[name].append(time.perf_counter() - started)
    connection.close()
    return {name: (pages[name], times[name]) for name in pages}


def addresses(connection: http.client.HTTPConnection) -> dict[str, str]:
    """Return the pages to time; the solution is the first that the list of solutions shows."""
    solution = re.search(r'href="(?:http://localhost)?(/solutions/[^"/?#]+/)"', fetch(connection, "/solutions/"))
    if solution is None:
        sys.exit("The list of solutions shows none.")
    return {
        TRIVIAL: "/trivial/",
        "home": "/",
        "a solution": solution.group(1),
        "a list": "/solutions/",
        "search": "/search/?q=waste+water+from+dye+houses",
    }


def fetch(connection: http.client.HTTPConnection, path: str) -> str:
    """Return the body of a page, fetched over the connection that stays open; end where it is not there."""
    connection.request("GET", path, headers={"Host": "localhost", "Accept": "text/html"})
    response = connection.getresponse()
    body = response.read().decode()
    if response.status != 200:
        sys.exit(f"{path} answered {response.status}.")
    return body


def print_table(measured: dict[str, tuple[str, list[float]]], rounds: int) -> None:
    trivial = statistics.median(measured[TRIVIAL][1])
    print(f"\nMedian of {rounds} requests over one connection; ratio to the trivial view of the same server\n")
    print(f"{'page':<12}{'median ms':>11}{'p95 ms':>9}{'ratio':>8}  address")
    for name, (path, times) in measured.items():
        median, worst = statistics.median(times), sorted(times)[int(len(times) * 0.95)]
        print(f"{name:<12}{median * 1000:>11.2f}{worst * 1000:>9.2f}{median / trivial:>8.1f}  {path}")


if __name__ == "__main__":
    main()
