"""Institutions and their officers."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from knowledge.enums import Level

from .base import RegistryEntry


class Institution(RegistryEntry):
    """A ministry, department, institute, association or other body."""

    kind = "institution"

    type = models.ForeignKey(
        "knowledge.ReferenceTerm",
        models.PROTECT,
        related_name="institutions",
        limit_choices_to={"vocabulary": "institution_types"},
        verbose_name=_("type"),
    )
    level = models.CharField(_("level"), max_length=20, choices=Level)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="units", verbose_name=_("belongs to")
    )
    city = models.CharField(_("city"), max_length=60, blank=True)
    state = models.ForeignKey(
        "knowledge.State", models.PROTECT, null=True, blank=True, related_name="institutions", verbose_name=_("state")
    )
    country = models.CharField(_("country"), max_length=60, blank=True)
    role = models.TextField(_("role"), blank=True)
    urls = models.TextField(_("web addresses"), blank=True, help_text=_("One on each line."))
    may_post_directly = models.BooleanField(
        _("its officers publish scheme updates without a moderator's approval"), default=False
    )

    class Meta(RegistryEntry.Meta):
        verbose_name = _("institution")
        verbose_name_plural = _("institutions")

    def get_absolute_url(self) -> str:
        return reverse("institution_detail", args=[self.slug])


class OfficerQuerySet(models.QuerySet):
    def current(self, now=None) -> "OfficerQuerySet":
        """Return the offices held at ``now``."""
        now = now or timezone.now()
        return self.filter(since__lte=now).filter(Q(until=None) | Q(until__gt=now))


class Officer(models.Model):
    """A person who speaks for an institution: posts updates of its schemes. Ended offices keep their end."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="offices", verbose_name=_("account")
    )
    institution = models.ForeignKey(Institution, models.CASCADE, related_name="officers", verbose_name=_("institution"))
    since = models.DateTimeField(_("since"), default=timezone.now)
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        ordering = ["institution", "since"]
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "institution"], condition=Q(until=None), name="officer_once_per_institution"
            ),
            models.CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name="officer_ends_after_start"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.institution}"
