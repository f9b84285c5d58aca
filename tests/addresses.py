"""Every address of the portal with something plausible in its gaps, for tests that must not forget one."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def addresses(key: str = "1", under: tuple[str, ...] = ("/",), **named: str) -> list[str]:
    """Return one example of every address below ``under``.

    A gap takes the value of ``named`` that has its name, else ``key``.
    """
    found = ["/" + _fill(route, key, named) for route in _routes(get_resolver(), "")]
    return [where for where in found if where.startswith(under)]


def _routes(resolver: URLResolver, prefix: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield route
        else:
            yield from _routes(pattern, route)


def _fill(route: str, key: str, named: dict[str, str]) -> str:
    def value(match: re.Match) -> str:
        return named.get(match.group("name") or "", key)

    route = re.sub(r"\((\?P<(?P<name>\w+)>)?[^()]*\)", value, route)
    route = re.sub(r"<(\w+:)?(?P<name>\w+)>", value, route)
    return route.replace(r"\.", ".").replace(r"\d+", key).replace(".*", "nothing").replace("^", "").replace("$", "")
