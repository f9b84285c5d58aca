"""Reference lists: glossary, frequent questions, definitions, links, publications, statistics."""

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.search import index

from knowledge.enums import DefinitionKind, LinkKind, LinkStatus

from .base import ReferenceEntry


class GlossaryTerm(ReferenceEntry):
    """A term or abbreviation. ``definitions`` is a list of ``{"text", "source"}``: sources may disagree."""

    kind = "glossary"

    term = models.CharField(_("term"), max_length=120)
    term_hi = models.CharField(_("term in Hindi"), max_length=120, blank=True)
    abbreviation = models.CharField(_("abbreviation"), max_length=20, blank=True)
    definitions = models.JSONField(_("definitions"), default=list)
    see_also = ParentalManyToManyField("self", symmetrical=False, blank=True, verbose_name=_("see also"))

    search_fields = [index.SearchField("term"), index.AutocompleteField("term")]

    class Meta:
        ordering = ["term"]
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary")

    def __str__(self) -> str:
        return self.localized_term

    @property
    def localized_term(self) -> str:
        return (self.term_hi if get_language() == "hi" else "") or self.term

    def get_absolute_url(self) -> str:
        return f"{reverse('glossary')}#{self.slug}"


class FrequentQuestion(ReferenceEntry):
    """A short question on clusters with its answer, and the solution that says more."""

    kind = "faq"

    order = models.PositiveIntegerField(_("order"), default=0)
    group = models.CharField(_("group"), max_length=80)
    question = models.CharField(_("question"), max_length=255)
    answer = models.TextField(_("answer"))
    solution = models.ForeignKey(
        "knowledge.SolutionPage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="frequent_questions",
        verbose_name=_("solution"),
    )

    search_fields = [index.SearchField("question"), index.AutocompleteField("question")]

    class Meta:
        ordering = ["order"]
        verbose_name = _("frequent question")
        verbose_name_plural = _("frequent questions")

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return f"{reverse('faq')}#{self.slug}"


class Definition(ReferenceEntry):
    """Who counts what as a cluster. Thresholds that have no column stand in ``other_thresholds``."""

    kind = "definition"

    agency = models.ForeignKey(
        "knowledge.Institution",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="definitions",
        verbose_name=_("agency"),
    )
    agency_name = models.CharField(_("agency as named"), max_length=120)
    cluster_type = models.ForeignKey(
        "knowledge.ClusterType",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="definitions",
        verbose_name=_("type of cluster"),
    )
    rule_kind = models.CharField(_("kind"), max_length=20, choices=DefinitionKind)
    rule = models.TextField(_("rule"))
    min_units = models.PositiveIntegerField(_("units at least"), null=True, blank=True)
    min_looms = models.PositiveIntegerField(_("looms at least"), null=True, blank=True)
    min_artisans = models.PositiveIntegerField(_("artisans at least"), null=True, blank=True)
    radius_km = models.PositiveIntegerField(_("radius in km"), null=True, blank=True)
    max_travel_hours = models.DecimalField(
        _("hours of travel at most"), max_digits=4, decimal_places=1, null=True, blank=True
    )
    other_thresholds = models.JSONField(_("other thresholds"), default=dict, blank=True)

    search_fields = [index.SearchField("rule"), index.AutocompleteField("agency_name")]

    class Meta:
        ordering = ["agency_name", "slug"]
        verbose_name = _("definition of a cluster")
        verbose_name_plural = _("definitions of a cluster")

    def __str__(self) -> str:
        return self.agency_name

    def get_absolute_url(self) -> str:
        return f"{reverse('definitions')}#{self.slug}"


class Link(ReferenceEntry):
    """A site outside, with the day and result of its last check once somebody looked."""

    kind = "link"

    name = models.CharField(_("name"), max_length=160)
    url = models.URLField(_("address on the web"), max_length=400)
    about = models.TextField(_("about"), blank=True)
    link_kind = models.CharField(_("kind"), max_length=20, choices=LinkKind)
    owner = models.ForeignKey(
        "knowledge.Institution", models.SET_NULL, null=True, blank=True, related_name="links", verbose_name=_("owner")
    )
    status = models.CharField(_("status"), max_length=20, choices=LinkStatus, default=LinkStatus.UNCHECKED)

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        ordering = ["name"]
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"{reverse('links')}#{self.slug}"


class Publication(ReferenceEntry):
    """A work cited by the sources."""

    kind = "publication"

    title = models.CharField(_("title"), max_length=255)
    author = models.CharField(_("author"), max_length=160)
    year = models.CharField(_("year"), max_length=20)
    publisher = models.CharField(_("publisher"), max_length=120, blank=True)
    topic = models.CharField(_("topic"), max_length=80, blank=True)
    url = models.URLField(_("address on the web"), max_length=400, blank=True)

    search_fields = [index.SearchField("title"), index.AutocompleteField("title")]

    class Meta:
        ordering = ["author", "year"]
        verbose_name = _("publication")
        verbose_name_plural = _("publications")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{reverse('publications')}#{self.slug}"


class Statistic(ReferenceEntry):
    """One figure with its unit, period and scope, unverified until somebody says otherwise."""

    kind = "statistic"

    label = models.CharField(_("label"), max_length=160)
    value = models.CharField(_("value"), max_length=60)
    unit = models.CharField(_("unit"), max_length=60)
    period = models.CharField(_("period"), max_length=60)
    scope = models.CharField(_("scope"), max_length=40)
    dimension = models.CharField(_("dimension"), max_length=20, blank=True)
    state = models.ForeignKey(
        "knowledge.State", models.PROTECT, null=True, blank=True, related_name="statistics", verbose_name=_("state")
    )
    state_as_named = models.CharField(_("area as the source names it"), max_length=80, blank=True)
    cluster_type = models.ForeignKey(
        "knowledge.ClusterType",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="statistics",
        verbose_name=_("type of cluster"),
    )
    high_poverty_group = models.BooleanField(_("state of the high-poverty group"), null=True, blank=True)

    search_fields = [index.SearchField("label"), index.AutocompleteField("label")]

    class Meta:
        ordering = ["label"]
        verbose_name = _("statistic")
        verbose_name_plural = _("statistics")

    def __str__(self) -> str:
        return self.label

    @property
    def number(self) -> float | None:
        """Return the value as a number, or None where the source gives a range or words."""
        try:
            return float(self.value)
        except ValueError:
            return None

    def get_absolute_url(self) -> str:
        return f"{reverse('statistics')}#{self.slug}"
