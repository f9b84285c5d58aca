"""Resource centres."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from knowledge.enums import CentreStatus
from knowledge.models import ResourceCentre, State, Theme
from knowledge.views.filters import TermFacet, ValueFacet

from .registry import LEVEL, SECTOR, RegistryDetail, RegistryList
from .rows import current_pages, page_rows, registry_rows


class CentreList(RegistryList):
    model = ResourceCentre
    heading = _("Resource centres")
    lede = _("Bodies that clusters can turn to, with what they know and where they were seen at work.")
    row_template = "knowledge/rows/centre.html"
    facets = (
        TermFacet("theme", _("Expertise"), Theme.objects.all, "themes", tree=True),
        SECTOR,
        TermFacet("state", _("State where it was seen at work"), State.objects.all, "states_served"),
        LEVEL,
        ValueFacet("status", _("Status"), "status", tuple(CentreStatus.choices)),
    )

    def prepare(self, rows: QuerySet) -> QuerySet:
        return rows.prefetch_related("themes", "states_served")


class CentreDetail(RegistryDetail):
    model = ResourceCentre
    above = ((_("Resource centres"), "centre_list"),)
    related_fields = ("institution",)
    lists = ("themes", "sources", "sectors", "states_served")

    def related(self, centre: ResourceCentre, request: HttpRequest) -> dict[str, object]:
        institution = centre.institution
        themes = [theme.pk for theme in centre.themes.all()]
        alike = ResourceCentre.objects.current().filter(themes__in=themes).exclude(pk=centre.pk).distinct()
        return {
            "groups": registry_rows(
                initiatives=institution.initiatives_led.current(),
                schemes=institution.schemes_implemented.current(),
                alike=alike,
            ),
            "pages": page_rows(
                current_pages().filter(
                    Q(pk__in=centre.solutions.order_by().values("pk"))
                    | Q(pk__in=institution.case_studies.order_by().values("pk"))
                ),
                request,
            ),
        }
