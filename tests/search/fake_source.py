"""A source over plain values in memory, so that search is tested without the apps above it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from search.documents import PUBLIC, Part, SearchDocument

FIRST_DAY = datetime(2026, 1, 1, tzinfo=UTC)
EVERYBODY = frozenset({PUBLIC})


def make_document(key: str, title: str = "Untitled", body: str = "", *, summary: str = "", **values) -> SearchDocument:
    """Return a public document; ``parts`` and every other field can be given."""
    kind, _colon, number = key.partition(":")
    values.setdefault("parts", (Part(EVERYBODY, title, summary, body),))
    values.setdefault("published_at", FIRST_DAY + timedelta(days=int(number)))
    return SearchDocument(key=key, kind=kind, url=f"/{kind}/{number}/", title=title, summary=summary, **values)


class FakeSource:
    """Offers what stands in ``stored``; building what stands in ``poisonous`` fails; ``hidden`` is no longer shown."""

    name = "fake"
    kinds = ("solution", "question", "scheme")

    def __init__(self) -> None:
        self.stored: dict[str, SearchDocument] = {}
        self.poisonous: set[str] = set()
        self.hidden: set[str] = set()
        self.asked: list[list[str]] = []

    def add(self, key: str, *args, **values) -> SearchDocument:
        """Store a document without telling the index."""
        self.stored[key] = make_document(key, *args, **values)
        return self.stored[key]

    def keys(self) -> Iterator[str]:
        yield from self.stored

    def documents(self, keys: list[str]) -> Iterator[SearchDocument]:
        self.asked.append(list(keys))
        for key in keys:
            if key in self.poisonous:
                raise ValueError(f"{key} is poisonous")
            if key in self.stored:
                yield self.stored[key]

    def visible(self, keys: list[str], viewer) -> set[str]:
        return {key for key in keys if key in self.stored and key not in self.hidden}
