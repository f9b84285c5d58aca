"""The production stack as compose.yaml names it: read as a file, and its commands run on this machine."""

import gzip
import json
import os
import re
import shutil
import signal
import tempfile
import threading
import time
from pathlib import Path

import pytest

from tests import elasticsearch_server
from tests.portal.compose_stack import ROOT, SECRETS, ComposeStack, compose_file
from tests.servers import PostgreSQL, find_postgresql, until

PORTAL = ("web", "worker", "beat", "setup", "upgrade", "rebuild")


def dockerfile() -> list[tuple[str, str]]:
    """Return the Dockerfile's instructions, each with what stands behind it."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#")]
    joined = re.sub(r"\n(CMD \[.*urllib)", r" \1", "\n".join(lines))
    return [tuple(line.partition(" ")[::2]) for line in joined.splitlines()]


def test_the_image_is_built_in_stages_and_runs_as_a_number_that_is_not_root():
    instructions = dockerfile()
    stages = [number for number, (name, _) in enumerate(instructions) if name == "FROM"]
    last = instructions[stages[-1] :]
    assert len(stages) == 2
    users = [what for name, what in last if name == "USER"]
    assert users == ["10001:10001"]
    behind_user = last[last.index(("USER", users[0])) :]
    assert not [name for name, _ in behind_user if name in {"RUN", "COPY", "ADD"}], "nothing is changed as that user"
    assert not any("pip install" in what for name, what in last if name == "RUN"), "no installer in the last stage"


def test_the_image_brings_static_files_a_check_and_no_secret():
    instructions = dockerfile()
    assert any("collectstatic" in what for name, what in instructions if name == "RUN")
    (check,) = [what for name, what in instructions if name == "HEALTHCHECK"]
    assert "/healthz" in check
    assert not [
        what for name, what in instructions if name in {"ENV", "ARG"} and re.search("SECRET|PASSWORD|TOKEN", what)
    ]
    copied = {what.split()[-2] for name, what in instructions if name == "COPY" and "--from" not in what}
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == allowed, "what is not copied does not enter the build"
    assert [path for path in copied if not (ROOT / path).exists()] == []
    assert dict(instructions)["CMD"] == json.dumps(compose_file()["services"]["web"]["command"])


def test_every_secret_comes_from_the_environment_and_is_listed_in_the_example():
    text = (ROOT / "compose.yaml").read_text()
    example = (ROOT / ".docker/env.example").read_text()
    required = set(re.findall(r"\$\{(\w+):\?", text))
    assert {"SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD"} <= required
    assert [name for name in required if not re.search(rf"^{name}=", example, re.MULTILINE)] == []
    assert not re.search(r"(?i)(password|secret_key|token): (?!\$)\S", text)


def test_each_service_waits_for_health_is_checked_and_starts_again():
    services = compose_file()["services"]
    stay = {"nginx", "web", "worker", "beat", "postgresql", "redis", "elasticsearch"}
    assert stay | {"setup", "upgrade", "rebuild"} == services.keys()
    for name in stay:
        assert services[name]["restart"] == "unless-stopped"
        assert "healthcheck" in services[name] or name == "web", "web has that of its image"
    for service in services.values():
        for awaited, how in service.get("depends_on", {}).items():
            assert how == {"condition": "service_healthy"}
            assert awaited in stay
    assert services["web"]["depends_on"].keys() == {"postgresql", "redis"}, "search is not needed to start"


def test_the_portal_runs_without_rights_on_a_file_system_that_it_cannot_change():
    for name in PORTAL:
        service = compose_file()["services"][name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]


def test_stores_have_no_way_out_and_no_port():
    file = compose_file()
    assert file["networks"]["stores"] == {"internal": True}
    for name in ("postgresql", "redis", "elasticsearch"):
        assert file["services"][name]["networks"] == ["stores"]
    assert [name for name, service in file["services"].items() if "ports" in service] == ["nginx"]


def test_what_holds_data_is_a_volume():
    file = compose_file()
    assert file["volumes"].keys() == {"media", "postgresql", "elasticsearch"}
    mounted = {
        volume.partition(":")[0] for service in file["services"].values() for volume in service.get("volumes", [])
    }
    assert file["volumes"].keys() <= mounted


# --- The commands, run here --------------------------------------------------------------------------------------

needs_servers = pytest.mark.skipif(find_postgresql() is None, reason="needs PostgreSQL: sudo apt install postgresql")
run_here = [pytest.mark.nginx, pytest.mark.redis, pytest.mark.elasticsearch, pytest.mark.processes, needs_servers]
run_here.append(pytest.mark.xdist_group("compose"))


def marked(test):
    """Mark a test as one that runs the stack."""
    for mark in run_here:
        test = mark(test)
    return test


@pytest.fixture(scope="module")
def stack(elasticsearch_node):
    """Run the stack: set up as on a first start, then nginx, web, worker and beat."""
    folder = Path(tempfile.mkdtemp(prefix="cluster-exchange-compose-"))
    postgresql = PostgreSQL()
    made = ComposeStack(folder, postgresql, elasticsearch_node)
    try:
        postgresql.start()
        made.start_redis()
        (folder / "var/media/images").mkdir(parents=True)
        (folder / "var/media/documents").mkdir()
        made.run("python", "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        # The starting content and what builds on it are tested elsewhere, and take longer than all the rest.
        without_content = re.compile(r".* (load_content|bootstrap_exchange)\n")
        made.run(*(without_content.sub("", part) for part in made.command("setup")))
        made.start("web", made.web_port)
        made.start("worker", 0)
        made.start("beat", 0)
        made.start_nginx()
        until(lambda: made.ask_web("/readyz").status == 200, "web is ready", 60)
        yield made
    finally:
        made.stop()
        elasticsearch_server.drop(elasticsearch_node, f"compose-{os.getpid()}-*")
        postgresql.stop()
        shutil.rmtree(folder, ignore_errors=True)


@marked
def test_an_upgrade_of_a_portal_that_runs_brings_what_the_release_adds_and_no_pages(stack):
    said = stack.run(*stack.command("upgrade"), service="upgrade")
    assert "The groups may do what this release lets them." in said
    assert "communities and reasons made." in said
    assert stack.ask_web("/readyz").status == 200


@marked
def test_the_stack_answers_its_checks(stack):
    assert stack.ask_web("/healthz").status == 200
    ready = stack.ask_web("/readyz")
    checks = json.loads(ready.body)["checks"]
    assert checks.keys() == {"database", "migrations", "search", "broker", "cache", "mail"}
    assert [name for name, check in checks.items() if not check["ok"]] == ["mail"], "nobody listens on its port here"
    assert stack.ask_plain("/healthz").status == 200
    assert stack.ask("/readyz").status == 200


@marked
def test_figures_are_added_up_over_processes_and_never_pass_nginx(stack):
    assert stack.ask("/metrics", Authorization="Bearer figures").status == 404
    assert stack.ask_web("/metrics").status == 404

    def counted() -> float:
        told = stack.ask_web("/metrics", Authorization="Bearer figures").body.decode()
        match = re.search(r'exchange_request_seconds_count\{method="GET",status="2xx",view="glossary"\} (\S+)', told)
        return float(match[1]) if match else 0

    before = counted()
    assert {stack.ask("/glossary/").status for _ in range(12)} == {200}
    assert [counted() - before for _ in range(6)] == [12] * 6, "whichever process answers"


@marked
def test_a_page_comes_compressed_over_tls_and_knows_that_it_does(stack):
    page = stack.ask("/", Accept_Encoding="gzip")
    assert page.status == 200
    assert page.headers["Content-Encoding"] == "gzip"
    assert b"<html" in gzip.decompress(page.body)
    assert "max-age=31536000" in page.headers["Strict-Transport-Security"]
    assert page.headers["Set-Cookie"] is None
    plain = stack.ask_plain("/themes/?q=1")
    assert (plain.status, plain.headers["Location"]) == (308, "https://localhost/themes/?q=1")
    wrong = stack.ask("/", Host="evil.example")
    assert wrong.status == 400


@marked
def test_static_files_are_kept_for_a_year_and_outlive_the_release(stack):
    page = stack.ask("/").body.decode()
    style = re.search(r'href="(/static/[^"]+\.css)"', page)[1]
    file = stack.ask(style, Accept_Encoding="gzip")
    assert file.status == 200
    assert file.headers["Content-Encoding"] == "gzip"
    assert "max-age=315360000" in file.headers["Cache-Control"]
    assert "immutable" in file.headers["Cache-Control"]


@marked
def test_pictures_are_served_and_documents_are_not(stack):
    (stack.folder / "var/media/images/a.png").write_bytes(b"\x89PNG")
    (stack.folder / "var/media/documents/secret.pdf").write_bytes(b"%PDF")
    picture = stack.ask("/media/images/a.png")
    assert (picture.status, picture.headers["Content-Type"]) == (200, "image/png")
    assert "sandbox" in picture.headers["Content-Security-Policy"]
    for address in (
        "/media/documents/secret.pdf",
        "/media/images/../documents/secret.pdf",
        "/media//documents/secret.pdf",
    ):
        assert stack.ask(address).status == 404, address


@marked
def test_too_large_a_post_is_refused_by_nginx_and_the_editors_side_takes_more(stack):
    megabytes = b"x" * (2 * 1024 * 1024)
    assert stack.ask("/ask/", "POST", megabytes).status == 413
    assert stack.ask("/admin/images/add/", "POST", megabytes).status != 413
    assert stack.ask("/admin/images/add/", "POST", megabytes * 13).status == 413


@marked
def test_a_request_has_one_id_in_nginx_in_the_portal_and_in_its_answer(stack):
    sent = "f" * 32
    page = stack.ask("/mail/stop/open-sesame/?why=asha@example.org", X_Request_ID=sent)
    taken = page.headers["X-Request-ID"]
    assert taken != sent, "a visitor's own is not believed"

    def lines(service: str) -> list[dict]:
        written = [line for line in stack.log(service).read_text().splitlines() if line.startswith("{")]
        return [line for line in map(json.loads, written) if line.get("request_id") == taken]

    until(lambda: lines("web") and lines("nginx"), "both wrote their lines")
    for service in ("web", "nginx"):
        (line,) = lines(service)
        assert "open-sesame" not in json.dumps(line)
        assert "asha" not in json.dumps(line)
    every = stack.log("web").read_text().splitlines()
    assert [line for line in every if not line.startswith("{")] == [], "each line of the log is JSON"


@marked
def test_worker_and_beat_do_what_is_due(stack):
    def lines() -> list[dict]:
        written = stack.log("worker").read_text().splitlines()
        return [json.loads(line) for line in written if line.startswith("{")]

    def done() -> bool:
        return any(line["event"] == "task_succeeded" and line.get("request_id") is None for line in lines())

    until(done, "a sweep of beat's was done by the worker", 60)
    files = list(stack.folder.glob("beat-schedule*"))
    assert files
    assert max(time.time() - file.stat().st_mtime for file in files) < 120


@marked
def test_a_start_outside_a_container_lacks_nothing_that_production_needs(stack):
    stack.run("python", "manage.py", "check", "--deploy", "--fail-level", "WARNING", "--database", "default")


@marked
def test_what_has_begun_is_finished_when_web_is_told_to_end(stack):
    """A rolling restart: requests that are under way are answered, and nginx says calmly that nobody is there."""
    answers: list[int] = []
    stopped = threading.Event()

    def visit() -> None:
        while not stopped.wait(0.2):  # fewer than nginx allows one address
            answers.append(stack.ask("/themes/").status)

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    try:
        until(lambda: len(answers) > 20, "visitors come", 60)
        code = stack.servers["web"].stop(signal.SIGTERM)
        until(lambda: 503 in answers, "nginx says that the portal is away")
        away = stack.ask("/themes/")
        stack.servers["web"].start()
        until(lambda: answers[-1] == 200, "pages are back", 60)
    finally:
        stopped.set()
        for visitor in visitors:
            visitor.join(30)
    assert away.headers["Retry-After"] == "30"
    assert code == 0
    assert set(answers) == {200, 503}, "no page was cut off or broken"


@marked
def test_a_worker_finishes_its_task_before_it_ends(stack):
    assert stack.servers["worker"].stop(signal.SIGTERM) == 0
    assert stack.servers["beat"].stop(signal.SIGTERM) == 0
    assert SECRETS["SECRET_KEY"] not in stack.log("worker").read_text()
