"""How like two texts are: the share of runs of three words that both have."""

import re

#: Words with the vowel signs of the scripts of India, which Python's \w leaves out.
_WORD = re.compile(r"[\w\u0900-\u0963\u0966-\u0dff\u200c\u200d]+")
_RUN = 3
#: How much of a text is compared, in signs.
COMPARED = 1500
#: From which share on two texts are nearly the same.
NEARLY = 0.8
#: A text of fewer words is like many others by chance: it has to be the same, and from the same author.
FEWEST_WORDS = 8


def words_of(text: str) -> list[str]:
    """Return the words of ``text`` in small letters."""
    return _WORD.findall(text.casefold())


def runs_of(words: list[str]) -> frozenset[tuple[str, ...]]:
    """Return every run of three words."""
    return frozenset(zip(*(words[start:] for start in range(_RUN)), strict=False))


def likeness(mine: list[str], other: list[str]) -> float:
    """Return how like two lists of words are, from 0 to 1 (Jaccard's index of their runs)."""
    if mine == other:
        return 1.0
    ours, theirs = runs_of(mine), runs_of(other)
    return len(ours & theirs) / len(ours | theirs) if ours or theirs else 0.0
