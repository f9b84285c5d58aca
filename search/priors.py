"""What a document is worth before anybody asks: gentle factors, the same in every engine.

A score of words is multiplied by ``prior``, which an engine stores with the document, and by the ageing that it works
out when asked, from ``fresh_at`` and the constants below. All factors together move a score by less than one more
matching word does, so they decide between equals and never bring up what answers another question.
"""

import math
from datetime import UTC, datetime, timedelta

from .documents import SearchDocument

#: Solutions were compiled and checked by two people. What was tried and what pays for it come next. A thread may hold
#: the answer, but nobody has put it in order; figures and books answer few questions by themselves.
KIND_WEIGHTS = {
    "solution": 1.25,
    "best_practice": 1.15,
    "case_study": 1.15,
    "scheme": 1.15,
    "faq": 1.1,
    "glossary": 1.05,
    "question": 0.85,
    "publication": 0.85,
    "statistic": 0.85,
}
#: A named owner stands behind the facts.
VERIFIED_WEIGHT = 1.15
#: What each tenfold number of people who found it useful adds, and the most that can be added: the first voices tell
#: much, the thousandth nothing.
USEFULNESS_SHARE, MOST_USEFULNESS = 0.08, 0.2

#: Facts count as fresh for a year, the time after which owners are asked to look again. From then on the part of the
#: score that ages is halved every five years, about the life of a scheme's guidelines; old facts keep the rest.
FRESH_FOR = timedelta(days=365)
HALF_LIFE = timedelta(days=5 * 365)
AGEING_SHARE = 0.2


def prior(document: SearchDocument) -> float:
    """Return the factor of ``document`` that holds until the document changes."""
    factor = KIND_WEIGHTS.get(document.kind, 1.0)
    if document.verified_at:
        factor *= VERIFIED_WEIGHT
    useful = min(USEFULNESS_SHARE * math.log10(1 + max(document.usefulness, 0)), MOST_USEFULNESS)
    return round(factor * (1 + useful), 4)


def fresh_at(document: SearchDocument) -> datetime | None:
    """Return when the facts were last known to hold: confirmed, else true of a year, else published.

    None for what has no age, as a term or a theme; engines do not let it age.
    """
    if document.verified_at:
        return document.verified_at
    if document.as_of and 1 <= document.as_of <= 9998:
        return datetime(document.as_of, 12, 31, tzinfo=UTC)
    return document.published_at


def ageing(age: timedelta) -> float:
    """Return the factor for facts of this ``age``: 1 for fresh ones, never below ``1 - AGEING_SHARE``.

    Elasticsearch has the same as ``exp`` with ``offset`` FRESH_FOR, ``scale`` HALF_LIFE, ``decay`` 0.5 and ``weight``
    AGEING_SHARE, beside a function of the rest. Engines count from the beginning of the day, so that a score holds for
    a day.
    """
    old = max(abs(age) - FRESH_FOR, timedelta(0))
    return 1 - AGEING_SHARE + AGEING_SHARE * 0.5 ** (old / HALF_LIFE)
