import os
import subprocess
import sys

import pytest
from django.http import QueryDict

from search import query
from search.pages.forms import SearchForm
from tests.benchmarks import machine, stacks
from tests.benchmarks.inside import moderating, queries, rebuilding
from tests.benchmarks.timing import Line, median, p95, ratio, table
from tests.factories.community import released_question
from tests.factories.knowledge import ThemeFactory


def test_the_middle_and_the_slow_end_of_times():
    times = [number / 1000 for number in range(1, 101)]
    assert median(times) == pytest.approx(0.0505)
    assert p95(times) == pytest.approx(0.096)
    assert p95([1.0]) == 1.0


def test_a_line_says_whether_its_aim_is_reached():
    assert "reached" in str(Line("pages", 1.9, aim=2))
    assert "MISSED" in str(Line("pages", 2.1, aim=2))
    assert not Line("rate", 0.5, aim=0.6, at_least=True).reaches_aim
    assert Line("rate", 0.5, aim=0.6, loose=0.1, at_least=True).reaches_loose
    assert Line("memory", 180.0, "MB").reaches_aim


def test_a_ratio_names_both_times():
    line = ratio("page / bare", [0.02, 0.03, 0.04], [0.01, 0.02, 0.01], aim=2)
    assert line.value == pytest.approx(3)
    assert line.note == "30.0 ms against 10.0 ms"
    assert str(line) in table("A run", [line])


def test_the_questions_are_the_same_each_time_and_of_every_sort():
    asked = queries.pages()
    assert asked == queries.pages()
    criteria = [SearchForm(QueryDict(each)).criteria() for each in asked]
    lengths = {len(each.text.split()) for each in criteria}
    assert {1, 3} <= lengths
    assert max(lengths) > 8
    for name in ("kinds", "themes", "sectors"):
        assert any(getattr(each, name) for each in criteria), name
    assert {each.sort for each in criteria} == {"relevance", "newest"}
    assert all(2 <= len(text.rpartition(" ")[2]) <= 4 for text in queries.beginnings())


@pytest.mark.django_db
def test_each_question_holds_words_to_match():
    for each in queries.pages():
        assert query.concepts_of(SearchForm(QueryDict(each)).criteria()), each


def test_the_memory_of_a_process_counts_those_below_it():
    child = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    with subprocess.Popen(child, stdin=subprocess.PIPE) as process:
        found = machine.resident(os.getpid())
        process.communicate(b"")
    assert found[0] > 20
    assert len(found) > 1


def test_the_machine_is_described():
    assert str(os.cpu_count()) in machine.figures()[0]


def test_queries_are_counted():
    counter = rebuilding.Counter()
    for number in range(3):
        assert counter(lambda *given: given[0], number, (), False, {}) == number
    assert counter.count == 3


@pytest.mark.django_db
def test_a_desk_where_much_waits_takes_the_queries_of_one_where_little_does():
    ThemeFactory()
    released_question()
    found = moderating.moderate(times=1, many=40, log=5)
    assert found["queries"]["many"] == found["queries"]["few"]
    assert found["log"] >= 5
    assert len(found["decision"]["many"]) == len(found["queue"]["few"]) == 1


def test_a_stack_keeps_to_its_own_servers(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgres://somebody@db.example.org/portal")
    monkeypatch.setenv("EMAIL_URL", "smtp://mail.example.org")
    stack = stacks.Stack("one", tmp_path, {"VAR_DIR": str(tmp_path)})
    assert not stack.is_production
    assert not stacks.SERVERS & stack.surroundings().keys()
    assert stack.surroundings()["VAR_DIR"] == str(tmp_path)
