"""Members who may not send anything in for a time."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from community.enums import AppealOutcome

from .members import Member


class SuspensionQuerySet(models.QuerySet):
    def in_force(self, now) -> "SuspensionQuerySet":
        """Return the suspensions that count at ``now``; each ends by itself at its date."""
        return self.filter(started_at__lte=now, ends_at__gt=now, lifted_at=None)

    def that_bind_in(self, community_id: object) -> "SuspensionQuerySet":
        """Return those of a community (its key, or an expression for it) and those of the whole exchange."""
        return self.filter(Q(community_id=community_id) | Q(community=None))

    def appealed(self, now) -> "SuspensionQuerySet":
        """Return those in force whose appeal waits for a decision."""
        return self.in_force(now).filter(appealed_at__isnull=False, appeal_outcome="")


class Suspension(models.Model):
    """A time in which a member reads on but sends nothing in: in a community, or everywhere where that is None.

    Rows are never deleted; what is written once stays. ``reason`` is what the member reads. The one appeal is decided
    by somebody else than ``imposed_by``.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="suspensions", verbose_name=_("member"))
    community = models.ForeignKey(
        "community.Community",
        models.PROTECT,
        null=True,
        related_name="suspensions",
        verbose_name=_("community"),
    )
    reason = models.TextField(_("what the member reads"))
    imposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"))
    lifted_at = models.DateTimeField(_("lifted at"), null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    lifted_note = models.CharField(_("why it was lifted"), max_length=300, blank=True)
    appeal = models.TextField(_("what the member says"), blank=True)
    appealed_at = models.DateTimeField(_("appealed at"), null=True)
    appeal_outcome = models.CharField(_("outcome"), max_length=20, choices=AppealOutcome, blank=True)
    appeal_decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    appeal_decided_at = models.DateTimeField(_("decided at"), null=True)
    appeal_answer = models.TextField(_("answer to the appeal"), blank=True)

    objects = SuspensionQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("started_at")), name="suspension_ends_after_start"),
            models.CheckConstraint(
                condition=Q(appeal_outcome="") | Q(appealed_at__isnull=False, appeal_decided_at__isnull=False),
                name="suspension_appeal_before_outcome",
            ),
        ]
        indexes = [models.Index(fields=["member", "ends_at"], name="suspension_of_member")]

    def __str__(self) -> str:
        return f"{self.member}, {self.where}"

    @property
    def where(self) -> str:
        """Return where it counts, in words."""
        return str(self.community or _("the whole exchange"))
