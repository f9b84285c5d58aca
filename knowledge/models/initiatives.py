"""Cluster-development initiatives."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField

from knowledge.enums import InitiativeStatus

from .base import RegistryEntry


class Initiative(RegistryEntry):
    """A programme or project that develops clusters, in India or abroad."""

    kind = "initiative"

    lead = models.ForeignKey(
        "knowledge.Institution",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="initiatives_led",
        verbose_name=_("lead"),
    )
    partners = ParentalManyToManyField(
        "knowledge.Institution", blank=True, related_name="initiatives_joined", verbose_name=_("partners")
    )
    funders = ParentalManyToManyField(
        "knowledge.Institution", blank=True, related_name="initiatives_funded", verbose_name=_("funders")
    )
    scheme = models.ForeignKey(
        "knowledge.Scheme",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="initiatives",
        verbose_name=_("under the scheme"),
    )
    country = models.CharField(_("country"), max_length=60, blank=True)
    states = ParentalManyToManyField(
        "knowledge.State", blank=True, related_name="initiatives", verbose_name=_("states")
    )
    clusters = ParentalManyToManyField(
        "knowledge.Cluster", blank=True, related_name="initiatives", verbose_name=_("clusters")
    )
    sectors = ParentalManyToManyField(
        "knowledge.Sector", blank=True, related_name="initiatives", verbose_name=_("sectors")
    )
    start_year = models.PositiveSmallIntegerField(_("start year"), null=True, blank=True)
    end_year = models.PositiveSmallIntegerField(_("end year"), null=True, blank=True)
    status = models.CharField(_("status"), max_length=20, choices=InitiativeStatus, default=InitiativeStatus.UNKNOWN)
    number_of_clusters = models.PositiveIntegerField(_("number of clusters"), null=True, blank=True)
    features = models.TextField(_("features"), blank=True)
    results = models.TextField(_("results"), blank=True)
    lessons = models.TextField(_("lessons"), blank=True, help_text=_("One on each line."))

    class Meta(RegistryEntry.Meta):
        verbose_name = _("initiative")
        verbose_name_plural = _("initiatives")

    def get_absolute_url(self) -> str:
        return reverse("initiative_detail", args=[self.slug])
