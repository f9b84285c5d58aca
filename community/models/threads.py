"""What a thread keeps beside its messages: its history, its summary so far, and what became of its answers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.enums import UseMark
from community.states import ThreadAction, ThreadLife

from .discussion import Question, Reply
from .members import Member


class SummaryRevision(models.Model):
    """A wording of a moderator's summary of a thread. Never changes; ``Question.summary`` is the one that is pinned."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="summaries")
    number = models.PositiveIntegerField(_("number"))
    body = models.TextField(_("text"))
    body_html = models.TextField(editable=False)
    renderer_version = models.PositiveSmallIntegerField(editable=False)
    made_by = models.ForeignKey(Member, models.PROTECT, related_name="+", verbose_name=_("made by"))
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        verbose_name = _("summary of an exchange")
        verbose_name_plural = _("summaries of exchanges")
        constraints = [models.UniqueConstraint(fields=["question", "number"], name="summary_number_unique")]

    def __str__(self) -> str:
        return f"{self.question_id}/{self.number}"


class ThreadEvent(models.Model):
    """What was done to a thread, by whom, and when answers were due before and after. The table refuses changes.

    ``actor`` is None where the portal acted. ``note`` of a moderator is for those who may read the exchange, that of
    an asker for moderators alone: nobody has checked it. ``number`` is the thread's version after it.
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="thread_events")
    number = models.PositiveIntegerField(_("number"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("action"), max_length=20, choices=ThreadAction)
    from_life = models.CharField(_("from"), max_length=20, choices=ThreadLife)
    to_life = models.CharField(pgettext_lazy("the state after", "to"), max_length=20, choices=ThreadLife)
    closes_before = models.DateTimeField(_("answers until, before"), null=True)
    closes_after = models.DateTimeField(_("answers until, after"), null=True)
    summary = models.ForeignKey(SummaryRevision, models.PROTECT, null=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["question", "number"]
        verbose_name = _("entry of a thread's history")
        verbose_name_plural = _("history of threads")
        constraints = [
            models.UniqueConstraint(fields=["question", "number"], name="thread_event_number_unique"),
            models.CheckConstraint(
                condition=~Q(action=ThreadAction.SUMMARISE) | Q(summary__isnull=False), name="thread_event_has_summary"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question_id}/{self.number} {self.action}"


class ReplyUse(models.Model):
    """What a member who has the problem made of an answer. ``line`` is for moderators alone: nobody has checked it."""

    reply = models.ForeignKey(Reply, models.CASCADE, related_name="uses")
    member = models.ForeignKey(Member, models.PROTECT, related_name="reply_uses")
    mark = models.CharField(_("mark"), max_length=20, choices=UseMark)
    line = models.CharField(_("in a line"), max_length=300, blank=True)
    marked_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("mark on an answer")
        verbose_name_plural = _("marks on answers")
        constraints = [models.UniqueConstraint(fields=["reply", "member"], name="reply_use_once")]

    def __str__(self) -> str:
        return f"{self.reply_id}, {self.member_id}: {self.mark}"
