"""Words and lengths of synthetic texts, both taken from the starting content."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import accumulate
from pathlib import Path

import knowledge

FOLDER = Path(knowledge.__file__).parent / "starting_content"
_WORD = re.compile(r"[a-z]{2,}")
_HINDI_WORD = re.compile("[\u0900-\u097f]+")
#: Zipf's law as Mandelbrot put it: the weight of a word by its rank.
_SHIFT, _EXPONENT = 2.7, 1.07
#: Names of villages, firms and persons make the long tail of real texts.
_NAMES = 30_000
_BEGINNINGS = ("ka", "ma", "ra", "sa", "de", "cha", "ban", "gul", "jai", "kot", "lal", "mo", "nar", "pal", "shi", "tir")
_MIDDLES = ("", "da", "ha", "li", "mi", "na", "ri", "va", "ya", "shan", "khe", "gar", "bha", "dhi", "su", "tha")
_ENDINGS = ("pur", "nagar", "garh", "abad", "wadi", "palli", "kot", "gaon", "pet", "halli", "sar", "wala", "kar", "eri")
#: The commonest and the shortest words tell nothing of what a text is about, and make no title.
_COMMON = 60
_TELLING_LENGTH, _TITLE_REACH = 4, 3_000
#: How often a text comes back to what it is about.
_FAITH = 0.14


@cache
def starting_content(name: str) -> list | dict:
    """Return what the file ``name`` of the starting content holds."""
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def texts(value: object) -> Iterator[str]:
    """Yield every text within ``value``, addresses and keys apart."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, each in value.items():
            if name not in ("slug", "url", "urls", "parent"):
                yield from texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts(each)


@cache
def lengths(name: str, *path: str) -> tuple[int, ...]:
    """Return the numbers of words of the texts at ``path`` of the entries in the file ``name``."""
    found: list[object] = [starting_content(name)]
    for step in ("", *path):
        found = [each[step] if step else each for each in found if each]
        found = [inner for each in found for inner in (each if isinstance(each, list) else [each])]
    counted = tuple(sorted(len(each.split()) for each in found if isinstance(each, str) and each))
    if not counted:
        raise LookupError(f"The starting content has no texts at {'.'.join((name, *path))}.")
    return counted


class Vocabulary:
    """Words by their rank with the weights by which they are drawn."""

    def __init__(self, ranked: list[str]) -> None:
        self.words = ranked
        self._weights = list(accumulate((rank + _SHIFT) ** -_EXPONENT for rank in range(1, len(ranked) + 1)))
        uncommon = ranked[min(_COMMON, len(ranked) // 4) :]
        self.telling = [word for word in uncommon if len(word) >= _TELLING_LENGTH][:_TITLE_REACH]
        self._telling_weights = self._weights[: len(self.telling)]

    def draw(self, chance: random.Random, count: int) -> list[str]:
        """Return ``count`` words, the first ranks far more often than the last."""
        return chance.choices(self.words, cum_weights=self._weights, k=count)

    def draw_telling(self, chance: random.Random, count: int) -> list[str]:
        """Return up to ``count`` different words that a text can be about."""
        return list(dict.fromkeys(chance.choices(self.telling, cum_weights=self._telling_weights, k=count)))


@cache
def english() -> Vocabulary:
    """Return the English words of the starting content, by frequency, and names behind them."""
    counted: Counter[str] = Counter()
    for path in sorted(FOLDER.glob("*.json")):
        if path.stem != "hindi":
            for text in texts(starting_content(path.stem)):
                counted.update(_WORD.findall(text.lower()))
    ranked = [word for word, _count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))]
    return Vocabulary([*ranked, *(name for name in _names() if name not in counted)])


@cache
def hindi() -> Vocabulary:
    """Return the Hindi words of the starting content, by frequency."""
    counted: Counter[str] = Counter()
    for text in (*texts(starting_content("hindi")), (FOLDER / "synonyms.txt").read_text(encoding="utf-8")):
        counted.update(word for word in _HINDI_WORD.findall(text) if len(word) > 1)
    return Vocabulary([word for word, _count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))])


def _names() -> list[str]:
    found = {
        first + second + third + last
        for first in _BEGINNINGS
        for second in _MIDDLES
        for third in _MIDDLES
        for last in _ENDINGS
    }
    names = sorted(found)
    random.Random(0).shuffle(names)
    return names[:_NAMES]


class Writer:
    """Writes the texts of one entry, which come back to what that entry is about."""

    def __init__(self, chance: random.Random, *, in_hindi: bool = False) -> None:
        self.chance = chance
        self._vocabulary = hindi() if in_hindi else english()
        self._stop = "।" if in_hindi else "."
        self.topic = self._vocabulary.draw_telling(chance, 7)

    def length(self, name: str, *path: str) -> int:
        """Return a length as a text at ``path`` of the starting content has one."""
        return self.chance.choice(lengths(name, *path))

    def words(self, count: int) -> str:
        """Return ``count`` words without an end."""
        return " ".join(self._draw(count))

    def title(self, count: int, mark: str) -> str:
        """Return a title of about ``count`` words that says what the entry is about, and that it is synthetic."""
        count = min(max(count, 3), 9)
        told = self.topic[: max(2, count - 2)]
        told += self._vocabulary.draw(self.chance, count - len(told))
        return f"{_capital(' '.join(told))[:90].rstrip()} [synthetic {mark}]"

    def text(self, count: int) -> str:
        """Return sentences of ``count`` words together."""
        drawn = self._draw(max(count, 3))
        sentences, start = [], 0
        while start < len(drawn):
            end = min(start + self.chance.randint(7, 20), len(drawn))
            if len(drawn) - end < 4:
                end = len(drawn)
            sentences.append(_capital(" ".join(drawn[start:end])) + self._stop)
            start = end
        return " ".join(sentences)

    def paragraphs(self, count: int) -> list[str]:
        """Return texts of ``count`` words together, none longer than a screen of a phone."""
        found = []
        while count > 0:
            taken = min(count, self.chance.randint(40, 90))
            found.append(self.text(taken))
            count -= taken
        return found

    def lines(self, count: int, name: str, *path: str) -> str:
        """Return ``count`` lines, each as long as a text at ``path``."""
        return "\n".join(_capital(self.words(self.length(name, *path))) for _line in range(count))

    def _draw(self, count: int) -> list[str]:
        drawn = self._vocabulary.draw(self.chance, count)
        for place in range(count):
            if self.chance.random() < _FAITH:
                drawn[place] = self.chance.choice(self.topic)
        return drawn


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
