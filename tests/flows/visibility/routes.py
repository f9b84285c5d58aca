"""Every route of the URL conf, the demonstration's too, with the name under which the tables list it."""

import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType

from django.test import override_settings
from django.urls import URLPattern, URLResolver

import portal.urls

_GAP = re.compile(r"<(?:\w+:)?(\w+)>")
_GROUP = re.compile(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)")


@dataclass(frozen=True)
class Route:
    """A route. ``name`` is its own behind those of its namespaces; a nameless one is called by its pattern."""

    namespace: str
    name: str
    pattern: str

    @property
    def full_name(self) -> str:
        return f"{self.namespace}:{self.name}" if self.namespace else self.name

    def path(self, **values: object) -> str:
        """Return the address with ``values`` in its gaps, 1 where none is given."""

        def value(match: re.Match) -> str:
            return str(values.get(match.group(1), 1))

        filled = _GAP.sub(value, _GROUP.sub(value, self.pattern)).replace(r"\.", ".")
        return "/" + filled.replace("^", "").replace("$", "")


@cache
def demo_urls() -> ModuleType:
    """Return the URL conf as the demonstration has it: that of everywhere, and the mailbox."""
    spec = importlib.util.spec_from_file_location("tests.flows.visibility.portal_urls_demo", Path(portal.urls.__file__))
    module = importlib.util.module_from_spec(spec)
    with override_settings(DEMO=True):
        spec.loader.exec_module(module)
    return module


def routes(patterns: list) -> list[Route]:
    """Return every route below ``patterns``."""
    return list(_walk(patterns, (), ""))


def _walk(patterns: list, namespaces: tuple[str, ...], prefix: str) -> Iterator[Route]:
    for pattern in patterns:
        where = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield Route(":".join(namespaces), pattern.name or f"/{where}", where)
        elif isinstance(pattern, URLResolver):
            inner = (*namespaces, pattern.namespace) if pattern.namespace else namespaces
            yield from _walk(pattern.url_patterns, inner, where)
        else:
            raise TypeError(f"{pattern!r} is neither a pattern nor a resolver: say here how to look into it.")
