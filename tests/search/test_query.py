import pytest

from search import registry
from search.documents import Part, SearchCriteria, community_audience
from search.models import Synonym
from search.query import find, suggest
from search.registry import get_engine

pytestmark = pytest.mark.django_db

MEMBERS = frozenset({community_audience("weavers")})


@pytest.fixture
def index(source):
    """Return a callable that stores a document and puts it into the index."""

    def put(*args, **values):
        document = source.add(*args, **values)
        get_engine().write([(document, 1)], [])
        return document

    return put


def test_results_name_the_synonyms_that_were_searched_unless_the_words_alone_count(index):
    Synonym.objects.create(terms="cashew, kaju")
    index("solution:1", "Kaju")
    results = find(SearchCriteria(text="cashew nuts"))
    assert results.total == 1
    assert results.also_searched == ("kaju",)
    exact = find(SearchCriteria(text="cashew nuts", exact=True))
    assert (exact.total, exact.also_searched) == (0, ())


def test_the_viewers_audiences_count_and_not_those_of_the_criteria(index):
    registry.register_audiences(lambda user: MEMBERS if user == "weaver" else set())
    index("question:1", "Dye house", parts=(Part(MEMBERS, body="Secret"),))
    assert find(SearchCriteria(text="secret", audiences=MEMBERS)).total == 0
    assert find(SearchCriteria(text="secret"), viewer="weaver").total == 1
    assert suggest("secret") == []
    assert len(suggest("secret", viewer="weaver")) == 1


def test_a_hit_that_the_database_does_not_show_any_more_is_dropped(index, source, caplog):
    index("solution:1", "Cashew")
    index("solution:2", "Cashew")
    source.hidden = {"solution:1"}
    results = find(SearchCriteria(text="cashew"))
    assert [hit.key for hit in results.hits] == ["solution:2"]
    assert results.total == 1
    assert [hit.key for hit in suggest("cashew")] == ["solution:2"]
    assert "solution:1" in caplog.text


def test_a_hit_of_a_kind_that_no_source_offers_any_more_is_dropped(index, source):
    index("scheme:1", "Cashew")
    source.kinds = ("solution",)
    assert find(SearchCriteria(text="cashew")).hits == ()


def test_a_misspelt_question_without_results_is_answered_for_its_correction(index):
    index("solution:1", "Kernel splitting machine")
    results = find(SearchCriteria(text="kernal spliting"))
    assert [hit.key for hit in results.hits] == ["solution:1"]
    assert results.relaxed
    assert results.corrected == "kernel splitting"


def test_a_correction_that_finds_nothing_under_the_filters_is_not_offered(index):
    index("solution:1", "Kernel splitting machine")
    results = find(SearchCriteria(text="kernal", kinds=("scheme",)))
    assert (results.total, results.relaxed, results.corrected) == (0, False, "")


def test_signs_without_a_word_find_everything(index):
    index("solution:1", "Cashew")
    assert find(SearchCriteria(text="*** ???")).total == 1
    assert suggest("*** ???") == []
