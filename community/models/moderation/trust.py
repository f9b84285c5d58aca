"""Members whose replies go out without waiting for a moderator, and what went out that way."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.enums import SubmissionKind
from community.states import SubmissionState

from ..communities import Community
from ..members import Member
from ..submissions import Submission

#: Trust that nobody used for so long ends (moderation notes, section 3.3: twelve months).
IDLE_AFTER = timedelta(days=365)


class TrustLost(models.TextChoices):
    """Why trust ended."""

    FLAG = "flag", _("a flag was upheld")
    CONDUCT = "conduct", _("a message was declined or hidden for conduct")
    SPAM = "spam", _("a message was spam")
    IDLE = "idle", _("nothing was sent for twelve months")
    SUSPENDED = "suspended", _("suspended")
    UNDONE = "undone", _("the approval it came with was undone")
    MODERATOR = "moderator", _("a moderator ended it")


class TrustQuerySet(models.QuerySet):
    def current(self, now) -> "TrustQuerySet":
        """Return the trust that counts at ``now``."""
        return self.filter(ended_at=None, last_at__gt=now - IDLE_AFTER)

    def idle(self, now) -> "TrustQuerySet":
        """Return the trust that counts no more because nobody used it, and that no row says so of yet."""
        return self.filter(ended_at=None, last_at__lte=now - IDLE_AFTER)


class Trust(models.Model):
    """A time in which a member's messages of one kind were trusted in a community. Ended ones stay.

    ``given_by`` is the moderator who gave it, None where it was earned; ``submission`` the message it came with.
    ``last_at`` is when the member last sent a message of the kind, or got the trust.
    """

    member = models.ForeignKey(Member, models.PROTECT, related_name="trusts", verbose_name=_("member"))
    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name=_("community"))
    kind = models.CharField(_("kind"), max_length=20)
    started_at = models.DateTimeField(_("since"))
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="+")
    last_at = models.DateTimeField(_("last used at"))
    ended_at = models.DateTimeField(_("ended at"), null=True)
    ended_because = models.CharField(_("ended because"), max_length=20, choices=TrustLost, blank=True)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    ended_note = models.CharField(_("note for moderators"), max_length=300, blank=True)

    objects = TrustQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = _("trust")
        verbose_name_plural = _("trust")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "community", "kind"], condition=Q(ended_at=None), name="trust_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_because="") | (Q(ended_at__isnull=False) & ~Q(ended_because="")),
                name="trust_ends_for_a_cause",
            ),
        ]
        indexes = [models.Index(fields=["last_at"], condition=Q(ended_at=None), name="trust_to_end_when_idle")]

    def __str__(self) -> str:
        return f"{self.member}, {self.community}, {self.kind_name}"

    @property
    def kind_name(self) -> str:
        """Return what the kind is called, in the reader's language."""
        return str(SubmissionKind(self.kind).label)


class AfterwardsOutcome(models.TextChoices):
    """What a moderator found who looked at a message after it went out by trust."""

    FINE = "fine", _("fine")
    HIDDEN = "hidden", _("hidden")
    UNDONE = "undone", _("taken back")
    TRUST_ENDED = "trust_ended", _("trust ended")


class AutomaticApprovalQuerySet(models.QuerySet):
    def to_look_at(self) -> "AutomaticApprovalQuerySet":
        """Return what was drawn to be looked at afterwards and that nobody has looked at."""
        out = (SubmissionState.APPROVED, SubmissionState.RELEASED)
        return self.filter(is_sampled=True, looked_at=None, submission__state__in=out)


class AutomaticApproval(models.Model):
    """A message that trust approved: no moderator saw it before it went out.

    ``is_sampled`` was drawn when it was approved: a moderator looks at such a message afterwards, once.
    """

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="automatic_approval")
    trust = models.ForeignKey(Trust, models.PROTECT, related_name="approvals")
    is_sampled = models.BooleanField(_("to be looked at afterwards"))
    made_at = models.DateTimeField(_("approved at"))
    looked_at = models.DateTimeField(_("looked at"), null=True)
    looked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    outcome = models.CharField(_("outcome"), max_length=20, choices=AfterwardsOutcome, blank=True)

    objects = AutomaticApprovalQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("automatic approval")
        verbose_name_plural = _("automatic approvals")
        indexes = [
            models.Index(
                fields=["submission"], condition=Q(is_sampled=True, looked_at=None), name="approval_to_look_at"
            )
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}"
