"""What the decision on a report does: the message is hidden or stays, and each who reported it is told, once."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from community.enums import FlagOutcome, SubmissionKind
from community.mail import flags as mails
from community.models import Flag, FlagReport, Member, ModerationEvent, Submission
from community.models.moderation.trust import TrustLost
from community.services import moderation, trust
from community.services.moderation.kinds import Approval, Kind
from community.services.moderation.moves import move
from community.states import Action, SubmissionState


def _uphold(submission: Submission, approval: Approval, now: datetime) -> None:
    """Hide the reported message with the reason that was given; its author is told as with every hiding."""
    flag = submission.concrete
    about = Submission.objects.get(pk=flag.about_id)
    moderation.hide(
        submission=about,
        moderator=approval.moderator,
        version=about.version,
        reason=approval.reason,
        message=approval.message,
        now=now,
        case=flag,
    )
    trust.lose(
        member=about.author,
        community=about.community,
        kind=about.kind,
        because=TrustLost.FLAG,
        by=approval.moderator,
        now=now,
    )


def _heading(submission: Submission) -> str:
    about, title = submission.as_flag.about, submission.thread.title
    if about.kind == SubmissionKind.REPLY:
        return _("Reported: an answer to “%(title)s”") % {"title": title}
    return _("Reported: %(title)s") % {"title": title}


def _bars(submission: Submission, member: Member) -> str:
    flag = Flag.objects.filter(pk=submission.pk).select_related("about").get()
    if flag.about.author_id == member.pk:
        return _("This is about your own message: somebody else decides.")
    if flag.reports.filter(member=member).exists():
        return _("You reported this yourself: somebody else decides.")
    return ""


def _reporters(submission: Submission) -> list[Member]:
    """Return who waits for the outcome."""
    waiting = FlagReport.objects.filter(flag=submission.pk, withdrawn_at=None, member__left_at=None)
    return [report.member for report in waiting.select_related("member__user")]


def _tell_of(event: ModerationEvent, now: datetime) -> None:
    upheld = event.action == Action.RELEASE
    _tell(event.submission, FlagOutcome.UPHELD if upheld else FlagOutcome.NOT_UPHELD, event, now)


def _tell(submission: Submission, outcome: FlagOutcome, event: ModerationEvent, now: datetime) -> None:
    """Note how the case ended and write one mail to each who reported, in each one's language."""
    from community.tasks import hand_over  # service → task → service is the one honest cycle

    flag = submission.concrete
    Flag.objects.filter(pk=flag.pk).update(outcome=outcome)
    words = event.reason_version
    as_worded = words is not None and event.message == moderation.words_for(words, flag)
    for member in _reporters(flag):
        message = moderation.words_for(words, flag, member=member) if as_worded else event.message
        envelope = mails.outcome(flag=flag, member=member, outcome=outcome, message=message, now=now)
        hand_over.delay_on_commit(envelope.pk)


def settle(sender: type[Submission], submission: Submission, now: datetime, **kwargs: object) -> None:
    """Close the case of a message that was hidden without it: there is nothing left to decide."""
    for flag in Flag.objects.select_for_update().filter(about=submission.pk, state=SubmissionState.PENDING):
        note = _("The message was hidden meanwhile.")
        event = move(flag, Action.WITHDRAW, actor=None, now=now, version=flag.version, note=note)
        _tell(flag, FlagOutcome.SETTLED, event, now)


def _message_of(submission: Submission) -> QuerySet[Submission]:
    """Return the reported message: locked before its case by whoever decides, as by who reports or hides it."""
    return Submission.objects.filter(pk__in=Flag.objects.filter(pk=submission.pk).values("about"))


_KEPT_APART = gettext_lazy("A report is upheld or not: open it to see what can be done.")

FLAG = Kind(
    SubmissionKind.FLAG,
    release=_uphold,
    heading=_heading,
    is_held=False,
    refused={
        Action.EDIT: _KEPT_APART,
        Action.AMEND: _KEPT_APART,
        Action.RETURN: _KEPT_APART,
        Action.MARK_SPAM: _KEPT_APART,
        Action.APPEAL: gettext_lazy("What you still see, you can report anew."),
        Action.HIDE: _KEPT_APART,
        Action.RESTORE: _KEPT_APART,
        Action.MOVE: _KEPT_APART,
    },
    approval_reason=Action.HIDE,
    reasons=SubmissionKind.FLAG,
    fields=(),
    open_key=lambda submission: f"flag:{submission.concrete.about_id}",
    bars=_bars,
    people=_reporters,
    is_joint=True,
    says={Action.DECLINE: gettext_lazy("The message stays, and all who reported it are told: %(title)s")},
    tell=_tell_of,
    locks=_message_of,
)
