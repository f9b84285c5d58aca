"""What the connected server can do: each feature in use is tried once, on an index that is dropped again."""

import uuid
from collections.abc import Callable, Iterator

from elasticsearch import ApiError, Elasticsearch, NotFoundError, TransportError

from search.documents import SearchCriteria
from search.editorial.synonyms import concepts

from . import facets, highlighting, mapping, queries

#: The server's version that the client speaks with, and the oldest one that has all that is used.
MAJOR, OLDEST_MINOR = 8, 16
_MEMBER = frozenset({"public", "community:probe"})
_TEXT = "a probe योजना"


def lacks(client: Elasticsearch, prefix: str) -> list[str]:
    """Return a sentence for each thing that is missing. Raises what the server raises when it is away."""
    missing = list(_version(client))
    missing += [
        f"The analysis lacks {name}: {_why(error)}"
        for name, request in _components()
        if (error := _failure(lambda request=request: client.indices.analyze(text=_TEXT, **request)))
    ]
    index = f"{prefix}-probe-{uuid.uuid4().hex[:8]}"
    if error := _failure(lambda: client.indices.create(index=index, **mapping.body())):
        return [*missing, f"The index cannot be made: {_why(error)}"]
    try:
        for name, attempt in _features(client, index):
            if error := _failure(attempt):
                missing.append(f"{name} does not work: {_why(error)}")
    finally:
        client.indices.delete(index=index, ignore_unavailable=True)
    return missing


def _version(client: Elasticsearch) -> Iterator[str]:
    number = client.info()["version"]["number"]
    major, minor = (int(part) for part in number.split(".")[:2])
    if major != MAJOR or minor < OLDEST_MINOR:
        yield f"The server is Elasticsearch {number}; this portal needs {MAJOR}.{OLDEST_MINOR} or a newer {MAJOR}."


def _components() -> Iterator[tuple[str, dict]]:
    """Yield each filter of the analysis with the request that tries it alone."""
    analysis = mapping.body()["settings"]["analysis"]
    for name, definition in analysis["char_filter"].items():
        yield (
            f"the character filter {definition['type']} ({name})",
            {"tokenizer": "standard", "char_filter": [definition]},
        )
    for name, definition in analysis["filter"].items():
        yield f"the filter {definition['type']} ({name})", {"tokenizer": "standard", "filter": [definition]}
    ready = {each for one in analysis["analyzer"].values() for each in one["filter"]} - analysis["filter"].keys()
    for name in sorted(ready):
        yield f"the filter {name}", {"tokenizer": "standard", "filter": [name]}


def _features(client: Elasticsearch, index: str) -> Iterator[tuple[str, Callable[[], object]]]:
    criteria = SearchCriteria(text=_TEXT, concepts=concepts(_TEXT), kinds=("solution",), audiences=_MEMBER)
    version = {"version": 7, "version_type": "external_gte"}
    yield "Writing with external versions", lambda: client.index(index=index, id="1", document={"key": "1"}, **version)
    yield (
        "Ranking by words, priors and age",
        lambda: client.search(index=index, query=queries.matching(criteria, unfinished=True).to_dict()),
    )
    yield "Marking of several fields", lambda: client.search(index=index, highlight=highlighting.fields("public"))
    counts = {name: each.to_dict() for name, each in facets.aggregations(criteria).items()}
    yield "Counting facets", lambda: client.search(index=index, size=0, aggs=counts)
    term = {"words": {"text": "prob", "term": {"field": "public.words", "string_distance": "damerau_levenshtein"}}}
    yield "Offering other spellings", lambda: client.search(index=index, suggest=term)
    yield "Reading in slices (point in time)", lambda: _slice(client, index)
    alias = f"{index}.alias"
    yield (
        "Moving an alias in one step",
        lambda: client.indices.update_aliases(
            actions=[
                {"add": {"index": index, "alias": alias}},
                {"remove": {"index": index, "alias": alias, "must_exist": False}},
            ]
        ),
    )


def _move_alias(client: Elasticsearch, index: str) -> None:
    one, other = ({"index": index, "alias": f"{index}.{name}"} for name in ("one", "other"))
    client.indices.update_aliases(actions=[{"add": one}])
    client.indices.update_aliases(actions=[{"remove": one | {"must_exist": True}}, {"add": other}])


def _slice(client: Elasticsearch, index: str) -> None:
    pit = client.open_point_in_time(index=index, keep_alive="10s")["id"]
    try:
        client.search(pit={"id": pit}, sort=[{"key": "asc"}], search_after=["0"], version=True, docvalue_fields=["key"])
    finally:
        client.close_point_in_time(id=pit)


def _failure(attempt: Callable[[], object]) -> ApiError | None:
    try:
        attempt()
    except NotFoundError as error:
        return error
    except ApiError as error:
        if error.status_code == 429 or error.status_code >= 500 or error.status_code in (401, 403):
            raise
        return error
    except TransportError:
        raise
    return None


def _why(error: ApiError) -> str:
    return str(error.message if not isinstance(error.body, dict) else error.body.get("error", error))[:300]
