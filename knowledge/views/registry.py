"""What the registries' public views share: a list with filters, and a page for each entry."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, TemplateView

from knowledge.enums import Level
from knowledge.models import Sector, State, Theme
from knowledge.views.filters import Facet, Listing, TermFacet, ValueFacet

THEME = TermFacet("theme", _("Theme"), Theme.objects.all, "themes", tree=True)
SECTOR = TermFacet("sector", _("Sector"), Sector.objects.all, "sectors", tree=True)
STATE = TermFacet("state", _("State"), State.objects.all, "states")
LEVEL = ValueFacet("level", _("Level"), "level", tuple(Level.choices))

#: Orderings of a registry.
SORTS = {
    "name": (_("Name"), ("name", "pk")),
    "newest": (_("Newest facts first"), ("-as_of", "name", "pk")),
}


class RegistryList(TemplateView):
    """The public entries of one registry, narrowed by the query string."""

    model: type
    template_name = "knowledge/registry_list.html"
    row_template = "knowledge/rows/entry.html"
    heading = ""
    lede = ""
    facets: tuple[Facet, ...] = ()
    sorts = SORTS
    text_fields: tuple[str, ...] = ("name", "name_hi", "short_name", "aliases")

    def rows(self) -> QuerySet:
        """Return the rows that may be listed."""
        return self.model.objects.current()

    def prepare(self, rows: QuerySet) -> QuerySet:
        """Add to ``rows`` what showing them needs, with a constant number of queries."""
        return rows

    def get_context_data(self, **kwargs) -> dict:
        listing = Listing(
            queryset=self.rows(),
            params=self.request.GET,
            facets=self.facets,
            sorts=self.sorts,
            text_fields=self.text_fields,
            prepare=self.prepare,
        )
        return super().get_context_data(
            listing=listing, heading=self.heading, lede=self.lede, row_template=self.row_template, **kwargs
        )


class RegistryDetail(DetailView):
    """The page of one entry. A withdrawn entry stays, says so and names its successor; only drafts are not found."""

    #: Names of the views and words of the pages above this one.
    above: tuple[tuple[str, str], ...] = ()
    related_fields: tuple[str, ...] = ()
    lists: tuple[str, ...] = ("themes", "sources")

    def get_queryset(self) -> QuerySet:
        return (
            self.model.objects.public().select_related("successor", *self.related_fields).prefetch_related(*self.lists)
        )

    def get_template_names(self) -> list[str]:
        return [self.object.get_preview_template(self.request, "")]

    def related(self, entry, request: HttpRequest) -> dict[str, object]:
        """Return what is known around ``entry``, in both directions."""
        return {}

    def get_context_data(self, **kwargs) -> dict:
        trail = [(words, reverse(name)) for words, name in self.above]
        return super().get_context_data(**kwargs) | {"trail": trail} | self.related(self.object, self.request)
