"""Addresses: words of any script as ASCII, unique, and fixed once public."""

from anyascii import anyascii
from django.db.models import QuerySet
from django.utils.text import slugify


def unique_slug(text: str, taken: QuerySet, max_length: int = 80) -> str:
    """Return a slug of ``text`` that no row of ``taken`` has, with a numeric suffix where needed.

    Text without a single letter or digit becomes ``item``.
    """
    base = slugify(anyascii(text))[:max_length].strip("-") or "item"
    used = set(taken.filter(slug__startswith=base).values_list("slug", flat=True))
    if base not in used:
        return base
    number = 2
    while (slug := f"{base[: max_length - len(str(number)) - 1]}-{number}") in used:
        number += 1
    return slug
