"""What happened, to whom it is owed, and the mail it left in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from community.enums import (
    DeliveryMode,
    DeliveryState,
    EnvelopeKind,
    EnvelopeState,
    EventKind,
    EventScope,
    SkipReason,
)

from .communities import Community
from .members import Member
from .submissions import Submission


class Event(models.Model):
    """Something that members are told of: written in the transaction of its cause, then fanned out to deliveries.

    ``key`` makes a second event of the same cause impossible.
    """

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=30, choices=EventKind)
    scope = models.CharField(_("for"), max_length=20, choices=EventScope)
    community = models.ForeignKey(Community, models.PROTECT, null=True, related_name="events")
    submission = models.ForeignKey(Submission, models.PROTECT, null=True, related_name="distribution_events")
    page = models.ForeignKey("wagtailcore.Page", models.SET_NULL, null=True, related_name="+")
    summary = models.ForeignKey("community.SummaryRevision", models.PROTECT, null=True, related_name="+")
    scheme_update = models.ForeignKey("knowledge.SchemeUpdate", models.SET_NULL, null=True, related_name="+")
    occurred_at = models.DateTimeField(_("at"))
    fanned_out_to = models.PositiveBigIntegerField(
        default=0, help_text=_("Highest member that has its delivery: where a broken-off fan-out goes on.")
    )
    fanned_out_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                condition=~Q(scope=EventScope.COMMUNITY) | Q(community__isnull=False), name="event_scope_has_community"
            )
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(fanned_out_at=None), name="event_to_fan_out"),
            models.Index(fields=["occurred_at"], name="event_by_time"),
        ]

    def __str__(self) -> str:
        return self.key


class Envelope(models.Model):
    """A mail of the portal, whole, before and after it leaves.

    ``key`` is unique, so the same mail is never built twice: ``i:<event>:<member>`` as sent,
    ``d:<member>:<mode>:<date>:<n>`` daily and weekly, ``n:<what>`` notices, ``m:<uuid>`` account and admin mail.
    ``message`` holds the bytes as handed over.
    """

    key = models.CharField(max_length=160, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=EnvelopeKind)
    member = models.ForeignKey(Member, models.PROTECT, null=True, related_name="envelopes")
    address = models.EmailField(_("to"))
    mode = models.CharField(_("mode"), max_length=20, choices=DeliveryMode, blank=True)
    period = models.CharField(_("period"), max_length=20, blank=True)
    message_id = models.CharField(max_length=200, unique=True)
    subject = models.CharField(_("subject"), max_length=250)
    message = models.BinaryField()
    state = models.CharField(
        pgettext_lazy("of an item", "state"), max_length=20, choices=EnvelopeState, default=EnvelopeState.BUILT
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    built_at = models.DateTimeField(_("built at"))
    next_attempt_at = models.DateTimeField(null=True)
    sending_at = models.DateTimeField(null=True)
    handed_over_at = models.DateTimeField(_("handed over at"), null=True)
    ambiguous_at = models.DateTimeField(
        _("ambiguous since"), null=True, help_text=_("Kept for ever: staff see every mail that may exist twice.")
    )
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        indexes = [
            models.Index(
                fields=["next_attempt_at", "id"],
                condition=Q(state__in=["built", "sending", "ambiguous"]),
                name="envelope_to_hand_over",
            ),
            models.Index(fields=["member", "-built_at"], name="envelope_by_member"),
            models.Index(fields=["built_at"], name="envelope_by_time"),
        ]

    def __str__(self) -> str:
        return self.key


class Delivery(models.Model):
    """That a member is owed an event, and what became of it. Unique by event and member."""

    event = models.ForeignKey(Event, models.PROTECT, related_name="deliveries")
    member = models.ForeignKey(Member, models.PROTECT, related_name="deliveries")
    mode = models.CharField(_("mode"), max_length=20, choices=DeliveryMode)
    state = models.CharField(
        pgettext_lazy("of an item", "state"), max_length=20, choices=DeliveryState, default=DeliveryState.PENDING
    )
    reason = models.CharField(_("why not"), max_length=20, choices=SkipReason, blank=True)
    envelope = models.ForeignKey(Envelope, models.PROTECT, null=True, related_name="deliveries")
    created_at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            models.UniqueConstraint(fields=["event", "member"], name="delivery_once"),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.SKIPPED) | ~Q(reason=""), name="delivery_skipped_has_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["mode", "member", "id"], condition=Q(state="pending"), name="delivery_to_envelope"),
            models.Index(fields=["member", "-created_at"], name="delivery_by_member"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} → {self.member_id}"
