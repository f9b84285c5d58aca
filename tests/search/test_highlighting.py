import html
import re
import time

from hypothesis import given
from hypothesis import strategies as st

from search.analysis import tokens, words
from search.embedded.highlighting import SNIPPET_LENGTH, highlight, snippet, spans

MARKUP = re.compile(r"</?mark>")
#: What breaks highlighters: markup, entities, marks without letters, joiners, and both scripts.
PIECES = st.sampled_from(
    [
        "cashew",
        "nuts",
        "बुनकरों",
        "क्षेत्र",
        "ि",
        "\u200d",
        "<b>",
        "</mark>",
        "&amp;",
        '"',
        "'",
        " ",
        "\n",
        ". ",
        "। ",
        "x" * 90,
    ]
)
TEXTS = st.lists(PIECES | st.characters(), max_size=80).map("".join)
PHRASES = st.dictionaries(
    st.sampled_from([("cashew",), ("nut",), ("बुन",), ("क्षेत्र",), ("cashew", "nut")]), st.integers(0, 3)
)


@given(TEXTS, PHRASES)
def test_a_highlight_is_the_escaped_text_with_marks(text, phrases):
    marked = highlight(text, phrases)
    assert html.unescape(MARKUP.sub("", marked)) == html.unescape(html.escape(text))
    assert "<" not in MARKUP.sub("", marked)
    assert marked.count("<mark>") == marked.count("</mark>")


@given(TEXTS, PHRASES)
def test_a_mark_holds_whole_words_that_were_looked_for(text, phrases):
    starts, ends = {word.start for word in words(text)}, {word.end for word in words(text)}
    for start, end in spans(list(words(text)), phrases):
        assert start in starts
        assert end in ends
        assert set(tokens(text[start:end])) <= {token for phrase in phrases for token in phrase}


@given(st.lists(TEXTS, max_size=3), PHRASES)
def test_a_snippet_is_a_stretch_of_one_of_the_texts(texts, phrases):
    shown = snippet(texts, phrases)
    plain = MARKUP.sub("", shown)
    assert "<" not in plain
    bare = html.unescape(plain.removeprefix("… ").removesuffix(" …"))
    assert any(bare in html.unescape(html.escape(text)) for text in texts) or not bare
    assert len(bare) <= SNIPPET_LENGTH


def test_a_snippet_shows_the_stretch_with_the_most_of_the_words():
    text = (
        "Cashew is grown here. "
        + "Nothing is said. " * 40
        + "Owners of cashew units buy raw nuts together. "
        + "More. " * 60
    )
    shown = snippet([text], {("cashew",): 0, ("nut",): 1})
    assert shown.startswith("… Owners of <mark>cashew</mark> units buy raw <mark>nuts</mark>")
    assert shown.endswith(" …")


def test_a_long_text_full_of_matches_is_cut_in_no_time():
    text = "cashew nuts " * 20_000
    started = time.process_time()
    assert "<mark>" in snippet([text], {("cashew",): 0, ("nut",): 1, ("cashew", "nut"): 0})
    assert "<mark>" in snippet(["cashew, " * 20_000], {("cashew",): 0})
    assert time.process_time() - started < 5


def test_a_snippet_without_a_match_is_the_beginning():
    assert snippet(["", "One two."], {("zebra",): 0}) == "One two."


def test_a_word_and_its_synonym_are_one_idea_so_the_first_text_is_shown():
    texts = ["About cashew.", "Cashew, kaju and काजू again."]
    assert snippet(texts, {("cashew",): 0, ("kaju",): 0, ("काज",): 0}) == "About <mark>cashew</mark>."


def test_neighbouring_words_share_a_mark():
    assert highlight("a working capital loan", {("work",): 0, ("capit",): 1}) == "a <mark>working capital</mark> loan"


def test_a_phrase_is_marked_only_as_a_phrase():
    shown = highlight("raw nuts, raw silk and nuts", {("raw", "nut"): 0})
    assert shown == "<mark>raw nuts</mark>, raw silk and nuts"


def test_a_long_word_is_cut_between_letters_and_not_before_their_signs():
    shown = snippet(["क्षि" * 200], {})
    bare = shown.removesuffix(" …")
    assert len(bare) <= SNIPPET_LENGTH
    assert len(bare) % len("क्षि") == 0
