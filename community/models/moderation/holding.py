"""Rules that hold a message for a moderator's eyes, and what each of them found."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..communities import Community
from ..submissions import Submission

#: Most lines of a rule, and signs of each: every message is compared with all of them.
MOST_LINES = 200
LINE_MAX_LENGTH = 80
#: Longest time that a rule looks back, in hours: a year.
MOST_HOURS = 8760


class HoldingCheck(models.TextChoices):
    """What a rule looks for."""

    LINKS = "links", _("Links")
    WORDS = "words", _("Words")
    PERSONAL_DATA = "personal_data", _("Personal data")
    FIRST_POST = "first_post", _("First message in the community")
    RATE = "rate", _("Many messages in a short time")
    DUPLICATE = "duplicate", _("Nearly the same text again")


class HoldingMode(models.TextChoices):
    """Whether a rule holds, or only counts what it would have held."""

    HOLDS = "holds", _("holds messages")
    DRY_RUN = "dry_run", _("dry run: counts what it would hold, and holds nothing")


#: Which checks need a number, hours or lines.
_NUMBERED = (HoldingCheck.LINKS, HoldingCheck.RATE)
_TIMED = (HoldingCheck.RATE, HoldingCheck.DUPLICATE)


class HoldingRuleQuerySet(models.QuerySet):
    def current_in(self, community_id: int, now) -> "HoldingRuleQuerySet":
        """Return the rules that count in a community at ``now``: its own and those of all communities."""
        of_it = Q(community=None) | Q(community_id=community_id)
        return self.filter(of_it).filter(Q(ended_at=None) | Q(ended_at__gt=now)).order_by("pk")


class HoldingRule(models.Model):
    """A rule of one community, or of all. Ended ones stay, with what they found.

    ``number``: links that a message may have, or messages that a member may send in ``hours``. ``hours`` is also how
    far back the same text is looked for. ``lines``: words that hold, or hosts that may always be linked.
    """

    code = models.SlugField(max_length=40, null=True, unique=True, editable=False)
    looks_for = models.CharField(_("looks for"), max_length=20, choices=HoldingCheck)
    community = models.ForeignKey(
        Community,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="holding_rules",
        verbose_name=_("community"),
        help_text=_("Empty: a rule of all communities."),
    )
    number = models.PositiveSmallIntegerField(
        _("how many are all right"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(1000)],
        help_text=_("Links in one message, or messages in the time below. One more holds it."),
    )
    hours = models.PositiveSmallIntegerField(
        _("in how many hours"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(MOST_HOURS)],
        help_text=_("For many messages in a short time, and for the same text again."),
    )
    lines = models.TextField(
        _("words, or hosts"),
        blank=True,
        help_text=_(
            "One on each line. Words that hold a message: loan* is every word that begins so. For links: hosts that "
            "may always be linked, such as gov.in."
        ),
    )
    mode = models.CharField(_("what it does"), max_length=10, choices=HoldingMode, default=HoldingMode.DRY_RUN)
    ended_at = models.DateTimeField(_("no longer asked since"), null=True, blank=True)

    objects = HoldingRuleQuerySet.as_manager()

    class Meta:
        ordering = ["looks_for", "pk"]
        verbose_name = _("rule that holds")
        verbose_name_plural = _("rules that hold")

    def __str__(self) -> str:
        return f"{self.get_looks_for_display()}: {self.community}" if self.community else self.get_looks_for_display()

    @property
    def entries(self) -> list[str]:
        """Return the lines that are not empty."""
        return [line for line in (" ".join(line.split()) for line in self.lines.splitlines()) if line]

    def clean(self) -> None:
        super().clean()
        errors = {}
        if self.looks_for in _NUMBERED and self.number is None:
            errors["number"] = _("Say how many are all right.")
        if self.looks_for in _TIMED and not self.hours:
            errors["hours"] = _("Say in how many hours.")
        entries = self.entries
        if self.looks_for == HoldingCheck.WORDS and not entries:
            errors["lines"] = _("Write at least one word.")
        elif len(entries) > MOST_LINES:
            words = ngettext("At most %(number)d line.", "At most %(number)d lines.", MOST_LINES)
            errors["lines"] = words % {"number": MOST_LINES}
        elif any(len(entry) > LINE_MAX_LENGTH for entry in entries):
            errors["lines"] = _("A line is too long: %(number)d signs at most.") % {"number": LINE_MAX_LENGTH}
        if errors:
            raise ValidationError(errors)


class HoldingHit(models.Model):
    """That a rule found something in a message; once for each pair. ``held`` is whether it held it, or tried only."""

    rule = models.ForeignKey(HoldingRule, models.PROTECT, related_name="hits")
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")
    held = models.BooleanField(_("held"))
    found = models.JSONField(_("found"))
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("what a rule found")
        verbose_name_plural = _("what rules found")
        constraints = [models.UniqueConstraint(fields=["rule", "submission"], name="holding_hit_once")]

    def __str__(self) -> str:
        return f"{self.rule_id}: {self.submission_id}"
