"""What counts as the same word: the analysis of text, in Python, for English and Hindi side by side.

A word goes by its script, not by the language of its document, because sentences here mix both. What happens
to it, in order: compatibility forms, accents, nukta and joiners fall away; digits of any script become 0 to 9;
Hindi nasals are written one way; the stem is taken (Snowball's English and Hindi); Hindi vowels lose their
length. Offsets always point into the text as it was given, so that highlighting never shows analysed text.
"""

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

#: Longer words are cut for the index: nobody types them, and they would swell it.
MAX_TOKEN_LENGTH = 64

_ZERO_WIDTH = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
# Python's \w leaves out the signs of vowels and would break every Hindi word, so the marks are added to it.
_MARKS = "".join(char for char in map(chr, range(0x10000)) if unicodedata.category(char).startswith("M"))
_WORD = re.compile(
    rf"\d{{1,3}}(?:,\d{{2,3}})+(?![\w,])"  # 15,00,000 is one number
    rf"|[^\W_](?:[^\W_]|[{_MARKS}{_ZERO_WIDTH}]|['’](?=[^\W_]))*"
)
_NO_LETTER = re.compile(rf"[^\w{_MARKS}']|_")  # compatibility forms may unfold into spaces and strokes
_DROPPED = dict.fromkeys(map(ord, f"{_ZERO_WIDTH}\N{DEVANAGARI SIGN NUKTA}"))
_DROPPED |= dict.fromkeys(range(0x300, 0x370))  # the accents of Latin letters, once they stand apart
_DEVANAGARI = re.compile(r"[\u0900-\u097F]")
_ACRONYM_PLURAL = re.compile(r"[A-Z]{2,}s")
_CONSONANTS_PLURAL = re.compile(r"[^aeiouy\W\d_]{3,}s")  # cfcs, shgs: Snowball sees no vowel and keeps the s
#: A nasal before a consonant of its own row sounds as the dot above: हिन्दी and हिंदी are one word.
_NASALS = re.compile("ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])|ँ")
_VOWEL_LENGTH = str.maketrans("ईऊीूऑॉऍॅऎॆऒॊ", "इउिुओोएेएेओो")

#: Words that say nothing about what is looked for. Dropped from questions only, never from texts. None of Hindi:
#: there a list made results no better, and the rarity of words does the same.
STOP_WORDS = frozenset(
    "a about an and any are as at be been but by can could did do does for from had has have how i if in into is it "  # noqa: SIM905 - eighty lines of one word each read worse
    "its may me my no not of on or our shall should so some than that the their them then there these they this those "
    "to us was we were what when where which who whom why will with would you your".split()
)

_stemmers = threading.local()  # a stemmer keeps the word it works on, so threads cannot share one


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: where it stands, how it is written, and the token that it counts as."""

    start: int
    end: int
    written: str
    token: str


def words(text: str) -> Iterator[Word]:
    """Yield the words of ``text`` in order."""
    for match in _WORD.finditer(text):
        written = match.group()
        if token := analyse(written):
            yield Word(match.start(), match.end(), written, token)


def tokens(text: str) -> list[str]:
    """Return the tokens of ``text`` in order."""
    return [word.token for word in words(text)]


@lru_cache(maxsize=65_536)
def analyse(written: str) -> str:
    """Return the token of one word; empty where nothing of it is left."""
    if _ACRONYM_PLURAL.fullmatch(written):
        written = written[:-1]
    word = normalise(written)
    if _DEVANAGARI.search(word):
        return _stem_fully("hindi", word).translate(_VOWEL_LENGTH)[:MAX_TOKEN_LENGTH]
    if _CONSONANTS_PLURAL.fullmatch(word):
        return word[:-1]
    return _stem("english", word).replace("'", "")[:MAX_TOKEN_LENGTH]


def normalise(written: str) -> str:
    """Return one word without what two writers of it may do differently, before any stem is taken."""
    apart = unicodedata.normalize("NFKD", written).translate(_DROPPED)
    folded = unicodedata.normalize("NFC", apart).casefold().replace("’", "'")
    letters = _NO_LETTER.sub("", folded)
    return _NASALS.sub("ं", "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in letters))


def is_stop_word(written: str, *, among: str) -> bool:
    """Return whether ``written`` says nothing; capitals in a mixed text ``among`` make an acronym (IT)."""
    acronym = len(written) > 1 and written.isupper() and not among.isupper()
    return not acronym and written.casefold() in STOP_WORDS


def _stem(language: str, word: str) -> str:
    if not hasattr(_stemmers, language):
        setattr(_stemmers, language, snowballstemmer.stemmer(language))
    return getattr(_stemmers, language).stemWord(word)


def _stem_fully(language: str, word: str) -> str:
    """Take the stem of the stem: बुनकरों gives बुनकर at first, which by itself gives बुन."""
    stem = _stem(language, word)
    while stem != word and len(stem) > 1:
        word, stem = stem, _stem(language, stem)
    return stem or word
