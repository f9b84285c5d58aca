"""What every engine holds to. The fixture ``engine`` runs each test with each of them."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from search.documents import PUBLIC, STAFF, Part, community_audience
from search.editorial.synonyms import Rules

from .fake_source import EVERYBODY, FIRST_DAY, make_document
from .steps import asking, found, put

MEMBERS = frozenset({community_audience("weavers")})
HOSTILE = [
    '"',
    "'; DROP TABLE part; --",
    "* NEAR( AND OR NOT ^ title:cashew -nuts",
    "cashew\0nuts",
    "((((((((((",
    "\\",
    "{}[]<script>",
    "%s %(x)s {0}",
    "word " * 10_000,
    "a" * 10_000,
    "\u202e\u200b\ud7ff\U0010ffff",
    "ि्",
]


# What matches, and in what order


def test_a_document_is_found_by_a_word_of_its_title_summary_or_body(engine):
    put(
        engine,
        make_document("solution:1", "Raw cashew"),
        make_document("solution:2", "Nuts", summary="About cashews."),
        make_document("solution:3", "Kernels", "Where cashew grows."),
        make_document("solution:4", "Leather"),
    )
    assert found(engine, "cashew") == ["solution:1", "solution:2", "solution:3"]


def test_one_word_of_a_sentence_is_enough_and_more_of_them_rank_first(engine):
    put(
        engine,
        make_document("solution:1", "Working capital", "Loans for machines."),
        make_document("solution:2", "Working capital for owners of cashew units", "Raw nuts at harvest."),
        make_document("solution:3", "Silk"),
    )
    question = "How can the owners of small cashew units get working capital for raw nuts at harvest?"
    assert found(engine, question) == ["solution:2", "solution:1"]


def test_a_common_word_does_not_outrank_the_rare_one(engine):
    for number in range(1, 9):
        put(engine, make_document(f"solution:{number}", "Cluster", "The cluster and its units."))
    put(engine, make_document("solution:9", "Effluent", "A plant for the cluster."))
    assert found(engine, "effluent cluster")[0] == "solution:9"


def test_the_exact_title_and_the_exact_phrase_come_first(engine):
    put(
        engine,
        make_document("solution:1", "Finance by joint liability", "Liability, and joint liability once more."),
        make_document("solution:2", "Joint liability"),
        make_document("solution:3", "Liability that is joint", "Liability of the joint."),
    )
    assert found(engine, "joint liability") == ["solution:2", "solution:1", "solution:3"]


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("बुनकरों के लिए ऋण योजनाएँ", "बुनकर योजना"),
        ("हिन्दी में", "हिंदी"),
        ("फ़ोन नंबर", "फोन"),
        ("क्‍षेत्र", "क्षेत्र"),
        ("१२३ इकाइयाँ", "123"),
        ("Women's groups", "woman’s women group"),
        ("CFCs in foundries", "cfc foundry"),
        ("A café", "CAFE"),
    ],
)
def test_inflections_spellings_and_digits_meet(engine, written, asked):
    put(engine, make_document("solution:1", written), make_document("solution:2", "Leather चमड़ा"))
    assert found(engine, asked) == ["solution:1"]


def test_words_that_say_nothing_do_not_match_unless_they_are_all_there_is(engine):
    put(engine, make_document("solution:1", "What is it"), make_document("solution:2", "Dye house"))
    assert found(engine, "what is a dye house") == ["solution:2"]
    assert found(engine, "what is it") == ["solution:1"]


def test_a_synonym_matches_and_a_synonym_of_several_words_only_as_a_phrase(engine):
    rules = Rules()
    rules.add(["cfc", "common facility centre"])
    put(
        engine,
        make_document("solution:1", "A common facility centre"),
        make_document("solution:2", "A common room", "Centre of a facility"),
        make_document("solution:3", "The CFC"),
    )
    assert found(engine, "cfc", rules=rules) == ["solution:3", "solution:1"]
    assert found(engine, "cfc") == ["solution:3"]


def test_without_words_everything_is_found_newest_first(engine):
    put(engine, *(make_document(f"solution:{number}", f"Title {number}") for number in range(1, 4)))
    assert found(engine) == ["solution:3", "solution:2", "solution:1"]


def test_results_sort_by_relevance_date_or_title(engine):
    put(
        engine,
        make_document("solution:1", "Zebra cashew cashew"),
        make_document("solution:2", "about nuts", "cashew"),
        make_document("solution:3", "Moon", "cashew", published_at=None),
    )
    assert found(engine, "cashew")[0] == "solution:1"
    assert found(engine, "cashew", sort="newest") == ["solution:2", "solution:1", "solution:3"]
    assert found(engine, "cashew", sort="title") == ["solution:2", "solution:3", "solution:1"]


def test_equal_documents_keep_their_order_from_page_to_page(engine):
    moment = make_document("solution:1").published_at
    put(engine, *(make_document(f"solution:{n}", "Same", published_at=moment) for n in range(1, 26)))
    pages = [found(engine, "same", page=page) for page in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [10, 10, 5, 0]
    assert len({key for page in pages for key in page}) == 25


def test_paging_ends_at_the_window(engine, settings):
    settings.SEARCH_WINDOW = 15
    put(engine, *(make_document(f"solution:{n}", "Same") for n in range(1, 26)))
    results = engine.search(asking("same", page=2))
    assert (results.total, results.pages, len(results.hits)) == (25, 2, 5)
    assert engine.search(asking("same", page=3)).hits == ()


def test_a_hit_brings_what_its_card_shows(engine):
    document = make_document(
        "solution:1", "Cashew", themes=("finance",), sectors=("food",), states=("goa",), stage="start",
        outcome="worked", as_of=2006, language="hi",
    )  # fmt: skip
    put(engine, document)
    [hit] = engine.search(asking("cashew")).hits
    for name in ("key", "kind", "url", "title", "language", "themes", "sectors", "states", "stage", "outcome", "as_of"):
        assert getattr(hit, name) == getattr(document, name)
    assert hit.published_at == document.published_at


def test_highlights_are_escaped_and_only_marks_are_markup(engine):
    put(engine, make_document("solution:1", "<b>Cashew</b> & nuts", "<script>cashew()</script>"))
    [hit] = engine.search(asking("cashew")).hits
    assert hit.title_html == "&lt;b&gt;<mark>Cashew</mark>&lt;/b&gt; &amp; nuts"
    assert "<mark>cashew</mark>" in hit.snippet_html
    assert not re.search(r"<(?!/?mark>)", hit.snippet_html)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_a_search(engine, text):
    put(engine, make_document("solution:1", "Cashew nuts"))
    engine.search(asking(text))
    engine.suggest(asking(text), 5)
    engine.correct(text[:256], EVERYBODY)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.text(max_size=300))
def test_no_random_text_breaks_a_search(engine, text):
    engine.search(asking(text))
    engine.suggest(asking(text), 5)


# Facets


def faceted(engine) -> None:
    themes, states = ("finance", "skills", "energy"), ("goa", "kerala")
    put(
        engine,
        *(
            make_document(
                f"{'question' if n % 3 else 'solution'}:{n}",
                "Cashew" if n % 2 else "Leather",
                themes=themes[: n % 4],
                states=(states[n % 2],),
                sectors=("food",) if n % 5 else (),
                stage="start" if n % 4 else "",
                verified_at=FIRST_DAY if n % 7 == 0 else None,
            )
            for n in range(1, 31)
        ),
    )


FIELDS = {
    "kind": "kinds",
    "theme": "themes",
    "sector": "sectors",
    "state": "states",
    "stage": "stages",
    "verified": "verified",
}
DAYS = st.none() | st.dates(date(2025, 12, 30), date(2026, 2, 3))
CHOICES = st.fixed_dictionaries(
    {
        "kinds": st.lists(st.sampled_from(["solution", "question", "scheme"]), unique=True),
        "themes": st.lists(st.sampled_from(["finance", "skills", "energy", "nowhere"]), unique=True),
        "states": st.lists(st.sampled_from(["goa", "kerala"]), unique=True),
        "sectors": st.lists(st.just("food"), max_size=1),
        "verified": st.lists(st.sampled_from(["yes", "no", "perhaps"]), unique=True),
    }
)


@hypothesis_settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(CHOICES, st.sampled_from(["", "cashew", "cashew leather"]), DAYS, DAYS)
def test_the_count_of_a_value_is_the_number_of_results_after_choosing_it(engine, choices, text, first, last):
    faceted(engine)
    filters = {name: tuple(values) for name, values in choices.items()}
    criteria = asking(text, **filters, published_from=first, published_to=last)
    results = engine.search(criteria)
    assert set(results.facets) == set(FIELDS)
    for facet, values in results.facets.items():
        assert set(getattr(criteria, FIELDS[facet])) <= {value.value for value in values}
        for value in values:
            assert value.selected == (value.value in getattr(criteria, FIELDS[facet]))
            assert value.count or value.selected
            assert engine.search(replace(criteria, **{FIELDS[facet]: (value.value,)})).total == value.count


def test_filters_are_or_inside_a_facet_and_and_across(engine):
    put(
        engine,
        make_document("solution:1", themes=("finance",), states=("goa",)),
        make_document("solution:2", themes=("skills",), states=("goa",)),
        make_document("solution:3", themes=("skills",), states=("kerala",)),
        make_document("solution:4", themes=("energy",), states=("goa",)),
    )
    assert found(engine, themes=("finance", "skills"), states=("goa",)) == ["solution:2", "solution:1"]


def test_verified_is_a_facet_of_two_values_and_a_filter(engine):
    put(engine, make_document("solution:1", verified_at=FIRST_DAY), make_document("solution:2"))
    put(engine, make_document("solution:3"))
    counts = {value.value: value.count for value in engine.search(asking()).facets["verified"]}
    assert counts == {"yes": 1, "no": 2}
    assert found(engine, verified=("yes",)) == ["solution:1"]
    assert found(engine, verified=("no",)) == ["solution:3", "solution:2"]
    assert found(engine, verified=("yes", "no")) == ["solution:3", "solution:2", "solution:1"]
    assert found(engine, verified=("perhaps",)) == []


def test_days_of_publication_include_both_ends_and_leave_out_what_has_none(engine):
    zone = timezone.get_default_timezone()
    midnight = datetime(2026, 1, 2, tzinfo=zone)
    put(
        engine,
        make_document("solution:1", published_at=midnight - timedelta(seconds=1)),
        make_document("solution:2", published_at=midnight),
        make_document("solution:3", published_at=midnight + timedelta(days=1, seconds=-1)),
        make_document("solution:4", published_at=midnight + timedelta(days=1)),
        make_document("solution:5", published_at=None),
    )
    day = date(2026, 1, 2)
    assert found(engine, published_from=day, published_to=day) == ["solution:3", "solution:2"]
    assert found(engine, published_from=day) == ["solution:4", "solution:3", "solution:2"]
    assert found(engine, published_to=day) == ["solution:3", "solution:2", "solution:1"]
    assert found(engine, published_from=day, published_to=day - timedelta(days=1)) == []
    assert found(engine, published_from=date.min, published_to=date.max) == [f"solution:{n}" for n in (4, 3, 2, 1)]
    counts = engine.search(asking(published_from=day, published_to=day)).facets["kind"]
    assert [(value.value, value.count) for value in counts] == [("solution", 2)]


# Who may read what


def secretive(number: int = 1) -> list:
    """Return a thread with a public title and a body for members, and a public document."""
    thread = make_document(
        f"question:{number}",
        "Dye house",
        parts=(Part(EVERYBODY, "Dye house"), Part(MEMBERS, body="Secret parboiling of cashew cashew cashew.")),
    )
    return [thread, make_document("solution:2", "Cashew")]


def test_a_body_for_members_is_found_quoted_counted_and_suggested_for_members_only(engine):
    put(engine, *secretive())
    visitor = engine.search(asking("cashew parboiling", audiences=EVERYBODY))
    assert [hit.key for hit in visitor.hits] == ["solution:2"]
    assert visitor.total == 1
    assert [value.value for value in visitor.facets["kind"]] == ["solution"]
    assert [hit.key for hit in engine.suggest(asking("secret parboil", audiences=EVERYBODY), 5)] == []
    assert engine.correct("parbiling", EVERYBODY) == ""
    [thread] = engine.search(asking("dye", audiences=EVERYBODY)).hits
    assert "Secret" not in thread.snippet_html

    member = EVERYBODY | MEMBERS
    results = engine.search(asking("cashew parboiling", audiences=member))
    assert results.total == 2
    assert "<mark>parboiling</mark>" in results.hits[0].snippet_html
    assert [hit.key for hit in engine.suggest(asking("secret parboil", audiences=member), 5)] == ["question:1"]
    assert engine.correct("parbiling", member) == "parboiling"


def test_what_only_members_read_moves_no_visitors_score(engine):
    public = [make_document("solution:2", "Cashew"), make_document("solution:3", "Leather and cashew", "Tanning.")]
    put(engine, *public)
    before = engine.search(asking("cashew leather tanning", audiences=EVERYBODY))
    body = "leather tanning leather tanning " * 20
    hidden = [
        make_document(f"question:{n}", "Hidden", parts=(Part(MEMBERS, "Hidden", "", body),)) for n in range(10, 30)
    ]
    put(engine, *hidden)
    assert engine.search(asking("cashew leather tanning", audiences=EVERYBODY)) == before


def test_staff_alone_find_what_is_for_staff(engine):
    put(engine, make_document("solution:1", "Draft", parts=(Part(frozenset({STAFF}), "Draft"),)))
    assert found(engine, "draft", audiences=frozenset({PUBLIC, STAFF})) == ["solution:1"]
    assert found(engine, audiences=EVERYBODY) == []
    assert engine.search(asking(audiences=EVERYBODY)).facets["kind"] == ()


def test_a_document_that_becomes_private_is_gone_for_visitors(engine):
    document = make_document("solution:1", "Cashew")
    put(engine, document)
    put(engine, replace(document, parts=(Part(MEMBERS, "Cashew"),)), version=2)
    assert found(engine, "cashew", audiences=EVERYBODY) == []
    assert [(held.version, held.public) for held in engine.versions()] == [(2, False)]


# Suggestions and corrections


def test_a_suggestion_completes_the_last_word_and_stays_in_its_kinds(engine):
    put(engine, make_document("solution:1", "Cashew kernels"), make_document("question:2", "Cashew kernels break"))
    assert [hit.key for hit in engine.suggest(asking("cash"), 5)] == ["solution:1", "question:2"]
    assert [hit.key for hit in engine.suggest(asking("cash", kinds=("question",)), 5)] == ["question:2"]
    assert len(engine.suggest(asking("cash"), 1)) == 1


def test_what_is_typed_is_looked_for_in_titles_first(engine):
    put(
        engine,
        make_document("solution:1", "Bank", "Cash, and a limit of cash. Cash again."),
        make_document("glossary:2", "Cashew kernels", "The white part of the nut, sold whole or in pieces."),
        make_document("scheme:3", "Credit", "For kernels that are made of cashew nuts, and cashew again."),
    )
    assert engine.suggest(asking("cash"), 5)[0].key == "glossary:2"
    assert engine.suggest(asking("cashew ker"), 5)[0].key == "glossary:2"


def test_one_word_of_a_long_sentence_suggests_nothing(engine):
    put(engine, make_document("solution:1", "Bank"))
    sentence = "The bank refuses our loan because accounts of fifteen groups are rough"
    assert engine.suggest(asking(sentence), 5) == []


def test_unknown_words_are_corrected_and_known_ones_and_acronyms_left(engine):
    put(engine, make_document("solution:1", "Kernel splitting machines", "The ETP of the dye house."))
    assert engine.correct("kernal spliting mashine", EVERYBODY) == "kernel splitting machines"
    assert engine.correct("CETP", EVERYBODY) == ""
    assert engine.correct("kernel", EVERYBODY) == ""
    assert engine.correct("wholly else", EVERYBODY) == ""
