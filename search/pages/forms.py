"""The query string made honest: whatever arrives becomes criteria, and the same criteria become the same address."""

import re
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from search.documents import MAX_TEXT_LENGTH, SearchCriteria
from search.kinds import KINDS

#: Values that one facet may be filtered by at once.
MAX_CHOICES = 20
MAX_PAGE = 1_000_000
#: The values of the facet "verified", with their words.
VERIFIED = {"yes": _("Verified by the owner"), "no": _("Not verified")}
#: Years that a day may be of; nothing here was published in others.
FIRST_YEAR, LAST_YEAR = 1900, 2199
SORTS = {"relevance": _("Best match"), "newest": _("Newest"), "title": _("Title")}
_SLUG = re.compile(r"[-\w]{1,100}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")

#: Marks of direction, which come with text copied from messages and would turn the words around them.
_DIRECTIONS = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def one_line(text: str) -> str:
    """Return ``text`` as one line, without control characters, which XML may not hold, and marks of direction."""
    return " ".join(_CONTROLS.sub(" ", _DIRECTIONS.sub("", text)).split())


class TextField(forms.CharField):
    """The words, as one line without control characters, cut to what is read of them."""

    def to_python(self, value: str | None) -> str:
        return one_line(value or "")[:MAX_TEXT_LENGTH].strip()

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
    """The number of a page; 1 where it is none, a page beyond every window where it is a number beyond all use."""

    def to_python(self, value: str | None) -> int:
        if not re.fullmatch(r"[0-9]+", value or ""):
            return 1
        return min(max(int(value.lstrip("0")[:20] or 1), 1), MAX_PAGE)


class DayField(forms.Field):
    """A day as the browser writes it. What is written otherwise is none; a day that no calendar has is an error."""

    widget = forms.DateInput(attrs={"type": "date"})

    def to_python(self, value: str | None) -> date | None:
        match = re.fullmatch(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})", (value or "").strip())
        if match is None:
            return None
        try:
            day = date(*map(int, match.groups()))
        except ValueError:
            raise ValidationError(_("There is no such day.")) from None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise ValidationError(_("Choose a day of this century or the last."))
        return day


class SearchForm(forms.Form):
    """What the address of a search says. Unknown parameters are ignored.

    Only days may have errors, when they are impossible; they count as not given then, and everything else holds.
    """

    all_optional = True

    q = TextField(required=False)
    kind = ChoicesField(known=KINDS)
    theme = ChoicesField()
    sector = ChoicesField()
    state = ChoicesField()
    stage = ChoicesField()
    verified = ChoicesField(known=VERIFIED)
    since = DayField(required=False, label=_("From"))
    until = DayField(required=False, label=_("To"))
    sort = OrderField(required=False)
    page = PageField(required=False)
    exact = forms.BooleanField(required=False)

    def clean(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day comes before the first one."))

    def criteria(self) -> SearchCriteria:
        """Return the criteria of this form; without any days if one of them is impossible."""
        self.full_clean()
        values = self.cleaned_data
        days = {} if self.errors else {"published_from": values["since"], "published_to": values["until"]}
        return SearchCriteria(
            text=values["q"],
            kinds=values["kind"],
            themes=values["theme"],
            sectors=values["sector"],
            states=values["state"],
            stages=values["stage"],
            verified=values["verified"],
            **days,
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
        ("verified", sorted(criteria.verified)),
        ("since", [criteria.published_from.isoformat()] if criteria.published_from else []),
        ("until", [criteria.published_to.isoformat()] if criteria.published_to else []),
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
