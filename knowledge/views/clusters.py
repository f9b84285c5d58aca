"""Clusters."""

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from knowledge.models import Cluster, ClusterType, Definition, Sector, State
from knowledge.views.filters import TermFacet, ValueFacet

from .registry import SORTS, RegistryDetail, RegistryList
from .rows import current_pages, page_rows, reference_rows, registry_rows


class ClusterList(RegistryList):
    model = Cluster
    heading = _("Clusters")
    lede = _("Places where many firms make one typical product, as our sources name them.")
    row_template = "knowledge/rows/cluster.html"
    facets = (
        TermFacet("sector", _("Sector"), Sector.objects.all, "sector", tree=True),
        TermFacet("state", _("State"), State.objects.all, "state"),
        TermFacet("type", _("Type of cluster"), ClusterType.objects.all, "type"),
        ValueFacet("country", _("Country"), "country"),
    )
    sorts = SORTS | {"firms": (_("Most firms first"), ("-enterprises", "name", "pk"))}
    text_fields = ("name", "name_hi", "aliases", "product", "city", "district")

    def prepare(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("sector", "state", "type")


class ClusterDetail(RegistryDetail):
    model = Cluster
    above = ((_("Clusters"), "cluster_list"),)
    related_fields = ("sector", "type", "state")

    def related(self, cluster: Cluster, request: HttpRequest) -> dict[str, object]:
        cases = cluster.case_studies.order_by().values("pk")
        concerning = Q(clusters=cluster)
        about_type = Q(cluster_type=cluster.type_id)
        return {
            "groups": registry_rows(
                initiatives=cluster.initiatives.current(),
                same_trade=Cluster.objects.current().filter(sector=cluster.sector_id).exclude(pk=cluster.pk),
            ),
            "pages": page_rows(
                current_pages().filter(Q(pk__in=cases) | Q(solutionpage__case_studies__in=cases)).distinct(), request
            ),
            "references": reference_rows(concerning),
            "definitions": Definition.objects.filter(about_type),
            "statistics": cluster.state.statistics.filter(about_type) if cluster.state else (),
        }
