"""A backup is taken while members write and mails go out; restored into an empty database it brings everything back.

What a backup knows as handed over is never handed over again. What it knows as waiting may have gone out after it was
taken: that is held and listed, and goes out only when staff let it.
"""

import json
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller

from tests.servers import PostgreSQL, find_postgresql, until

from .conftest import PATIENCE, ROOT, MailSink, Stack

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(find_postgresql() is None, reason="needs PostgreSQL: sudo apt install postgresql"),
]


@pytest.fixture
def postgresql() -> Iterator[PostgreSQL]:
    server = PostgreSQL()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def sink() -> Iterator[tuple[MailSink, str]]:
    """Return a mail server and its address."""
    taken = MailSink()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(taken, hostname="127.0.0.1", port=port)
    controller.start()
    yield taken, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture
def portal_at(sink, request) -> Iterator:
    """Return a function that gives a portal on a database, with files of its own."""
    made: list[Stack] = []

    def at(database_url: str) -> Stack:
        folder = Path(tempfile.mkdtemp(prefix="cluster-exchange-backup-"))
        made.append(Stack(folder, database_url, *sink))
        return made[-1]

    yield at
    for stack in made:
        stack.stop()
        shutil.rmtree(stack.folder, ignore_errors=True)


def manage(stack: Stack, *command: str) -> str:
    """Run a command of ``manage.py`` on the portal's database."""
    done = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=stack.environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def ask(stack: Stack, *what: str) -> dict:
    """Ask tests.faults.backup_load in a process of its own."""
    command = [sys.executable, "-m", "tests.faults.backup_load", *what]
    done = subprocess.run(command, cwd=ROOT, env=stack.environment, capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def handed_over(sink: MailSink) -> dict[str, int]:
    return {message_id: copies for (_, message_id), copies in sink.copies.items()}


def test_a_backup_under_load_brings_everything_back_and_sends_nothing_twice(postgresql, sink, portal_at, tmp_path):
    taken, _address = sink
    before = portal_at(postgresql.url())
    manage(before, "migrate", "--verbosity", "0")
    before.scenario("prepare")
    worker = before.start_worker()
    writing = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.backup_load", "write", "12"], cwd=ROOT, env=before.environment
    )

    until(lambda: len(taken.copies) > 5, "mails go out", PATIENCE)
    dump = tmp_path / "exchange.dump"
    postgresql.run("pg_dump", "--format=custom", "--file", dump, "exchange")
    in_the_backup = handed_over(taken)
    until(lambda: len(taken.copies) > len(in_the_backup) + 5, "mails go out after the backup too", PATIENCE)
    writing.kill()
    writing.wait()
    worker.bury()  # the machine is lost, with whatever it was doing

    lost_with = handed_over(taken)
    postgresql.run("createdb", "restored")
    postgresql.run("pg_restore", "--exit-on-error", "--no-owner", "--dbname", "restored", dump)
    after = portal_at(postgresql.url("restored"))
    manage(after, "migrate", "--check")
    assert "mails are held" in manage(after, "hold_mails")
    restored = ask(after, "state")
    assert restored["rows"]["community.Question"] > 1
    assert set(restored["states"]) <= {"sent", "ambiguous"}, "nothing waits to go out by itself"
    sent = {message_id for message_id, state in restored["mails"].items() if state == "sent"}
    assert sent, "the backup knows of mails handed over"
    assert sent <= lost_with.keys(), "and each of them was"

    manage(after, "search_rebuild")
    manage(after, "search_verify")
    after.start_worker()
    asked_anew = ask(after, "write", "2")["asked"]
    until(lambda: len(handed_over(taken)) >= len(lost_with) + asked_anew, "new questions go out", PATIENCE)
    assert set(handed_over(taken).values()) == {1}, "nothing went out twice"

    held = set(restored["ambiguous"])
    let_go = int(manage(after, "hold_mails", "--release").split()[0])
    assert let_go >= len(held), "notices are let go too"
    until(lambda: held <= handed_over(taken).keys(), "what was held arrives", PATIENCE)
    until(lambda: not [s for s in ask(after, "state")["states"] if s not in {"sent"}], "all is settled", PATIENCE)
    twice = {message_id for message_id, copies in handed_over(taken).items() if copies > 1}
    assert twice <= held, "only what staff let go, and is listed for ever, exists twice"
    assert set(ask(after, "state")["ambiguous"]) >= twice
