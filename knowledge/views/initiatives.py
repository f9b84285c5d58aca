"""Cluster-development initiatives."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from knowledge.enums import InitiativeStatus
from knowledge.models import Initiative
from knowledge.views.filters import ValueFacet

from .registry import SECTOR, STATE, THEME, RegistryDetail, RegistryList
from .rows import current_pages, page_rows


class InitiativeList(RegistryList):
    model = Initiative
    heading = _("Initiatives")
    lede = _("Programmes and projects that developed clusters, in India and abroad, with what came of them.")
    row_template = "knowledge/rows/initiative.html"
    facets = (
        THEME,
        SECTOR,
        STATE,
        ValueFacet("country", _("Country"), "country"),
        ValueFacet("status", _("Status"), "status", tuple(InitiativeStatus.choices)),
    )

    def prepare(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("lead").prefetch_related("states")


class InitiativeDetail(RegistryDetail):
    model = Initiative
    above = ((_("Initiatives"), "initiative_list"),)
    related_fields = ("lead", "scheme")
    lists = ("themes", "sources", "partners", "funders", "states", "clusters", "sectors")

    def related(self, initiative: Initiative, request: HttpRequest) -> dict[str, object]:
        clusters = [cluster.pk for cluster in initiative.clusters.all()]
        relying = Q(pk__in=initiative.solutions.order_by().values("pk")) | Q(casestudypage__cluster__in=clusters)
        return {"pages": page_rows(current_pages().filter(relying), request)}
