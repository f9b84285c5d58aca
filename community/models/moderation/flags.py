"""Reports of messages that are out: one case for each message, which all who report it meanwhile join."""

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.enums import FlagOutcome, FlagReason
from community.states import SubmissionState

from ..communities import Membership
from ..members import Member
from ..submissions import Submission, SubmissionQuerySet


class FlagQuerySet(SubmissionQuerySet):
    def involving(self, member) -> "FlagQuerySet":
        """Return the cases that ``member`` (or an OuterRef to one) has a part in: as author of the message or reporter.

        They neither decide on such a case nor look into it: it names who reported.
        """
        whose = OuterRef(member) if isinstance(member, OuterRef) else member
        reported = FlagReport.objects.filter(flag=OuterRef("pk"), member=whose)
        return self.filter(Q(about__author=member) | Exists(reported))

    def without_moderator(self) -> "FlagQuerySet":
        """Return the cases that wait in communities that have nobody but those involved to decide."""
        reporters = FlagReport.objects.filter(flag=OuterRef(OuterRef("pk"))).values("member_id")
        others = (
            Membership.objects.moderating()
            .filter(community_id=OuterRef("community_id"))
            .exclude(member_id=OuterRef("about__author_id"))
            .exclude(member_id__in=reporters)
        )
        return self.filter(state=SubmissionState.PENDING).filter(~Exists(others))


class Flag(Submission):
    """The case of a released message that somebody reported. Its author is whoever reported first.

    A decided case stays as it is: who reports the message afterwards opens a new one. ``about`` is never changed by
    the case but by hiding it, with an entry in its own log.
    """

    submission = models.OneToOneField(
        Submission, models.CASCADE, parent_link=True, primary_key=True, related_name="as_flag"
    )
    about = models.ForeignKey(
        Submission, models.PROTECT, related_name="flags", verbose_name=gettext_lazy("reported message")
    )
    outcome = models.CharField(
        gettext_lazy("outcome"), max_length=20, choices=FlagOutcome, blank=True, default="", db_default=""
    )

    objects = FlagQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("report of a message")
        verbose_name_plural = gettext_lazy("reports of messages")
        constraints = [
            models.CheckConstraint(condition=~Q(about=F("submission")), name="flag_is_about_another"),
        ]

    def __str__(self) -> str:
        return self.own_title

    @property
    def thread(self) -> Submission:
        return self.about.thread

    @property
    def own_title(self) -> str:
        thread = self.thread
        if thread.state != SubmissionState.RELEASED:
            return _("a question that is no longer shown")
        return _("Report: %(title)s") % {"title": thread.title}

    @property
    def own_address(self) -> str:
        """Return the page of one's reports: a case has no page of its own for any of those who reported."""
        return reverse("my_reports")


class FlagReport(models.Model):
    """What one person reports, and whether it was taken back. Their name is for moderators alone."""

    flag = models.ForeignKey(Flag, models.PROTECT, related_name="reports")
    member = models.ForeignKey(Member, models.PROTECT, related_name="flag_reports", verbose_name=gettext_lazy("member"))
    why = models.CharField(gettext_lazy("why"), max_length=20, choices=FlagReason)
    words = models.CharField(gettext_lazy("in a line"), max_length=300, blank=True)
    made_at = models.DateTimeField(gettext_lazy("made at"))
    withdrawn_at = models.DateTimeField(gettext_lazy("taken back at"), null=True)

    class Meta:
        ordering = ["made_at", "pk"]
        verbose_name = gettext_lazy("report")
        verbose_name_plural = gettext_lazy("reports")
        constraints = [models.UniqueConstraint(fields=["flag", "member"], name="flag_report_once")]
        indexes = [models.Index(fields=["member", "-made_at", "-id"], name="flag_report_by_member")]

    def __str__(self) -> str:
        return f"{self.flag_id}: {self.get_why_display()}"
