"""What the page of results shows: words for the values, an address for each choice, a way on from a dead end."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from django.conf import settings
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from search import query
from search.documents import Hit, SearchCriteria, SearchResults, Viewer
from search.kinds import KINDS
from search.registry import labels

from .forms import SORTS, VERIFIED, address, parameters

#: Hits that are shown where the filters in use leave none.
CLOSE_HITS = 3


@dataclass(frozen=True)
class Group:
    """A group of the filter: the facet, the field of the criteria, the heading, whether it is open at first."""

    facet: str
    field: str
    heading: str | Promise
    opened: bool = False


GROUPS = (
    Group("kind", "kinds", gettext_lazy("Kind"), opened=True),
    Group("theme", "themes", gettext_lazy("Theme"), opened=True),
    Group("sector", "sectors", gettext_lazy("Sector")),
    Group("state", "states", gettext_lazy("State")),
    Group("stage", "stages", gettext_lazy("Stage")),
    Group("verified", "verified", gettext_lazy("Verified")),
)
NO_DAYS = {"published_from": None, "published_to": None}
NO_FILTERS = {group.field: () for group in GROUPS} | NO_DAYS


@dataclass(frozen=True)
class Choice:
    """A value of a facet with its word, and where it is chosen the address without it."""

    facet: str
    value: str
    label: str
    count: int
    selected: bool
    without: str


@dataclass(frozen=True)
class Removable:
    """A filter in use: its word, and the address without it."""

    label: str
    without: str


@dataclass(frozen=True)
class FilterGroup:
    """A group with its choices."""

    name: str
    heading: str | Promise
    choices: list[Choice]
    is_open: bool


@dataclass(frozen=True)
class ShownHit:
    """A hit with the words for its places."""

    hit: Hit
    places: list[str]


class ResultsPage:
    """The results of ``criteria`` for ``viewer``, ready for the template. Asks when made; raises SearchUnavailable."""

    def __init__(self, criteria: SearchCriteria, viewer: Viewer) -> None:
        self.criteria = criteria
        self.results: SearchResults = query.find(criteria, viewer=viewer)
        self.close: tuple[Hit, ...] = ()
        self.close_total = 0
        self.pinned = query.pinned(criteria.text, viewer=viewer) if criteria.text and self.is_plain else ()
        if not self.results.total and self.is_filtered:
            wider = replace(criteria, **NO_FILTERS, page=1, page_size=CLOSE_HITS)
            found = query.find(wider, viewer=viewer)
            self.close, self.close_total = found.hits, found.total

    @property
    def is_filtered(self) -> bool:
        return any(getattr(self.criteria, name) for name in NO_FILTERS)

    @property
    def is_plain(self) -> bool:
        """Return whether the words alone decide; only then do editors say what comes first."""
        return self.criteria.sort == "relevance" and not self.is_filtered

    @property
    def is_beyond(self) -> bool:
        """Return whether this page comes after the last one."""
        return bool(self.results.total) and self.criteria.page > self.results.pages

    @property
    def is_bounded(self) -> bool:
        """Return whether more was found than can be paged to."""
        return self.results.total > self.window

    @property
    def is_at_the_bound(self) -> bool:
        """Return whether this is the last page that can be shown, and not the last of what was found."""
        return self.is_bounded and self.criteria.page == self.results.pages

    @property
    def window(self) -> int:
        return settings.SEARCH_WINDOW

    @property
    def has_days(self) -> bool:
        return any(getattr(self.criteria, name) for name in NO_DAYS)

    @property
    def heading(self) -> str:
        """Return what the page says first: how much was found, and for what."""
        total, text = self.results.total, self.criteria.text
        if self.results.relaxed or not total:
            return _("Nothing found for “%(words)s”") % {"words": text} if text else _("Nothing found")
        if not text:
            return ngettext("%(count)d entry", "%(count)d entries", total) % {"count": total}
        found = ngettext("%(count)d result for “%(words)s”", "%(count)d results for “%(words)s”", total)
        return found % {"count": total, "words": text}

    @cached_property
    def groups(self) -> list[FilterGroup]:
        """Return the groups that have something to choose."""
        return [
            FilterGroup(
                name=group.facet,
                heading=group.heading,
                choices=self._choices(group),
                is_open=group.opened or bool(getattr(self.criteria, group.field)),
            )
            for group in GROUPS
            if self.results.facets.get(group.facet)
        ]

    @property
    def chosen(self) -> list[Removable]:
        """Return the filters in use."""
        found = [choice for group in self.groups for choice in group.choices if choice.selected]
        days = {"published_from": _("From %(day)s"), "published_to": _("To %(day)s")}
        return [Removable(choice.label, choice.without) for choice in found] + [
            Removable(words % {"day": date_format(day)}, address(self.criteria, **{name: None}))
            for name, words in days.items()
            if (day := getattr(self.criteria, name))
        ]

    @cached_property
    def pinned_hits(self) -> list[ShownHit]:
        return self._shown(self.pinned) if self.criteria.page == 1 else []

    @property
    def hits(self) -> list[ShownHit]:
        """Return the hits of this page; what editors put first stands on the first page, and nowhere else."""
        pinned = {hit.key for hit in self.pinned}
        return self._shown(hit for hit in self.results.hits if hit.key not in pinned)

    @property
    def close_hits(self) -> list[ShownHit]:
        return self._shown(self.close)

    def _shown(self, hits: Iterable[Hit]) -> list[ShownHit]:
        words = self._labels["state"]
        return [ShownHit(hit, [words[state] for state in hit.states[:2]]) for hit in hits]

    @property
    def sorts(self) -> list[tuple[str, str | Promise, bool]]:
        return [(value, label, value == self.criteria.sort) for value, label in SORTS.items()]

    @property
    def kept_by_filter(self) -> list[tuple[str, str]]:
        """Return what the filter's form has to carry besides its own choices."""
        return parameters(replace(self.criteria, **NO_FILTERS, page=1))

    @property
    def kept_by_sort(self) -> list[tuple[str, str]]:
        """Return what the form of sorting has to carry besides the order."""
        return parameters(replace(self.criteria, sort="relevance", page=1))

    @property
    def without_filters(self) -> str:
        return address(self.criteria, **NO_FILTERS)

    @property
    def only_typed_words(self) -> str:
        return address(self.criteria, exact=True)

    @property
    def with_synonyms(self) -> str:
        return address(self.criteria, exact=False)

    @property
    def feed(self) -> str:
        """Return the query string of the feed of these results, which is always the newest first."""
        return address(self.criteria, sort="relevance")

    @property
    def last_page(self) -> str:
        return address(self.criteria, page=self.results.pages)

    @property
    def single_words(self) -> list[tuple[str, str]]:
        """Return the words of a question of several, each with the address of a search for it alone."""
        words = list(dict.fromkeys(concept.words for concept in query.concepts_of(self.criteria)))
        return [(word, address(self.criteria, text=word)) for word in words[:4]] if len(words) > 1 else []

    def _choices(self, group: Group) -> list[Choice]:
        return [
            Choice(
                facet=group.facet,
                value=value.value,
                label=self._labels[group.facet][value.value],
                count=value.count,
                selected=value.selected,
                without=self._without(group, value.value) if value.selected else "",
            )
            for value in self.results.facets[group.facet]
        ]

    def _without(self, group: Group, value: str) -> str:
        return address(self.criteria, **{group.field: tuple(set(getattr(self.criteria, group.field)) - {value})})

    @cached_property
    def _labels(self) -> dict[str, dict[str, str]]:
        """Return the words for all values on the page."""
        slugs = {name: [value.value for value in values] for name, values in self.results.facets.items()}
        shown = (*self.pinned, *self.results.hits, *self.close)
        slugs.setdefault("state", []).extend(state for hit in shown for state in hit.states)
        own = {"kind": {name: kind.plural for name, kind in KINDS.items()}, "verified": VERIFIED}
        words = {name: {slug: str(own[name].get(slug, slug)) for slug in slugs.get(name, [])} for name in own}
        return words | {name: labels(name, dict.fromkeys(values)) for name, values in slugs.items() if name not in own}
