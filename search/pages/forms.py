"""The query string made honest: whatever arrives becomes criteria, and the same criteria become the same address."""

import re
from dataclasses import replace
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from search.documents import MAX_TEXT_LENGTH, SearchCriteria
from search.kinds import KINDS

#: Values that one facet may be filtered by at once.
MAX_CHOICES = 20
MAX_PAGE = 1_000_000
SORTS = {"relevance": _("Best match"), "newest": _("Newest"), "title": _("Title")}
_SLUG = re.compile(r"[-\w]{1,100}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")


class TextField(forms.CharField):
    """The words, as one line without control characters, cut to what is read of them."""

    def to_python(self, value: str | None) -> str:
        return " ".join(_CONTROLS.sub(" ", value or "").split())[:MAX_TEXT_LENGTH].strip()

    def run_validators(self, value: str) -> None:
        """Nothing to refuse: ``to_python`` has made it fit."""


class ChoicesField(forms.Field):
    """Several slugs; what is no slug, or not among ``known`` where that is given, is left out."""

    widget = forms.SelectMultiple

    def __init__(self, *, known: dict | None = None) -> None:
        super().__init__(required=False)
        self.known = known

    def to_python(self, value: list[str] | None) -> tuple[str, ...]:
        slugs = [slug for slug in value or [] if _SLUG.fullmatch(slug) and (self.known is None or slug in self.known)]
        return tuple(sorted(dict.fromkeys(slugs))[:MAX_CHOICES])


class OrderField(forms.Field):
    """A way of sorting; relevance where none is known."""

    def to_python(self, value: str | None) -> str:
        return value if value in SORTS else "relevance"


class PageField(forms.Field):
    """The number of a page; 1 where it is none."""

    def to_python(self, value: str | None) -> int:
        if not re.fullmatch(r"[0-9]{1,7}", value or ""):
            return 1
        return min(max(int(value), 1), MAX_PAGE)


class SearchForm(forms.Form):
    """What the address of a search says. Always valid; unknown parameters are ignored."""

    q = TextField(required=False)
    kind = ChoicesField(known=KINDS)
    theme = ChoicesField()
    sector = ChoicesField()
    state = ChoicesField()
    stage = ChoicesField()
    sort = OrderField(required=False)
    page = PageField(required=False)
    exact = forms.BooleanField(required=False)

    def criteria(self) -> SearchCriteria:
        """Return the criteria of this form."""
        self.full_clean()
        values = self.cleaned_data
        return SearchCriteria(
            text=values["q"],
            kinds=values["kind"],
            themes=values["theme"],
            sectors=values["sector"],
            states=values["state"],
            stages=values["stage"],
            sort=values["sort"],
            page=values["page"],
            page_size=settings.SEARCH_PAGE_SIZE,
            exact=values["exact"],
        )


def parameters(criteria: SearchCriteria) -> list[tuple[str, str]]:
    """Return the names and values that stand for ``criteria`` in an address, in one order, defaults left out."""
    pairs = [
        ("q", [criteria.text] if criteria.text else []),
        ("kind", sorted(criteria.kinds)),
        ("theme", sorted(criteria.themes)),
        ("sector", sorted(criteria.sectors)),
        ("state", sorted(criteria.states)),
        ("stage", sorted(criteria.stages)),
        ("sort", [criteria.sort] if criteria.sort != "relevance" else []),
        ("exact", ["on"] if criteria.exact else []),
        ("page", [str(criteria.page)] if criteria.page > 1 else []),
    ]
    return [(name, value) for name, values in pairs for value in values]


def address(criteria: SearchCriteria, **changes) -> str:
    """Return the query string of ``criteria`` with ``changes``; any change but that of the page leads to page one."""
    if changes:
        changes.setdefault("page", 1)
    return "?" + urlencode(parameters(replace(criteria, **changes)))
