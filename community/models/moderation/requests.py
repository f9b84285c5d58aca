"""Requests to join a community whose moderators decide who joins."""

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.enums import DeliveryMode

from ..submissions import Submission


class MembershipRequest(Submission):
    """What somebody who wants to join says of themselves: the text of its revision. One is open at a time."""

    submission = models.OneToOneField(
        Submission, models.CASCADE, parent_link=True, primary_key=True, related_name="as_membership"
    )
    delivery_mode = models.CharField(
        gettext_lazy("how messages arrive"),
        max_length=20,
        choices=DeliveryMode,
        default=DeliveryMode.DAILY_SUMMARY,
    )

    class Meta:
        verbose_name = gettext_lazy("membership request")
        verbose_name_plural = gettext_lazy("membership requests")

    def __str__(self) -> str:
        return self.own_title

    @property
    def thread(self) -> None:
        return None

    @property
    def own_title(self) -> str:
        return _("Request to join %(community)s") % {"community": self.community}

    def get_absolute_url(self) -> str:
        return self.community.get_absolute_url()
