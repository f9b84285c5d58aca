"""What every engine holds to: more like this, and what stands at an address."""

from dataclasses import replace

import pytest

from search.documents import Part, community_audience

from .fake_source import EVERYBODY, make_document
from .steps import put

MEMBERS = frozenset({community_audience("weavers")})


def alike(engine, key: str, audiences: frozenset[str] = EVERYBODY, limit: int = 5) -> list[str]:
    return [hit.key for hit in engine.similar(key, audiences, limit)]


def at(engine, *urls: str, audiences: frozenset[str] = EVERYBODY) -> list[str]:
    return [hit.key for hit in engine.at(list(urls), audiences)]


def shelved(engine) -> None:
    put(
        engine,
        make_document("solution:1", "Charcoal from cashew shells", "Shells burn in a closed kiln; the charcoal sells."),
        make_document("case_study:2", "A kiln for cashew shells", "Charcoal of shells from a closed kiln in Goa."),
        make_document("solution:3", "Cashew kernels", "Kernels sorted by hand, shells sold as they are."),
        make_document("solution:4", "Effluent of dye houses", "A plant for the water of the dyers."),
        make_document("scheme:5", "Loans for dye houses", "Money for a plant that cleans the water of dyers."),
        make_document("solution:6", "Silk", "Reeling of cocoons."),
    )


def test_similar_are_those_that_share_the_telling_words_the_closest_first(engine):
    shelved(engine)
    assert alike(engine, "solution:1")[0] == "case_study:2"
    assert "solution:1" not in alike(engine, "solution:1")
    assert not {"solution:4", "scheme:5", "solution:6"} & set(alike(engine, "solution:1"))
    assert alike(engine, "solution:4") == ["scheme:5"]


def test_what_shares_too_little_or_nothing_is_not_similar(engine):
    shelved(engine)
    put(engine, make_document("solution:7", "Of the", "And from the water."))
    assert alike(engine, "solution:6") == []
    assert "solution:7" not in alike(engine, "solution:4")


def test_similar_things_are_bounded_and_bring_their_cards(engine):
    for number in range(1, 10):
        put(engine, make_document(f"solution:{number}", "Cashew shells", "Charcoal from a kiln."))
    put(engine, make_document("solution:10", "<b>Silk</b> & reels", "Reeling of cocoons."))
    put(engine, make_document("solution:11", "Silk reels", "Reeling of cocoons <here>."))
    assert len(alike(engine, "solution:1", limit=3)) == 3
    [hit] = engine.similar("solution:11", EVERYBODY, 5)
    assert (hit.key, hit.url, hit.title) == ("solution:10", "/solution/10/", "<b>Silk</b> & reels")
    assert hit.title_html == "&lt;b&gt;Silk&lt;/b&gt; &amp; reels"
    assert "<mark>" not in hit.snippet_html


def test_nothing_is_similar_to_what_is_unknown_or_gone_or_not_readable(engine):
    shelved(engine)
    put(engine, make_document("question:8", parts=(Part(MEMBERS, "Cashew shells", "", "Charcoal in a kiln"),)))
    engine.write([], [("solution:4", 2)])
    for key in ("solution:99", "solution:4", "question:8", "", "no key", "solution:\0"):
        assert alike(engine, key) == []
    assert alike(engine, "scheme:5") == [], "what is gone is similar to nothing"


def test_what_the_reader_may_not_read_makes_nothing_similar(engine):
    shelved(engine)
    hidden = "Charcoal from cashew shells, burnt in a closed kiln."
    put(
        engine,
        make_document("question:8", "What to do", parts=(Part(EVERYBODY, "What to do"), Part(MEMBERS, body=hidden))),
    )
    assert "question:8" not in alike(engine, "solution:1")
    assert alike(engine, "question:8") == []
    assert "question:8" in alike(engine, "solution:1", EVERYBODY | MEMBERS)
    assert alike(engine, "question:8", EVERYBODY | MEMBERS)[0] in ("solution:1", "case_study:2")


def test_hindi_texts_are_similar_by_their_words(engine):
    put(
        engine,
        make_document("solution:1", "बुनकरों के लिए ऋण", "बैंक से बुनकर समूह को ऋण मिला।", language="hi"),
        make_document("solution:2", "बुनकर और बैंक", "समूह के ऋण की योजना।", language="hi"),
        make_document("solution:3", "चमड़ा", "रंगाई का पानी।", language="hi"),
    )
    assert alike(engine, "solution:1") == ["solution:2"]


def test_what_stands_at_an_address_comes_in_the_order_asked_for_each_once(engine):
    shelved(engine)
    assert at(engine, "/scheme/5/", "/nowhere/", "/solution/1/", "/scheme/5/") == ["scheme:5", "solution:1"]
    assert at(engine) == []
    [hit] = engine.at(["/solution/1/"], EVERYBODY)
    assert hit.title_html == "Charcoal from cashew shells"
    assert hit.snippet_html


def test_an_address_shows_what_the_reader_may_see_and_what_is_there_now(engine):
    document = make_document("solution:1", "Cashew")
    put(engine, document, make_document("question:2", parts=(Part(MEMBERS, "Inner"),)))
    assert at(engine, "/question/2/", "/solution/1/") == ["solution:1"]
    assert at(engine, "/question/2/", audiences=EVERYBODY | MEMBERS) == ["question:2"]
    put(engine, replace(document, url="/solution/moved/"), version=2)
    assert at(engine, "/solution/1/") == []
    assert at(engine, "/solution/moved/") == ["solution:1"]
    engine.write([], [("solution:1", 3)])
    assert at(engine, "/solution/moved/") == []


@pytest.mark.parametrize("url", ["", "/solution/1", "/SOLUTION/1/", "*", '"', "/\0/", "/" + "a" * 10_000, "/क्षे/"])
def test_an_address_is_taken_as_it_is(engine, url):
    shelved(engine)
    assert at(engine, url) == []
