"""An author's appeal of a decline: one for each message, ever."""

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from community.enums import AppealOutcome
from community.states import SubmissionState

from ..communities import Membership
from ..members import Member
from ..submissions import Submission


class AppealQuerySet(models.QuerySet):
    def undecided(self) -> "AppealQuerySet":
        """Return the appeals that wait for a decision."""
        return self.filter(outcome="", submission__state=SubmissionState.PENDING)

    def without_moderator(self) -> "AppealQuerySet":
        """Return the undecided appeals in communities that have nobody but the decliner and the author to decide."""
        others = (
            Membership.objects.moderating()
            .filter(community_id=OuterRef("submission__community_id"))
            .exclude(member__user_id=OuterRef("declined__actor_id"))
            .exclude(member_id=OuterRef("submission__author_id"))
        )
        return self.undecided().filter(~Exists(others))


class Appeal(models.Model):
    """What the author says against a decline, who decides on it, and how.

    ``declined`` is the entry of the log that is appealed: who wrote it does not decide again. ``assigned_to`` names
    who is asked first; None where the community has no other moderator, then an administrator decides.
    """

    submission = models.OneToOneField(Submission, models.PROTECT, related_name="appeal")
    declined = models.ForeignKey("community.ModerationEvent", models.PROTECT, related_name="+")
    text = models.TextField(_("what the author says"))
    made_at = models.DateTimeField(_("made at"))
    assigned_to = models.ForeignKey(Member, models.SET_NULL, null=True, related_name="+")
    outcome = models.CharField(
        _("outcome"), max_length=20, choices=AppealOutcome, blank=True, default="", db_default=""
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)

    objects = AppealQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")

    def __str__(self) -> str:
        return f"{self.submission_id}: {self.get_outcome_display()}"
