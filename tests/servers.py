"""Real servers that a test starts for itself, on this machine, and may stop, freeze and kill."""

import contextlib
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

#: Seconds that a server has to answer or to end.
PATIENCE = 30


def free_port() -> int:
    """Return a port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(true: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
    """Wait for ``true`` to hold; fail with ``what`` after the deadline."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s: {what}"
        time.sleep(0.05)


def listens(port: int) -> bool:
    """Return whether somebody takes connections on ``port``."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


class Server:
    """A program that listens on a port of its own until it is stopped."""

    def __init__(self, command: Sequence[str], port: int, log: Path, **options) -> None:
        self.command, self.port, self.log, self.options = command, port, log, options
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        """Start it, and return when it takes connections."""
        with self.log.open("a") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=subprocess.STDOUT, **self.options)
        until(self._answers, f"{self.command[0]} listens on {self.port}\n{self.log.read_text()[-2000:]}")

    def stop(self, number: int = signal.SIGTERM) -> int | None:
        """End it, and return its exit code."""
        if self.process is None:
            return None
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    @contextlib.contextmanager
    def frozen(self) -> Iterator[None]:
        """Let it take connections and answer nobody."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def _answers(self) -> bool:
        assert self.process.poll() is None, f"{self.command[0]} ended: {self.log.read_text()[-2000:]}"
        return listens(self.port)


def redis_server(folder: Path) -> Server:
    """Return a Redis, not yet started, that keeps nothing."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    return Server(command, port, folder / "redis.log")


def find_nginx() -> str | None:
    """Return the path of nginx, which Debian keeps off the path of ordinary accounts."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")
