"""A text that its writer is still at."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..members import Member
from ..submissions import Submission


class DraftKind(models.TextChoices):
    """What a draft is for: the form in which it was typed."""

    QUESTION = "question", _("question")
    REPLY = "reply", _("answer")
    REVISION = "revision", _("change")


class Draft(models.Model):
    """A half-filled form, as typed: nobody but its writer reads it, and it is in no queue.

    ``about`` is the question that a reply is for, or the own message that a change is for. ``version`` grows with each
    save; ``page`` names the opened page that saved last and ``step`` orders what that page sent, as its later sending
    may arrive first.
    """

    member = models.ForeignKey(Member, models.CASCADE, related_name="drafts")
    kind = models.CharField(max_length=20, choices=DraftKind)
    about = models.ForeignKey(Submission, models.CASCADE, null=True, related_name="+")
    key = models.CharField(max_length=24)
    page = models.CharField(max_length=24)
    step = models.BigIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    fields = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["member", "key"], name="draft_key_once")]
        indexes = [
            models.Index(fields=["member", "-saved_at"], name="draft_by_member"),
            models.Index(fields=["saved_at"], name="draft_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def beginning(self) -> str:
        """Return the words by which its writer knows it again."""
        typed = (self.fields.get(name, [""])[-1].strip() for name in ("title", "body", "tried"))
        return next((words for words in typed if words), "")
