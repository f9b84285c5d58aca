"""Who came, who went, and whose role changed: by whom, when and why."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from community.enums import MembershipChangeKind, Role

from ..communities import Community, Membership


class MembershipChange(models.Model):
    """One change of a membership, written once and never changed.

    ``by`` is None where a command on the server did it. A role is blank where the member was, or is, not inside.
    ``message`` is what the person was told.
    """

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="changes", verbose_name=_("membership"))
    community = models.ForeignKey(Community, models.PROTECT, related_name="membership_changes")
    kind = models.CharField(_("what happened"), max_length=20, choices=MembershipChangeKind)
    role_before = models.CharField(_("role before"), max_length=20, choices=Role, blank=True)
    role_after = models.CharField(_("role after"), max_length=20, choices=Role, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("by"))
    message = models.TextField(_("text sent to the person"), blank=True)
    at = models.DateTimeField(_("at"))

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change of a membership")
        verbose_name_plural = _("changes of memberships")
        indexes = [models.Index(fields=["community", "-at", "-id"], name="membership_change_newest")]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.kind}"
