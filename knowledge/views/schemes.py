"""Schemes and what their owners say has changed."""

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from knowledge.enums import SchemeStatus
from knowledge.models import ClusterType, Scheme, SchemeUpdate
from knowledge.views.filters import TermFacet, ValueFacet

from .registry import LEVEL, SECTOR, STATE, THEME, RegistryDetail, RegistryList
from .rows import current_pages, page_rows, reference_rows, registry_rows


class SchemeList(RegistryList):
    model = Scheme
    heading = _("Schemes")
    lede = _("Public schemes and programmes that help clusters: what they are for, who may apply, who owns them.")
    row_template = "knowledge/rows/scheme.html"
    facets = (
        THEME,
        SECTOR,
        STATE,
        TermFacet("type", _("Type of cluster"), ClusterType.objects.all, "cluster_types"),
        LEVEL,
        ValueFacet("status", _("Status"), "status", tuple(SchemeStatus.choices)),
    )

    def prepare(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("owner")


class SchemeDetail(RegistryDetail):
    model = Scheme
    above = ((_("Schemes"), "scheme_list"),)
    related_fields = ("owner",)
    lists = ("themes", "sources", "states", "sectors", "cluster_types", "implementing_agencies")

    def related(self, scheme: Scheme, request: HttpRequest) -> dict[str, object]:
        relying = current_pages().filter(
            Q(pk__in=scheme.solutions.order_by().values("pk")) | Q(pk__in=scheme.case_studies.order_by().values("pk"))
        )
        return {
            "updates": scheme.updates.public().select_related("institution"),
            "groups": registry_rows(initiatives=scheme.initiatives.current()),
            "pages": page_rows(relying, request),
            "references": reference_rows(Q(schemes=scheme)),
        }


class SchemeUpdateList(TemplateView):
    """What the owners of schemes posted, newest first."""

    template_name = "knowledge/scheme_updates.html"

    def get_context_data(self, **kwargs) -> dict:
        updates = SchemeUpdate.objects.public().select_related("scheme", "institution")
        page = Paginator(updates, 20).get_page(self.request.GET.get("page"))
        return super().get_context_data(page_obj=page, **kwargs)
