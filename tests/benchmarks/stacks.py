"""The portal as it is served: its stores, its web server, its worker, each filled with synthetic content."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests import elasticsearch_server
from tests.servers import PostgreSQL, Server, find_postgresql, free_port, redis_server

ROOT = Path(__file__).resolve().parents[2]
ELASTICSEARCH_HEAP = "2g"
#: Names that lead to real servers, which no measurement may reach.
SERVERS = {"DATABASE_URL", "REDIS_URL", "REDIS_CACHE_URL", "EMAIL_URL", "ELASTICSEARCH_URL", "SEARCH_FALLBACK"}
_SECRET = "benchmark-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP"


@dataclass
class Stack:
    """One portal: a database, an index, and what serves them once started."""

    name: str
    folder: Path
    environment: dict[str, str]
    servers: dict[str, Server] = field(default_factory=dict)

    @property
    def is_production(self) -> bool:
        return "ELASTICSEARCH_URL" in self.environment

    @property
    def port(self) -> int:
        """Return the port of the web server, which is started the first time."""
        if "web" not in self.servers:
            port = free_port()
            command = [sys.executable, "-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *self._web()]
            self._start("web", command, port)
        return self.servers["web"].port

    def start_worker(self) -> None:
        """Start the worker; no sweep runs, so what happens was woken by a message."""
        celery = [sys.executable, "-m", "celery", "--app", "portal", "worker", "--loglevel", "WARNING"]
        pool = ["--concurrency", "2"] if self.is_production else ["--concurrency", "2", "--pool", "threads"]
        self._start("worker", [*celery, *pool, "--without-gossip", "--without-mingle"], 0)

    def manage(self, *arguments: str) -> None:
        """Run a management command; what it says goes to the terminal."""
        subprocess.run([sys.executable, "manage.py", *arguments], cwd=ROOT, env=self.surroundings(), check=True)

    def collect_static(self) -> None:
        """Put the static files where its web server looks for them."""
        self.manage("collectstatic", "--no-input", "--verbosity=0")

    def fill(self, documents: int) -> None:
        """Write synthetic content up to ``documents``."""
        command = [sys.executable, "-m", "tests.benchmarks.synthetic", "--documents", str(documents)]
        subprocess.run(command, cwd=ROOT, env=self.surroundings(), check=True)

    def inside(self, job: str, **asked) -> dict:
        """Run ``job`` of ``tests.benchmarks.inside`` in a process of the portal and return what it found."""
        command = [sys.executable, "-m", "tests.benchmarks.inside", job]
        with tempfile.NamedTemporaryFile("r", dir=self.folder) as answer:
            given = json.dumps({**asked, "answer": answer.name})
            subprocess.run(command, cwd=ROOT, env=self.surroundings(), input=given, text=True, check=True)
            return json.load(answer)

    def stop(self) -> None:
        """End what was started."""
        for server in self.servers.values():
            server.stop()
        self.servers.clear()

    def _web(self) -> list[str]:
        if self.is_production:
            return ["--config", "python:portal.gunicorn_conf", "--workers", "1", "portal.wsgi"]
        return ["--workers", "1", "--threads", "8", "--log-level", "warning", "portal.wsgi"]

    def _start(self, name: str, command: list[str], port: int) -> None:
        # Bound on the command line too, for gunicorn takes the last of several.
        server = Server(command, port, self.folder / f"{self.name}-{name}.log", cwd=ROOT, env=self.surroundings())
        self.servers[name] = server
        server.start()

    def surroundings(self) -> dict[str, str]:
        """Return the environment of its processes: this one's without anybody's servers, and its own."""
        return {name: value for name, value in os.environ.items() if name not in SERVERS} | self.environment


def why_not_production() -> str:
    """Return what lacks for the production stack; empty where everything is there."""
    if find_postgresql() is None:
        return "PostgreSQL is not installed"
    if shutil.which("redis-server") is None:
        return "redis-server is not installed"
    return elasticsearch_server.why_not()


@contextmanager
def embedded() -> Iterator[Stack]:
    """Give an empty portal on SQLite with the embedded engine."""
    with tempfile.TemporaryDirectory(prefix="cluster-exchange-bench-") as folder:
        stack = Stack(
            "embedded",
            Path(folder),
            {
                "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
                "VAR_DIR": str(Path(folder) / "var"),
                "BASE_URL": "http://localhost",
            },
        )
        (Path(folder) / "var" / "broker").mkdir(parents=True)
        (Path(folder) / "var" / "broker-control").mkdir()
        try:
            yield stack
        finally:
            stack.stop()


@contextmanager
def production() -> Iterator["Production"]:
    """Give real servers, started for this run and ended after it; an Elasticsearch that is named is used instead."""
    with tempfile.TemporaryDirectory(prefix="cluster-exchange-bench-") as folder, ExitStack() as ending:
        postgresql = PostgreSQL()
        postgresql.start()
        ending.callback(postgresql.stop)
        redis = redis_server(Path(folder))
        redis.start()
        ending.callback(redis.stop)
        url = os.environ.get("ELASTICSEARCH_URL", "")
        if not url:
            # Its own port and home: a node of somebody else's is neither filled nor stopped.
            os.environ |= {"ES_HOME": str(Path(folder) / "elasticsearch")}
            port = free_port()
            url = elasticsearch_server.start(port, ES_HEAP=os.environ.get("ES_HEAP", ELASTICSEARCH_HEAP))
            ending.callback(elasticsearch_server.stop, port)
        stores = Production(Path(folder), postgresql, redis.port, url)
        ending.callback(stores.stop)
        yield stores


@dataclass
class Production:
    """The servers of production, on which several portals may stand beside each other."""

    folder: Path
    postgresql: PostgreSQL
    redis_port: int
    elasticsearch: str
    stacks: list[Stack] = field(default_factory=list)

    def stack(self, name: str, *, like: Stack | None = None) -> Stack:
        """Give a portal with a database and an index of its own; the database is empty, or a copy."""
        copied = ["--template", like.name] if like else []
        self.postgresql.run("createdb", *copied, name)
        number = len(self.stacks) * 2
        environment = {
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings_production",
            "VAR_DIR": str(self.folder / name),
            "SECRET_KEY": _SECRET,
            "ALLOWED_HOSTS": "localhost",
            "BASE_URL": "https://localhost",
            "TRUSTED_PROXY_COUNT": "1",
            "DATABASE_URL": self.postgresql.url(name),
            "REDIS_URL": f"redis://127.0.0.1:{self.redis_port}/{number}",
            "ELASTICSEARCH_URL": self.elasticsearch,
            "ELASTICSEARCH_INDEX_PREFIX": f"bench-{os.getpid()}-{name}",
            "EMAIL_URL": "smtp://127.0.0.1:9",
            "LOG_LEVEL": "WARNING",
        }
        stack = Stack(name, self.folder, environment)
        self.stacks.append(stack)
        return stack

    def stop(self) -> None:
        """End what serves the portals, and drop their indices."""
        for stack in self.stacks:
            stack.stop()
            elasticsearch_server.drop(self.elasticsearch, f"{stack.environment['ELASTICSEARCH_INDEX_PREFIX']}-*")
