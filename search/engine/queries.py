"""From concepts to a query: every word is data, its field is chosen by its script, the number of clauses is bounded."""

import math
from datetime import UTC, datetime
from functools import reduce
from itertools import pairwise
from operator import or_

from elasticsearch_dsl import Q
from elasticsearch_dsl.query import Query

from search.analysis import is_stop_word, tokens, words
from search.documents import MAX_TEXT_LENGTH, MAX_WORDS, PUBLIC, Concept, SearchCriteria
from search.priors import AGEING_SHARE, FRESH_FOR, HALF_LIFE

from . import highlighting

#: How much a word counts in each field.
WEIGHTS = {"title": 2.0, "summary": 1.5, "body": 1.0}
#: What means the same counts a little less than what was typed, a word only begun less again.
SYNONYM_SHARE, BEGUN_SHARE = 0.8, 0.5
#: What words add that stand beside each other as in the question, and how many pairs are looked for.
PAIR_SHARE, MAX_PAIRS = 0.3, 4
#: What holds so much of a question that is not too long to ask twice counts so much more.
MOST_SHARE, MOST_BOOST, MAX_COORDINATED = 0.7, 0.6, 12
#: The question as the very title.
TITLE_BOOST = 3.0
#: All words of what is still being typed in a title: who has typed "cash" looks for the page on cashew nuts, and not
#: for a text that says "cash" often.
BEGUN_TITLE_BOOST = 10.0
#: What a word counts in a text for some: about what a word of middling rarity counts in a public one.
INSIDE_WEIGHT = 2.0
#: A suggestion holds at least this share of the sentence.
SUGGESTED_SHARE = 0.3
MIN_PREFIX = 2
#: Characters of a text that is looked for as a whole title.
LONGEST_TITLE = 256


def matching(criteria: SearchCriteria, *, unfinished: bool = False) -> Query:
    """Return the query for what holds any of the concepts, the more of them the higher; all words may be read.

    ``unfinished`` says that the last word may be only begun, and asks for a share of the concepts.
    """
    inner = _inner(criteria.audiences)
    clauses = [
        _concept(concept, inner, unfinished=unfinished and concept is criteria.concepts[-1])
        for concept in criteria.concepts
    ]
    least = max(1, math.ceil(SUGGESTED_SHARE * len(clauses))) if unfinished else 1
    most = len(clauses)
    matched = Q("bool", should=clauses, minimum_should_match=least)
    boosts = _pairs(criteria.text)
    if 1 < most <= MAX_COORDINATED:
        # What holds most of the concepts comes before what repeats one.
        boosts.append(Q("bool", should=clauses, minimum_should_match=math.ceil(most * MOST_SHARE), boost=MOST_BOOST))
    if inner:
        boosts.append(_quoted(criteria, inner, unfinished=unfinished))
    whole = Q("bool", must=[matched], should=boosts) if boosts else matched
    exact = " ".join(tokens(criteria.text[:LONGEST_TITLE])[:MAX_WORDS])
    boosted = [{"filter": Q("term", **{"public.exact": exact}), "weight": TITLE_BOOST}] if exact else []
    if unfinished and (titled := _titled(criteria.concepts)):
        boosted.append({"filter": titled, "weight": BEGUN_TITLE_BOOST})
    return weighed(whole, boosted)


def marked(criteria: SearchCriteria, *, unfinished: bool = False) -> Query:
    """Return the query for what is marked in public texts: the words and what means the same, without any ranking."""
    last = criteria.concepts[-1]
    wanted = [
        query
        for each in criteria.concepts
        for query in _anywhere(each, _telling(each), "public", unfinished=unfinished and each is last)
    ]
    return Q("bool", should=wanted)


def weighed(query: Query, boosted: list[dict] | None = None) -> Query:
    """Return ``query`` with its scores multiplied by the prior and by the ageing of ``search.priors``."""
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0).isoformat()
    decay = {"origin": today, "offset": _days(FRESH_FOR), "scale": _days(HALF_LIFE), "decay": 0.5}
    ageing = [{"weight": 1 - AGEING_SHARE}, {"exp": {"fresh_at": decay}, "weight": AGEING_SHARE}]
    aged = Q("function_score", query=query, functions=ageing, score_mode="sum", boost_mode="multiply")
    prior = {"field_value_factor": {"field": "prior", "missing": 1}}
    functions = [prior, *(boosted or [])]
    return Q("function_score", query=aged, functions=functions, score_mode="multiply", boost_mode="multiply")


def everything(audiences: frozenset[str]) -> Query:
    """Return the query for all there is, with what a reader of inner texts is shown of them."""
    inner = _inner(audiences)
    return Q("bool", must=[Q("match_all")], should=[_quoted(SearchCriteria(), inner)]) if inner else Q("match_all")


def any_word(text: str, path: str = "public", **options) -> list[Query]:
    """Return the clauses for the words of ``text``, each asked for in the fields of its script."""
    return [
        Q("combined_fields", query=written, fields=_fields(path, sub), **options)
        if path == "public"
        else Q("multi_match", query=written, fields=_fields(path, sub), **options)
        for sub, written in _by_script(text)
    ]


def inside(audiences: frozenset[str], query: Query, **options) -> Query:
    """Return ``query`` on the inner texts that ``audiences`` may read."""
    allowed = Q("bool", must=[query], filter=[Q("terms", **{"inside.audiences": sorted(audiences - {PUBLIC})})])
    return Q("nested", path="inside", query=allowed, score_mode="max", **options)


def _days(span) -> str:
    return f"{span.days}d"


def _titled(concepts: tuple[Concept, ...]) -> Query | None:
    """Return the query for titles that hold all that is typed, the last word maybe only begun."""
    *whole, begun = [word for concept in concepts for word in _telling(concept).split()] or [""]
    if len(begun) < MIN_PREFIX:
        return None
    fields = ["public.title", "public.title.hi"]
    words_of_title = [Q("multi_match", query=word, fields=fields) for word in whole]
    last = {"public.title.begun": {"query": begun, "analyzer": "portal_written"}}
    return Q("bool", filter=[*words_of_title, Q("match", **last)])


def _inner(audiences: frozenset[str]) -> frozenset[str]:
    return audiences - {PUBLIC}


def _concept(concept: Concept, inner: frozenset[str], *, unfinished: bool) -> Query:
    """Return the clause for one concept: what was typed, or its best alternative where that is more."""
    typed = _telling(concept)
    found = _anywhere(concept, typed, "public", unfinished=unfinished)
    if inner:
        found.append(inside(inner, Q("dis_max", queries=_anywhere(concept, typed, "inside", unfinished=unfinished))))
    return found[0] if len(found) == 1 else Q("dis_max", queries=found)


def _anywhere(concept: Concept, typed: str, path: str, *, unfinished: bool) -> list[Query]:
    boost = {} if path == "public" else {"boost": INSIDE_WEIGHT}
    plain = any_word(typed, path, **boost)
    queries = [reduce(or_, plain)] if plain else []
    # A phrase scores as the sum of its words, and stands for one idea.
    queries += [_phrase(other, path, SYNONYM_SHARE / len(other.split())) for other in concept.alternatives]
    if unfinished and len(last := typed.split()[-1]) >= MIN_PREFIX:
        begun = {f"{path}.title.begun": {"query": last, "boost": BEGUN_SHARE, "analyzer": "portal_written"}}
        queries.append(Q("match", **begun))
    return queries or [Q("match_none")]


def _phrase(text: str, path: str, boost: float) -> Query:
    fields = _fields(path, ".hi" if _is_hindi(text) else "")
    weight = boost if path == "public" else boost * INSIDE_WEIGHT
    return Q("multi_match", query=text, type="phrase", fields=fields, boost=weight)


def _pairs(text: str) -> list[Query]:
    """Return the clauses for words beside each other that say something."""
    read = list(words(text[:MAX_TEXT_LENGTH]))[:MAX_WORDS]
    pairs = [
        text[first.start : second.end]
        for first, second in pairwise(read)
        if not (is_stop_word(first.written, among=text) or is_stop_word(second.written, among=text))
    ]
    return [_phrase(pair, "public", PAIR_SHARE) for pair in dict.fromkeys(pairs[:MAX_PAIRS])]


def _quoted(criteria: SearchCriteria, inner: frozenset[str], *, unfinished: bool = False) -> Query:
    """Return the clause that scores nothing and brings the marked inner texts with the hits."""
    wanted = [
        query
        for each in criteria.concepts
        for query in _anywhere(each, _telling(each), "inside", unfinished=unfinished)
    ]
    query = Q("bool", must=[Q("match_all")], should=wanted)
    shown = {"_source": False, "size": 3, "highlight": highlighting.fields("inside", unfinished=unfinished)}
    return inside(inner, query, inner_hits=shown, boost=0)


def _telling(concept: Concept) -> str:
    """Return what was typed; a concept of several words loses those that say nothing, unless it has no others."""
    typed = [word.written for word in words(concept.words)]
    return " ".join(word for word in typed if not is_stop_word(word, among=concept.words)) or " ".join(typed)


def _is_hindi(text: str) -> bool:
    return any("\u0900" <= sign <= "\u097f" and sign.isalpha() for sign in text) and not any(
        sign.isascii() and sign.isalpha() for sign in text
    )


def _by_script(text: str) -> list[tuple[str, str]]:
    """Return the words of ``text`` by the sub-field that holds them."""
    hindi = [word for word in text.split() if _is_hindi(word)]
    other = [word for word in text.split() if not _is_hindi(word)]
    return [(sub, " ".join(found)) for sub, found in (("", other), (".hi", hindi)) if found]


def _fields(path: str, sub: str) -> list[str]:
    return [f"{path}.{name}{sub}^{weight}" for name, weight in WEIGHTS.items()]
