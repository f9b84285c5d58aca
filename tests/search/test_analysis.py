import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import analyse, is_stop_word, tokens, words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("clusters", "Cluster"),
        ("women's", "women"),
        ("women’s", "women"),
        ("foundry", "FOUNDRIES"),
        ("CFCs", "cfc"),
        ("shgs", "SHG"),
        ("café", "cafe"),
        ("15,00,000", "1500000"),
        ("१५,००,०००", "1500000"),
        ("१२३", "123"),
        ("बुनकरों", "बुनकर"),
        ("योजनाओं", "योजना"),
        ("हिन्दी", "हिंदी"),
        ("सम्बन्ध", "संबंध"),
        ("फ़ोन", "फोन"),
        ("क़र्ज़", "कर्ज"),
        ("पाँच", "पांच"),
        ("क्‍षेत्र", "क्षेत्र"),
        ("पानी", "पानि"),
        (unicodedata.normalize("NFD", "ड़ाई"), "ड़ाई"),
    ],
)
def test_two_writings_of_a_word_are_one_token(one, other):
    assert analyse(one) == analyse(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("dyeing", "dying"), ("cetp", "etp"), ("ऋण", "रण"), ("housing", "house boat")]
)
def test_different_words_stay_apart(one, other):
    assert tokens(one) != tokens(other)


def test_vowel_signs_stay_in_their_word():
    assert [word.written for word in words("हथकरघा बुनकरों की समस्या, क्षेत्र में।")] == [
        "हथकरघा",
        "बुनकरों",
        "की",
        "समस्या",
        "क्षेत्र",
        "में",
    ]


def test_a_hyphen_and_an_underscore_part_words():
    assert tokens("MSE-CDP self_help") == ["mse", "cdp", "self", "help"]


def test_capitals_in_a_mixed_sentence_make_an_acronym():
    assert is_stop_word("it", among="is it so")
    assert not is_stop_word("IT", among="the IT sector")
    assert is_stop_word("IT", among="HOW IS IT")
    assert is_stop_word("I", among="what I need")


@given(st.text(max_size=200))
def test_offsets_point_into_the_text_as_given(text):
    for word in words(text):
        assert text[word.start : word.end] == word.written
        assert word.token


@given(st.text(max_size=60))
def test_a_token_is_one_word_for_the_index(text):
    for token in tokens(text):
        assert not any(char.isspace() or char in "\"'*:^()\0" for char in token)
        assert len(token) <= 64
