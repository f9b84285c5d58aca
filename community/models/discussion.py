"""Questions, replies, and those who have the problem too."""

from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from community.enums import ReplyKind
from community.states import SubmissionState, ThreadLife

from .members import Member
from .submissions import Submission, SubmissionQuerySet


class QuestionQuerySet(SubmissionQuerySet):
    def listed(self) -> "QuestionQuerySet":
        """Return the released questions with what a list shows of them, newest first."""
        return (
            self.released()
            .select_related("released_revision", "community", "state_of_india", "sector")
            .prefetch_related("themes")
            .order_by("-released_at", "-pk")
        )

    def with_answers(self) -> "QuestionQuerySet":
        """Return the questions with ``answer_count``, the number of their released replies."""
        # Counted for the rows that are shown, after they are cut to a page, and not for all there are.
        released = Reply.objects.released().filter(question=OuterRef("pk")).order_by().values("question")
        counted = released.annotate(number=Count("pk")).values("number")
        return self.annotate(answer_count=Coalesce(Subquery(counted), 0))

    def open(self) -> "QuestionQuerySet":
        """Return the questions that still take replies."""
        return self.filter(life=ThreadLife.OPEN)

    def about(self, theme) -> "QuestionQuerySet":
        """Return the questions filed under ``theme`` or a theme below it."""
        return self.filter(Q(themes=theme) | Q(themes__parent=theme)).distinct()


class Question(Submission):
    """A problem that a member brings. Its slug is made when it is first public and never changes.

    ``thread_version`` grows with each change of the thread's life or summary and is compared by each. ``summary`` is
    what moderators have pinned, ``summary_told`` its newest wording that followers are mailed.
    """

    submission = models.OneToOneField(
        Submission, models.CASCADE, parent_link=True, primary_key=True, related_name="as_question"
    )
    slug = models.SlugField(_("address"), max_length=80, unique=True, null=True, editable=False)
    life = models.CharField(
        _("life of the thread"), max_length=20, choices=ThreadLife, default=ThreadLife.OPEN, editable=False
    )
    closed_at = models.DateTimeField(_("closed at"), null=True, editable=False)
    closes_at = models.DateTimeField(_("answers until"), null=True, editable=False)
    thread_version = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    summary = models.ForeignKey(
        "community.SummaryRevision", models.PROTECT, null=True, editable=False, related_name="+"
    )
    summary_told = models.ForeignKey(
        "community.SummaryRevision", models.PROTECT, null=True, editable=False, related_name="+"
    )
    themes = models.ManyToManyField("knowledge.Theme", related_name="questions", verbose_name=_("themes"))
    state_of_india = models.ForeignKey(
        "knowledge.State", models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("state")
    )
    sector = models.ForeignKey(
        "knowledge.Sector", models.PROTECT, null=True, blank=True, related_name="questions", verbose_name=_("sector")
    )
    needed_on = models.DateField(_("needed by"), null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        constraints = [
            models.CheckConstraint(condition=Q(life__in=ThreadLife.values), name="question_life_known"),
        ]
        indexes = [
            models.Index(fields=["life"], name="question_by_life"),
            models.Index(fields=["closes_at"], condition=Q(life="open"), name="question_to_close"),
            models.Index(fields=["-closed_at"], condition=Q(life="closed"), name="question_closed_newest"),
            models.Index(
                fields=["submission"],
                condition=Q(life="open", closes_at__isnull=True, slug__isnull=False),
                name="question_without_date",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        """Return the title that readers see; the author's newest one before the release."""
        return self.text.title if self.text else ""

    @property
    def takes_replies(self) -> bool:
        """Return whether members can answer now."""
        return self.state == SubmissionState.RELEASED and self.life == ThreadLife.OPEN

    @property
    def thread(self) -> "Question":
        return self

    @property
    def own_title(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the public address; only a question that was released has one."""
        return reverse("question_detail", args=[self.slug])


class ReplyQuerySet(SubmissionQuerySet):
    def listed(self) -> "ReplyQuerySet":
        """Return the released replies with what a thread shows of them, oldest first."""
        return (
            self.filter(state=SubmissionState.RELEASED)
            .select_related("released_revision", "author__state")
            .order_by("released_at", "pk")
        )


class Reply(Submission):
    """An answer to a question."""

    submission = models.OneToOneField(
        Submission, models.CASCADE, parent_link=True, primary_key=True, related_name="as_reply"
    )
    question = models.ForeignKey(Question, models.PROTECT, related_name="replies", verbose_name=_("question"))
    reply_kind = models.CharField(_("what it gives"), max_length=20, choices=ReplyKind, default=ReplyKind.EXPERIENCE)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply")
        verbose_name_plural = _("replies")

    @property
    def thread(self) -> Question:
        return self.question

    @property
    def own_title(self) -> str:
        """Return the title of the question, while the author of the reply may know of it."""
        question = self.question
        if question.state != SubmissionState.RELEASED and question.author_id != self.author_id:
            return gettext("a question that is no longer shown")
        return question.title

    def get_absolute_url(self) -> str:
        return f"{self.question.get_absolute_url()}#reply-{self.pk}"


class MeToo(models.Model):
    """A member who has the problem too, and so follows the question."""

    question = models.ForeignKey(Question, models.CASCADE, related_name="me_toos")
    member = models.ForeignKey(Member, models.PROTECT, related_name="me_toos")
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = _("“I have this problem too”")
        constraints = [models.UniqueConstraint(fields=["question", "member"], name="me_too_once")]

    def __str__(self) -> str:
        return f"{self.member}, {self.question_id}"
