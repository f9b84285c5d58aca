"""What deadlines rest on: holidays, the time a decision may take, and what moderators are to be told."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.enums import NoticeCause, SubmissionKind

from ..communities import Community
from ..deliveries import Envelope
from ..submissions import Submission


class Holiday(models.Model):
    """A day on which moderators do not work, in one community or in all. It counts for what is sent in later."""

    falls_on = models.DateField(_("date"))
    every_year = models.BooleanField(
        _("every year on this day"), default=False, help_text=_("Then the year of the date does not count.")
    )
    name = models.CharField(_("name"), max_length=80)
    name_hi = models.CharField(_("name in Hindi"), max_length=80, blank=True)
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="holidays",
        verbose_name=_("community"),
        help_text=_("Empty: a holiday of all communities."),
    )
    is_kept = models.BooleanField(
        _("nobody works on it"), default=True, help_text=_("Take the tick away to make it a working day again.")
    )

    class Meta:
        ordering = ["falls_on", "name"]
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [
            models.UniqueConstraint(fields=["falls_on", "community"], name="holiday_once"),
            models.UniqueConstraint(fields=["falls_on"], condition=Q(community=None), name="holiday_of_all_once"),
        ]

    def __str__(self) -> str:
        return (self.name_hi if get_language() == "hi" else "") or self.name


class DecisionTime(models.Model):
    """How many working hours a decision may take, by community and kind; without a row the settings say it."""

    community = models.ForeignKey(Community, models.PROTECT, related_name="decision_times", verbose_name=_("community"))
    kind = models.CharField(_("kind"), max_length=20, choices=SubmissionKind)
    hours = models.PositiveSmallIntegerField(
        _("working hours"),
        validators=[MinValueValidator(1), MaxValueValidator(400)],
        help_text=_("It counts for what is sent in after you save; what waits keeps its time."),
    )

    class Meta:
        ordering = ["community", "kind"]
        verbose_name = _("time to decide")
        verbose_name_plural = _("times to decide")
        constraints = [models.UniqueConstraint(fields=["community", "kind"], name="decision_time_once")]

    def __str__(self) -> str:
        return f"{self.community}, {self.get_kind_display()}"


class ModeratorNotice(models.Model):
    """That somebody is to be told of an item that waits, or of a community without moderators.

    Written in the transaction of its cause. A mail gathers what has come together; ``settled_at`` without an
    envelope says that there was nothing left to tell.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="moderator_notices")
    community = models.ForeignKey(Community, models.PROTECT, related_name="moderator_notices")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="moderator_notices")
    cause = models.CharField(_("why"), max_length=20, choices=NoticeCause)
    created_at = models.DateTimeField(_("at"))
    settled_at = models.DateTimeField(null=True)
    envelope = models.ForeignKey(Envelope, models.PROTECT, null=True, related_name="moderator_notices")

    class Meta:
        verbose_name = _("notice to a moderator")
        verbose_name_plural = _("notices to moderators")
        indexes = [
            models.Index(fields=["recipient", "id"], condition=Q(settled_at=None), name="notice_to_tell"),
            models.Index(
                fields=["recipient", "-settled_at"], condition=Q(envelope__isnull=False), name="notice_last_told"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.recipient_id}: {self.cause} {self.submission_id or self.community_id}"
