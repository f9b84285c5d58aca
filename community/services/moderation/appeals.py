"""Appeals of declines: once, in time, and decided by somebody else than who declined.

Any other moderator of the community may decide, and one of them is asked first. Where there is no other, an
administrator with a profile decides. Whether the decision stands or is overturned is known when the message is
declined again or released; an approval that is undone settles nothing.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from community.enums import AppealOutcome
from community.models import Appeal, Community, Member, Membership, ModerationEvent, Submission
from community.permissions import NotAllowed, Viewer
from community.services import contributing
from community.states import Action, SubmissionState

from .deadlines import clock_started, note_arrival
from .moves import locked, move

APPEAL_WITHIN = timedelta(days=30)


def why_no_appeal(submission: Submission, now: datetime) -> str:
    """Return why a declined message cannot be appealed (any more), in words for its author; empty where it can."""
    if Appeal.objects.filter(submission_id=submission.pk).exists():
        return _("You have appealed once. A second moderator has decided, and that decision stands.")
    declined = _last_decline(submission)
    if declined is None or now > declined.at + APPEAL_WITHIN:
        return _("An appeal is possible within 30 days of the decision. You can write the message anew.")
    return ""


def _last_decline(submission: Submission) -> ModerationEvent | None:
    declines = ModerationEvent.objects.filter(submission_id=submission.pk, action=Action.DECLINE)
    return declines.order_by("-number").first()


@transaction.atomic
def appeal(*, submission: Submission, author: Viewer, version: int, text: str, now: datetime) -> Appeal:
    """Send a declined message to another moderator with what its author says against the decision.

    Raises NotAllowed (not the author, a second time, too late), Conflict, InvalidTransition.
    """
    submission = locked(submission, version, Action.APPEAL)
    if submission.author.user_id != author.pk:
        raise NotAllowed(_("Only the author appeals."))
    contributing.check_not_suspended(member=submission.author, community=submission.community, now=now)
    if refusal := why_no_appeal(submission, now):
        raise NotAllowed(refusal)
    declined = _last_decline(submission)
    asked = _asked_first(submission, declined)
    try:
        with transaction.atomic():
            move(
                submission,
                Action.APPEAL,
                actor=author,
                now=now,
                version=version,
                preferred_moderator=asked,
                preferred_until=now + timedelta(hours=settings.PREFERRED_HOURS) if asked else None,
                **clock_started(submission, now),
            )
    except IntegrityError:
        raise NotAllowed(_("You have sent this in anew already: that is what will be decided.")) from None
    made = Appeal.objects.create(submission=submission, declined=declined, text=text, made_at=now, assigned_to=asked)
    note_arrival(submission, now)
    return made


def _asked_first(submission: Submission, declined: ModerationEvent) -> Member | None:
    """Return the other moderator who has the fewest appeals to decide on."""
    others = (
        Membership.objects.moderating()
        .filter(community_id=submission.community_id)
        .exclude(member__user_id=declined.actor_id)
        .exclude(member_id=submission.author_id)
        .select_related("member")
        .order_by("pk")
    )
    asked = Appeal.objects.undecided().values_list("assigned_to").annotate(number=Count("pk"))
    load = dict(asked.order_by())
    return min((each.member for each in others), key=lambda member: load.get(member.pk, 0), default=None)


def ask_others(*, member: Member, community: Community, now: datetime) -> None:
    """Ask somebody else first about the appeals that wait for ``member``, who moderates ``community`` no more."""
    waiting = Appeal.objects.undecided().filter(assigned_to=member, submission__community=community)
    for appeal in waiting.select_related("submission", "declined"):
        appeal.assigned_to = asked = _asked_first(appeal.submission, appeal.declined)
        appeal.save(update_fields=["assigned_to"])
        Submission.objects.filter(pk=appeal.submission_id).update(
            preferred_moderator=asked,
            preferred_until=now + timedelta(hours=settings.PREFERRED_HOURS) if asked else None,
        )


def settle_appeal(submission: Submission, outcome: AppealOutcome, now: datetime) -> None:
    """Note how the undecided appeal of ``submission`` ended, where there is one."""
    Appeal.objects.filter(submission_id=submission.pk, outcome="").update(outcome=outcome, decided_at=now)


def undecided_appeal(submission: Submission) -> Appeal | None:
    """Return the appeal that a decision on ``submission`` decides, with what it is about."""
    if submission.state not in (SubmissionState.PENDING, SubmissionState.APPROVED):
        return None
    return (
        Appeal.objects.filter(submission_id=submission.pk, outcome="")
        .select_related("assigned_to", "declined__actor", "declined__reason", "declined__reason_version")
        .first()
    )
