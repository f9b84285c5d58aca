"""The check itself, with words for the person that say why not, until when, and what can be done."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from community.models import Community, Member, Membership, Suspension
from community.permissions import NotAllowed


class NotNow(NotAllowed):
    """The person may not do this until a time; the message says until when."""


class Suspended(NotNow):
    """The person is suspended. ``suspension`` is the one that lasts longest."""

    def __init__(self, suspension: Suspension) -> None:
        self.suspension = suspension
        day = date_format(timezone.localtime(suspension.ends_at), "j F Y, H:i")
        words = _(
            "You are suspended in %(where)s until %(day)s: %(reason)s You can read on. You can appeal once, on My page."
        )
        super().__init__(words % {"where": suspension.where, "day": day, "reason": f"“{suspension.reason}”."})


def check_may_contribute(*, member: Member, community: Community, now: datetime) -> None:
    """Raise NotAllowed where ``member`` is none of the community, Suspended where suspended there at ``now``."""
    if not Membership.objects.current().filter(member=member, community=community).exists():
        raise NotAllowed(_("Join the community first."))
    check_not_suspended(member=member, community=community, now=now)


def check_not_suspended(*, member: Member, community: Community, now: datetime) -> None:
    """Raise Suspended where ``member`` is suspended in the community, or everywhere, at ``now``.

    For what somebody sends who is no member yet.
    """
    binding = Suspension.objects.in_force(now).filter(member=member).that_bind_in(community.pk)
    if suspension := binding.select_related("community").order_by("-ends_at").first():
        raise Suspended(suspension)
