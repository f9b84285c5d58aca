"""Institutions."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from knowledge.models import Institution, ReferenceTerm, State
from knowledge.views.filters import TermFacet, ValueFacet

from .registry import LEVEL, THEME, RegistryDetail, RegistryList
from .rows import current_pages, page_rows, registry_rows


def institution_types() -> QuerySet:
    """Return the types of institutions."""
    return ReferenceTerm.objects.filter(vocabulary="institution_types")


class InstitutionList(RegistryList):
    model = Institution
    heading = _("Institutions")
    lede = _("Ministries, departments, institutes, associations and other bodies that our sources name.")
    row_template = "knowledge/rows/institution.html"
    facets = (
        TermFacet("type", _("Type"), institution_types, "type"),
        LEVEL,
        THEME,
        TermFacet("state", _("State"), State.objects.all, "state"),
        ValueFacet("country", _("Country"), "country"),
    )

    def prepare(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("type", "state")


class InstitutionDetail(RegistryDetail):
    model = Institution
    above = ((_("Institutions"), "institution_list"),)
    related_fields = ("type", "parent", "state")

    def related(self, institution: Institution, request: HttpRequest) -> dict[str, object]:
        return {
            "groups": registry_rows(
                units=institution.units.current(),
                owned=institution.schemes_owned.current(),
                implemented=institution.schemes_implemented.current(),
                centres=institution.resource_centres.current(),
                led=institution.initiatives_led.current(),
                joined=institution.initiatives_joined.current(),
                funded=institution.initiatives_funded.current(),
            ),
            "pages": page_rows(
                current_pages().filter(pk__in=institution.case_studies.order_by().values("pk")), request
            ),
            "updates": institution.scheme_updates.public().select_related("scheme", "institution"),
            "definitions": institution.definitions.all(),
            "links": institution.links.all(),
        }
