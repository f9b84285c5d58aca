import pytest
from django.contrib.auth.models import AnonymousUser

from search import registry
from search.apps import check_kinds_of_sources
from search.documents import PUBLIC
from search.kinds import KINDS

from .fake_source import FakeSource


def source_with(name: str, *kinds: str) -> FakeSource:
    source = FakeSource()
    source.name, source.kinds = name, kinds
    return source


def test_a_name_and_a_kind_can_be_registered_once_only():
    with pytest.raises(registry.AlreadyRegistered):
        registry.register(source_with("fake", "cluster"))
    with pytest.raises(registry.AlreadyRegistered, match="scheme"):
        registry.register(source_with("other", "scheme"))


def test_a_source_is_found_by_its_kind_and_its_name(source):
    assert registry.source_for("scheme") is source
    assert registry.source_for("cluster") is None


def test_values_without_a_word_are_spelt_out():
    registry.register_labels("theme", lambda: {"finance": "Finance and credit"})
    assert registry.labels("theme", ["finance", "raw-material"]) == {
        "finance": "Finance and credit",
        "raw-material": "Raw material",
    }
    assert registry.labels("state", []) == {}
    with pytest.raises(registry.AlreadyRegistered):
        registry.register_labels("theme", dict)


def test_everybody_is_public_and_rules_add_to_it():
    registry.register_audiences(lambda user: {"community:weavers"} if user == "weaver" else set())
    assert registry.audiences_for(AnonymousUser()) == {PUBLIC}
    assert registry.audiences_for("weaver") == {PUBLIC, "community:weavers"}


def test_a_kind_without_words_fails_the_check(source):
    assert check_kinds_of_sources() == []
    source.kinds = ("solution", "gadget")
    [error] = check_kinds_of_sources()
    assert error.id == "search.E001"
    assert "gadget" in error.msg


def test_every_kind_has_words_and_a_stamp():
    assert len(KINDS) == 15
    assert all(kind.label and kind.plural and kind.icon for kind in KINDS.values())
