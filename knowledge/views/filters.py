"""Lists with filters in the address: which values may be chosen, how many rows each gives, what is chosen now.

Inside a facet values add up, across facets they narrow. Whatever stands in the address, a list comes back:
unknown values are left out, a page number that is none becomes the first page, one too large the last.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.db.models import BigIntegerField, CharField, Count, F, Q, QuerySet, Value
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils.translation import get_language

_MOST_TEXT = 100
_MOST_VALUES = 50


@dataclass(frozen=True)
class TermFacet:
    """A facet whose values are rows of a vocabulary. ``path`` leads from a listed row to its terms."""

    name: str
    label: str
    terms: Callable[[], QuerySet]
    path: str
    tree: bool = False


@dataclass(frozen=True)
class ValueFacet:
    """A facet whose values stand in a column of the rows; ``labels`` gives the word of each, or None for itself."""

    name: str
    label: str
    path: str
    labels: tuple[tuple[str, str], ...] | None = None


Facet = TermFacet | ValueFacet


@dataclass(frozen=True)
class Option:
    """A value that can be chosen, with the number of rows that choosing it would give."""

    value: str
    label: str
    count: int
    selected: bool
    narrower: bool = False


@dataclass(frozen=True)
class FacetOptions:
    """A facet as a form shows it."""

    name: str
    label: str
    options: tuple[Option, ...]

    @property
    def chosen(self) -> bool:
        """Tell whether a value of this facet is chosen."""
        return any(option.selected for option in self.options)


@dataclass(frozen=True)
class Pill:
    """A choice that is active, with the address of the list without it."""

    facet: str
    label: str
    url: str


@dataclass(frozen=True)
class _Term:
    pk: int
    slug: str
    label: str
    order: int
    parent: int | None


@dataclass
class Listing:
    """A page of ``queryset`` as the query string ``params`` asks for it.

    ``sorts`` maps a value of ``sort=`` to its label and ordering, the first is the default. ``text_fields`` are
    searched for ``q=``. ``prepare`` adds what showing a row needs. Costs four queries and those of ``prepare``.
    """

    queryset: QuerySet
    params: QueryDict
    facets: tuple[Facet, ...] = ()
    sorts: dict[str, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    text_fields: tuple[str, ...] = ()
    page_size: int = 20
    prepare: Callable[[QuerySet], QuerySet] | None = None

    @cached_property
    def text(self) -> str:
        """Return what is looked for in names, without signs that no column holds."""
        if not self.text_fields:
            return ""
        return "".join(sign for sign in self.params.get("q", "") if sign.isprintable()).strip()[:_MOST_TEXT]

    @cached_property
    def sort(self) -> str:
        """Return the ordering in force, a key of ``sorts``."""
        asked = self.params.get("sort", "")
        return asked if asked in self.sorts else next(iter(self.sorts), "")

    @property
    def sort_options(self) -> list[Option]:
        """Return the orderings that can be chosen."""
        return [Option(value, label, 0, value == self.sort) for value, (label, _order) in self.sorts.items()]

    @cached_property
    def page_obj(self) -> Page:
        """Return the page of rows that was asked for."""
        rows = self._matching()
        if self.prepare:
            rows = self.prepare(rows)
        if self.sorts:
            rows = rows.order_by(*self.sorts[self.sort][1])
        return Paginator(rows, self.page_size).get_page(self.params.get("page"))

    @property
    def total(self) -> int:
        """Return the number of rows that match."""
        return self.page_obj.paginator.count

    @cached_property
    def facet_options(self) -> list[FacetOptions]:
        """Return the facets that offer a choice, counted in one query for all."""
        counts = self._counts
        shown = []
        for facet in self.facets:
            if isinstance(facet, TermFacet):
                options = tuple(self._term_options(facet, counts))
            else:
                options = tuple(self._value_options(facet, counts))
            if options:
                shown.append(FacetOptions(facet.name, facet.label, options))
        return shown

    @cached_property
    def pills(self) -> list[Pill]:
        """Return what is chosen, each with the way to take it back."""
        pills = []
        if self.text:
            pills.append(Pill("q", f"“{self.text}”", self.url(without=("q", None))))
        for facet in self.facets:
            pills += [
                Pill(facet.label, self._label(facet, value), self.url(without=(facet.name, value)))
                for value in self._chosen[facet.name]
            ]
        return pills

    def url(self, without: tuple[str, str | None] | None = None) -> str:
        """Return the query string of the choices in force, less one of them; the page number is left out."""
        query = QueryDict(mutable=True)
        if self.text and without != ("q", None):
            query["q"] = self.text
        for facet in self.facets:
            values = [value for value in self._chosen[facet.name] if (facet.name, value) != without]
            if values:
                query.setlist(facet.name, values)
        if self.sorts and self.sort != next(iter(self.sorts)):
            query["sort"] = self.sort
        return f"?{query.urlencode()}"

    @cached_property
    def _terms(self) -> dict[str, dict[int, _Term]]:
        """Return the terms of each facet by key; one query for all facets."""
        parts = []
        for facet in self.facets:
            if not isinstance(facet, TermFacet):
                continue
            parent = F("parent_id") if facet.tree else Cast(Value(None), BigIntegerField())
            parts.append(
                facet.terms()
                .order_by()
                .values_list(Value(facet.name, CharField()), "pk", "slug", "name", "name_hi", "order", parent)
            )
        found: dict[str, dict[int, _Term]] = {facet.name: {} for facet in self.facets}
        hindi = get_language() == "hi"
        for name, pk, slug, label, label_hi, order, parent in union(parts):
            found[name][pk] = _Term(pk, slug, (hindi and label_hi) or label, order, parent)
        return found

    @cached_property
    def _chosen(self) -> dict[str, list[str]]:
        """Return the values in force of each facet, each once."""
        chosen = {}
        for facet in self.facets:
            asked = dict.fromkeys(self.params.getlist(facet.name)[:_MOST_VALUES])
            if isinstance(facet, TermFacet):
                known = {term.slug for term in self._terms[facet.name].values()}
            elif facet.labels is not None:
                known = {value for value, _label in facet.labels}
            else:
                known = {value for value in asked if value and value.isprintable() and len(value) <= _MOST_TEXT}
            chosen[facet.name] = [value for value in asked if value in known]
        return chosen

    @cached_property
    def _counts(self) -> dict[str, dict[str, int]]:
        """Return how many rows each value of each facet would give; the branch of a tree counts a row once."""
        parts = []
        for facet in self.facets:
            rows = self._matching(but=facet.name).order_by()
            keys = [(facet.name, F(facet.path), Count("pk"))]
            if isinstance(facet, TermFacet) and facet.tree:
                # A row that carries two terms of a branch counts once in it.
                branch = Coalesce(F(f"{facet.path}__parent"), F(facet.path))
                keys.append((f"{facet.name}/branch", branch, Count("pk", distinct=True)))
            for name, key, number in keys:
                parts.append(
                    rows.filter(**{f"{facet.path}__isnull": False})
                    .values_list(Value(name, CharField()), Cast(key, CharField()))
                    .annotate(rows=number)
                )
        found: dict[str, dict[str, int]] = {}
        for name, key, number in union(parts):
            found.setdefault(name, {})[key] = number
        return found

    def _matching(self, but: str = "") -> QuerySet:
        """Return the rows that match every choice but those of the facet ``but``."""
        rows = self.queryset
        if self.text:
            parts = (Q(**{f"{name}__icontains": self.text}) for name in self.text_fields)
            rows = rows.filter(_any(parts))
        for facet in self.facets:
            if facet.name != but and self._chosen[facet.name]:
                rows = rows.filter(self._condition(facet))
        return rows

    def _condition(self, facet: Facet) -> Q:
        chosen = self._chosen[facet.name]
        if isinstance(facet, ValueFacet):
            return Q(**{f"{facet.path}__in": chosen})
        terms = self._terms[facet.name]
        wanted = {term.pk for term in terms.values() if term.slug in chosen}
        wanted |= {term.pk for term in terms.values() if term.parent in wanted}
        model = self.queryset.model
        if not model._meta.get_field(facet.path).many_to_many:
            return Q(**{f"{facet.path}__in": wanted})
        # A subquery instead of a join: rows that carry two of the terms must not come twice.
        return Q(pk__in=model._base_manager.filter(**{f"{facet.path}__in": wanted}).order_by().values("pk"))

    def _term_options(self, facet: TermFacet, counts: dict[str, dict[str, int]]) -> Iterable[Option]:
        terms = self._terms[facet.name]
        direct = counts.get(facet.name, {})
        branch = counts.get(f"{facet.name}/branch", {})
        chosen = set(self._chosen[facet.name])

        def place(term: _Term) -> tuple:
            top = terms.get(term.parent, term) if term.parent else term
            return (top.order, top.label, top.pk, term is not top, term.order, term.label)

        for term in sorted(terms.values(), key=place):
            is_top = term.parent is None
            number = (branch if facet.tree and is_top else direct).get(str(term.pk), 0)
            if number or term.slug in chosen:
                yield Option(term.slug, term.label, number, term.slug in chosen, not is_top)

    def _value_options(self, facet: ValueFacet, counts: dict[str, dict[str, int]]) -> Iterable[Option]:
        found = counts.get(facet.name, {})
        chosen = self._chosen[facet.name]
        values = facet.labels or [(value, value) for value in sorted({*found, *chosen}) if value]
        for value, label in values:
            if found.get(value) or value in chosen:
                yield Option(value, label, found.get(value, 0), value in chosen)

    def _label(self, facet: Facet, value: str) -> str:
        if isinstance(facet, TermFacet):
            return next(term.label for term in self._terms[facet.name].values() if term.slug == value)
        return str(dict(facet.labels or ()).get(value, value))


def union(parts: list[QuerySet]) -> Iterable[tuple]:
    """Return the rows of all ``parts``, querysets of the same columns, in one query."""
    if not parts:
        return ()
    return parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]


def _any(parts: Iterable[Q]) -> Q:
    condition = Q()
    for part in parts:
        condition |= part
    return condition
