"""The registries as editors see them: schemes, resource centres, initiatives, clusters, institutions."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, Panel
from wagtail.snippets.action_menu import ActionMenuItem
from wagtail.snippets.views.snippets import SnippetViewSetGroup, UnpublishView

from knowledge.models import Cluster, Initiative, Institution, ResourceCentre, Scheme
from knowledge.models.base import RegistryEntry
from knowledge.panels import facts_panels, group, row, tabs, ticks, withdrawal_panel

from .addresses import AddressForm
from .guarded import GuardedViewSet
from .scheme_updates import SchemeUpdateViewSet


class AdministratorsUnpublishView(UnpublishView):
    """A cited address never becomes an error: editors withdraw an entry, only administrators can hide it."""

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


def leave_hiding_to_administrators(items: list[ActionMenuItem], request: HttpRequest, context: dict) -> None:
    """Offer no button that ``AdministratorsUnpublishView`` would refuse."""
    if issubclass(context["model"], RegistryEntry) and not request.user.is_superuser:
        items[:] = [item for item in items if item.name != "action-unpublish"]


class RegistryViewSet(GuardedViewSet):
    """What the forms of all registries share; each registry names its own panels."""

    inspect_view_enabled = True
    inspect_view_fields_exclude = ["latest_revision", "live_revision", "locked_by", "locked_at", "expired"]
    list_display = ["name", "short_name", "as_of", "updated_at"]
    search_fields = ["name", "name_hi", "short_name", "aliases"]
    search_backend_name = None
    ordering = "name"
    unpublish_view_class = AdministratorsUnpublishView
    content_panels: list[Panel | str] = []
    filed_panels: list[Panel | str] = []

    def get_edit_handler(self):
        return tabs(
            form=AddressForm,
            content=[
                FieldPanel("name"),
                row("name_hi", "short_name"),
                *self.content_panels,
            ],
            filed=[ticks("themes"), *self.filed_panels],
            facts=facts_panels(),
            address=[FieldPanel("slug"), FieldPanel("aliases"), withdrawal_panel()],
        ).bind_to_model(self.model)


class SchemeViewSet(RegistryViewSet):
    model = Scheme
    icon = "doc-full"
    menu_label = _("Schemes")
    list_display = ["name", "short_name", "owner", "level", "status", "as_of"]
    list_filter = ["level", "status", "owner", "themes", "states"]
    list_export = ["slug", "name", "short_name", "owner", "level", "status", "start_year", "as_of", "verified_at"]
    content_panels = [
        row("owner", "level"),
        row("status", "start_year"),
        FieldPanel("objective"),
        FieldPanel("supports"),
        FieldPanel("eligibility"),
        FieldPanel("funding_pattern"),
        row("ceiling", "duration"),
        FieldPanel("implementing_process"),
        FieldPanel("urls"),
        group(_("Who carries it out"), ticks("implementing_agencies"), FieldPanel("other_agencies")),
        group(
            _("What it requires"),
            FieldPanel("requires_cda"),
            FieldPanel("requires_diagnostic_study"),
            FieldPanel("requires_spv"),
        ),
        group(_("Activity grid"), row("activity_grid", "activity_grid_basis")),
    ]
    filed_panels = [ticks("states"), ticks("sectors"), ticks("cluster_types")]


class ResourceCentreViewSet(RegistryViewSet):
    model = ResourceCentre
    icon = "home"
    menu_label = _("Resource centres")
    list_display = ["name", "short_name", "institution", "level", "status", "as_of"]
    list_filter = ["level", "status", "themes", "sectors", "states_served"]
    list_export = ["slug", "name", "institution", "level", "status", "cluster_years", "as_of", "verified_at"]
    content_panels = [
        row("institution", "level"),
        row("status", "cluster_years"),
        FieldPanel("services"),
        FieldPanel("track_record"),
    ]
    filed_panels = [ticks("sectors"), ticks("states_served")]


class InitiativeViewSet(RegistryViewSet):
    model = Initiative
    icon = "pick"
    menu_label = _("Initiatives")
    list_display = ["name", "short_name", "lead", "country", "status", "as_of"]
    list_filter = ["status", "country", "lead", "themes", "states"]
    list_export = ["slug", "name", "lead", "country", "start_year", "end_year", "status", "number_of_clusters", "as_of"]
    content_panels = [
        row("lead", "scheme"),
        row("country", "status"),
        row("start_year", "end_year", "number_of_clusters"),
        FieldPanel("features"),
        FieldPanel("results"),
        FieldPanel("lessons"),
        group(_("Partners"), ticks("partners")),
        group(_("Funders"), ticks("funders")),
    ]
    filed_panels = [ticks("states"), ticks("sectors"), group(_("Clusters"), ticks("clusters"))]


class ClusterViewSet(RegistryViewSet):
    model = Cluster
    icon = "site"
    menu_label = _("Clusters")
    list_display = ["name", "product", "sector", "type", "place", "as_of"]
    list_filter = ["sector", "type", "state", "country", "themes"]
    list_export = [
        "slug",
        "name",
        "product",
        "sector",
        "type",
        "city",
        "district",
        "state",
        "country",
        "enterprises",
        "workers",
        "turnover_rs_crore",
        "exports_rs_crore",
        "figures_year",
        "as_of",
    ]
    search_fields = ["name", "name_hi", "short_name", "aliases", "product", "city", "district"]
    content_panels = [
        FieldPanel("product"),
        row("sector", "type"),
        row("city", "district"),
        row("state", "country"),
        row("latitude", "longitude"),
        group(
            _("Figures"),
            FieldPanel("figures_year"),
            row("enterprises", "workers"),
            row("turnover_rs_crore", "exports_rs_crore"),
        ),
    ]


class InstitutionViewSet(RegistryViewSet):
    model = Institution
    icon = "group"
    menu_label = _("Institutions")
    list_display = ["name", "short_name", "type", "level", "may_post_directly", "as_of"]
    list_filter = ["type", "level", "state", "may_post_directly"]
    list_export = [
        "slug",
        "name",
        "short_name",
        "type",
        "level",
        "city",
        "state",
        "country",
        "may_post_directly",
        "as_of",
    ]
    content_panels = [
        row("type", "level"),
        FieldPanel("parent"),
        row("city", "state"),
        FieldPanel("country"),
        FieldPanel("role"),
        FieldPanel("urls"),
        FieldPanel("may_post_directly"),
    ]


class RegistriesGroup(SnippetViewSetGroup):
    menu_label = _("Registries")
    menu_name = "registries"
    menu_icon = "table"
    menu_order = 200
    items = (
        SchemeViewSet,
        SchemeUpdateViewSet,
        ResourceCentreViewSet,
        InitiativeViewSet,
        ClusterViewSet,
        InstitutionViewSet,
    )
