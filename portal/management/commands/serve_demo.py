"""The demonstration: the site, a worker and a beat, started and ended by one command."""

import http.client
import os
import shutil
import socket
import sys
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from portal.demo.accounts import ACCOUNTS, PASSWORD
from portal.demo.processes import ProcessGroup

HOST = "127.0.0.1"
#: Seconds that the site may take to answer for the first time.
START_DEADLINE = 90

_CELERY = ["-m", "celery", "--quiet", "--app", "portal"]
WORKER = [
    # In a container the demonstration may well be started by root; nothing outside this machine reaches it.
    *("-W", "ignore:You're running the worker with superuser privileges"),
    *(*_CELERY, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "WARNING"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat"),
]
BEAT = [*_CELERY, "beat", "--loglevel", "WARNING"]


class Command(BaseCommand):
    """Prepares what is due, serves at ``BASE_URL`` on this machine only, ends everything on Ctrl-C."""

    help = "Prepare and serve the demonstration with its worker and beat, until Ctrl-C."
    requires_system_checks = []

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError(
                "These settings are not the demonstration's: use DJANGO_SETTINGS_MODULE=portal.settings.demo."
            )
        port = self.port()
        self.refuse_taken(port)
        try:
            call_command("prepare_demo", stdout=self.stdout, stderr=self.stderr)
        except KeyboardInterrupt:
            raise CommandError("Stopped. The next start goes on where this one ended.", returncode=130) from None
        for folder in broker_folders():
            # What an earlier run left there only wakes somebody, and a killed one may have left it half written.
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
        with ProcessGroup() as group:
            # The site first: somebody waits for it, and the worker's work is found by its next sweep.
            self.start(group, "web server", web_server(port))
            if group.wait(until=lambda: answers(port), seconds=START_DEADLINE, pause=0.1):
                self.start(group, "worker", WORKER)
                self.start(group, "beat", BEAT)
                self.welcome()
                group.wait()
            self.farewell(group)

    def port(self) -> int:
        """Return the port of ``BASE_URL``, which mails and links name too."""
        try:
            address = urlsplit(settings.BASE_URL)
            port = 80 if address.port is None else address.port
        except ValueError:
            port = 0
        if not 0 < port < 65536 or address.scheme != "http" or address.hostname not in ("localhost", HOST):
            raise CommandError(
                f"The demonstration is served at http://localhost with a port between 1 and 65535, not at "
                f"{settings.BASE_URL}: say for example make demo PORT=8001."
            )
        return port

    def refuse_taken(self, port: int) -> None:
        """Say plainly that the port is taken before anything is prepared."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                raise CommandError(
                    f"Port {port} cannot be opened ({os.strerror(error.errno)}). Perhaps the demonstration already "
                    f"runs; another port: make demo PORT={port + 1 if port < 65535 else 8001}."
                ) from error

    def start(self, group: ProcessGroup, name: str, arguments: list[str]) -> None:
        """Start a program of this Python with the settings and files of this process."""
        environment = {
            "DJANGO_SETTINGS_MODULE": os.environ["DJANGO_SETTINGS_MODULE"],
            "BASE_URL": settings.BASE_URL,
            "VAR_DIR": str(settings.VAR_DIR),
        }
        group.start(name, [sys.executable, *arguments], environment, cwd=settings.BASE_DIR)

    def welcome(self) -> None:
        """Print the address, the accounts and what to try first."""
        width = max(len(account.email) for account in ACCOUNTS)
        lines = [
            "",
            self.style.SUCCESS(f"Cluster Exchange is at {settings.BASE_URL}"),
            f"  Its mails are at {settings.BASE_URL}/outbox/, the editors' side at {settings.BASE_URL}/admin/.",
            "",
            f"Sign in with one of these addresses; the password of all is {PASSWORD}",
            *(f"  {account.email:<{width}}  {account.name}: {account.try_first}" for account in ACCOUNTS),
            "",
            "Try first: search for “water” without signing in, then ask as the member and decide as the moderator.",
            "Ctrl-C ends it.",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def farewell(self, group: ProcessGroup) -> None:
        if group.stop_asked:
            self.stdout.write("\nStopping …")
            return
        if (end := group.ended()) is None:
            raise CommandError(f"The site did not answer within {START_DEADLINE} seconds; the rest was stopped.")
        name, code = end
        raise CommandError(f"The {name} ended by itself (exit code {code}), so the rest was stopped.")


def web_server(port: int) -> list[str]:
    """Return what serves the site on ``port``: one process, as the embedded cache lives in the memory of a process."""
    return [
        *("-m", "gunicorn", "portal.wsgi:application", "--bind", f"{HOST}:{port}"),
        *("--workers", "1", "--threads", "8", "--graceful-timeout", "3", "--log-level", "warning"),
    ]


def broker_folders() -> list[Path]:
    """Return the folders that the filesystem broker expects to find; none where another broker is set."""
    options = getattr(settings, "CELERY_BROKER_TRANSPORT_OPTIONS", {})
    names = ("data_folder_in", "data_folder_out", "control_folder")
    return sorted({Path(options[name]) for name in names if name in options})


def answers(port: int) -> bool:
    """Return whether something answers HTTP on ``port``, whatever it says."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True
