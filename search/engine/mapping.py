"""The fields of the index and the analysis of text, made of Elasticsearch's core features alone.

A word goes by its script: ``title``, ``summary`` and ``body`` hold English stems, their sub-fields ``hi`` the words in
Devanagari, so that a question asks each of its words in one of both. The analysis agrees with ``search.analysis``:
possessives, accents, nukta, joiners, nasals, vowel lengths and the digits of both scripts make no other word, and no
word is dropped from a text. Synonyms are expanded when asked and stand in no mapping.
"""

import hashlib
import json
from functools import cache

from elasticsearch_dsl import (
    Boolean,
    Date,
    Float,
    Integer,
    Keyword,
    Mapping,
    Nested,
    Object,
    Text,
    analyzer,
    char_filter,
    token_filter,
)

#: Longer values of a keyword are not indexed: no slug, address or title that is sorted by is as long.
LONGEST_KEYWORD = 1024
#: Letters of a word that is still being typed.
SHORTEST_BEGINNING, LONGEST_BEGINNING = 2, 20

_possessive = token_filter("possessive", type="stemmer", language="possessive_english")
_english_stem = token_filter("english_stem", type="stemmer", language="porter2")
_hindi_stem = token_filter("hindi_stem", type="stemmer", language="hindi")
# Snowball sees no vowel in cfcs and shgs, and keeps the s.
_acronyms = token_filter("acronyms", type="pattern_replace", pattern=r"^([^aeiouy\W\d_]{3,})s$", replacement="$1")
_devanagari = token_filter("devanagari", type="pattern_replace", pattern="^[^\u0900-\u097f]+$", replacement="")
_not_empty = token_filter("not_empty", type="length", min=1)
_beginnings = token_filter(
    "beginnings", type="edge_ngram", min_gram=SHORTEST_BEGINNING, max_gram=LONGEST_BEGINNING, preserve_original=True
)
_grouped = token_filter(
    "grouped_digits", type="pattern_replace", pattern=",", replacement=""
)  # 15,00,000 is one number
#: Soft hyphens and signs without width stand in no word.
_joiners = char_filter(
    "joiners", type="mapping", mappings=[f"\\u{sign}=>" for sign in ("00ad", "200b", "200c", "200d", "2060", "feff")]
)
_SIGNS = [_joiners]
_FOLDED = [_possessive, "lowercase", "decimal_digit", _grouped, "asciifolding"]
_INDIC = ["indic_normalization", "hindi_normalization"]

ENGLISH = analyzer(
    "portal_english", tokenizer="standard", char_filter=_SIGNS, filter=[*_FOLDED, *_INDIC, _acronyms, _english_stem]
)
# The stem is taken twice: बुनकरों gives बुनकर at first, which by itself gives बुन.
HINDI = analyzer(
    "portal_hindi",
    tokenizer="standard",
    char_filter=_SIGNS,
    filter=["lowercase", "decimal_digit", _devanagari, _not_empty, *_INDIC, _hindi_stem, _hindi_stem],
)
WRITTEN = analyzer("portal_written", tokenizer="standard", char_filter=_SIGNS, filter=[*_FOLDED, *_INDIC])
BEGUN = analyzer("portal_begun", tokenizer="standard", char_filter=_SIGNS, filter=[*_FOLDED, *_INDIC, _beginnings])
ANALYZERS = (ENGLISH, HINDI, WRITTEN, BEGUN)


def _text(words: str, **options) -> Text:
    """Return a text whose words, as written, are also kept in ``words`` for corrections."""
    hindi = Text(analyzer=HINDI, index_options="offsets", **options)
    return Text(analyzer=ENGLISH, index_options="offsets", copy_to=words, fields={"hi": hindi}, **options)


def _texts(path: str, **options) -> dict[str, Text | Keyword]:
    words = f"{path}.words"
    title = _text(words, **options)
    title.fields.begun = Text(analyzer=BEGUN, search_analyzer=WRITTEN, index_options="offsets", **options)
    return {
        "title": title,
        "summary": _text(words, **options),
        "body": _text(words, **options),
        "words": Text(analyzer=WRITTEN, index_options="docs", norms=False),
        "exact": Keyword(ignore_above=LONGEST_KEYWORD),
    }


def mapping() -> Mapping:
    """Return the fields of the index. ``dynamic`` is off: a field that a newer portal writes harms no older index."""
    fields = Mapping()
    fields.meta("dynamic", False)
    slug = Keyword(ignore_above=LONGEST_KEYWORD)
    for name in ("key", "kind", "language", "url", "themes", "sectors", "states", "stage", "verified", "audiences"):
        fields.field(name, slug)
    fields.field("digest", slug)
    fields.field("title_sort", slug)
    fields.field("published_at", Date())
    fields.field("fresh_at", Date())
    fields.field("deleted_at", Date())
    fields.field("deleted", Boolean())
    fields.field("usefulness", Integer())
    fields.field("prior", Float())
    fields.field("card", Object(enabled=False))
    fields.field("public", Object(properties=_texts("public")))
    inside = {"audiences": slug, **_texts("inside", similarity="boolean")}
    fields.field("inside", Nested(properties=inside))
    return fields


@cache
def body() -> dict:
    """Return mappings and settings as they make an index."""
    fields = mapping()
    analysis = fields._collect_analysis()
    for each in ANALYZERS:
        for part, values in each.get_analysis_definition().items():
            analysis.setdefault(part, {}).update(values)
    return {"mappings": fields.to_dict(), "settings": {"analysis": analysis}}


def fingerprint() -> str:
    """Return the hash by which an index tells whether it was made for this mapping and these settings."""
    return hashlib.sha256(json.dumps(body(), sort_keys=True).encode()).hexdigest()[:8]
