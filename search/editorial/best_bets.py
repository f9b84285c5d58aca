"""Best bets: entries that editors put first for some questions, as rows that they keep."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from search.analysis import is_stop_word, words
from search.documents import MAX_TEXT_LENGTH
from search.models import BestBet

from .remembered import Remembered
from .synonyms import Phrase

#: Of one question; more would push down what the words themselves find.
MOST_SHOWN = 3


@dataclass(frozen=True)
class Pinned:
    """An address with the days on which it comes first."""

    address: str
    shown_from: date | None
    shown_until: date | None

    def is_shown(self, day: date) -> bool:
        return (self.shown_from or day) <= day <= (self.shown_until or day)


def addresses(text: str, *, today: date) -> list[str]:
    """Return the addresses that come first for ``text``: it says the words of a bet, in their order, and no others.

    Inflections and words that say nothing make no difference.
    """
    pinned = _current.get().get(_asked(text), [])
    return list(dict.fromkeys(bet.address for bet in pinned if bet.is_shown(today)))[:MOST_SHOWN]


def _asked(text: str) -> Phrase:
    """Return the tokens by which a question is compared; of one that says nothing at all, every token."""
    asked = list(words(text[:MAX_TEXT_LENGTH]))
    telling = tuple(word.token for word in asked if not is_stop_word(word.written, among=text))
    return telling or tuple(word.token for word in asked)


def _read() -> dict[Phrase, list[Pinned]]:
    bets: dict[Phrase, list[Pinned]] = defaultdict(list)
    for bet in BestBet.objects.order_by("position", "pk"):
        pinned = Pinned(bet.address, bet.shown_from, bet.shown_until)
        for phrase in dict.fromkeys(map(_asked, bet.phrase_list)):
            bets[phrase].append(pinned)
    return dict(bets)


_current = Remembered(_read)
#: Let the next question read the bets anew: for tests, and for a process that has just changed them.
forget = _current.forget
