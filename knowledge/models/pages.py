"""Home, the sections, plain pages, and what every knowledge page shares."""

from django.conf import settings
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import RichTextField
from wagtail.models import Page, PageManager, PageQuerySet, PageViewRestriction
from wagtail.search import index

from knowledge.panels import page_tabs


class KnowledgePageQuerySet(PageQuerySet):
    """Reading knowledge pages of one kind or of all kinds."""

    def public(self) -> "KnowledgePageQuerySet":
        """Return the pages outside every private section, as Wagtail's own does with a query more."""
        here = models.ExpressionWrapper(models.OuterRef("path"), output_field=models.CharField())
        closed = PageViewRestriction.objects.annotate(here=here).filter(here__startswith=models.F("page__path"))
        return self.filter(~models.Exists(closed))

    def current(self) -> "KnowledgePageQuerySet":
        """Return the pages that anybody may read and that are not withdrawn."""
        return self.live().public().filter(withdrawn_at=None)

    def about(self, theme) -> "KnowledgePageQuerySet":
        """Return the pages filed under ``theme`` or a theme below it."""
        return self.filter(models.Q(themes=theme) | models.Q(themes__parent=theme)).distinct()


KnowledgePageManager = PageManager.from_queryset(KnowledgePageQuerySet)


class KnowledgePage(Page):
    """What solutions, case studies and best practices share, so that one query lists all kinds.

    Concrete, because a query needs a table; never created itself.
    """

    is_creatable = False
    #: Value of ``kind=`` in an address, and of the first half of a search key.
    kind = ""

    summary = models.TextField(
        _("summary"), max_length=300, blank=True, help_text=_("One or two sentences for lists and search results.")
    )
    themes = ParentalManyToManyField("knowledge.Theme", blank=True, related_name="pages", verbose_name=_("themes"))
    sectors = ParentalManyToManyField("knowledge.Sector", blank=True, related_name="pages", verbose_name=_("sectors"))
    states = ParentalManyToManyField("knowledge.State", blank=True, related_name="pages", verbose_name=_("states"))
    stage = models.ForeignKey(
        "knowledge.Stage", models.PROTECT, null=True, blank=True, related_name="pages", verbose_name=_("stage")
    )
    sources = ParentalManyToManyField(
        "knowledge.SourceDocument", blank=True, related_name="pages", verbose_name=_("sources")
    )
    as_of = models.PositiveSmallIntegerField(
        _("facts of the year"), null=True, blank=True, help_text=_("Year of the latest source, not of a check.")
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason of withdrawal"), max_length=255, blank=True)
    successor = models.ForeignKey(
        Page, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("successor")
    )

    objects = KnowledgePageManager()

    search_fields = [*Page.search_fields, index.SearchField("summary")]
    subpage_types = []

    class Meta:
        verbose_name = _("knowledge page")
        verbose_name_plural = _("knowledge pages")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        from knowledge.views.articles import article_context  # views read models, so this one waits for both

        return super().get_context(request, *args, **kwargs) | article_context(self, request)


class HomePage(Page):
    """The front door."""

    max_count = 1
    subpage_types = [
        "knowledge.SolutionIndexPage",
        "knowledge.CaseStudyIndexPage",
        "knowledge.BestPracticeIndexPage",
        "knowledge.InfoPage",
    ]
    parent_page_types = ["wagtailcore.Page"]
    edit_handler = page_tabs()

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        from knowledge.views.home import home_context  # views read models, so this one waits until both are loaded

        return super().get_context(request, *args, **kwargs) | home_context(request)


class InfoPage(Page):
    """A plain page: about, how moderation works, privacy, licence."""

    body = RichTextField(_("text"), features=["h2", "h3", "bold", "italic", "link", "ol", "ul"])

    search_fields = [*Page.search_fields, index.SearchField("body")]
    edit_handler = page_tabs("body")
    parent_page_types = ["knowledge.HomePage"]
    subpage_types = []

    class Meta:
        verbose_name = _("plain page")
        verbose_name_plural = _("plain pages")


class SectionIndexPage(Page):
    """A section that lists the knowledge pages below it, with filters in the address."""

    intro = models.TextField(_("introduction"), blank=True)

    edit_handler = page_tabs("intro")
    parent_page_types = ["knowledge.HomePage"]

    class Meta:
        abstract = True

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        from knowledge.views.sections import section_context  # views read models, so this one waits for both

        return super().get_context(request, *args, **kwargs) | section_context(self, request)


class SolutionIndexPage(SectionIndexPage):
    max_count_per_parent = 1
    subpage_types = ["knowledge.SolutionPage"]
    template = "knowledge/section_index_page.html"

    class Meta:
        verbose_name = _("section of solutions")


class CaseStudyIndexPage(SectionIndexPage):
    max_count_per_parent = 1
    subpage_types = ["knowledge.CaseStudyPage"]
    template = "knowledge/section_index_page.html"

    class Meta:
        verbose_name = _("section of case studies")


class BestPracticeIndexPage(SectionIndexPage):
    max_count_per_parent = 1
    subpage_types = ["knowledge.BestPracticePage"]
    template = "knowledge/section_index_page.html"

    class Meta:
        verbose_name = _("section of best practices")
