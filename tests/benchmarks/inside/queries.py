"""What is asked: a fixed list, drawn from the vocabulary of the synthetic content by rank, common words and rare."""

from urllib.parse import urlencode

from tests.benchmarks.synthetic.words import english, hindi, starting_content

#: Ranks among the telling words, from those that nearly every text has to those that few have.
_ONE = (0, 8, 40, 200, 900, 2500)
_THREE = ((2, 60, 400), (15, 120, 1500), (30, 31, 32))
_SENTENCES = ((5, 25, 90, 350), (12, 70, 250, 1200))
#: Letters of a word that is still being typed.
_TYPED = 4


def pages() -> list[str]:
    """Return the query strings of the searches."""
    telling, common = english().telling, english().words
    one = [telling[rank] for rank in _ONE if rank < len(telling)]
    three = [" ".join(telling[rank] for rank in ranks) for ranks in _THREE]
    sentences = [
        f"how did {telling[a]} {common[2]} {telling[b]} {common[1]} {telling[c]} {common[3]} {telling[d]} elsewhere"
        for a, b, c, d in _SENTENCES
    ]
    plain = [{"q": text} for text in (*one, *three, *sentences, " ".join(hindi().words[3:5]))]
    themes, sectors = _slugs("themes"), _slugs("sectors")
    filtered = [
        {"q": one[1], "kind": ["question"]},
        {"q": three[0], "kind": ["solution", "case_study"], "theme": themes[:1]},
        {"q": sentences[0], "sector": sectors[:2]},
        {"q": one[2], "theme": themes[:3], "sort": "newest"},
    ]
    return [urlencode(each, doseq=True) for each in (*plain, *filtered)]


def beginnings() -> list[str]:
    """Return what somebody has typed so far."""
    telling = english().telling
    texts = [telling[rank] for rank in _ONE if rank < len(telling)]
    texts += [" ".join(telling[rank] for rank in ranks) for ranks in _THREE]
    return [text[: text.rfind(" ") + 1 + _TYPED] for text in texts]


def _slugs(name: str) -> list[str]:
    return [row["slug"] for row in starting_content("taxonomy")[name]]
