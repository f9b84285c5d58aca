"""The commands that people type first: each step once, plain sentences instead of tracebacks."""

import os
import re
import socket
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.demo import steps
from portal.demo.accounts import ACCOUNTS, PASSWORD
from portal.management.commands import serve_demo

ROOT = Path(__file__).resolve().parent.parent.parent


def make(*arguments: str, folder: Path, path: str) -> subprocess.CompletedProcess:
    """Run make on a copy of the Makefile in ``folder``, with only the programs on ``path``."""
    for name in ("Makefile", "requirements.txt", "requirements-dev.txt"):
        (folder / name).write_text((ROOT / name).read_text())
    return subprocess.run(
        ["/usr/bin/env", f"PATH={path}", "make", *arguments], cwd=folder, capture_output=True, text=True
    )


@pytest.fixture
def bare_path(tmp_path) -> Path:
    """Return a folder with the programs of a bare system, without Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("make", "bash", "sh", "cat", "cksum", "cut", "env", "touch", "awk", "rm", "find"):
        source = next(path for place in ("/usr/bin", "/bin") if (path := Path(place, name)).exists())
        (folder / name).symlink_to(source)
    return folder


def python_that(folder: Path, answers: str) -> None:
    """Put a stand-in for python3 into ``folder``: a shell script that answers the questions of the Makefile."""
    script = folder / "python3"
    script.write_text(f'#!/bin/sh\ncase "$*" in\n{answers}\nesac\n')
    script.chmod(0o755)


def test_every_target_is_explained_by_make_help():
    lines = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^\.PHONY: ([a-z-]+)$", lines, re.MULTILINE))
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True).stdout
    assert {"demo", "test", "lint", "format", "messages", "bench", "clean", "reset"} <= targets
    assert {target for target in targets if not re.search(rf"^  {target} +\w", listed, re.MULTILINE)} == set()


def test_a_system_without_python_gets_one_sentence_with_the_apt_line(tmp_path, bare_path):
    result = make("demo", folder=tmp_path, path=str(bare_path))
    assert result.returncode != 0
    assert result.stdout == "Python 3.11 or newer is missing. Install it: sudo apt install python3 python3-venv\n"


def test_an_old_python_gets_one_sentence_with_the_apt_line(tmp_path, bare_path):
    python_that(bare_path, '*version_info*) exit 1 ;;\n-V) echo "Python 3.8.10" ;;')
    result = make("demo", folder=tmp_path, path=str(bare_path))
    assert result.returncode != 0
    assert "is older (Python 3.8.10). On Debian 12: sudo apt install python3 python3-venv" in result.stdout
    assert len(result.stdout.splitlines()) == 1


def test_a_python_without_venv_gets_one_sentence_with_the_apt_line(tmp_path, bare_path):
    python_that(bare_path, "*ensurepip*) exit 1 ;;")
    result = make("test", folder=tmp_path, path=str(bare_path))
    assert result.returncode != 0
    assert "Install it: sudo apt install python3-venv" in result.stdout
    assert len(result.stdout.splitlines()) == 1


def test_a_failed_installation_leaves_no_stamp_so_the_next_run_tries_again(tmp_path, bare_path):
    python_that(
        bare_path, '*"venv --clear"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;\n*"pip install"*) exit 1 ;;'
    )
    for name in ("mkdir", "cp"):
        (bare_path / name).symlink_to(f"/bin/{name}")
    result = make("demo", folder=tmp_path, path=str(bare_path))
    assert result.returncode != 0
    assert "could not be installed: is the package registry within reach?" in result.stdout
    assert not list((tmp_path / ".venv").glob("installed-*"))


@pytest.fixture
def kitchen(tmp_path, settings, monkeypatch) -> list[str]:
    """Three steps over a project of two files; returns the list of the commands that ran."""
    ran: list[str] = []
    settings.BASE_DIR, settings.VAR_DIR = tmp_path, tmp_path / "var"
    (tmp_path / "flour.txt").write_text("white")
    (tmp_path / "jam.txt").write_text("red")

    def cook(command: str) -> None:
        ran.append(command)
        if command == "dough":
            (tmp_path / "dough").touch()
        if command == "bake" and (tmp_path / "fire-is-out").exists():
            raise CommandError("no fire")

    monkeypatch.setattr(steps, "call_command", cook)
    monkeypatch.setattr(
        steps,
        "STEPS",
        (
            steps.Step("dough", "Dough", ("flour.txt",), makes=lambda: tmp_path / "dough"),
            steps.Step("bake", "Bake", (), after=("dough",)),
            steps.Step("fill", "Fill", ("jam.txt",)),
        ),
    )
    return ran


def prepare() -> None:
    for step in steps.due_steps():
        steps.run_step(step)


def test_steps_run_once_in_their_order(kitchen):
    prepare()
    prepare()
    assert kitchen == ["dough", "bake", "fill"]


def test_a_changed_input_repeats_its_step_and_what_builds_on_it(kitchen, tmp_path):
    prepare()
    kitchen.clear()
    (tmp_path / "flour.txt").write_text("brown")
    prepare()
    assert kitchen == ["dough", "bake"]


def test_a_lost_result_repeats_its_step_and_what_builds_on_it(kitchen, tmp_path):
    prepare()
    kitchen.clear()
    (tmp_path / "dough").unlink()
    prepare()
    assert kitchen == ["dough", "bake"]


def test_a_broken_step_is_repeated_although_the_one_before_is_not(kitchen, tmp_path):
    prepare()
    (tmp_path / "flour.txt").write_text("brown")
    (tmp_path / "fire-is-out").touch()
    with pytest.raises(CommandError):
        prepare()
    kitchen.clear()
    (tmp_path / "fire-is-out").unlink()
    prepare()
    assert kitchen == ["bake"]


def test_another_database_or_address_is_another_demonstration(kitchen, settings):
    prepare()
    kitchen.clear()
    settings.BASE_URL = "http://localhost:8001"
    prepare()
    assert kitchen == ["dough", "bake", "fill"]


def test_every_step_is_a_command_and_reads_files_that_exist():
    from django.core.management import get_commands

    assert [step.command for step in steps.STEPS if step.command not in get_commands()] == []
    unread = {pattern for step in steps.STEPS for pattern in step.inputs if not any(ROOT.glob(pattern))}
    assert unread == set()


@pytest.mark.parametrize("command", ["serve_demo", "prepare_demo", "make_demo_accounts"])
def test_the_demonstration_refuses_settings_that_are_not_its_own(command, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="demonstration"):
        call_command(command)


@pytest.fixture
def demo(settings):
    settings.DEMO = True
    return settings


@pytest.mark.parametrize(
    "address", ["http://localhost:x", "http://localhost:0", "http://localhost:70000", "https://exchange.example"]
)
def test_an_address_that_cannot_be_served_here_is_refused_in_a_sentence(demo, address):
    demo.BASE_URL = address
    with pytest.raises(CommandError, match="make demo PORT=8001"):
        call_command("serve_demo")


def test_a_taken_port_is_named_before_anything_is_prepared(demo, monkeypatch):
    monkeypatch.setattr(serve_demo, "call_command", lambda *names, **options: pytest.fail("it prepared"))
    with socket.socket() as other:
        other.bind((serve_demo.HOST, 0))
        other.listen()
        port = other.getsockname()[1]
        demo.BASE_URL = f"http://localhost:{port}"
        with pytest.raises(CommandError, match=f"Port {port} cannot be opened"):
            call_command("serve_demo")


def test_the_demonstration_listens_on_this_machine_only():
    arguments = serve_demo.web_server(8000)
    assert arguments[arguments.index("--bind") + 1] == "127.0.0.1:8000"


def test_the_welcome_names_the_address_every_account_and_the_password(demo):
    demo.BASE_URL = "http://localhost:8000"
    out = StringIO()
    serve_demo.Command(stdout=out, no_color=True).welcome()
    said = out.getvalue()
    assert "Cluster Exchange is at http://localhost:8000\n" in said
    assert PASSWORD in said
    assert [account.email for account in ACCOUNTS if account.email not in said] == []


def test_a_server_started_without_a_word_runs_as_production():
    environment = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    ask = "import os, portal; print(os.environ['DJANGO_SETTINGS_MODULE'])"
    said = subprocess.run(
        [ROOT / ".venv/bin/python", "-c", ask], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert said.stdout.strip() == "portal.settings.production"


@pytest.mark.xdist_group("together")
def test_tests_of_one_group_stay_in_one_process(request):
    """Some versions of the runner part a group without a word, and what is made once for it is made by each process."""
    if request.config.getoption("loadgroup", False):
        assert request.node.nodeid.endswith("@together")
