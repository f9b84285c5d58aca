"""Asking to join a community whose moderators decide who does: a request that waits in their queue."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.enums import DeliveryMode, SubmissionKind
from community.models import Community, Member, Membership, MembershipRequest, Submission
from community.permissions import NotAllowed
from community.services import contributing, moderation
from community.services.moderation.kinds import Approval, Kind
from community.services.revisions import Text
from community.states import OPEN_STATES, Action

from .memberships import join


def open_request(*, member: Member, community: Community) -> MembershipRequest | None:
    """Return the request of ``member`` that is not decided yet."""
    return MembershipRequest.objects.filter(author=member, community=community, state__in=OPEN_STATES).first()


def last_request(*, member: Member, community: Community) -> MembershipRequest | None:
    """Return the newest request of ``member``, whatever became of it."""
    own = MembershipRequest.objects.filter(author=member, community=community)
    return own.order_by("-submitted_at", "-pk").first()


def _key(member_id: int, community_id: int) -> str:
    return f"membership:{member_id}:{community_id}"


@transaction.atomic
def ask_to_join(
    *,
    member: Member,
    community: Community,
    text: str,
    now: datetime,
    delivery_mode: str = DeliveryMode.DAILY_SUMMARY,
) -> MembershipRequest:
    """Send a request to join to the community's moderators; the one that is open stays as it is.

    Raises NotAllowed where the member is in already.
    """
    if Membership.objects.current().filter(member=member, community=community).exists():
        raise NotAllowed(_("You are a member already."))
    contributing.check_not_suspended(member=member, community=community, now=now)
    if (waiting := open_request(member=member, community=community)) is not None:
        return waiting
    try:
        with transaction.atomic():
            request = MembershipRequest.objects.create(
                kind=SubmissionKind.MEMBERSHIP,
                author=member,
                community=community,
                delivery_mode=delivery_mode,
                open_key=_key(member.pk, community.pk),
            )
    except IntegrityError:
        return MembershipRequest.objects.get(open_key=_key(member.pk, community.pk))
    moderation.submit(submission=request, text=Text(body=text), now=now)
    return request


@transaction.atomic
def come_in(*, member: Member, community: Community, now: datetime) -> Membership:
    """Let a member in who asks no moderator. Raises NotAllowed where the moderators decide who joins.

    A request that still waits, from when they decided, is withdrawn.
    """
    present = Membership.objects.current().filter(member=member, community=community).first()
    if present is not None:
        return present
    if community.membership_vetted:
        raise NotAllowed(_("The moderators of this community decide who joins. Write to them with the form."))
    waiting = open_request(member=member, community=community)
    if waiting is not None:
        moderation.withdraw(submission=waiting, author=member.user, version=waiting.version, now=now)
    return join(member=member, community=community, now=now)


def _let_in(submission: Submission, approval: Approval, now: datetime) -> None:
    """Begin the membership; who is in by now stays as they are."""
    request = submission.concrete
    join(member=request.author, community=request.community, now=now, delivery_mode=request.delivery_mode)


_NOT_A_MESSAGE = gettext_lazy("A request to join is answered, not changed, moved or hidden.")

MEMBERSHIP = Kind(
    SubmissionKind.MEMBERSHIP,
    release=_let_in,
    heading=lambda submission: _("%(who)s asks to join") % {"who": submission.author},
    is_held=False,
    refused=dict.fromkeys((Action.AMEND, Action.HIDE, Action.RESTORE, Action.MOVE), _NOT_A_MESSAGE),
    reasons=SubmissionKind.MEMBERSHIP,
    mail="membership",
    says={
        Action.APPROVE: gettext_lazy("Let in, and told by mail: %(title)s"),
        Action.DECLINE: gettext_lazy("Not taken, and told why by mail: %(title)s"),
    },
    open_key=lambda submission: _key(submission.author_id, submission.community_id),
)
