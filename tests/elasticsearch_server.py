"""A real Elasticsearch for the tests: the one that ELASTICSEARCH_URL names, else a node that is started for them.

The node is shared by all processes of a test run, and by runs beside each other. Whoever comes first starts it, whoever
leaves last stops it; those who were killed do not count. What was running before is left running.
"""

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from elasticsearch import Elasticsearch

from tests import servers

ROOT = Path(__file__).resolve().parent.parent
PORT = 9280
#: How far above its port the starter puts a node's own one.
TRANSPORT = 100
#: The first start also fetches the server.
START_SECONDS = 300
#: In memory where there is such a place: making an index writes to the disk a dozen times.
_HOME = {"ES_HOME": "/dev/shm/cluster-exchange-elasticsearch"} if Path("/dev/shm").is_dir() else {}  # noqa: S108
_USERS = Path(tempfile.gettempdir()) / f"cluster-exchange-elasticsearch-{os.getuid()}"


def starter() -> Path:
    """Return the script that starts a node; the one that stops it stands beside it."""
    return (ROOT / os.environ.get("ELASTICSEARCH_START", "../shared/elasticsearch/start")).resolve()


def why_not() -> str:
    """Return why there is no Elasticsearch here; empty where there is."""
    if os.environ.get("ELASTICSEARCH_URL") or starter().exists():
        return ""
    return f"needs Elasticsearch: set ELASTICSEARCH_URL, or ELASTICSEARCH_START to a script like {starter()}"


def start(port: int, **environment: str) -> str:
    """Start a node on ``port`` unless it runs already, and return its address."""
    done = subprocess.run(
        [str(starter()), str(port)],
        env=os.environ | _HOME | {"ES_HEAP": "512m"} | environment,
        stdout=subprocess.PIPE,
        text=True,
        timeout=START_SECONDS,
        check=True,
    )
    return done.stdout.split()[-1]


def stop(port: int, *, kill: bool = False) -> None:
    """End the node on ``port``, as a crash would with ``kill``."""
    command = [str(starter().with_name("stop")), *(["--kill"] if kill else []), str(port)]
    subprocess.run(command, env=os.environ | _HOME, stdout=subprocess.DEVNULL, timeout=60, check=True)


def home(port: int) -> Path:
    """Return the folder of the node on ``port``."""
    return Path(f"{(os.environ | _HOME).get('ES_HOME', '/tmp/portal-elasticsearch')}-{port}")  # noqa: S108


def data(port: int) -> Path:
    """Return where the node on ``port`` keeps its data."""
    return home(port) / "data"


def forget(port: int) -> None:
    """Drop the folder of a node that has ended."""
    shutil.rmtree(home(port), ignore_errors=True)


def free_port() -> int:
    """Return a port for a node: free, and so is the one a hundred above it, by which nodes speak with each other."""
    while True:
        port = servers.free_port()
        if port + TRANSPORT < 65_536 and not _listens(port + TRANSPORT):
            return port


@contextmanager
def shared() -> Iterator[str]:
    """Give the address of a node that this process shares with others."""
    if url := os.environ.get("ELASTICSEARCH_URL"):
        yield url.split(",")[0]
        return
    with _users() as users:
        if not users and not _listens(PORT):
            _started().touch()
        url = start(PORT)
        users.add(os.getpid())
    try:
        yield url
    finally:
        with _users() as users:
            users.discard(os.getpid())
            if not users and _started().exists():
                _started().unlink()
                stop(PORT)
                forget(PORT)


def drop(url: str, pattern: str) -> None:
    """Drop the indices whose names fit ``pattern``."""
    with Elasticsearch(url) as client:
        for index in client.indices.get(index=pattern, features=["aliases"]):
            client.indices.delete(index=index)


def _started() -> Path:
    return _USERS.with_suffix(".started")


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


@contextmanager
def _users() -> Iterator[set[int]]:
    """Give the processes that use the node, alone: others wait."""
    with _USERS.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        users = {int(line) for line in file.read().split() if _is_alive(int(line))}
        yield users
        file.truncate(0)
        file.write("\n".join(map(str, users)))
        file.flush()


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
