"""How the tables say who gets what: an outcome for everybody, then for those who get another."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .viewers import PROFILELESS, SIGNED_IN, STAFF, VIEWERS
from .world import World

Outcomes = Mapping[str, str]


def who(outcome: str, **others: str) -> Outcomes:
    """Return ``outcome`` for everybody but those named, underscores for spaces."""
    named = {viewer.replace("_", " "): other for viewer, other in others.items()}
    assert named.keys() <= set(VIEWERS), named
    return {viewer: named.get(viewer, outcome) for viewer in VIEWERS}


def only(viewers: frozenset[str], outcome: str, otherwise: Outcomes) -> Outcomes:
    """Return ``outcome`` for ``viewers``, the rest of the table for the others."""
    return {viewer: outcome if viewer in viewers else otherwise[viewer] for viewer in VIEWERS}


def members(outcome: str) -> Outcomes:
    """Return the rule of pages for members: others are shown the way to an account and to a profile."""
    return only(frozenset({"visitor"}), "login", only(PROFILELESS, "profile", who(outcome)))


def staff(outcome: str) -> Outcomes:
    """Return the rule of the admin: who has no entry is sent to sign in."""
    return only(STAFF, outcome, who("login"))


ANYBODY = who("200")
NOBODY = who("404")
READING_ONLY = who("405")
ACCOUNTS = only(SIGNED_IN, "200", who("login"))

Arguments = Callable[[World], list[tuple]]


def _none(world: World) -> list[tuple]:
    return [()]


@dataclass(frozen=True)
class Row:
    """What one of our own addresses answers.

    ``targets`` are the arguments it is called with; what is expected concerns the first, which everybody opens. The
    others are only searched, by ``searchers``, for what may not be there. ``get`` and ``post`` are the outcomes;
    ``sent`` is what is posted. ``queries`` are query strings that everybody opens as well.
    """

    get: Outcomes
    post: Outcomes | None = None
    targets: Arguments = _none
    sent: Callable[[World, str], dict] = field(default=lambda world, viewer: {})
    queries: tuple[str, ...] = ()
    searchers: tuple[str, ...] = VIEWERS
