"""The indices behind aliases: which one is read, which ones take writes, which one is being filled.

An index is called ``<prefix>-<hash of its mapping>-<number>``. What it is for stands in its aliases, which the cluster
changes in one step however many they are:

- ``<prefix>`` is the index that is read;
- ``<index>.writes`` lets an index take writes: the present one, the one being filled, the one before. A bulk asks for
  this alias, so that a late write to an index that is gone fails instead of making an index of that name anew;
- ``<prefix>.filling`` is the index of the rebuild that is under way; whoever finishes takes it off, and who finds it
  gone was overtaken;
- ``<prefix>.before`` is the index from before the last rebuild, for going back.
"""

import re
import time
import uuid
from dataclasses import dataclass

from elasticsearch import Elasticsearch, NotFoundError

from search.documents import NothingToRollBack, RebuildOvertaken, SearchUnavailable

from . import mapping

WRITES = ".writes"
#: While an index is filled it is neither copied nor made searchable; both come when it takes its place.
FILLING = {"number_of_replicas": 0, "refresh_interval": "-1"}
SERVING = {"auto_expand_replicas": "0-1", "refresh_interval": "1s"}
#: How long the index from before the last rebuild is kept, and how long a rebuild may take before it counts as dead.
KEPT_SECONDS, DEAD_SECONDS = 7 * 86_400, 86_400


class NoIndex(SearchUnavailable):
    """There is no index to read: nothing was built yet, or the server lost its data."""


@dataclass(frozen=True)
class Present:
    """The indices of one moment, by what they are for. ``known`` holds all of them."""

    read: str | None
    before: str | None
    filling: frozenset[str]
    writes: tuple[str, ...]
    known: frozenset[str]


class Indices:
    """The indices of ``prefix`` on the server of ``client``."""

    def __init__(self, client: Elasticsearch, prefix: str) -> None:
        self._client, self.prefix = client, prefix
        self._name = re.compile(rf"{re.escape(prefix)}-[0-9a-f]{{8}}-[0-9a-f]{{8}}")

    @property
    def read_alias(self) -> str:
        return self.prefix

    @property
    def _filling(self) -> str:
        return f"{self.prefix}.filling"

    @property
    def _before(self) -> str:
        return f"{self.prefix}.before"

    def present(self) -> Present:
        """Return what there is now."""
        found = self._client.indices.get_alias(index=f"{self.prefix}-*", expand_wildcards="all")
        aliases = {name: set(each["aliases"]) for name, each in found.items() if self._name.fullmatch(name)}

        def having(alias: str) -> list[str]:
            return sorted(name for name, held in aliases.items() if alias in held)

        read = next(iter(having(self.read_alias)), None)
        writing = sorted(
            (name for name, held in aliases.items() if name + WRITES in held), key=lambda name: name != read
        )
        return Present(
            read=read,
            before=next(iter(having(self._before)), None),
            filling=frozenset(having(self._filling)),
            writes=tuple(writing),
            known=frozenset(aliases),
        )

    def is_current(self, index: str) -> bool:
        """Return whether ``index`` was made for the mapping of this version of the portal."""
        return index.startswith(f"{self.prefix}-{mapping.fingerprint()}-")

    def begin(self) -> str:
        """Make an index to be filled and return it. Rebuilds that were under way, or were killed, are overtaken."""
        self._drop(self.present().filling)
        index = f"{self.prefix}-{mapping.fingerprint()}-{uuid.uuid4().hex[:8]}"
        body = mapping.body()
        self._client.indices.create(
            index=index,
            mappings=body["mappings"],
            settings=body["settings"] | FILLING,
            aliases={self._filling: {}, index + WRITES: {}},
        )
        return index

    def switch(self, index: str) -> None:
        """Let ``index`` be read from now on, in one step, and keep the one before. Raises RebuildOvertaken."""
        self._client.indices.refresh(index=index, ignore_unavailable=True)
        present = self.present()
        if index not in present.filling:
            raise RebuildOvertaken(f"{index} is not the index being filled any more.")
        actions = [
            {"remove": {"index": index, "alias": self._filling, "must_exist": True}},
            {"add": {"index": index, "alias": self.read_alias}},
        ]
        if present.read:
            actions.append({"remove": {"index": present.read, "alias": self.read_alias, "must_exist": True}})
            actions.append({"add": {"index": present.read, "alias": self._before}})
        if present.before:
            actions.append({"remove": {"index": present.before, "alias": self._before}})
        try:
            self._client.indices.put_settings(index=index, settings=SERVING)
            self._client.indices.update_aliases(actions=actions)
        except NotFoundError as error:
            raise RebuildOvertaken(f"{index} is not the index being filled any more.") from error
        self._drop(present.known - {index, present.read})

    def abandon(self, index: str) -> None:
        """Drop an index that is being filled, and no other."""
        if index in self.present().filling:
            self._drop({index})

    def roll_back(self) -> None:
        """Let the index from before the last rebuild be read again, in one step. Raises NothingToRollBack."""
        present = self.present()
        if not present.before or present.before + WRITES not in {name + WRITES for name in present.writes}:
            raise NothingToRollBack("There is no index from before the last rebuild.")
        actions = [
            {"remove": {"index": present.before, "alias": self._before, "must_exist": True}},
            {"add": {"index": present.before, "alias": self.read_alias}},
        ]
        if present.read:
            actions.append({"remove": {"index": present.read, "alias": self.read_alias, "must_exist": True}})
            actions.append({"add": {"index": present.read, "alias": self._before}})
        self._client.indices.refresh(index=present.before)
        self._client.indices.update_aliases(actions=actions)

    def forget_before(self) -> None:
        """Drop the index from before the last rebuild."""
        if before := self.present().before:
            self._drop({before})

    def tidy(self) -> None:
        """Drop the index from before when nobody went back for long, and what dead rebuilds left."""
        present = self.present()
        if not present.known:
            return
        made = self._client.indices.get_settings(index=sorted(present.known), name="index.creation_date")
        now = time.time()

        def age(index: str | None) -> float:
            return now - int(made[index]["settings"]["index"]["creation_date"]) / 1000 if index else 0.0

        if present.before and age(present.read) > KEPT_SECONDS:
            self._drop({present.before})
        self._drop({index for index in present.filling if age(index) > DEAD_SECONDS})
        used = {present.read, present.before, *present.filling}
        self._drop({index for index in present.known - used if age(index) > DEAD_SECONDS})

    def _drop(self, indices: frozenset[str] | set[str]) -> None:
        for index in indices:
            self._client.indices.delete(index=index, ignore_unavailable=True)
