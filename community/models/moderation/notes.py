"""What moderators write down for each other about a message or a member; nobody else reads it."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..communities import Community
from ..members import Member
from ..submissions import Submission


class Note(models.Model):
    """A line about one message or one member, for the moderators of one community.

    Its writer may take it back (``ended_at``); a note on a member goes when the member leaves for good.
    """

    community = models.ForeignKey(Community, models.PROTECT, related_name="+", verbose_name=_("community"))
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="notes")
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="notes", verbose_name=_("member"))
    text = models.TextField(_("note"))
    written_by = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("written by"))
    written_at = models.DateTimeField(_("written at"))
    ended_at = models.DateTimeField(_("taken back at"), null=True)

    class Meta:
        verbose_name = _("note for moderators")
        verbose_name_plural = _("notes for moderators")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(submission__isnull=False, member__isnull=True)
                | Q(submission__isnull=True, member__isnull=False),
                name="note_on_a_message_or_a_member",
            )
        ]
        indexes = [
            models.Index(fields=["submission", "-written_at"], name="note_by_submission"),
            models.Index(fields=["member", "community", "-written_at"], name="note_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.written_by}: {self.text[:60]}"
