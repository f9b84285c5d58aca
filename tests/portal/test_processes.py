"""Programs that live and die together: however the group is left, none of them stays behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
DEADLINE = 20

#: Starts two programs, the first with a child of its own, writes all process ids to a file and waits.
SUPERVISOR = """
import sys
from portal.demo.processes import ProcessGroup

folder, first, second = sys.argv[1:]
with ProcessGroup(grace=1) as group:
    for name, code in (("first", first), ("second", second)):
        group.start(name, [sys.executable, "-c", code, f"{folder}/{name}"])
    group.wait()
    print("stop asked" if group.stop_asked else group.ended(), flush=True)
"""
#: A program that says that it runs, then waits; the sleep is a child in its group.
WITH_CHILD = """
import os, pathlib, subprocess, sys
child = subprocess.Popen(["sleep", "300"])
pathlib.Path(sys.argv[1]).write_text(f"{os.getpid()} {child.pid}")
child.wait()
"""
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{WITH_CHILD}"
SHORT_LIVED = """
import os, pathlib, subprocess, sys, time
child = subprocess.Popen(["sleep", "300"])
pathlib.Path(sys.argv[1]).write_text(f"{os.getpid()} {child.pid}")
while not pathlib.Path(sys.argv[1]).with_name("end").exists():
    time.sleep(0.05)
sys.exit(3)
"""

pytestmark = pytest.mark.processes


def until(true: Callable[[], object], what: str) -> None:
    """Wait for ``true`` to hold, and fail after the deadline."""
    end = time.monotonic() + DEADLINE
    while not true():
        assert time.monotonic() < end, f"not within {DEADLINE} s: {what}"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    """Return whether ``pid`` is a process that has not ended; a zombie has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


@pytest.fixture
def supervise(tmp_path) -> Iterator[Callable]:
    """Return a function that starts the supervisor over two programs: it and the process ids below it."""
    started: list[int] = []
    supervisors: list[subprocess.Popen] = []

    def start(first: str, second: str) -> tuple[subprocess.Popen, list[int]]:
        supervisor = subprocess.Popen(
            [sys.executable, "-c", SUPERVISOR, tmp_path, first, second], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        supervisors.append(supervisor)
        notes = [tmp_path / "first", tmp_path / "second"]
        until(lambda: all(note.exists() and len(note.read_text().split()) == 2 for note in notes), "both programs run")
        started.extend(int(pid) for note in notes for pid in note.read_text().split())
        return supervisor, list(started)

    yield start
    for supervisor in supervisors:
        supervisor.kill()
    for pid in filter(is_running, started):
        os.kill(pid, signal.SIGKILL)
    for supervisor in supervisors:
        supervisor.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_to_the_supervisor_ends_every_program_and_its_children(supervise, number):
    supervisor, below = supervise(WITH_CHILD, WITH_CHILD)
    supervisor.send_signal(number)
    said, _ = supervisor.communicate(timeout=DEADLINE)
    assert said.strip() == "stop asked"
    assert [pid for pid in below if is_running(pid)] == []


def test_a_program_that_ends_takes_the_others_with_it(supervise, tmp_path):
    supervisor, below = supervise(SHORT_LIVED, WITH_CHILD)
    (tmp_path / "end").touch()
    said, _ = supervisor.communicate(timeout=DEADLINE)
    assert said.strip() == "('first', 3)"
    assert [pid for pid in below if is_running(pid)] == []


def test_a_program_that_does_not_listen_is_killed_after_the_grace(supervise):
    supervisor, below = supervise(STUBBORN, WITH_CHILD)
    supervisor.send_signal(signal.SIGTERM)
    supervisor.communicate(timeout=DEADLINE)
    assert [pid for pid in below if is_running(pid)] == []


def test_a_killed_supervisor_leaves_no_program_running(supervise, tmp_path):
    supervisor, below = supervise(WITH_CHILD, WITH_CHILD)
    supervisor.kill()
    supervisor.wait(DEADLINE)
    programs = below[::2]
    until(lambda: not any(is_running(pid) for pid in programs), "the programs ended with their supervisor")
