"""Schemes and what their owners say has changed."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.models import DraftStateMixin, LockableMixin, PreviewableMixin, RevisionMixin, WorkflowMixin

from knowledge.enums import Level, SchemeStatus

from .base import RegistryEntry


class Scheme(RegistryEntry):
    """A public scheme or programme. What the sources do not say stays empty and is shown as "not stated"."""

    kind = "scheme"

    owner = models.ForeignKey(
        "knowledge.Institution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="schemes_owned",
        verbose_name=_("owner"),
    )
    level = models.CharField(_("level"), max_length=20, choices=Level)
    states = ParentalManyToManyField("knowledge.State", blank=True, verbose_name=_("states"), related_name="schemes")
    sectors = ParentalManyToManyField("knowledge.Sector", blank=True, verbose_name=_("sectors"), related_name="schemes")
    cluster_types = ParentalManyToManyField(
        "knowledge.ClusterType", blank=True, verbose_name=_("cluster types"), related_name="schemes"
    )
    objective = models.TextField(_("objective"))
    supports = models.TextField(_("what it pays for"), blank=True, help_text=_("One on each line."))
    eligibility = models.TextField(_("who may apply"), blank=True)
    funding_pattern = models.TextField(_("how the cost is shared"), blank=True)
    ceiling = models.CharField(_("ceiling"), max_length=120, blank=True)
    duration = models.CharField(_("duration"), max_length=60, blank=True)
    start_year = models.PositiveSmallIntegerField(_("start year"), null=True, blank=True)
    implementing_process = models.TextField(_("steps"), blank=True, help_text=_("One on each line."))
    implementing_agencies = ParentalManyToManyField(
        "knowledge.Institution", blank=True, verbose_name=_("implementing agencies"), related_name="schemes_implemented"
    )
    other_agencies = models.TextField(
        _("others who carry it out"), blank=True, help_text=_("As the source names them, one on each line.")
    )
    requires_cda = models.BooleanField(_("needs a cluster development agent"), null=True, blank=True)
    requires_diagnostic_study = models.BooleanField(_("needs a diagnostic study"), null=True, blank=True)
    requires_spv = models.BooleanField(_("needs a special purpose vehicle"), null=True, blank=True)
    activity_grid = models.CharField(
        _("cells of the activity grid"),
        max_length=120,
        blank=True,
        help_text=_("Codes separated by spaces: column letter and row letter, for example MB."),
    )
    activity_grid_basis = models.CharField(_("basis of the cells"), max_length=20, blank=True)
    urls = models.TextField(_("web addresses"), blank=True, help_text=_("One on each line."))
    status = models.CharField(_("status"), max_length=20, choices=SchemeStatus, default=SchemeStatus.UNVERIFIED)

    class Meta(RegistryEntry.Meta):
        verbose_name = _("scheme")
        verbose_name_plural = _("schemes")

    def get_absolute_url(self) -> str:
        return reverse("scheme_detail", args=[self.slug])


class SchemeUpdateQuerySet(models.QuerySet):
    def public(self) -> "SchemeUpdateQuerySet":
        """Return the published updates of schemes that anybody may read."""
        return self.filter(live=True, scheme__live=True)


class SchemeUpdate(WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, PreviewableMixin, models.Model):
    """What an officer says changed in a scheme: approved in Wagtail's workflow, or published directly where allowed."""

    scheme = models.ForeignKey(Scheme, models.CASCADE, related_name="updates", verbose_name=_("scheme"))
    institution = models.ForeignKey(
        "knowledge.Institution", models.PROTECT, related_name="scheme_updates", verbose_name=_("posted for")
    )
    title = models.CharField(_("what changed, in one line"), max_length=160)
    what_changed = models.TextField(_("what changed"))
    effective_on = models.DateField(_("from when"), null=True, blank=True)
    source_url = models.URLField(_("source on the web"), blank=True)
    source_reference = models.CharField(
        _("source"), max_length=255, help_text=_("Number and date of the order, circular or guideline.")
    )
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = SchemeUpdateQuerySet.as_manager()

    class Meta:
        ordering = ["-first_published_at", "-created_at"]
        verbose_name = _("scheme update")
        verbose_name_plural = _("scheme updates")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return f"{self.scheme.get_absolute_url()}#update-{self.pk}"

    def get_preview_template(self, request, mode_name: str) -> str:
        return "knowledge/scheme_detail.html"

    def get_preview_context(self, request, mode_name: str) -> dict:
        return {"object": self.scheme, "updates": [self], "request": request}
