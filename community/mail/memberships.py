"""The mails about belonging to a community: the invitation, the welcome, another role, removal."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation

from community.enums import EnvelopeKind
from community.models import Envelope, Invitation, Membership, MembershipChange
from knowledge.sanitize import plain_text, render_markdown

from . import addresses, messages
from .builders import build_envelope


def welcome(*, membership: Membership, now: datetime) -> Envelope:
    """Build the one mail that a membership begins with."""
    community, member = membership.community, membership.member
    with translation.override(member.mail_language):
        typed = community.localized_welcome
        url = addresses.absolute(community.get_absolute_url())
    html = render_markdown(typed)
    return messages.notice(
        key=f"welcome:{membership.pk}",
        member=member,
        template="welcome",
        context={"community": community, "html": html, "line": plain_text(html), "text": typed, "url": url},
        now=now,
    )


def changed(*, change: MembershipChange, now: datetime) -> Envelope:
    """Build the mail on a change that somebody else made."""
    membership = change.membership
    with translation.override(membership.member.mail_language):
        url = addresses.absolute(membership.community.get_absolute_url())
    return messages.notice(
        key=f"membership:{change.pk}",
        member=membership.member,
        template="membership_changed",
        context={"change": change, "community": membership.community, "url": url},
        now=now,
    )


def invitation(*, invitation: Invitation, secret: str, now: datetime) -> Envelope:
    """Build the mail with the link: to an address, whether or not an account has it."""
    return build_envelope(
        key=f"n:invitation:{invitation.pk}",
        kind=EnvelopeKind.NOTICE,
        member=None,
        address=invitation.address,
        template="invitation",
        context={
            "invitation": invitation,
            "community": invitation.community,
            "by": getattr(invitation.by, "member", None),
            "url": addresses.absolute(reverse("invitation", args=[secret])),
        },
        headers=messages.AUTOMATIC,
        now=now,
    )
