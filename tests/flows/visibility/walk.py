"""The walk: every address of the tables is opened as every viewer, once, and what came of it is written down.

The world is made and walked through inside one transaction that is rolled back, so no other test meets it.
"""

import gc
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import reverse
from wagtail.admin.templatetags import wagtailadmin_tags

from search import query
from search.documents import SearchCriteria
from search.editorial.remembered import forget_everything
from tests.conftest import sign_in
from tests.own_index import own_index

from . import third_party
from .admin_routes import ACTING, DESK, EXCHANGE, SNIPPETS, snippet_name, snippet_of, viewers_of
from .own_routes import OWN
from .routes import demo_urls, routes
from .rules import Row
from .viewers import EVERYBODY, VIEWERS
from .world import World, make_world

#: Whose searches may find different things.
SEARCHERS = ("visitor", "member", "other member", "former member", "author", "moderator", "administrator")

_WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


@dataclass(frozen=True)
class Step:
    """What one viewer got at one address: the outcome in a word, the marked parts in it, the tables written."""

    route: str
    outcome: str
    found: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()


@dataclass
class Walk:
    """All steps, by viewer and address; those that posted, by viewer and route."""

    world: World
    opened: dict[tuple[str, str], Step] = field(default_factory=dict)
    posted: dict[tuple[str, str], Step] = field(default_factory=dict)
    #: The address on which the tables' expectations are about, by name of the route.
    first: dict[str, str] = field(default_factory=dict)
    #: How many hits a search for a marker gave, by viewer and marker.
    hits: dict[tuple[str, str], int] = field(default_factory=dict)

    def at(self, address: str) -> dict[str, Step]:
        """Return what came of ``address``, by viewer."""
        path = address.partition("#")[0]
        return {viewer: step for (viewer, where), step in self.opened.items() if where == path}


@contextmanager
def a_world() -> Iterator[World]:
    """Make a world that is gone afterwards, with an index of its own, in the URL conf of the demonstration."""
    with tempfile.TemporaryDirectory() as folder:
        inside = override_settings(SEARCH_PAGE_SIZE=500, ROOT_URLCONF=demo_urls(), DEMO=True)
        with own_index(Path(folder)), inside:
            cache.clear()
            forget_everything()
            with transaction.atomic():
                world = make_world()
                gc.freeze()  # what stands by now is not searched for garbage after each of some thousand requests
                yield world
                gc.unfreeze()
                transaction.set_rollback(True)
        cache.clear()
        forget_everything()


class Walker:
    """Opens addresses as everybody. ``clients`` are signed in once."""

    def __init__(self, world: World) -> None:
        self.walk = Walk(world)
        self.clients = {viewer: self._client(viewer) for viewer in VIEWERS}

    def _client(self, viewer: str) -> Client:
        user = self.walk.world.users[viewer]
        client = sign_in(user) if user else Client()
        client.raise_request_exception = False
        return client

    def open(self, route: str, address: str, viewers=VIEWERS) -> None:
        """Open ``address`` as each of ``viewers`` and note what came of it."""
        for viewer in viewers:
            with _undone(), _written() as written:
                answer = self.clients[viewer].get(address)
                self.walk.opened[viewer, address] = self._step(route, address, answer, written)

    def post(self, route: str, address: str, data: dict[str, dict], viewers=VIEWERS) -> None:
        """Post to ``address`` as each of ``viewers``, what ``data`` says for each; nothing of it lasts."""
        for viewer in viewers:
            client = self.clients[viewer]
            cookies = client.cookies.copy()
            with _undone():
                answer = client.post(address, data.get(viewer, {}))
                self.walk.posted[viewer, route] = self._step(route, address, answer, set())
            client.cookies = cookies  # who signed out by that is signed in again

    def _step(self, route: str, address: str, answer: HttpResponse, written: set[str]) -> Step:
        secrets, outcome = self.walk.world.secrets, _outcome(answer)
        content = b"".join(answer) if answer.streaming else answer.content
        found = secrets.found_in(content) | secrets.found_in(answer.get("Location", "").encode())
        if outcome != "200":
            found -= secrets.found_in(address.encode())  # an address that leads nowhere is repeated, and tells nothing
        return Step(route, outcome, found, frozenset(written))


class OnlyAtHome:
    """Stands in for the admin's menu and its areas of search: a quarter of each page's work, and the same on all."""

    def __init__(self, made) -> None:
        self._made = made

    def __getattr__(self, name: str):
        return getattr(self._made, name)

    def render_component(self, request: HttpRequest) -> list:
        return self._made.render_component(request) if self._is_home(request) else []

    def search_items_for_request(self, request: HttpRequest) -> list:
        return self._made.search_items_for_request(request) if self._is_home(request) else []

    @staticmethod
    def _is_home(request: HttpRequest) -> bool:
        return request.path == reverse("wagtailadmin_home")


def walk_through(world: World) -> Walk:
    """Open every address of the tables and search for every marked part; return what came of it all."""
    menu, areas = OnlyAtHome(wagtailadmin_tags.admin_menu), OnlyAtHome(wagtailadmin_tags.admin_search_areas)
    with patch.multiple(wagtailadmin_tags, admin_menu=menu, admin_search_areas=areas):
        return _walk_through(world)


def _walk_through(world: World) -> Walk:
    walker = Walker(world)
    listed = OWN | DESK | EXCHANGE
    for name, row in listed.items():
        _walk_row(walker, name, row)
    for route in routes(demo_urls().urlpatterns):
        if route.full_name not in listed and third_party.listed_as(route.full_name):
            for address, viewers in third_party.addresses(route, world):
                walker.open(route.full_name, address, viewers)
    for model in SNIPPETS:
        _walk_snippet(walker, model)
    _open_what_is_left(walker)
    _search(walker)
    return walker.walk


def _walk_row(walker: Walker, name: str, row: Row) -> None:
    world = walker.walk.world
    paths = [name if name.startswith("/") else reverse(name, args=args) for args in row.targets(world)]
    walker.walk.first[name] = paths[0]
    for query_string in ("", *row.queries):
        walker.open(name, paths[0] + query_string)
    for path in paths[1:]:
        walker.open(name, path, row.searchers)
    if row.post is not None:
        walker.post(name, paths[0], {viewer: row.sent(world, viewer) for viewer in VIEWERS})


def _walk_snippet(walker: Walker, model: type[Model]) -> None:
    filled = snippet_of(walker.walk.world, model)
    for route in routes(demo_urls().urlpatterns):
        if (key := snippet_name(route, model)) is None:
            continue
        path = walker.walk.first[route.full_name] = route.path(**filled)
        walker.open(route.full_name, path, viewers_of(model))
        if key in ACTING:
            outcomes = {viewer: step.outcome for viewer, step in walker.walk.at(path).items()}
            refused = [viewer for viewer, outcome in outcomes.items() if outcome not in ("200", "405")]
            walker.post(route.full_name, path, {}, refused)


def _open_what_is_left(walker: Walker) -> None:
    """Open the addresses at which somebody has to find something and that no table led to."""
    for secret in walker.walk.world.secrets.by_word.values():
        for viewers, address in secret.shown_at:
            if not viewers & walker.walk.at(address).keys():
                walker.open("left", address.partition("#")[0], sorted(viewers & {"editor"} or viewers))


def _search(walker: Walker) -> None:
    """Search for each marker that not everybody may meet, as those whose communities differ."""
    world = walker.walk.world
    for secret in world.secrets.by_word.values():
        if secret.readers == EVERYBODY:
            continue
        for viewer in SEARCHERS:
            user = world.users[viewer]
            # As it stands, and with a slip that could be corrected.
            for text in (secret.word, secret.word[:-1]) if viewer == "visitor" else (secret.word,):
                results = query.find(SearchCriteria(text=text, page_size=50), viewer=user)
                found = world.secrets.found_in(repr(results).encode())
                walker.walk.opened[viewer, f"search for {text}"] = Step("search", "200", found)
                walker.walk.hits[viewer, text] = results.total


def _outcome(answer: HttpResponse) -> str:
    """Return the status as a word of the tables; where a redirect leads to a door, the name of the door."""
    if answer.status_code != 302:
        return str(answer.status_code)
    where = answer["Location"].partition("?")[0]
    doors = {
        reverse("account_login"): "login",
        reverse("wagtailadmin_login"): "login",
        reverse("my_profile"): "profile",
        reverse("wagtailadmin_home"): "denied",
    }
    return doors.get(where, "on")


@contextmanager
def _undone() -> Iterator[None]:
    """Take back what happens inside: no viewer meets what another did."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def _written() -> Iterator[set[str]]:
    """Collect the tables that are written inside."""
    tables: set[str] = set()

    def watch(execute, sql, params, many, context):
        words = sql.split(None, 3)
        if words[0] in _WRITES:
            tables.add(words[1 if words[0] == "UPDATE" else 2].strip('"'))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield tables
