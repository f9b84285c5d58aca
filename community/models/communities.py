"""Communities and who belongs to them."""

import re

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.enums import MODERATING_ROLES, DeliveryMode, Role

from .members import Member
from .suspensions import Suspension

#: What people type before the rules of a list: "1.", "2)", "-".
_TYPED_NUMBER = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s+")


class Community(models.Model):
    """A circle of members around themes, with rules and moderators of its own."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_hi = models.CharField(_("name in Hindi"), max_length=120, blank=True)
    about = models.TextField(_("about"))
    about_hi = models.TextField(_("about, in Hindi"), blank=True)
    rules = models.TextField(_("rules"), blank=True, help_text=_("One on each line."))
    rules_hi = models.TextField(_("rules in Hindi"), blank=True, default="", db_default="")
    welcome = models.TextField(
        _("welcome"),
        blank=True,
        default="",
        db_default="",
        help_text=_("Whoever joins gets it once by mail and reads it here in the first weeks. Markdown."),
    )
    welcome_hi = models.TextField(_("welcome in Hindi"), blank=True, default="", db_default="")
    themes = models.ManyToManyField("knowledge.Theme", blank=True, related_name="communities", verbose_name=_("themes"))
    threads_public = models.BooleanField(
        _("everybody may read released messages"),
        default=False,
        help_text=_("Otherwise the public sees a question's title, themes, place and dates; members read the rest."),
    )
    answer_days = models.PositiveSmallIntegerField(
        _("days for answers"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
        help_text=_("From a question's release until it closes by itself. Left blank, the portal's 15 days."),
    )
    membership_vetted = models.BooleanField(
        _("moderators decide who joins"),
        default=False,
        db_default=False,
        help_text=_("Otherwise whoever wants to join is in at once."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    #: What the database held when the row was read; None where it was not.
    threads_were_public: bool | None = None
    unattended_since = models.DateTimeField(
        _("messages wait and nobody moderates, since"), null=True, editable=False, blank=True
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("community")
        verbose_name_plural = _("communities")

    @classmethod
    def from_db(cls, db, field_names, values) -> "Community":
        community = super().from_db(db, field_names, values)
        community.threads_were_public = community.__dict__.get("threads_public")
        return community

    def refresh_from_db(self, *args, **kwargs) -> None:
        super().refresh_from_db(*args, **kwargs)
        self.threads_were_public = self.__dict__.get("threads_public")

    def __str__(self) -> str:
        return (self.name_hi if get_language() == "hi" else "") or self.name

    @property
    def localized_about(self) -> str:
        """Return what the community is about in the reader's language, in English where there is no other text."""
        return (self.about_hi if get_language() == "hi" else "") or self.about

    @property
    def localized_rules(self) -> list[str]:
        """Return the rules, one by one, in the reader's language; a number typed before one is taken away."""
        typed = (self.rules_hi if get_language() == "hi" else "") or self.rules
        return [rule for rule in (_TYPED_NUMBER.sub("", line).strip() for line in typed.splitlines()) if rule]

    @property
    def localized_welcome(self) -> str:
        """Return the welcome as typed (Markdown), in the reader's language, in the other where there is but one."""
        first, second = self.welcome, self.welcome_hi
        return second or first if get_language() == "hi" else first or second

    def get_absolute_url(self) -> str:
        return reverse("community_detail", args=[self.slug])


def _suspended() -> Exists:
    """Return whether a membership's member is suspended now, in its community or everywhere."""
    binding = Suspension.objects.in_force(timezone.now()).that_bind_in(OuterRef("community_id"))
    return Exists(binding.filter(member=OuterRef("member_id")))


class MembershipQuerySet(models.QuerySet):
    def current(self) -> "MembershipQuerySet":
        """Return the memberships that have started and not ended."""
        return self.filter(started_at__isnull=False, ended_at=None)

    def acting(self) -> "MembershipQuerySet":
        """Return the current memberships of members who are not suspended: the others' roles rest meanwhile."""
        return self.current().exclude(_suspended())

    def moderating(self) -> "MembershipQuerySet":
        """Return the memberships whose role decides on submissions now."""
        return self.acting().filter(role__in=MODERATING_ROLES)


class Membership(models.Model):
    """A member's time in a community, with the role there and how messages arrive. Ended ones stay."""

    member = models.ForeignKey(Member, models.PROTECT, related_name="memberships", verbose_name=_("member"))
    community = models.ForeignKey(Community, models.PROTECT, related_name="memberships", verbose_name=_("community"))
    role = models.CharField(_("role"), max_length=20, choices=Role, default=Role.MEMBER)
    delivery_mode = models.CharField(
        _("how messages arrive"), max_length=20, choices=DeliveryMode, default=DeliveryMode.DAILY_SUMMARY
    )
    wants_digest = models.BooleanField(_("the moderator's digest"), default=True)
    requested_at = models.DateTimeField(_("requested at"))
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["community", "member"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "community"], condition=Q(ended_at=None), name="membership_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("requested_at")), name="membership_ends_after_request"
            ),
        ]
        indexes = [models.Index(fields=["community", "ended_at", "role"], name="membership_by_role")]

    def __str__(self) -> str:
        return f"{self.member}, {self.community}"
