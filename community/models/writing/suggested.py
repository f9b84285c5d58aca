"""What was suggested to somebody before they asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from ..discussion import Question


class Suggested(models.Model):
    """Something that search showed to the asker of a question before it was sent, and what they said to it.

    ``key`` is search's, ``<kind>:<pk>``; ``matched`` are the words that it had in common with the question's title.
    ``opened_at`` is None where it was only shown. Never public: the asker and those who moderate or compile read it,
    each of the titles as far as they may know of it.
    """

    question = models.ForeignKey(Question, models.CASCADE, related_name="suggested")
    key = models.CharField(max_length=80)
    title = models.CharField(max_length=255)
    address = models.CharField(max_length=500)
    rank = models.PositiveSmallIntegerField()
    matched = models.JSONField(default=list)
    shown_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    not_my_case = models.TextField(blank=True)

    class Meta:
        ordering = ["rank", "pk"]
        verbose_name = _("suggestion before a question")
        verbose_name_plural = _("suggestions before questions")
        constraints = [models.UniqueConstraint(fields=["question", "key"], name="suggested_once")]

    def __str__(self) -> str:
        return f"{self.question_id}: {self.key}"

    @property
    def kind(self) -> str:
        """Return the kind of thing it is, by which its stamp is drawn."""
        return self.key.partition(":")[0]
