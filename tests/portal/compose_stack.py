"""The services of compose.yaml as processes of this machine: their commands, their environment, other ports."""

import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import yaml

from tests.servers import PostgreSQL, Server, certificate, free_port, nginx_server

ROOT = Path(__file__).resolve().parents[2]
#: What .env holds for this test.
SECRETS = {
    "HOST_NAME": "localhost",
    "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOP",
    "POSTGRES_PASSWORD": PostgreSQL.PASSWORD,
    "REDIS_PASSWORD": "redisword",
    "EMAIL_URL": "smtp://127.0.0.1:9",
    "MAIL_FROM": "Exchange <exchange@exchange.example>",
    "METRICS_TOKEN": "figures",
    "WEB_CONCURRENCY": "2",
}
_VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?:(:-|:\?)([^}]*))?\}")


@cache
def compose_file() -> dict:
    """Return compose.yaml with its anchors and its variables filled in, as docker compose reads it."""

    def fill(match: re.Match) -> str:
        name, how, rest = match.groups()
        if name is None:
            return "$"
        value = SECRETS.get(name, "")
        if not value and how == ":?":
            raise KeyError(f"compose.yaml requires {name}: {rest}")
        return value or (rest if how == ":-" else "")

    def filled(node):
        if isinstance(node, dict):
            return {key: filled(value) for key, value in node.items()}
        if isinstance(node, list):
            return [filled(each) for each in node]
        return _VARIABLE.sub(fill, node) if isinstance(node, str) else node

    return filled(yaml.safe_load((ROOT / "compose.yaml").read_text()))


@dataclass
class Answer:
    """What came back for a request through nginx or past it."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes


@dataclass
class ComposeStack:
    """Starts services natively; what compose names by host and port is found on ports of this machine."""

    folder: Path
    postgresql: PostgreSQL
    elasticsearch: str
    web_port: int = field(default_factory=free_port)
    http_port: int = field(default_factory=free_port)
    https_port: int = field(default_factory=free_port)
    redis_port: int = field(default_factory=free_port)
    servers: dict[str, Server] = field(default_factory=dict)

    def there(self, text: str) -> str:
        """Return ``text`` with the places of this machine for those of the containers."""
        for container, here in (
            ("postgresql:5432", f"127.0.0.1:{self.postgresql.port}"),
            ("redis:6379", f"127.0.0.1:{self.redis_port}"),
            ("http://elasticsearch:9200", self.elasticsearch),
            ("http://web:8000", f"http://127.0.0.1:{self.web_port}"),
            ("/tmp/beat-schedule", str(self.folder / "beat-schedule")),  # noqa: S108 - of the container, not of here
        ):
            text = text.replace(container, here)
        return text

    def environment(self, service: str) -> dict[str, str]:
        """Return the environment of ``service``, the one that the image sets too."""
        inherited = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        of_image = {
            "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
            "DJANGO_SETTINGS_MODULE": "portal.settings.production",
            "VAR_DIR": str(self.folder / "var"),
            "PYTHONUNBUFFERED": "1",
        }
        asked = compose_file()["services"][service]["environment"]
        here = {
            "GUNICORN_CMD_ARGS": f"--bind 127.0.0.1:{self.web_port}",
            "ELASTICSEARCH_INDEX_PREFIX": f"compose-{os.getpid()}",
            "SWEEP_SECONDS": "1",
        }
        return inherited | of_image | {name: self.there(value) for name, value in asked.items()} | here

    def command(self, service: str) -> list[str]:
        """Return the command of ``service``, its program looked up as the container would."""
        first, *rest = map(self.there, compose_file()["services"][service]["command"])
        return [shutil.which(first, path=self.environment(service)["PATH"]) or first, *rest]

    def run(self, *command: str, service: str = "setup") -> str:
        """Run a command in the surroundings of ``service`` to its end; return what it wrote."""
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment(service), capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def start(self, service: str, port: int) -> Server:
        """Start ``service``; ``port`` is what shows that it runs, 0 where it listens nowhere."""
        server = Server(self.command(service), port, self.log(service), cwd=ROOT, env=self.environment(service))
        self.servers[service] = server
        server.start()
        return server

    def log(self, service: str) -> Path:
        return self.folder / f"{service}.log"

    def start_redis(self) -> None:
        command = [*self.command("redis"), "--port", str(self.redis_port), "--bind", "127.0.0.1"]
        self.servers["redis"] = Server(command, self.redis_port, self.log("redis"), cwd=self.folder)
        self.servers["redis"].start()

    def start_nginx(self) -> None:
        """Fill the template in as nginx's image does: what its environment names, and nothing else."""
        environment = compose_file()["services"]["nginx"]["environment"] | {
            "HTTP_PORT": str(self.http_port),
            "HTTPS_PORT": str(self.https_port),
            "CERTIFICATES": str(certificate(self.folder / "certificates").parent),
            "WEB": f"http://127.0.0.1:{self.web_port}",
            "RESOLVER": "127.0.0.1",
            "MEDIA": str(self.folder / "var/media"),
            "CACHE": str(self.folder / "cache"),
        }
        (self.folder / "cache").mkdir(exist_ok=True)
        template = (ROOT / ".docker/nginx.conf.template").read_text()
        template = re.sub(r"\$\{(\w+)\}", lambda match: environment.get(match[1], match[0]), template)
        self.servers["nginx"] = nginx_server(self.folder, template, self.https_port)
        # Workers of nginx give up root's rights and must still read the folder of this test.
        self.servers["nginx"].command += ["-g", "user root;"] if os.getuid() == 0 else []
        self.servers["nginx"].start()

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        """Ask through nginx, over TLS, and check its certificate."""
        trusted = ssl.create_default_context(cafile=self.folder / "certificates/fullchain.pem")
        connection = http.client.HTTPSConnection("localhost", self.https_port, timeout=60, context=trusted)
        # The port is this test's own; people come by 443, which browsers leave out.
        return self._ask(connection, path, method, body, {"Host": "localhost", **headers})

    def ask_web(self, path: str, **headers: str) -> Answer:
        """Ask the web process itself, as the checks of a container do."""
        connection = http.client.HTTPConnection("127.0.0.1", self.web_port, timeout=60)
        return self._ask(connection, path, "GET", None, headers)

    def ask_plain(self, path: str) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.http_port, timeout=60)
        return self._ask(connection, path, "GET", None, {})

    @staticmethod
    def _ask(connection, path: str, method: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body=body, headers=named)
            response = connection.getresponse()
            return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def stop(self) -> None:
        for server in reversed(self.servers.values()):
            server.stop()
