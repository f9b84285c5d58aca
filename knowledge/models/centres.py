"""Resource centres."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField

from knowledge.enums import CentreStatus, Level

from .base import RegistryEntry


class ResourceCentre(RegistryEntry):
    """A body that clusters can turn to; ``themes`` are its expertise."""

    kind = "resource_centre"

    institution = models.ForeignKey(
        "knowledge.Institution", models.PROTECT, related_name="resource_centres", verbose_name=_("institution")
    )
    level = models.CharField(_("level"), max_length=20, choices=Level)
    sectors = ParentalManyToManyField(
        "knowledge.Sector", blank=True, verbose_name=_("sectors"), related_name="resource_centres"
    )
    services = models.TextField(_("services"), blank=True, help_text=_("One on each line."))
    states_served = ParentalManyToManyField(
        "knowledge.State",
        blank=True,
        verbose_name=_("states where it was seen at work"),
        related_name="resource_centres",
    )
    track_record = models.TextField(_("track record"), blank=True)
    cluster_years = models.PositiveIntegerField(_("years of work in clusters, added up"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=CentreStatus, default=CentreStatus.EXISTING)

    class Meta(RegistryEntry.Meta):
        verbose_name = _("resource centre")
        verbose_name_plural = _("resource centres")

    def get_absolute_url(self) -> str:
        return reverse("centre_detail", args=[self.slug])
