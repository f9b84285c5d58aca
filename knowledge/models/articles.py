"""The three kinds of article: solution, case study, best practice."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.search import index

from knowledge.blocks import ContributorsBlock, ExperiencesBlock, FiguresBlock, SolutionBlock
from knowledge.enums import Outcome, PayoffDomain
from knowledge.panels import article_tabs, group, row, ticks

from .pages import KnowledgePage


class SolutionPage(KnowledgePage):
    """A subject–problem–solution article, compiled from an exchange or written from the sources."""

    kind = "solution"

    subject = models.CharField(_("subject"), max_length=120, help_text=_("What it is about, in a few words."))
    problem = models.TextField(_("problem"), help_text=_("Who has it, where, and what was tried."))
    solution = StreamField(SolutionBlock(), verbose_name=_("solution"))
    experiences = StreamField(ExperiencesBlock(required=False), blank=True, verbose_name=_("experiences"))
    what_it_needs = models.TextField(_("what it needs"), blank=True, help_text=_("Money, time, people."))
    limits = models.TextField(_("where it does not fit"), blank=True)
    editor_note = models.TextField(_("editor's note"), blank=True, help_text=_("Advice of ours, not in the sources."))
    schemes = ParentalManyToManyField("knowledge.Scheme", blank=True, related_name="solutions")
    resource_centres = ParentalManyToManyField("knowledge.ResourceCentre", blank=True, related_name="solutions")
    initiatives = ParentalManyToManyField("knowledge.Initiative", blank=True, related_name="solutions")
    case_studies = ParentalManyToManyField("knowledge.CaseStudyPage", blank=True, related_name="solutions")
    best_practices = ParentalManyToManyField("knowledge.BestPracticePage", blank=True, related_name="solutions")
    contributors = StreamField(ContributorsBlock(required=False), blank=True, verbose_name=_("contributors"))

    search_fields = [*KnowledgePage.search_fields, index.SearchField("subject"), index.SearchField("problem")]
    parent_page_types = ["knowledge.SolutionIndexPage"]
    template = "knowledge/solution_page.html"
    edit_handler = article_tabs(
        FieldPanel("subject"),
        FieldPanel("problem"),
        FieldPanel("solution"),
        FieldPanel("experiences"),
        FieldPanel("what_it_needs"),
        FieldPanel("limits"),
        FieldPanel("editor_note"),
        FieldPanel("contributors"),
        links=(
            group(_("Schemes"), ticks("schemes")),
            group(_("Resource centres"), ticks("resource_centres")),
            group(_("Initiatives"), ticks("initiatives")),
            group(_("Case studies"), ticks("case_studies")),
            group(_("Best practices"), ticks("best_practices")),
        ),
    )

    class Meta:
        verbose_name = _("solution")
        verbose_name_plural = _("solutions")


class CaseStudyPage(KnowledgePage):
    """What happened in one place: problem, what was done, results, lessons."""

    kind = "case_study"

    subject = models.CharField(_("subject"), max_length=120)
    cluster = models.ForeignKey(
        "knowledge.Cluster",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="case_studies",
        verbose_name=_("cluster"),
    )
    problem = models.TextField(_("problem"))
    what_was_done = models.TextField(_("what was done"))
    results = models.TextField(_("results"))
    figures = StreamField(FiguresBlock(required=False), blank=True, verbose_name=_("figures"))
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, default=Outcome.UNKNOWN)
    pitfalls = models.TextField(_("pitfalls"), blank=True, help_text=_("One on each line."))
    lessons = models.TextField(_("lessons"), blank=True, help_text=_("One on each line."))
    actors = ParentalManyToManyField("knowledge.Institution", blank=True, related_name="case_studies")
    schemes = ParentalManyToManyField("knowledge.Scheme", blank=True, related_name="case_studies")

    search_fields = [*KnowledgePage.search_fields, index.SearchField("subject"), index.SearchField("problem")]
    parent_page_types = ["knowledge.CaseStudyIndexPage"]
    template = "knowledge/case_study_page.html"
    edit_handler = article_tabs(
        FieldPanel("subject"),
        row("cluster", "outcome"),
        FieldPanel("problem"),
        FieldPanel("what_was_done"),
        FieldPanel("results"),
        FieldPanel("figures"),
        FieldPanel("pitfalls"),
        FieldPanel("lessons"),
        links=(group(_("Actors"), ticks("actors")), group(_("Schemes"), ticks("schemes"))),
    )

    class Meta:
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")


class BestPracticePage(KnowledgePage):
    """A practice that can be used again, with the cases that show it."""

    kind = "best_practice"

    practice = models.TextField(_("practice"))
    why_it_works = models.TextField(_("why it works"), blank=True)
    steps = models.TextField(_("steps"), blank=True, help_text=_("One on each line."))
    conditions = models.TextField(_("conditions"), blank=True)
    costs = models.TextField(_("costs"), blank=True)
    payoff_domain = models.CharField(_("whom it pays"), max_length=20, choices=PayoffDomain)
    evidence = ParentalManyToManyField("knowledge.CaseStudyPage", blank=True, related_name="best_practices")

    search_fields = [*KnowledgePage.search_fields, index.SearchField("practice")]
    parent_page_types = ["knowledge.BestPracticeIndexPage"]
    template = "knowledge/best_practice_page.html"
    edit_handler = article_tabs(
        FieldPanel("practice"),
        FieldPanel("why_it_works"),
        FieldPanel("steps"),
        FieldPanel("conditions"),
        FieldPanel("costs"),
        FieldPanel("payoff_domain"),
        links=(group(_("Cases that show it"), ticks("evidence")),),
    )

    class Meta:
        verbose_name = _("best practice")
        verbose_name_plural = _("best practices")
