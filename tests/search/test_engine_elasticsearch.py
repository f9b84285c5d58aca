"""What is Elasticsearch's own: its mapping, its aliases, the way to the server, the bounds of a query."""

import threading
from dataclasses import fields
from datetime import timedelta

import pytest
from django.utils import timezone

from search.documents import PUBLIC, SearchDocument, SearchUnavailable, community_audience
from search.editorial.synonyms import Rules
from search.engine import connection, mapping, queries
from search.engine.connection import FAILURES, Breaker
from search.engine.engine import ElasticsearchEngine
from search.engine.indices import NoIndex

from .fake_source import make_document
from .steps import asking, found, put

MEMBER = frozenset({PUBLIC, *(community_audience(str(number)) for number in range(30))})
#: Fields of a document that the index holds under another name, or inside another field.
ELSEWHERE = {"parts": {"public", "inside"}, "title": {"title_sort", "card"}, "summary": set(), "as_of": {"fresh_at"}}
ELSEWHERE |= {"verified_at": {"verified"}, "outcome": {"card"}}
#: Fields of the index that come from no single field of a document.
DERIVED = {
    "audiences",
    "digest",
    "prior",
    "fresh_at",
    "deleted",
    "deleted_at",
    "card",
    "public",
    "inside",
    "title_sort",
}


@pytest.fixture
def elastic(elasticsearch, settings) -> ElasticsearchEngine:
    settings.SEARCH_ENGINE = "search.engine.engine.ElasticsearchEngine"
    engine = ElasticsearchEngine()
    engine.clear()
    return engine


def test_the_fields_of_the_index_are_those_of_a_document():
    held = set(mapping.body()["mappings"]["properties"])
    known = {column.name for column in fields(SearchDocument)}
    assert known - held - ELSEWHERE.keys() == set()
    assert set().union(*ELSEWHERE.values()) <= held
    assert held - known - DERIVED - {"verified"} == set()
    assert mapping.body()["mappings"]["dynamic"] is False


def test_english_and_hindi_have_fields_of_their_own():
    public = mapping.body()["mappings"]["properties"]["public"]["properties"]
    for name in queries.WEIGHTS:
        assert public[name]["analyzer"] == "portal_english"
        assert public[name]["fields"]["hi"]["analyzer"] == "portal_hindi"


def test_members_texts_are_scored_without_statistics():
    inside = mapping.body()["mappings"]["properties"]["inside"]["properties"]
    assert {inside[name]["similarity"] for name in queries.WEIGHTS} == {"boolean"}


@pytest.mark.elasticsearch
def test_an_index_is_named_by_its_mapping_and_one_of_another_mapping_is_outdated(elastic, monkeypatch):
    with elastic._indices() as indices:
        [index] = indices.present().known
    assert mapping.fingerprint() in index
    assert elastic.state() == "current"
    monkeypatch.setattr(mapping, "fingerprint", lambda: "00000000")
    assert elastic.state() == "outdated"


@pytest.mark.elasticsearch
def test_without_an_index_search_is_unavailable_and_writes_wait(elasticsearch, settings):
    settings.SEARCH_ENGINE = "search.engine.engine.ElasticsearchEngine"
    engine = ElasticsearchEngine()
    assert engine.state() == "missing"
    with pytest.raises(SearchUnavailable):
        engine.search(asking("cashew"))
    with pytest.raises(NoIndex):
        engine.write([(make_document("solution:1"), 1)], [])


@pytest.mark.elasticsearch
def test_tombstones_go_after_a_day_and_nothing_else(elastic):
    put(elastic, make_document("solution:1"), make_document("solution:2"), version=3)
    elastic.write([], [("solution:2", 4), ("solution:9", 4)])
    elastic.tidy(timezone.now() + timedelta(hours=23))
    put(elastic, make_document("solution:9"), version=3)
    assert found(elastic) == ["solution:1"]
    elastic.tidy(timezone.now() + timedelta(hours=25))
    put(elastic, make_document("solution:2"), version=5)
    assert found(elastic) == ["solution:2", "solution:1"]


@pytest.mark.elasticsearch
def test_the_longest_question_of_a_member_of_many_communities_stays_within_the_clauses(elastic):
    rules = Rules()
    words = [f"word{number}" for number in range(40)]
    for word in words:
        rules.add([word, *(f"{word} means exactly this {other}" for other in range(8))])
    put(elastic, make_document("solution:1", "word3 word4"))
    criteria = asking(" ".join(words), rules=rules, audiences=MEMBER)
    assert [hit.key for hit in elastic.search(criteria).hits] == ["solution:1"]
    elastic.suggest(criteria, 5)
    elastic.correct(criteria.text, MEMBER)


@pytest.mark.elasticsearch
def test_texts_that_are_too_long_for_a_keyword_or_a_mark_are_taken_and_found(elastic):
    long = "cashew " + "kernel " * 60_000
    put(elastic, make_document("solution:1", "t" * 40_000, long), make_document("solution:2", "Short", "cashew"))
    assert set(found(elastic, "cashew")) == {"solution:1", "solution:2"}
    assert set(found(elastic, sort="title")) == {"solution:1", "solution:2"}


def test_the_client_knows_all_nodes_and_the_key():
    client = connection._client(0, "https://one:9200, https://two:9200", "", "the-key")
    nodes = client.transport.node_pool.all()
    assert {node.host for node in nodes} == {"one", "two"}
    assert client._headers["authorization"] == "ApiKey the-key"
    assert client._retry_on_timeout is False


def test_a_breaker_opens_after_failures_in_a_row_and_lets_one_try_at_a_time(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(connection.time, "monotonic", lambda: now[0])
    breaker = Breaker()
    for _failure in range(FAILURES - 1):
        breaker.failed()
    assert breaker.allows()
    breaker.worked()
    for _failure in range(FAILURES):
        assert breaker.allows()
        breaker.failed()
    assert not breaker.allows()
    now[0] += connection.PAUSE_SECONDS
    assert [breaker.allows() for _page in range(3)] == [True, False, False]
    breaker.failed()
    assert not breaker.allows()
    now[0] += connection.PAUSE_SECONDS
    assert breaker.allows()
    breaker.worked()
    assert all(breaker.allows() for _page in range(3))


def test_a_server_that_is_not_there_is_unavailable_at_once_and_then_not_asked(settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    connection.breaker.reset()
    try:
        engine = ElasticsearchEngine()
        for _page in range(FAILURES + 2):
            with pytest.raises(SearchUnavailable):
                engine.search(asking("cashew"))
        assert not connection.breaker.allows()
    finally:
        connection.breaker.reset()


def test_each_process_has_a_client_of_its_own(settings, monkeypatch):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    mine = connection.client()
    assert connection.client() is mine
    others: list = []
    thread = threading.Thread(target=lambda: others.append(connection.client()))
    thread.start()
    thread.join()
    assert others == [mine]
    monkeypatch.setattr(connection.os, "getpid", lambda: -1)
    assert connection.client() is not mine
