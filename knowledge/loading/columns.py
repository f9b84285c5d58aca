"""Reading one value of a row.

A column is a function from a row to the JSON value that is remembered as loaded: text, a number, true, false, null,
a slug, or a list of them. It raises RowError with a reason that somebody who edits the file understands.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils import timezone

Row = Mapping[str, Any]
Column = Callable[[Row], Any]

EARLIEST_YEAR = 1850


class RowError(ValueError):
    """What is wrong with a row, in words for whoever keeps the file."""


def text(key: str, default: str = "") -> Column:
    """Read text; null and an absent key give ``default``."""
    return lambda row: default if row.get(key) is None else as_text(key, row[key])


def required_text(key: str) -> Column:
    """Read text that must be there."""

    def read(row: Row) -> str:
        if not as_text(key, _present(row, key)).strip():
            raise RowError(f"{key}: empty")
        return row[key]

    return read


def printed(key: str) -> Column:
    """Read a figure as the source prints it: a number or words."""

    def read(row: Row) -> str:
        value = _present(row, key)
        return str(value) if _is_number(value) else as_text(key, value)

    return read


def whole(key: str) -> Column:
    """Read a whole number from zero, or null."""

    def read(row: Row) -> int | None:
        value = row.get(key)
        if value is not None and (not isinstance(value, int) or isinstance(value, bool) or value < 0):
            raise RowError(f"{key}: {value!r} is no whole number from zero")
        return value

    return read


def required_whole(key: str) -> Column:
    """Read a whole number from zero that must be there."""

    def read(row: Row) -> int:
        _present(row, key)
        return whole(key)(row)

    return read


def decimal(key: str) -> Column:
    """Read a number as text without trailing zeros, or null."""

    def read(row: Row) -> str | None:
        value = row.get(key)
        if value is None:
            return None
        if not _is_number(value):
            raise RowError(f"{key}: {value!r} is no number")
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise RowError(f"{key}: {value!r} is no number")
        return format_decimal(number)

    return read


def format_decimal(number: Decimal) -> str:
    """Return ``number`` without trailing zeros, so that 27.18 and 27.18000 are the same value."""
    return format(number.normalize(), "f")


def flag(*keys: str) -> Column:
    """Read true, false or null, below the ``keys`` one after the other."""

    def read(row: Row) -> bool | None:
        value: Any = row
        for key in keys:
            if not isinstance(value, Mapping):
                raise RowError(f"{'.'.join(keys)}: {value!r} is no object")
            value = value.get(key)
            if value is None:
                return None
        if not isinstance(value, bool):
            raise RowError(f"{'.'.join(keys)}: {value!r} is neither true nor false")
        return value

    return read


def year(key: str) -> Column:
    """Read a year that a plan or a founding may have, or null."""
    return lambda row: None if row.get(key) is None else _year(key, row[key], timezone.now().year + 50)


def as_of(row: Row) -> int:
    """Read the year that the facts of ``row`` speak for: always there, never in the future."""
    return _year("as_of", _present(row, "as_of"), timezone.now().year)


def lines(key: str, separator: str = "\n") -> Column:
    """Read a list of texts as one text, one on each line."""
    return lambda row: separator.join(" ".join(item.split()) for item in as_texts(key, row.get(key)))


def slug(key: str) -> Column:
    """Read the slug of another row, or null."""
    return lambda row: None if row.get(key) is None else as_text(key, row[key])


def required_slug(key: str) -> Column:
    """Read the slug of another row that must be there."""
    return required_text(key)


def slugs(*keys: str) -> Column:
    """Read a list of slugs below the ``keys`` one after the other, in alphabetical order."""

    def read(row: Row) -> list[str]:
        value: Any = row
        for key in keys:
            if not isinstance(value, Mapping):
                raise RowError(f"{'.'.join(keys)}: {value!r} is no object")
            value = value.get(key)
        return sorted(set(as_texts(".".join(keys), value)))

    return read


def sources(row: Row) -> list[str]:
    """Read the titles of the documents that the facts of ``row`` were taken from; there is at least one."""
    items = _present(row, "sources")
    if not isinstance(items, list) or not items:
        raise RowError("sources: not a list of documents")
    for item in items:
        if not isinstance(item, Mapping):
            raise RowError(f"sources: {item!r} is no object")
        if item.get("year") is not None:
            _year("sources", item["year"], timezone.now().year)
    return sorted({as_text("sources", item.get("document")) for item in items})


def always(value: Any) -> Column:
    """Give the same value for each row."""
    return lambda row: value


def as_text(key: str, value: Any) -> str:
    """Return ``value`` if it is text that a database can keep."""
    if not isinstance(value, str):
        raise RowError(f"{key}: {value!r} is no text")
    if "\x00" in value:
        raise RowError(f"{key}: holds a null character")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise RowError(f"{key}: holds half a character") from None
    return value


def as_texts(key: str, value: Any) -> list[str]:
    """Return ``value`` if it is a list of texts; null counts as an empty list."""
    if value is None:
        return []
    if not isinstance(value, list):
        raise RowError(f"{key}: {value!r} is no list")
    return [as_text(key, item) for item in value]


def _present(row: Row, key: str) -> Any:
    if row.get(key) is None:
        raise RowError(f"{key}: missing")
    return row[key]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _year(key: str, value: Any, latest: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not EARLIEST_YEAR <= value <= latest:
        raise RowError(f"{key}: {value!r} is no year from {EARLIEST_YEAR} to {latest}")
    return value
