"""Real servers that a test starts for itself, on this machine, and may stop, freeze and kill."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
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
    """A program that listens on a port of its own until it is stopped; port 0 stands for one that listens nowhere."""

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
        return not self.port or listens(self.port)


def redis_server(folder: Path) -> Server:
    """Return a Redis, not yet started, that keeps nothing."""
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    return Server(command, port, folder / "redis.log")


def find_nginx() -> str | None:
    """Return the path of nginx, which Debian keeps off the path of ordinary accounts."""
    return shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin")


def find_postgresql() -> Path | None:
    """Return the folder of PostgreSQL's programs, which Debian keeps off the path, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if found:
        return found[-1].parent
    initdb = shutil.which("initdb")
    return Path(initdb).resolve().parent if initdb else None


class PostgreSQL:
    """A database server with a user and an empty database ``exchange``, below a folder of its own."""

    PASSWORD = "secret"

    def __init__(self) -> None:
        self.programs, self.port = find_postgresql(), free_port()
        # Not below a test's folder: those are for one account alone, and PostgreSQL refuses to run as root.
        self.folder = Path(tempfile.mkdtemp(prefix="cluster-exchange-postgresql-"))

    def url(self, database: str = "exchange") -> str:
        return f"postgres://exchange:{self.PASSWORD}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Lay it out and start it."""
        password = self.folder / "password"
        password.write_text(self.PASSWORD)
        if os.getuid() == 0:
            for path in (self.folder, password):
                shutil.chown(path, "postgres")
        data = self.folder / "data"
        self._run("initdb", "-D", data, "-U", "exchange", "-A", "scram-sha-256", "-N", f"--pwfile={password}")
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        self._run("pg_ctl", "-D", data, "-w", "-l", self.folder / "log", "-o", options, "start")
        self.run("createdb", "exchange")

    def stop(self) -> None:
        """End it and drop what it stored."""
        self._run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)

    def run(self, program: str, *arguments: str | Path, **options) -> subprocess.CompletedProcess:
        """Run one of PostgreSQL's client programs against it."""
        known = {"PGPASSWORD": self.PASSWORD, "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "exchange"}
        done = subprocess.run(
            [self.programs / program, *arguments],
            env={**os.environ, **known},
            capture_output=True,
            text=True,
            **options,
        )
        assert done.returncode == 0, done.stderr
        return done

    def _run(self, program: str, *arguments: str | Path) -> None:
        as_whom = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        # Into a file: the server inherits what pg_ctl writes to, and a pipe would never end.
        with tempfile.TemporaryFile("w+") as errors:
            command = [*as_whom, self.programs / program, *arguments]
            done = subprocess.run(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=errors)
            errors.seek(0)
            assert done.returncode == 0, errors.read()


def nginx_server(folder: Path, http: str, port: int) -> Server:
    """Return an nginx, not yet started, with ``http`` as what stands in its block of that name."""
    configuration = folder / "nginx.conf"
    places = "\n".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    configuration.write_text(
        f"pid {folder}/nginx.pid;\nerror_log stderr notice;\ndaemon off;\nevents {{}}\n"
        f"http {{\ninclude /etc/nginx/mime.types;\n{places}\n{http}\n}}\n"
    )
    command = [find_nginx(), "-e", "stderr", "-p", str(folder), "-c", str(configuration)]
    return Server(command, port, folder / "nginx.log")


def certificate(folder: Path) -> Path:
    """Put a self-made certificate for this machine and its key into ``folder``; return the certificate."""
    folder.mkdir(exist_ok=True)
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "2",
            ),
            *("-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"),
            *("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"),
        ],
        check=True,
        capture_output=True,
    )
    return folder / "fullchain.pem"
