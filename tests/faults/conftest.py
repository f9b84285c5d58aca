"""A stack of its own for each fault test: database, index, broker, mail server, and processes to kill."""

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email import message_from_bytes
from pathlib import Path

import psycopg
import pytest
import redis
from aiosmtpd.controller import Controller
from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
#: Seconds that a process has for whatever it is asked to do.
PATIENCE = 120
#: How far behind the database of a process's cache that of its stack's broker is, in a Redis of the usual 16.
FIRST_BROKER = 8


class MailSink:
    """An SMTP server that takes everything and remembers who got which mail."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, str]] = []

    async def handle_DATA(self, server, session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        message_id = message_from_bytes(envelope.content)["Message-ID"]
        self.taken += [(recipient, message_id) for recipient in envelope.rcpt_tos]
        return "250 taken"

    @property
    def copies(self) -> Counter:
        """Return the number of copies by recipient and Message-ID."""
        return Counter(self.taken)


@dataclass
class Worker:
    """A worker process with beat, and the way to its end."""

    stack: "Stack"
    pid: int
    exit_code: int | None = None

    def wait(self) -> int:
        """Return the exit code, a negative signal where one ended it; fail when patience is over."""
        deadline = time.monotonic() + PATIENCE
        while self.exit_code is None:
            self.exit_code = self.stack.order(do="poll", pid=self.pid)
            if self.exit_code is None and time.monotonic() > deadline:
                pytest.fail(f"the worker goes on:\n{self.stack.logs}")
            time.sleep(0.05)
        return self.exit_code

    def bury(self) -> None:
        """End the worker with its beat, which outlives it otherwise."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.wait()


class Stack:
    """Starts real processes on a database, an index and a broker folder of their own."""

    def __init__(self, folder: Path, database_url: str, sink: MailSink, email_url: str) -> None:
        self.folder, self.sink = folder, sink
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "VAR_DIR": str(folder),
            "DATABASE_URL": database_url,
            "EMAIL_URL": email_url,
            "PYTHONPATH": str(ROOT),
            # Of the servers that tests share, where there are any: a broker and indices of its own.
            "REDIS_URL": own_broker() if settings.REDIS_CACHE_URL else "",
            "REDIS_CACHE_URL": settings.REDIS_CACHE_URL,
            "ELASTICSEARCH_INDEX_PREFIX": f"{settings.ELASTICSEARCH_INDEX_PREFIX}-{uuid.uuid4().hex[:6]}",
        }
        self.workers: list[Worker] = []
        self._zygote: subprocess.Popen | None = None
        for name in ("broker", "broker-control"):
            (folder / name).mkdir(exist_ok=True)

    def scenario(self, step: str) -> dict:
        """Run a step of the scenario in a process of its own and return what it prints."""
        outcome = self.order(do="step", name=step)
        assert "failed" not in outcome, (self.folder / "zygote.log").read_text()[-4000:]
        return outcome

    def start_worker(self, kill_at: str = "") -> "Worker":
        """Start a worker with beat; it kills itself where ``kill_at`` says."""
        log = self.folder / f"worker-{len(self.workers)}.log"
        pid = self.order(do="start", kill_at=kill_at, log=str(log), beat=str(self.folder / "beat"))
        self.workers.append(Worker(self, pid))
        return self.workers[-1]

    def order(self, **order) -> object:
        """Have the zygote do something and return its answer; the first order starts it."""
        if self._zygote is None:
            with (self.folder / "zygote.log").open("w") as log:
                self._zygote = subprocess.Popen(
                    [sys.executable, "-m", "tests.faults.zygote"],
                    cwd=ROOT,
                    env=self.environment,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=log,
                    text=True,
                )
        print(json.dumps(order), file=self._zygote.stdin, flush=True)
        answer = self._zygote.stdout.readline()
        assert answer, (self.folder / "zygote.log").read_text()[-4000:]
        return json.loads(answer)

    def empty_broker(self) -> int:
        """Throw away every message in the broker; return how many there were."""
        if address := self.environment["REDIS_URL"]:
            with redis.Redis.from_url(address) as broker:
                waiting = broker.llen("celery")
                broker.flushdb()
            return waiting
        messages = [path for path in (self.folder / "broker").iterdir() if path.is_file()]
        for message in messages:
            message.unlink(missing_ok=True)
        return len(messages)

    def wait_until(self, holds: Callable[[dict], bool]) -> dict:
        """Ask for the report until ``holds``; fail with it when patience is over."""
        deadline = time.monotonic() + PATIENCE
        while True:
            report = self.scenario("report")
            if holds(report):
                return report
            if time.monotonic() > deadline:
                pytest.fail(f"not in time: {report}\n{self.logs}")
            time.sleep(0.2)

    @property
    def logs(self) -> str:
        """Return the end of what each worker said."""
        return "\n".join(path.read_text()[-2000:] for path in self.folder.glob("worker-*.log"))

    def stop(self) -> None:
        """End every process that was started."""
        for worker in self.workers:
            worker.bury()
        if self._zygote:
            self._zygote.communicate(timeout=PATIENCE)

    def start_and_lose(self, kill_at: str) -> None:
        """Start a worker and wait until it has killed itself at that point."""
        worker = self.start_worker(kill_at)
        assert worker.wait() == -signal.SIGKILL
        worker.bury()


def own_broker() -> str:
    """Return the address of an empty database of the Redis that the tests share, for one stack at a time."""
    server, _, number = settings.REDIS_CACHE_URL.rpartition("/")
    address = f"{server}/{int(number) + FIRST_BROKER}"
    with redis.Redis.from_url(address) as broker:
        broker.flushdb()
    return address


def _migrate(environment: dict[str, str]) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"], cwd=ROOT, env=environment, check=True, timeout=300
    )


@pytest.fixture(scope="session")
def make_database(tmp_path_factory) -> Iterator[Callable[[Path], str]]:
    """Return a function that makes a migrated database for a stack in a folder and returns its DATABASE_URL."""
    folder = tmp_path_factory.mktemp("template")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.faults.settings", "VAR_DIR": str(folder)}
    if connection.vendor == "sqlite":
        environment["DATABASE_URL"] = ""
        _migrate(environment)

        def copy(target: Path) -> str:
            shutil.copy(folder / "portal.sqlite3", target / "portal.sqlite3")
            return ""

        yield copy
        return

    address = settings.DATABASES["default"]
    server = psycopg.conninfo.make_conninfo(
        host=address["HOST"], port=address["PORT"] or None, user=address["USER"], password=address["PASSWORD"]
    )
    template = f"faults_template_{uuid.uuid4().hex[:8]}"
    made = [template]

    def create(name: str, like: str = "template1") -> str:
        with psycopg.connect(server, dbname="postgres", autocommit=True) as postgres:
            postgres.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
        host = address["HOST"].replace("/", "%2F")
        password = f":{address['PASSWORD']}" if address["PASSWORD"] else ""
        port = f":{address['PORT']}" if address["PORT"] else ""
        return f"postgres://{address['USER']}{password}@{host}{port}/{name}"

    _migrate({**environment, "DATABASE_URL": create(template)})

    def clone(target: Path) -> str:
        made.append(f"faults_{uuid.uuid4().hex[:8]}")
        return create(made[-1], like=template)

    yield clone
    with psycopg.connect(server, dbname="postgres", autocommit=True) as postgres:
        for name in reversed(made):
            postgres.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def stack(tmp_path, make_database) -> Iterator[Stack]:
    """Return a stack whose mails go to an SMTP server on this machine."""
    sink = MailSink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    made = Stack(tmp_path, make_database(tmp_path), sink, f"smtp://127.0.0.1:{port}")
    try:
        yield made
    finally:
        made.stop()
        controller.stop()
