"""What every engine holds to: versions, tombstones, rebuilds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from search.documents import NothingToRollBack, RebuildOvertaken

from .fake_source import make_document
from .steps import found, put


def test_an_older_version_never_overwrites_a_newer_one(engine):
    put(engine, make_document("solution:1", "New"), version=5)
    put(engine, make_document("solution:1", "Old"), version=4)
    assert found(engine, "new") == ["solution:1"]
    assert engine.write([], [("solution:1", 4)]) == {}
    assert found(engine, "new") == ["solution:1"]


def test_an_equal_version_is_taken_again(engine):
    put(engine, make_document("solution:1", "Half"), version=5)
    put(engine, make_document("solution:1", "Whole"), version=5)
    assert found(engine, "whole") == ["solution:1"]


def test_an_older_version_brings_no_deleted_document_back(engine):
    put(engine, make_document("solution:1", "Gone"), version=1)
    engine.write([], [("solution:1", 3)])
    put(engine, make_document("solution:1", "Gone"), version=2)
    assert found(engine) == []
    assert list(engine.versions()) == []
    put(engine, make_document("solution:1", "Back"), version=4)
    assert found(engine, "back") == ["solution:1"]


def test_a_deletion_that_comes_before_the_document_holds_it_off(engine):
    engine.write([], [("solution:1", 3)])
    put(engine, make_document("solution:1"), version=2)
    assert found(engine) == []


def test_versions_tell_what_is_held_in_the_order_of_keys(engine):
    documents = [make_document(key) for key in ("solution:2", "question:1", "solution:10")]
    put(engine, *documents, version=7)
    held = list(engine.versions())
    assert [each.key for each in held] == ["question:1", "solution:10", "solution:2"]
    assert {each.version for each in held} == {7}
    assert {each.key: each.digest for each in held} == {each.key: each.digest for each in documents}


def test_what_cannot_be_stored_is_refused_with_a_reason_and_the_rest_taken(engine):
    broken = make_document("solution:1", "A lone surrogate \ud800")
    refused = engine.write([(broken, 1), (make_document("solution:2", "Sound"), 1)], [])
    assert list(refused) == ["solution:1"]
    assert refused["solution:1"]
    assert found(engine) == ["solution:2"]


def test_a_rebuild_is_not_read_until_it_is_finished(engine):
    put(engine, make_document("solution:1", "Old"))
    fresh = engine.start_rebuild()
    put(fresh, make_document("solution:2", "New"))
    assert found(engine) == ["solution:1"]
    engine.finish_rebuild(fresh)
    assert found(engine) == ["solution:2"]


def test_what_is_written_during_a_rebuild_is_in_both(engine):
    put(engine, make_document("solution:1", "First"))
    fresh = engine.start_rebuild()
    put(engine, make_document("solution:1", "Changed"), version=2)
    engine.write([], [("solution:2", 2)])
    put(fresh, make_document("solution:1", "First"), make_document("solution:2", "Deleted meanwhile"))
    assert found(engine, "changed") == ["solution:1"]
    engine.finish_rebuild(fresh)
    assert found(engine) == ["solution:1"]
    assert found(engine, "changed") == ["solution:1"]


def test_a_rebuild_that_was_overtaken_cannot_finish(engine):
    put(engine, make_document("solution:1"))
    first, second = engine.start_rebuild(), engine.start_rebuild()
    with pytest.raises(RebuildOvertaken):
        engine.finish_rebuild(first)
    assert found(engine) == ["solution:1"]
    put(second, make_document("solution:2"))
    engine.finish_rebuild(second)
    assert found(engine) == ["solution:2"]


def test_what_is_written_while_an_index_is_filled_aside_is_findable_there_on_return(engine):
    fresh = engine.start_rebuild()
    put(fresh, make_document("solution:1", "New"))
    assert found(fresh, "new") == ["solution:1"]
    engine.write([(make_document("solution:2", "Written to both"), 1)], [])
    assert found(fresh, "both") == found(engine, "both") == ["solution:2"]


def test_an_abandoned_rebuild_leaves_the_present_index_and_takes_no_writes(engine):
    put(engine, make_document("solution:1"))
    fresh = engine.start_rebuild()
    engine.abandon_rebuild(fresh)
    put(engine, make_document("solution:2"))
    assert found(engine) == ["solution:2", "solution:1"]
    with pytest.raises(RebuildOvertaken):
        engine.finish_rebuild(fresh)


def test_going_back_finds_what_was_there_before_and_every_write_since(engine):
    put(engine, make_document("solution:1", "Before"))
    fresh = engine.start_rebuild()
    put(fresh, make_document("solution:1", "After"), version=2)
    engine.finish_rebuild(fresh)
    put(engine, make_document("solution:2", "Written since"), version=3)
    engine.write([], [("solution:3", 4)])
    engine.roll_back()
    assert found(engine, "before") == ["solution:1"]
    assert found(engine, "since") == ["solution:2"]
    put(engine, make_document("solution:3"), version=3)
    assert "solution:3" not in found(engine)
    engine.roll_back()
    assert found(engine, "after") == ["solution:1"]


def test_without_an_index_from_before_there_is_no_going_back(engine):
    put(engine, make_document("solution:1"))
    with pytest.raises(NothingToRollBack):
        engine.roll_back()
    assert found(engine) == ["solution:1"]


def test_an_engine_tells_its_state_does_its_housekeeping_and_lacks_nothing(engine):
    put(engine, make_document("solution:1"), version=2)
    engine.write([], [("solution:2", 3)])
    assert engine.state() == "current"
    assert engine.lacks() == []
    engine.tidy(timezone.now() + timedelta(days=2))
    assert found(engine) == ["solution:1"]
    assert [held.version for held in engine.versions()] == [2]


def test_clear_leaves_nothing(engine):
    put(engine, make_document("solution:1"))
    engine.clear()
    assert list(engine.versions()) == []
    put(engine, make_document("solution:1"))
    assert found(engine) == ["solution:1"]
