"""From exchange to article: what was compiled, who is quoted, who contributed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .discussion import Question, Reply
from .members import Member
from .submissions import Revision


class Compilation(models.Model):
    """That a question is compiled, or being compiled, into a solution page."""

    question = models.ForeignKey(Question, models.PROTECT, related_name="compilations")
    page = models.ForeignKey("knowledge.SolutionPage", models.CASCADE, related_name="compilations")
    started_by = models.ForeignKey(Member, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(_("started at"))
    published_at = models.DateTimeField(_("published at"), null=True)

    class Meta:
        verbose_name = _("compilation")
        verbose_name_plural = _("compilations")
        constraints = [models.UniqueConstraint(fields=["question", "page"], name="compilation_once")]

    def __str__(self) -> str:
        return f"{self.question_id} → {self.page_id}"


class Quote(models.Model):
    """That a block of a live page quotes a stretch of a reply. Rebuilt from the live content at each publishing."""

    page = models.ForeignKey("knowledge.SolutionPage", models.CASCADE, related_name="quotes")
    block_id = models.UUIDField()
    reply = models.ForeignKey(Reply, models.PROTECT, related_name="quotes")
    revision = models.ForeignKey(Revision, models.PROTECT, related_name="+")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text_hash = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("quote")
        verbose_name_plural = _("quotes")
        constraints = [models.UniqueConstraint(fields=["page", "block_id"], name="quote_once_per_block")]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.reply_id}"


class Contribution(models.Model):
    """A member's part in a live page. Rebuilt from the live content at each publishing."""

    page = models.ForeignKey("knowledge.SolutionPage", models.CASCADE, related_name="contributions")
    member = models.ForeignKey(Member, models.PROTECT, related_name="contributions")
    part = models.CharField(_("part"), max_length=20)

    class Meta:
        verbose_name = _("contribution")
        verbose_name_plural = _("contributions")
        constraints = [models.UniqueConstraint(fields=["page", "member", "part"], name="contribution_once_per_part")]

    def __str__(self) -> str:
        return f"{self.page_id}: {self.member_id} {self.part}"
