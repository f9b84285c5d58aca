"""The house keeps its rules: who may name what, how long a file is, where a thing may be written."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ("portal", "community", "knowledge", "search")
LONGEST_FILE = 400
FULLEST_PACKAGE = 14

#: Where text may be declared safe for HTML, and why it is.
MAY_MARK_SAFE = {
    "knowledge/sanitize.py": "it has just been sanitized",
    "knowledge/templatetags/exchange_tags.py": "the drawings of icons stand in that file",
    "community/templatetags/mail_tags.py": "it cuts HTML that was sanitized when it was stored",
    "search/embedded/highlighting.py": "it escapes each piece that it joins",
    "search/engine/highlighting.py": "it escapes what the server answers, and then puts the marks in",
}
#: The only writer of the state of a submission, and the exception that names a state.
MAY_SET_STATE = ("community/services/moderation/", "community/states.py")
#: Names of things that have a `state` of their own, which is not that of a submission.
OTHER_STATES = {"delivery", "envelope", "member"}
#: Each library behind one door: what may name it, by the beginning of the path.
DOORS = {
    "bleach": ("knowledge/sanitize.py",),
    "elasticsearch": ("search/engine/",),
    "elasticsearch_dsl": ("search/engine/",),
    "smtplib": ("community/mail/",),
    "email": ("community/mail/",),
}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def sources(*folders: str) -> list[Path]:
    """Return the Python files of ``folders`` that people write: migrations are written by Django."""
    found = (path for folder in folders for path in (ROOT / folder).rglob("*.py"))
    return sorted(path for path in found if "migrations" not in path.parts)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def places(*kinds: type[ast.AST]) -> Iterator[tuple[str, ast.AST]]:
    """Yield each node of these kinds in the apps, with the place to name in a message."""
    for path in sources(*APPS):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, kinds):
                yield f"{name_of(path)}:{node.lineno}", node


def test_the_layers_import_downwards_only():
    lint = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert lint.returncode == 0, lint.stdout


def test_tasks_are_woken_on_commit_and_never_timed():
    bare = [
        place
        for place, call in places(ast.Call)
        if (isinstance(call.func, ast.Attribute) and call.func.attr in {"delay", "apply_async", "send_task"})
        or any(keyword.arg in {"eta", "countdown"} for keyword in call.keywords)
    ]
    assert bare == [], "Start tasks with delay_on_commit; what is due later is found by a sweep."


def test_only_moderation_writes_the_state_of_a_submission():
    elsewhere = []
    for place, node in places(ast.Assign, ast.AugAssign, ast.Call):
        if place.startswith(MAY_SET_STATE):
            continue
        if isinstance(node, ast.Call):
            writes = isinstance(node.func, ast.Attribute) and node.func.attr in {"update", "update_or_create"}
            values = [keyword.value for keyword in node.keywords if keyword.arg == "state"] if writes else []
            if any("SubmissionState" in ast.unparse(value) for value in values):
                elsewhere.append(place)
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in (one for whole in targets for one in ast.walk(whole)):
            if isinstance(target, ast.Attribute) and target.attr == "state":
                owner = ast.unparse(target.value).rpartition(".")[2]
                elsewhere += [place] if owner not in OTHER_STATES else []
    assert not elsewhere, "\n".join(elsewhere)


def test_each_library_stands_behind_its_one_door():
    passed_by = []
    for place, node in places(ast.Import, ast.ImportFrom):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
        if isinstance(node, ast.ImportFrom) and node.level:
            continue
        for name in names:
            doors = DOORS.get(name.partition(".")[0])
            passed_by += [f"{place} imports {name}"] if doors and not place.startswith(doors) else []
    assert not passed_by, "\n".join(passed_by)


def test_text_is_declared_safe_only_where_it_was_made_safe():
    marked = {
        place.partition(":")[0]
        for place, call in places(ast.Call)
        if ast.unparse(call.func).rpartition(".")[2] in {"mark_safe", "SafeString"}
    }
    unknown = marked - MAY_MARK_SAFE.keys()
    assert not unknown, unknown


def test_no_module_is_named_for_nothing():
    assert [name_of(path) for path in sources(*APPS, "tests") if path.stem in {"utils", "helpers", "misc"}] == []


def test_every_file_can_be_read_in_one_sitting():
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in sources(*APPS, "tests")}
    long = {name: length for name, length in lengths.items() if length > LONGEST_FILE}
    assert not long, long


def test_no_file_is_an_empty_placeholder():
    empty = [path for path in sources(*APPS, "tests") if path.name != "__init__.py" and not path.read_text().strip()]
    assert [name_of(path) for path in empty] == []


def test_no_package_holds_more_than_one_can_overlook():
    packages = {path.parent for path in sources(*APPS)}
    counts = {name_of(package): len(list(package.glob("[!_]*.py"))) for package in packages}
    full = {name: count for name, count in counts.items() if count > FULLEST_PACKAGE}
    assert not full, full


def documented_modules() -> list[Path]:
    return sources("community/services", "community/mail", "knowledge/services", "search")


def public_functions(path: Path) -> Iterator[tuple[ast.FunctionDef, bool]]:
    """Yield the public functions of a module and the public methods of its public classes (with True)."""
    for node in tree_of(path).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node, False
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            for part in node.body:
                if isinstance(part, ast.FunctionDef) and not part.name.startswith("_"):
                    yield part, True


@pytest.mark.parametrize("path", documented_modules(), ids=name_of)
def test_public_functions_of_services_search_and_mail_say_what_they_take_and_return(path):
    bare = []
    for function, is_method in public_functions(path):
        taken = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        untyped = [one.arg for one in taken[is_method:] if one.annotation is None and one.arg != "user"]
        if function.returns is None or untyped:
            bare.append(f"{function.name} (line {function.lineno})")
        elif not is_method and not ast.get_docstring(function):
            bare.append(f"{function.name} (line {function.lineno}) has no docstring")
    assert not bare, "\n".join(bare)
