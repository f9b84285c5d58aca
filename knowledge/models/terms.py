"""Vocabularies: one row for each term, whatever the language; every term on a page is a link."""

from urllib.parse import urlencode

from django.db import models
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.search import index


class Term(index.Indexed, models.Model):
    """A term of a controlled list, in English with its Hindi words beside it."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_hi = models.CharField(_("name in Hindi"), max_length=120, blank=True)
    description = models.TextField(_("description"), blank=True)
    description_hi = models.TextField(_("description in Hindi"), blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)

    search_fields = [index.SearchField("name"), index.AutocompleteField("name")]

    class Meta:
        abstract = True
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.localized_name

    @property
    def localized_name(self) -> str:
        """Return the name in the reader's language, in English where no other word is known."""
        return (self.name_hi if get_language() == "hi" else "") or self.name

    @property
    def localized_description(self) -> str:
        """Return the description in the reader's language, in English where there is no other."""
        return (self.description_hi if get_language() == "hi" else "") or self.description

    #: Name of this term's filter in the search address; each concrete term sets it.
    facet = ""

    def get_absolute_url(self) -> str:
        return f"{reverse('search')}?{urlencode({self.facet: self.slug})}"


class TreeTerm(Term):
    """A term with a broader term above it."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("broader term")
    )

    class Meta(Term.Meta):
        abstract = True


class Theme(TreeTerm):
    """A theme; its public page is made of rows alone, its editorial words are the columns here."""

    intro = models.TextField(_("editor's introduction"), blank=True)
    intro_hi = models.TextField(_("editor's introduction in Hindi"), blank=True)

    class Meta(TreeTerm.Meta):
        verbose_name = _("theme")
        verbose_name_plural = _("themes")

    def get_absolute_url(self) -> str:
        return reverse("theme_detail", args=[self.slug])

    @property
    def root(self) -> "Theme":
        """Return the theme at the top of this theme's branch."""
        theme = self
        while theme.parent_id:
            theme = theme.parent
        return theme


class Sector(TreeTerm):
    """A trade: what a cluster makes or does."""

    facet = "sector"

    class Meta(TreeTerm.Meta):
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")


class Stage(TreeTerm):
    """A step of the work in a cluster, from mapping to handing over."""

    facet = "stage"

    class Meta(TreeTerm.Meta):
        verbose_name = _("stage")
        verbose_name_plural = _("stages")


class ClusterType(TreeTerm):
    """A type of cluster by the way it produces."""

    class Meta(TreeTerm.Meta):
        verbose_name = _("cluster type")
        verbose_name_plural = _("cluster types")

    def get_absolute_url(self) -> str:
        return f"{reverse('cluster_list')}?{urlencode({'type': self.slug})}"


class State(Term):
    """A state or union territory of India, named as today; older names are aliases."""

    facet = "state"

    iso_code = models.CharField(_("ISO code"), max_length=6, unique=True)
    kind = models.CharField(_("kind"), max_length=20, blank=True)
    region = models.CharField(_("region"), max_length=20, blank=True)
    aliases = models.TextField(_("other names"), blank=True, help_text=_("One on each line."))

    class Meta(Term.Meta):
        ordering = ["name"]
        verbose_name = _("state")
        verbose_name_plural = _("states")


class ReferenceTerm(models.Model):
    """An entry of one of the smaller lists (types of institution, principles, rungs of engagement…).

    ``details`` keeps what a list says beyond name and description, as the source has it.
    """

    vocabulary = models.CharField(_("list"), max_length=40)
    slug = models.SlugField(_("address"), max_length=80)
    name = models.CharField(_("name"), max_length=200)
    name_hi = models.CharField(_("name in Hindi"), max_length=200, blank=True)
    description = models.TextField(_("description"), blank=True)
    order = models.PositiveIntegerField(_("order"), default=0)
    details = models.JSONField(_("details"), default=dict, blank=True)

    class Meta:
        ordering = ["vocabulary", "order", "name"]
        verbose_name = _("reference term")
        verbose_name_plural = _("reference terms")
        constraints = [models.UniqueConstraint(fields=["vocabulary", "slug"], name="reference_term_unique")]

    def __str__(self) -> str:
        return (self.name_hi if get_language() == "hi" else "") or self.name


class SourceDocument(models.Model):
    """A document that facts were taken from; facts name it and the year it speaks for."""

    title = models.CharField(_("title"), max_length=255, unique=True)
    year = models.PositiveSmallIntegerField(_("year"), null=True, blank=True)
    publisher = models.CharField(_("publisher"), max_length=120, blank=True)
    url = models.URLField(_("address"), blank=True)

    class Meta:
        ordering = ["title"]
        verbose_name = _("source document")
        verbose_name_plural = _("source documents")

    def __str__(self) -> str:
        return f"{self.title} ({self.year})" if self.year else self.title
