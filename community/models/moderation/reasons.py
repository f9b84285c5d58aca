"""The words of a reason as they stood at a time: the log points at them, so they are never changed."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def check_rule_link(value: str) -> None:
    """Raise ValidationError where ``value`` is no address that a browser may be sent to."""
    begins_well = value.startswith(("#", "/", "https://", "http://")) and not value.startswith("//")
    if not begins_well or any(sign.isspace() or sign in "\\<>\"'" or not sign.isprintable() for sign in value):
        raise ValidationError(
            _("Write an address that begins with https://, with / for a page here, or with # for a part of the rules.")
        )


class ReasonVersion(models.Model):
    """One wording of a reason. ``made_by`` is None where the portal brought it."""

    #: What a version keeps of the reason; a change of any of these makes a new one.
    WORDS = ("action", "name", "name_hi", "text", "text_hi", "rule_link")

    reason = models.ForeignKey("community.ModerationReason", models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("number"))
    action = models.CharField(_("used to"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    name_hi = models.CharField(_("name in Hindi"), max_length=80, blank=True)
    text = models.TextField(_("what the author reads"))
    text_hi = models.TextField(_("what the author reads, in Hindi"), blank=True)
    rule_link = models.CharField(_("rule"), max_length=300, blank=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField(_("made at"))

    class Meta:
        ordering = ["reason", "-number"]
        verbose_name = _("wording of a reason")
        verbose_name_plural = _("wordings of reasons")
        constraints = [models.UniqueConstraint(fields=["reason", "number"], name="reason_version_number_unique")]

    def __str__(self) -> str:
        return (self.name_hi if get_language() == "hi" else "") or self.name
