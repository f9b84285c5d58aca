"""What prepares the demonstration, each step once: a stamp remembers what it was made from.

A stamp is a file in ``var/stamps`` that holds a hash of the step's inputs. A step runs again when its inputs
changed, when what it made is gone, or when a step that it builds on ran; run twice it changes nothing.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

#: Decides with the files about every step: another database or another address is another demonstration.
_SURROUNDINGS = ("BASE_URL", "DATABASES", "SEARCH_ENGINE", "ELASTICSEARCH_URL")


@dataclass(frozen=True)
class Step:
    """One management command, what it reads and what it builds on.

    ``inputs`` are patterns below the project's folder; ``makes`` names the setting that holds the path of what
    the step leaves, if losing that must repeat it.
    """

    command: str
    says: str
    inputs: tuple[str, ...]
    after: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    makes: Callable[[], Path | None] = lambda: None


def _database_file() -> Path | None:
    database = settings.DATABASES["default"]
    return Path(database["NAME"]) if database["ENGINE"] == "django.db.backends.sqlite3" else None


def _index_file() -> Path | None:
    return None if settings.ELASTICSEARCH_URL else Path(settings.SEARCH_INDEX_PATH)


STEPS = (
    Step(
        "migrate",
        "Database",
        ("requirements.txt", "*/migrations/*.py"),
        options=("--no-input", "--verbosity=0"),
        makes=_database_file,
    ),
    Step(
        "bootstrap_site",
        "Pages, groups and workflows that every portal has",
        ("knowledge/services/bootstrap.py", "knowledge/services/groups.py", "knowledge/starting_content/pages/**/*"),
        after=("migrate",),
    ),
    Step(
        "load_content",
        "Starting content",
        ("knowledge/starting_content/**/*", "knowledge/loading/**/*.py"),
        after=("migrate", "bootstrap_site"),
    ),
    Step(
        "bootstrap_exchange",
        "Communities, reasons and rights of moderators",
        ("community/services/bootstrap.py", "knowledge/starting_content/communities.json"),
        after=("migrate", "load_content"),
    ),
    Step(
        "play_exchanges",
        "Sample exchanges",
        ("community/playing/**/*.py", "community/starting_content/**/*", "knowledge/starting_content/exchanges.json"),
        after=("load_content", "bootstrap_exchange"),
    ),
    Step(
        "make_demo_accounts",
        "Accounts to sign in with",
        ("portal/demo/accounts.py",),
        after=("bootstrap_exchange", "play_exchanges"),
    ),
    Step(
        "collectstatic",
        "Static files",
        ("requirements.txt", "*/static/**/*"),
        options=("--no-input", "--verbosity=0"),
        makes=lambda: Path(settings.STATIC_ROOT) / "staticfiles.json",
    ),
    Step(
        "search_rebuild",
        "Search index",
        ("search/**/*.py", "*/search_sources.py"),
        after=("load_content", "play_exchanges"),
        makes=_index_file,
    ),
)


def due_steps() -> Iterator[Step]:
    """Yield the steps that have to run, in order; whoever takes one runs it before asking for the next."""
    ran: set[str] = set()
    for step in STEPS:
        made = step.makes()
        up_to_date = _stamp(step).is_file() and _stamp(step).read_text() == _key(step)
        if not up_to_date or (made is not None and not made.exists()) or ran.intersection(step.after):
            ran.add(step.command)
            yield step


def run_step(step: Step) -> None:
    """Run ``step`` and stamp it. A run that is broken off leaves no stamp on it nor on what builds on it."""
    for other in STEPS:
        if other is step or step.command in other.after:
            _stamp(other).unlink(missing_ok=True)
    call_command(step.command, *step.options)
    _stamp(step).parent.mkdir(parents=True, exist_ok=True)
    _stamp(step).write_text(_key(step))


def _stamp(step: Step) -> Path:
    return settings.VAR_DIR / "stamps" / step.command


def _key(step: Step) -> str:
    """Return the hash of the step itself, of its inputs by name and content, and of the surroundings."""
    digest = hashlib.sha256(repr((step.command, step.options)).encode())
    for name in _SURROUNDINGS:
        digest.update(repr(getattr(settings, name, None)).encode())
    files = {path for pattern in step.inputs for path in settings.BASE_DIR.glob(pattern) if path.is_file()}
    for path in sorted(files):
        digest.update(f"\0{path.relative_to(settings.BASE_DIR)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
