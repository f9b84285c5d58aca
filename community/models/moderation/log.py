"""The log of moderation and the reasons that moderators give."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from community.enums import SubmissionKind
from community.states import Action, SubmissionState

from ..submissions import Revision, Submission
from .merge_fields import ANSWER, check_fields, names_in
from .reasons import ReasonVersion, check_rule_link


class ModerationReason(models.Model):
    """A reason to return, decline or hide, with the words that the author reads. Ended ones stay for the log."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    action = models.CharField(
        _("used to"),
        max_length=20,
        choices=[
            (Action.RETURN.value, _("return")),
            (Action.DECLINE.value, _("decline")),
            (Action.HIDE.value, _("hide")),
        ],
    )
    name = models.CharField(_("name"), max_length=80)
    name_hi = models.CharField(_("name in Hindi"), max_length=80, blank=True)
    text = models.TextField(_("what the author reads"), validators=[check_fields])
    text_hi = models.TextField(_("what the author reads, in Hindi"), blank=True, validators=[check_fields])
    rule_link = models.CharField(
        _("rule"),
        max_length=300,
        blank=True,
        db_default="",
        validators=[check_rule_link],
        help_text=_("The address of the rule. Left blank, the rules on the community's page."),
    )
    is_conduct = models.BooleanField(
        _("about conduct"),
        default=False,
        db_default=False,
        help_text=_("Whose message is declined or hidden for this is trusted no more in the community."),
    )
    kind = models.CharField(
        _("for"),
        max_length=20,
        choices=[
            (SubmissionKind.MEMBERSHIP.value, SubmissionKind.MEMBERSHIP.label),
            (SubmissionKind.FLAG.value, SubmissionKind.FLAG.label),
        ],
        blank=True,
        default="",
        db_default="",
        help_text=_("Left blank, it is for questions and replies."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    ended_at = models.DateTimeField(_("no longer offered since"), null=True, blank=True)

    class Meta:
        ordering = ["action", "order", "name"]
        verbose_name = _("reason")
        verbose_name_plural = _("reasons")

    def __str__(self) -> str:
        return (self.name_hi if get_language() == "hi" else "") or self.name

    def clean(self) -> None:
        super().clean()
        for name in ("text", "text_hi"):
            if self.action != Action.DECLINE and ANSWER in names_in(getattr(self, name)):
                raise ValidationError(
                    {name: _("{answer} has something to stand for only where a message is declined.")}
                )

    @property
    def needs_answer(self) -> bool:
        """Return whether its words name what answers a message already, so that a moderator has to give it."""
        return ANSWER in names_in(self.text) | names_in(self.text_hi)


class ModerationEvent(models.Model):
    """What was done to a submission, by whom, from which state to which. The table refuses UPDATE and DELETE.

    ``actor`` is None where a timer acted. ``message`` is the text sent to the author, ``note`` is for moderators
    alone. ``is_substantive`` tells a change of the sense from one of spelling; ``answer_…`` name what a declined
    message was answered by already. The words of revisions stand in ``Revision`` alone; ``text_hash`` is the hash
    of the text that the action was about.
    """

    submission = models.ForeignKey(Submission, models.PROTECT, related_name="events")
    number = models.PositiveIntegerField(_("number"))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("action"), max_length=20, choices=Action)
    from_state = models.CharField(_("from"), max_length=20, choices=SubmissionState)
    to_state = models.CharField(pgettext_lazy("the state after", "to"), max_length=20, choices=SubmissionState)
    reason = models.ForeignKey(ModerationReason, models.PROTECT, null=True, related_name="events")
    reason_version = models.ForeignKey(ReasonVersion, models.PROTECT, null=True, related_name="events")
    message = models.TextField(_("text sent to the author"), blank=True)
    note = models.CharField(_("note for moderators"), max_length=300, default="", db_default="")
    is_substantive = models.BooleanField(_("the sense was changed"), default=False, db_default=False)
    answer_address = models.CharField(_("answered already at"), max_length=500, default="", db_default="")
    answer_title = models.CharField(_("answered already by"), max_length=255, default="", db_default="")
    revision_before = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    revision_after = models.ForeignKey(Revision, models.PROTECT, null=True, related_name="+")
    text_hash = models.CharField(max_length=64)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["submission", "number"]
        verbose_name = _("entry of the moderation log")
        verbose_name_plural = _("moderation log")
        indexes = [models.Index(fields=["at"], name="moderation_event_by_time")]
        constraints = [
            models.UniqueConstraint(fields=["submission", "number"], name="moderation_event_number_unique"),
            models.CheckConstraint(
                condition=~Q(action__in=[Action.RETURN, Action.DECLINE, Action.HIDE]) | Q(reason__isnull=False),
                name="moderation_event_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(is_substantive=True) | ~Q(message=""), name="moderation_event_says_what_changed"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.submission_id}/{self.number} {self.action}"

    @property
    def is_by_trust(self) -> bool:
        """Return whether nobody approved it: its author is trusted."""
        return self.actor_id is None and self.action == Action.APPROVE

    @property
    def who(self) -> str:
        """Return who acted, in words: a person's name, trust, or the timer."""
        if self.actor_id is not None:
            return str(self.actor)
        return str(_("Trust") if self.is_by_trust else _("The timer"))

    @property
    def reason_name(self) -> str:
        """Return what the reason was called when it was given, in the reader's language."""
        return str(self.reason_version or self.reason or "")
