"""The reference lists and the vocabularies as editors see them."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList, Panel
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from knowledge.models import (
    ClusterType,
    Definition,
    FrequentQuestion,
    GlossaryTerm,
    Link,
    Publication,
    ReferenceTerm,
    Sector,
    SourceDocument,
    Stage,
    State,
    Statistic,
    Theme,
)
from knowledge.panels import facts_panels, group, row, tabs, ticks
from search.models import BestBet, Synonym

from .addresses import AddressForm
from .fields import DefinitionsField, NamedValuesField
from .guarded import GuardedViewSet


class ReferenceForm(AddressForm):
    """A form whose address is made of the field that the entry is known by."""

    address_fields = {
        GlossaryTerm: "term",
        FrequentQuestion: "question",
        Definition: "agency_name",
        Publication: "title",
        Statistic: "label",
    }

    @property
    def address_of(self) -> str:
        return self.address_fields.get(self._meta.model, "name")


class GlossaryForm(ReferenceForm):
    definitions = DefinitionsField(label=_("Definitions"), help_text=_("Sources may disagree: give each its own row."))


class DefinitionForm(ReferenceForm):
    other_thresholds = NamedValuesField(
        label=_("Other thresholds"), required=False, help_text=_("One on each line, for example min_families: 500.")
    )


class ReferenceTermForm(AddressForm):
    details = NamedValuesField(
        label=_("Details"), required=False, help_text=_("What the source's list says beyond name and description.")
    )

    def slugs_taken(self) -> models.QuerySet:
        """Return the rows of the same list: an address counts inside its list."""
        return super().slugs_taken().filter(vocabulary=self.data.get("vocabulary", ""))


class ReferenceViewSet(GuardedViewSet):
    """What the forms of all reference lists share."""

    form_class: type[WagtailAdminModelForm] = ReferenceForm
    search_backend_name = None
    content_panels: list[Panel | str] = []
    filed_panels: list[Panel | str] = []

    def get_edit_handler(self):
        return tabs(
            form=self.form_class,
            content=self.content_panels,
            filed=[ticks("themes"), group(_("Clusters"), ticks("clusters")), group(_("Schemes"), ticks("schemes"))],
            facts=facts_panels(),
            address=[FieldPanel("slug")],
        ).bind_to_model(self.model)


class GlossaryViewSet(ReferenceViewSet):
    model = GlossaryTerm
    icon = "openquote"
    menu_label = _("Glossary")
    form_class = GlossaryForm
    list_display = ["term", "abbreviation", "as_of"]
    list_filter = ["themes"]
    search_fields = ["term", "term_hi", "abbreviation"]
    content_panels = [
        FieldPanel("term"),
        row("term_hi", "abbreviation"),
        FieldPanel("definitions"),
        group(_("See also"), ticks("see_also")),
    ]


class FrequentQuestionViewSet(ReferenceViewSet):
    model = FrequentQuestion
    icon = "help"
    menu_label = _("FAQ")
    list_display = ["question", "group", "order", "as_of"]
    list_filter = ["group", "themes"]
    search_fields = ["question", "answer"]
    content_panels = [FieldPanel("question"), FieldPanel("answer"), row("group", "order"), FieldPanel("solution")]


class DefinitionViewSet(ReferenceViewSet):
    model = Definition
    icon = "decimal"
    menu_label = _("Definitions")
    form_class = DefinitionForm
    list_display = ["agency_name", "cluster_type", "rule_kind", "as_of"]
    list_filter = ["rule_kind", "cluster_type", "agency"]
    list_export = [
        "slug",
        "agency_name",
        "cluster_type",
        "rule_kind",
        "rule",
        "min_units",
        "min_looms",
        "min_artisans",
        "radius_km",
        "max_travel_hours",
        "as_of",
    ]
    search_fields = ["agency_name", "rule"]
    content_panels = [
        row("agency_name", "agency"),
        row("cluster_type", "rule_kind"),
        FieldPanel("rule"),
        group(
            _("Thresholds"),
            row("min_units", "min_looms", "min_artisans"),
            row("radius_km", "max_travel_hours"),
            FieldPanel("other_thresholds"),
        ),
    ]


class LinkViewSet(ReferenceViewSet):
    model = Link
    icon = "link-external"
    menu_label = _("Links")
    list_display = ["name", "url", "link_kind", "status"]
    list_filter = ["link_kind", "status", "owner"]
    list_export = ["slug", "name", "url", "link_kind", "owner", "status", "verified_at"]
    search_fields = ["name", "url", "about"]
    content_panels = [row("name", "url"), row("link_kind", "status"), FieldPanel("about"), FieldPanel("owner")]


class PublicationViewSet(ReferenceViewSet):
    model = Publication
    icon = "doc-full-inverse"
    menu_label = _("Publications")
    list_display = ["title", "author", "year", "topic"]
    list_filter = ["topic", "themes"]
    search_fields = ["title", "author", "publisher"]
    content_panels = [FieldPanel("title"), row("author", "year"), row("publisher", "topic"), FieldPanel("url")]


class StatisticViewSet(ReferenceViewSet):
    model = Statistic
    icon = "history"
    menu_label = _("Statistics")
    list_display = ["label", "value", "unit", "period", "scope"]
    list_filter = ["scope", "dimension", "cluster_type", "state"]
    list_export = ["slug", "label", "value", "unit", "period", "scope", "dimension", "state", "cluster_type", "as_of"]
    search_fields = ["label", "unit", "state_as_named"]
    content_panels = [
        FieldPanel("label"),
        row("value", "unit"),
        row("period", "scope"),
        row("dimension", "cluster_type"),
        row("state", "state_as_named"),
        FieldPanel("high_poverty_group"),
    ]


class TermViewSet(GuardedViewSet):
    """What the forms of all vocabularies share."""

    list_display = ["name", "name_hi", "order"]
    search_fields = ["name", "name_hi", "slug"]
    search_backend_name = None
    more_panels: list[Panel | str] = [FieldPanel("parent")]

    def get_edit_handler(self):
        return ObjectList(
            [
                row("name", "name_hi"),
                *self.more_panels,
                row("description", "description_hi"),
                row("slug", "order"),
            ],
            base_form_class=AddressForm,
        ).bind_to_model(self.model)


class ThemeViewSet(TermViewSet):
    model = Theme
    icon = "tag"
    menu_label = _("Themes")
    list_display = ["name", "name_hi", "parent", "order"]
    list_filter = ["parent"]
    more_panels = [FieldPanel("parent"), FieldPanel("intro"), FieldPanel("intro_hi")]


class SectorViewSet(TermViewSet):
    model = Sector
    icon = "cogs"
    menu_label = _("Sectors")
    list_display = ["name", "name_hi", "parent", "order"]
    list_filter = ["parent"]


class StageViewSet(TermViewSet):
    model = Stage
    icon = "tasks"
    menu_label = _("Stages")


class ClusterTypeViewSet(TermViewSet):
    model = ClusterType
    icon = "folder-open-inverse"
    menu_label = _("Cluster types")


class StateViewSet(TermViewSet):
    model = State
    icon = "globe"
    menu_label = _("States")
    list_display = ["name", "name_hi", "iso_code", "kind", "region"]
    list_filter = ["kind", "region"]
    more_panels = [row("iso_code", "kind", "region"), FieldPanel("aliases")]


class ReferenceTermViewSet(GuardedViewSet):
    model = ReferenceTerm
    icon = "list-ul"
    menu_label = _("Reference terms")
    list_display = ["name", "vocabulary", "order"]
    list_filter = ["vocabulary"]
    search_fields = ["name", "name_hi", "slug"]
    search_backend_name = None

    def get_edit_handler(self):
        return ObjectList(
            [
                row("vocabulary", "order"),
                row("name", "name_hi"),
                FieldPanel("description"),
                FieldPanel("details"),
                FieldPanel("slug"),
            ],
            base_form_class=ReferenceTermForm,
        ).bind_to_model(self.model)


class SourceDocumentViewSet(GuardedViewSet):
    model = SourceDocument
    icon = "doc-full"
    menu_label = _("Source documents")
    list_display = ["title", "year", "publisher"]
    list_filter = ["year"]
    search_fields = ["title", "publisher"]
    search_backend_name = None
    panels = [FieldPanel("title"), row("year", "publisher"), FieldPanel("url")]


class SynonymViewSet(GuardedViewSet):
    model = Synonym
    icon = "resubmit"
    menu_label = _("Synonyms")
    list_display = ["__str__", "in_use", "reviewed", "updated_at"]
    list_filter = ["in_use", "reviewed", "one_way"]
    search_fields = ["terms", "replacement", "note"]
    search_backend_name = None
    ordering = "terms"
    panels = [
        FieldPanel("terms"),
        FieldPanel("one_way"),
        FieldPanel("replacement"),
        FieldPanel("note"),
        row("in_use", "reviewed"),
    ]


class BestBetViewSet(GuardedViewSet):
    model = BestBet
    icon = "thumbtack"
    menu_label = _("Best bets")
    list_display = ["__str__", "position", "shown_from", "shown_until", "updated_at"]
    search_fields = ["phrases", "address", "note"]
    search_backend_name = None
    ordering = ("address", "position")
    panels = [
        FieldPanel("phrases"),
        row("address", "position"),
        row("shown_from", "shown_until"),
        FieldPanel("note"),
    ]


class ReferenceListsGroup(SnippetViewSetGroup):
    menu_label = _("Reference lists")
    menu_name = "reference-lists"
    menu_icon = "list-ul"
    menu_order = 210
    items = (
        GlossaryViewSet,
        FrequentQuestionViewSet,
        DefinitionViewSet,
        LinkViewSet,
        PublicationViewSet,
        StatisticViewSet,
    )


class VocabulariesGroup(SnippetViewSetGroup):
    menu_label = _("Vocabularies")
    menu_name = "vocabularies"
    menu_icon = "tag"
    menu_order = 220
    items = (
        ThemeViewSet,
        SectorViewSet,
        StageViewSet,
        ClusterTypeViewSet,
        StateViewSet,
        ReferenceTermViewSet,
        SourceDocumentViewSet,
        SynonymViewSet,
        BestBetViewSet,
    )
