"""Clusters."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .base import RegistryEntry


class Cluster(RegistryEntry):
    """Firms of one place that make one typical product; ``themes`` are the issues the sources name there."""

    kind = "cluster"

    product = models.CharField(_("product"), max_length=120)
    sector = models.ForeignKey("knowledge.Sector", models.PROTECT, related_name="clusters", verbose_name=_("sector"))
    type = models.ForeignKey(
        "knowledge.ClusterType", models.PROTECT, related_name="clusters", verbose_name=_("type of cluster")
    )
    city = models.CharField(_("town"), max_length=60, blank=True)
    district = models.CharField(_("district"), max_length=60, blank=True)
    state = models.ForeignKey(
        "knowledge.State", models.PROTECT, null=True, blank=True, related_name="clusters", verbose_name=_("state")
    )
    country = models.CharField(_("country"), max_length=60, default="India")
    latitude = models.DecimalField(_("latitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    longitude = models.DecimalField(_("longitude"), max_digits=8, decimal_places=5, null=True, blank=True)
    enterprises = models.PositiveIntegerField(_("enterprises"), null=True, blank=True)
    workers = models.PositiveIntegerField(_("workers"), null=True, blank=True)
    turnover_rs_crore = models.DecimalField(
        _("turnover, ₹ crore"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    exports_rs_crore = models.DecimalField(
        _("exports, ₹ crore"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    figures_year = models.PositiveSmallIntegerField(_("year of the figures"), null=True, blank=True)

    class Meta(RegistryEntry.Meta):
        verbose_name = _("cluster")
        verbose_name_plural = _("clusters")

    def get_absolute_url(self) -> str:
        return reverse("cluster_detail", args=[self.slug])

    @property
    def place(self) -> str:
        """Return town, district and state or country, as far as known, separated by commas."""
        area = self.state.localized_name if self.state_id else self.country
        parts = dict.fromkeys(part for part in (self.city, self.district, area) if part)
        return ", ".join(parts)
