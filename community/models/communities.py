"""Communities and who belongs to them."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.enums import MODERATING_ROLES, DeliveryMode, Role

from .members import Member


class Community(models.Model):
    """A circle of members around themes, with rules and moderators of its own."""

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    name = models.CharField(_("name"), max_length=120)
    name_hi = models.CharField(_("name in Hindi"), max_length=120, blank=True)
    about = models.TextField(_("about"))
    about_hi = models.TextField(_("about, in Hindi"), blank=True)
    rules = models.TextField(_("rules"), blank=True)
    themes = models.ManyToManyField("knowledge.Theme", blank=True, related_name="communities", verbose_name=_("themes"))
    threads_public = models.BooleanField(
        _("everybody may read released messages"),
        default=False,
        help_text=_("Otherwise the public sees a question's title, themes, place and dates; members read the rest."),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    unattended_since = models.DateTimeField(
        _("messages wait and nobody moderates, since"), null=True, editable=False, blank=True
    )

    class Meta:
        ordering = ["name"]
        verbose_name = _("community")
        verbose_name_plural = _("communities")

    def __str__(self) -> str:
        return (self.name_hi if get_language() == "hi" else "") or self.name

    @property
    def localized_about(self) -> str:
        """Return what the community is about in the reader's language, in English where there is no other text."""
        return (self.about_hi if get_language() == "hi" else "") or self.about

    def get_absolute_url(self) -> str:
        return reverse("community_detail", args=[self.slug])


class MembershipQuerySet(models.QuerySet):
    def current(self) -> "MembershipQuerySet":
        """Return the memberships that have started and not ended."""
        return self.filter(started_at__isnull=False, ended_at=None)

    def moderating(self) -> "MembershipQuerySet":
        """Return the current memberships whose role decides on submissions."""
        return self.current().filter(role__in=MODERATING_ROLES)


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
