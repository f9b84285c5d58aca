"""Asking an engine as ``search.query`` does, without the database."""

from search.documents import SearchCriteria
from search.editorial.synonyms import Rules, concepts


def asking(text: str = "", *, rules: Rules | None = None, **values) -> SearchCriteria:
    found = concepts(text, rules) if rules else concepts(text)
    return SearchCriteria(text=text, concepts=found, **values)


def put(engine, *documents, version: int = 1) -> None:
    assert engine.write([(document, version) for document in documents], []) == {}


def found(engine, *args, **values) -> list[str]:
    return [hit.key for hit in engine.search(asking(*args, **values)).hits]
