import io
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from search import indexing
from search.documents import SearchUnavailable
from search.models import OutboxEntry
from search.registry import get_engine
from search.upkeep import rebuilding

from .fake_source import make_document

pytestmark = pytest.mark.django_db


def put(source, *keys: str, version: int = 0) -> None:
    """Store documents and put them into the index without an outbox entry, as a rebuild does."""
    get_engine().write([(source.add(key, f"Title of {key}"), version) for key in keys], [])


def held() -> list[str]:
    return [each.key for each in get_engine().versions()]


def verify(*options: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("search_verify", *options, stdout=out, stderr=io.StringIO())
    except SystemExit as leaving:
        return leaving.code, out.getvalue()
    return 0, out.getvalue()


def compared() -> dict:
    code, out = verify("--json")
    answer = json.loads(out)
    assert code == int(bool(answer["missing"] + answer["extra"] + answer["stale"] + answer["forbidden"]))
    return answer


# search_rebuild


def test_a_rebuild_holds_what_the_source_has_and_nothing_else(source):
    put(source, "solution:1", "solution:2")
    del source.stored["solution:1"]
    source.add("scheme:3", "Three")
    out = io.StringIO()
    call_command("search_rebuild", stdout=out)
    assert held() == ["scheme:3", "solution:2"]
    assert "Indexing 2/2" in out.getvalue()
    assert "holds 2 documents" in out.getvalue()


def test_a_rebuild_spares_the_drain_what_it_has_done(source):
    source.add("solution:1")
    indexing.schedule_index("solution", 1)
    call_command("search_rebuild", stdout=io.StringIO())
    assert not OutboxEntry.objects.pending().exists()
    assert next(get_engine().versions()).version == 1


def test_a_change_during_a_rebuild_is_in_the_new_index(source, monkeypatch):
    for number in range(1, 6):
        source.add(f"solution:{number}", "Old")
    original = rebuilding._read

    def change_and_read(*args):
        source.add("solution:1", "New")
        source.add("solution:9", "Newcomer")
        del source.stored["solution:2"]
        indexing.schedule_indexes("solution", [1, 2, 9])
        indexing.drain(now=timezone.now())
        return original(*args)

    monkeypatch.setattr(rebuilding, "_read", change_and_read)
    rebuilding.rebuild()
    assert {each.key: each.digest for each in get_engine().versions()} == {
        key: document.digest for key, document in source.stored.items()
    }


def test_a_slow_rebuild_cannot_undo_a_change(source, monkeypatch):
    """The rebuild has read the old document; the change is drained before the rebuild writes."""
    source.add("solution:1", "Old")
    original = rebuilding._read

    def read_and_be_overtaken(*args):
        batch = original(*args)
        del source.stored["solution:1"]
        indexing.schedule_index("solution", 1)
        indexing.drain(now=timezone.now())
        return batch

    monkeypatch.setattr(rebuilding, "_read", read_and_be_overtaken)
    rebuilding.rebuild()
    assert held() == []


def test_a_deleted_document_leaves_its_tombstone_in_the_new_index(source):
    source.add("solution:1")
    indexing.schedule_index("solution", 1)
    del source.stored["solution:1"]
    indexing.schedule_index("solution", 1)
    rebuilding.rebuild()
    get_engine().write([(make_document("solution:1"), 1)], [])
    assert held() == []


@pytest.mark.parametrize("step", ["_fill", "_check", "_settle"])
def test_a_rebuild_that_dies_leaves_an_index_that_serves_and_the_next_one_succeeds(source, monkeypatch, step):
    put(source, "solution:1")
    source.add("solution:2")

    def die(*args):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(rebuilding, step, die)
        with pytest.raises(KeyboardInterrupt):
            rebuilding.rebuild()
    assert "solution:1" in held()
    rebuilding.rebuild()
    assert held() == ["solution:1", "solution:2"]


def test_a_rebuild_goes_on_without_what_is_refused_and_says_so(source):
    source.add("solution:1")
    source.add("solution:2")
    source.poisonous = {"solution:2"}
    errors = io.StringIO()
    with pytest.raises(CommandError, match="1 were refused"):
        call_command("search_rebuild", stdout=io.StringIO(), stderr=errors)
    assert "refused solution:2: ValueError" in errors.getvalue()
    assert held() == ["solution:1"]
    assert list(OutboxEntry.objects.pending().values_list("key", flat=True)) == ["solution:2"]


def test_a_new_index_that_lost_documents_does_not_pass_the_gate(source, monkeypatch):
    put(source, "solution:1")
    source.add("solution:2")
    monkeypatch.setattr(indexing, "write", lambda engine, batch: None)
    with pytest.raises(CommandError, match="lost 2 documents"):
        call_command("search_rebuild", stdout=io.StringIO())
    assert held() == ["solution:1"]


# search_verify


def test_an_index_in_step_passes(source):
    put(source, "solution:1", "question:2")
    assert compared()["checked"] == 2
    code, out = verify()
    assert code == 0
    assert "2 compared: 0 forbidden, 0 extra, 0 missing, 0 stale" in out


def test_each_kind_of_drift_is_named_and_repaired(source):
    put(source, *(f"solution:{number}" for number in range(1, 6)))
    source.add("scheme:1", "Missing")
    source.add("solution:2", "Changed without notice")
    source.hidden = {"solution:3"}
    del source.stored["solution:4"]
    get_engine().write([(make_document("question:7", "Extra", parts=()), 1)], [])
    answer = compared()
    assert answer["missing"] == ["scheme:1"]
    assert answer["stale"] == ["solution:2"]
    assert answer["forbidden"] == ["solution:3", "solution:4"]
    assert answer["extra"] == ["question:7"]
    assert "missing scheme:1" in verify()[1]

    source.hidden, source.stored = set(), {k: v for k, v in source.stored.items() if k != "solution:3"}
    code, out = verify("--repair")
    assert code == 0
    assert "missing scheme:1" in out
    assert held() == sorted(source.stored)
    assert compared()["missing"] == []


def test_what_is_on_its_way_is_no_drift(source):
    source.add("solution:1")
    indexing.schedule_index("solution", 1)
    answer = compared()
    assert (answer["missing"], answer["waiting"], answer["refused"]) == ([], 1, 0)
    source.poisonous = {"solution:1"}
    indexing.drain(now=timezone.now())
    answer = compared()
    assert (answer["missing"], answer["waiting"], answer["refused"]) == ([], 0, 1)


def test_an_index_ahead_of_a_restored_database_is_stale_and_repaired(source):
    put(source, "solution:1", version=41)
    assert compared()["stale"] == ["solution:1"]
    assert verify("--repair")[0] == 0
    source.add("solution:1", "Changed after the backup came back")
    indexing.schedule_index("solution", 1)
    indexing.drain(now=timezone.now())
    assert compared()["stale"] == []


def test_a_key_of_a_kind_that_nobody_offers_any_more_is_taken_out(source):
    put(source, "scheme:1")
    source.kinds = ("solution",)
    del source.stored["scheme:1"]
    assert compared()["forbidden"] == ["scheme:1"]
    assert verify("--repair")[0] == 0
    assert held() == []


def test_an_engine_that_is_away_is_an_error_of_its_own(monkeypatch):
    def away(*args):
        raise SearchUnavailable("connection refused")

    monkeypatch.setattr(type(get_engine()), "versions", away)
    with pytest.raises(CommandError, match="connection refused") as raised:
        call_command("search_verify")
    assert raised.value.returncode == 2


def test_progress_is_a_bar_on_a_terminal(source):
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    source.add("solution:1")
    out = Terminal()
    with transaction.atomic():
        call_command("search_rebuild", stdout=out)
    assert "\rIndexing ██████████████████████████████ 1/1\n" in out.getvalue()
