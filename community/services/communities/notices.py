"""Mails about a membership itself: the invitation, the welcome, and what a lead changed. Each is written once."""

from datetime import datetime

from community.mail import memberships
from community.models import Envelope, Invitation, Membership, MembershipChange


def _wake(envelope: Envelope) -> Envelope:
    from community.tasks import hand_over  # service → task → service is the one honest cycle

    hand_over.delay_on_commit(envelope.pk)
    return envelope


def welcome(*, membership: Membership, now: datetime) -> Envelope | None:
    """Write the mail that welcomes a new member; None where the community has no words for it."""
    if not membership.community.localized_welcome:
        return None
    return _wake(memberships.welcome(membership=membership, now=now))


def tell_of_change(*, change: MembershipChange, now: datetime) -> Envelope:
    """Write the mail that tells a member of another role, or of being removed, in the words given."""
    return _wake(memberships.changed(change=change, now=now))


def invite(*, invitation: Invitation, secret: str, now: datetime) -> Envelope:
    """Write the mail that brings the link of an invitation."""
    return _wake(memberships.invitation(invitation=invitation, secret=secret, now=now))
