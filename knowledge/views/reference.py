"""Reference lists: glossary, frequent questions, definitions, links, publications, statistics, smaller vocabularies.

Each list is one page, because every entry is cited by its place on it (``/glossary/#slug``).
"""

from itertools import groupby

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView

from knowledge.enums import DefinitionKind, LinkKind, LinkStatus
from knowledge.models import (
    ClusterType,
    Definition,
    FrequentQuestion,
    GlossaryTerm,
    Link,
    Publication,
    ReferenceTerm,
    SolutionPage,
    State,
    Statistic,
)
from knowledge.views.filters import Facet, Listing, TermFacet, ValueFacet

from .registry import THEME
from .series import statistic_series

#: So many that a list of today's size is one page; a much larger one is cut into pages.
ENTRIES_ON_A_PAGE = 500


class ReferenceList(TemplateView):
    """The entries of one reference list, narrowed by the query string."""

    model: type
    heading = ""
    lede = ""
    facets: tuple[Facet, ...] = (THEME,)
    text_fields: tuple[str, ...] = ()

    def prepare(self, rows: QuerySet) -> QuerySet:
        """Add to ``rows`` what showing them needs, with a constant number of queries."""
        return rows.prefetch_related("sources")

    def arrange(self, entries: list) -> dict[str, object]:
        """Return the entries in the shape that the list's template shows."""
        return {}

    def get_context_data(self, **kwargs) -> dict:
        listing = Listing(
            queryset=self.model.objects.all(),
            params=self.request.GET,
            facets=self.facets,
            text_fields=self.text_fields,
            page_size=ENTRIES_ON_A_PAGE,
            prepare=self.prepare,
        )
        context = {"listing": listing, "heading": self.heading, "lede": self.lede}
        return super().get_context_data(**kwargs) | context | self.arrange(list(listing.page_obj.object_list))


class Glossary(ReferenceList):
    model = GlossaryTerm
    template_name = "knowledge/glossary.html"
    heading = _("Glossary")
    lede = _("Words and abbreviations of cluster work. Where sources disagree, each is quoted.")
    text_fields = ("term", "term_hi", "abbreviation")

    def prepare(self, rows: QuerySet) -> QuerySet:
        return rows.prefetch_related("see_also", "themes")

    def arrange(self, entries: list[GlossaryTerm]) -> dict[str, object]:
        def initial(entry: GlossaryTerm) -> str:
            first = entry.localized_term[:1].upper()
            return first if first.isalpha() else "#"

        entries = sorted(entries, key=lambda entry: (initial(entry), entry.localized_term.casefold()))
        return {"letters": [(letter, list(terms)) for letter, terms in groupby(entries, key=initial)]}


class FrequentQuestions(ReferenceList):
    model = FrequentQuestion
    template_name = "knowledge/faq.html"
    heading = _("Questions often asked")
    lede = _("Short answers on clusters, each with the solution that says more.")
    facets = (ValueFacet("group", _("Subject"), "group"), THEME)
    text_fields = ("question", "answer")

    def prepare(self, rows: QuerySet) -> QuerySet:
        # A solution that not everybody may read is as if there were none.
        return rows.prefetch_related(Prefetch("solution", SolutionPage.objects.current()), "sources")

    def arrange(self, entries: list[FrequentQuestion]) -> dict[str, object]:
        groups: dict[str, list[FrequentQuestion]] = {}
        for entry in entries:
            groups.setdefault(entry.group, []).append(entry)
        return {"groups": groups}


class Definitions(ReferenceList):
    model = Definition
    template_name = "knowledge/definitions.html"
    heading = _("What counts as a cluster")
    lede = _("Each agency draws the line elsewhere. The table puts their rules side by side.")
    facets = (
        TermFacet("type", _("Type of cluster"), ClusterType.objects.all, "cluster_type"),
        ValueFacet("kind", _("Kind"), "rule_kind", tuple(DefinitionKind.choices)),
        THEME,
    )

    def prepare(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("agency", "cluster_type").prefetch_related("sources")

    def arrange(self, entries: list[Definition]) -> dict[str, object]:
        for entry in entries:
            entry.more_thresholds = [
                THRESHOLDS[name] % value if name in THRESHOLDS else f"{name.replace('_', ' ')}: {value}"
                for name, value in _items(entry.other_thresholds)
            ]
            columns = (entry.min_units, entry.min_looms, entry.min_artisans, entry.radius_km, entry.max_travel_hours)
            entry.has_thresholds = any(columns) or bool(entry.more_thresholds)
        return {"entries": entries}


class Links(ReferenceList):
    model = Link
    template_name = "knowledge/links.html"
    heading = _("Links")
    lede = _("Sites outside this one. An address that nobody has opened since its source says so.")
    facets = (
        ValueFacet("kind", _("Kind"), "link_kind", tuple(LinkKind.choices)),
        ValueFacet("status", _("Last check"), "status", tuple(LinkStatus.choices)),
        THEME,
    )
    text_fields = ("name", "url", "about")

    def prepare(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("owner")


class Publications(ReferenceList):
    model = Publication
    template_name = "knowledge/publications.html"
    heading = _("Publications")
    lede = _("Works that our sources cite.")
    facets = (ValueFacet("topic", _("Topic"), "topic"), THEME)
    text_fields = ("title", "author", "publisher")


class Statistics(ReferenceList):
    model = Statistic
    template_name = "knowledge/statistics.html"
    heading = _("Statistics")
    lede = _("Single figures with their unit and period. Nobody has checked them since their source.")
    facets = (
        THEME,
        TermFacet("type", _("Type of cluster"), ClusterType.objects.all, "cluster_type"),
        TermFacet("state", _("State"), State.objects.all, "state"),
        ValueFacet("scope", _("Area"), "scope"),
    )
    text_fields = ("label",)

    def prepare(self, rows: QuerySet) -> QuerySet:
        return rows.select_related("state", "cluster_type").prefetch_related("sources")

    def arrange(self, entries: list[Statistic]) -> dict[str, object]:
        series, single = statistic_series(entries)
        return {"series": series, "single": single}


class ReferenceLists(TemplateView):
    """The smaller vocabularies, the policy timeline among them."""

    template_name = "knowledge/reference_lists.html"

    def get_context_data(self, **kwargs) -> dict:
        lists: dict[str, list[ReferenceTerm]] = {}
        for term in ReferenceTerm.objects.all():
            term.details_shown = list(_details(term.details))
            lists.setdefault(term.vocabulary, []).append(term)
        shown = [(name, VOCABULARIES.get(name, name.replace("_", " ").capitalize()), lists[name]) for name in lists]
        return super().get_context_data(
            lists=shown, heading=_("Reference lists"), types=ClusterType.objects.all(), **kwargs
        )


def _details(details: dict) -> list[tuple[str, str]]:
    """Return what an entry says beyond name and description, as words."""
    shown = []
    for name, value in _items(details):
        if isinstance(value, list):
            value = ", ".join(str(each) for each in value)
        elif isinstance(value, dict):
            value = ", ".join(f"{key}: {each}" for key, each in value.items())
        if value not in (None, ""):
            shown.append((str(name).replace("_", " "), str(value)))
    return shown


def _items(details: object) -> list[tuple[str, object]]:
    """Return the pairs of a JSON object; editors may have left anything else in its column."""
    return list(details.items()) if isinstance(details, dict) else []


#: What the thresholds without a column of their own say; the value stands at the sign.
THRESHOLDS = {
    "families": _("about %s families"),
    "intensive_max": _("%s at most who benefit in an intensive cluster"),
    "intensive_min": _("%s at least who benefit in an intensive cluster"),
    "max_beneficiaries": _("%s who benefit at most"),
    "max_subdivisions": _("within %s sub-divisions of a district"),
    "min_artisans_hill": _("%s artisans at least in hill areas"),
    "min_artisans_kbk": _("%s artisans at least in Kalahandi–Balangir–Koraput"),
    "min_beneficiaries": _("%s who benefit at least"),
    "min_minority_percent": _("more than %s %% of minorities"),
    "min_sme_worker_percent": _("more than %s %% of workers in small firms"),
    "min_specialisation_percent": _("specialisation of more than %s %%"),
    "min_specialised_workers_percent": _("more than %s %% of workers specialised"),
    "min_travel_hours": _("from %s hours of travel"),
    "min_units_difficult": _("%s units at least in difficult areas"),
    "radius_km_min": _("from a radius of %s km"),
}

VOCABULARIES = {
    "activity_areas": _("Areas of activity"),
    "br_activities": _("Activities of responsible business"),
    "case_outcomes": _("Outcomes of cases"),
    "cluster_type_axes": _("Ways to sort clusters"),
    "engagement_levels": _("Rungs of engagement"),
    "initiative_statuses": _("States of initiatives"),
    "institution_types": _("Types of institutions"),
    "issue_groups": _("Groups of issues"),
    "market_production_paths": _("Paths from local to international"),
    "market_production_positions": _("Positions of market and production"),
    "payoff_domains": _("Whom a practice pays"),
    "policy_timeline": _("Timeline of policy"),
    "regions": _("Regions of India"),
    "reply_kinds": _("Kinds of replies"),
    "resource_centre_statuses": _("States of resource centres"),
    "responsibility_principles": _("Principles of responsible business"),
    "scheme_activity_grid": _("Grid of scheme activities"),
    "scheme_statuses": _("States of schemes"),
    "stakeholder_types": _("Types of stakeholders"),
    "subsector_see_ratings": _("Social and environmental pressure by trade"),
}
