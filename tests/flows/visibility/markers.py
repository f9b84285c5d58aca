"""Words that exist nowhere else: whoever meets one has met the part of the thing that carries it."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

MARKER = re.compile(rb"zqx[a-p]{9}")
#: Stands beside every marker, so that one search would find all of them.
COMMON_WORD = "settling"


def word_for(name: str) -> str:
    """Return the marker of the thing called ``name``: letters alone, so that search takes it for one word."""
    digest = hashlib.sha256(name.encode()).hexdigest()[:9]
    return "zqx" + "".join(chr(ord("a") + int(digit, 16)) for digit in digest)


@dataclass(frozen=True)
class Secret:
    """A marked part of a thing and the viewers who may meet it.

    ``shown_at`` names the addresses at which viewers must meet it, as (viewers, address): the other way to fail.
    ``only_at``: where a thing is open to those who know its address, the only public addresses that show it.
    """

    name: str
    readers: frozenset[str]
    shown_at: tuple[tuple[frozenset[str], str], ...] = ()
    only_at: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        return word_for(self.name)


@dataclass
class Secrets:
    """All marked parts, by marker."""

    by_word: dict[str, Secret] = field(default_factory=dict)

    def add(self, secret: Secret) -> None:
        assert secret.word not in self.by_word, f"{secret.name} is named twice"
        self.by_word[secret.word] = secret

    def found_in(self, text: bytes) -> frozenset[str]:
        """Return the names of the marked parts that ``text`` holds."""
        words = {word.decode() for word in MARKER.findall(text.lower())}
        return frozenset(self.by_word[word].name for word in words & self.by_word.keys())

    def named(self, name: str) -> Secret:
        return self.by_word[word_for(name)]

    def forbidden_to(self, viewer: str, names: Iterable[str]) -> set[str]:
        """Return those of ``names`` that ``viewer`` may not meet anywhere."""
        return {name for name in names if viewer not in self.named(name).readers}
