"""What registries and reference lists share."""

from django.conf import settings
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import ClusterableModel
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin
from wagtail.search import index


class DatedFacts(models.Model):
    """Facts with the year they speak for. Saving is not verifying: only a named person's act sets ``verified_at``."""

    as_of = models.PositiveSmallIntegerField(
        _("facts of the year"), null=True, blank=True, help_text=_("Year of the latest source, not of a check.")
    )
    verified_at = models.DateTimeField(_("verified at"), null=True, blank=True, editable=False)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    sources = ParentalManyToManyField("knowledge.SourceDocument", blank=True, verbose_name=_("sources"))
    notes = models.TextField(_("notes on the facts"), blank=True)

    class Meta:
        abstract = True


class RegistryQuerySet(models.QuerySet):
    """Reading registries."""

    def public(self) -> "RegistryQuerySet":
        """Return the entries that anybody may read; a withdrawn entry stays readable and says so."""
        return self.filter(live=True)

    def current(self) -> "RegistryQuerySet":
        """Return the public entries that are not withdrawn: what listings, search and choosers show."""
        return self.public().filter(withdrawn_at=None)

    def about(self, theme) -> "RegistryQuerySet":
        """Return the entries filed under ``theme`` or a theme below it."""
        return self.filter(models.Q(themes=theme) | models.Q(themes__parent=theme)).distinct()


class RegistryEntry(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    PreviewableMixin,
    index.Indexed,
    DatedFacts,
    ClusterableModel,
):
    """One record of one real-world thing, with a public page of its own. Its slug is fixed once public."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=255)
    name_hi = models.CharField(_("name in Hindi"), max_length=255, blank=True)
    short_name = models.CharField(_("short name"), max_length=40, blank=True)
    aliases = models.TextField(_("other names"), blank=True, help_text=_("One on each line."))
    themes = ParentalManyToManyField("knowledge.Theme", blank=True, verbose_name=_("themes"))
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_reason = models.CharField(_("reason of withdrawal"), max_length=255, blank=True)
    successor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="predecessors", verbose_name=_("successor")
    )
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = RegistryQuerySet.as_manager()

    search_fields = [
        index.SearchField("name", boost=3),
        index.SearchField("short_name", boost=3),
        index.AutocompleteField("name"),
        index.AutocompleteField("short_name"),
        index.FilterField("live"),
        index.FilterField("id"),
    ]

    #: Value of ``kind=`` in an address, and of the first half of a search key.
    kind = ""

    class Meta:
        abstract = True
        ordering = ["name"]

    def __str__(self) -> str:
        return self.short_label

    @property
    def localized_name(self) -> str:
        """Return the name in the reader's language, in English where no other is known."""
        return (self.name_hi if get_language() == "hi" else "") or self.name

    @property
    def short_label(self) -> str:
        """Return the short name with the name, as people know the thing."""
        return f"{self.short_name}, {self.localized_name}" if self.short_name else self.localized_name

    def get_preview_template(self, request, mode_name: str) -> str:
        return f"knowledge/{self._meta.model_name}_detail.html"

    def get_preview_context(self, request, mode_name: str) -> dict:
        return {"object": self, "request": request}


class ReferenceEntry(RevisionMixin, index.Indexed, DatedFacts, ClusterableModel):
    """An entry of a reference list, shown in its list and on the themes, clusters and schemes it concerns."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    themes = ParentalManyToManyField("knowledge.Theme", blank=True, verbose_name=_("themes it concerns"))
    clusters = ParentalManyToManyField("knowledge.Cluster", blank=True, verbose_name=_("clusters it concerns"))
    schemes = ParentalManyToManyField("knowledge.Scheme", blank=True, verbose_name=_("schemes it concerns"))

    kind = ""

    class Meta:
        abstract = True
