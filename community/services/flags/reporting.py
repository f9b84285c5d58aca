"""Reporting a message that is out, and taking the report back."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from community.enums import READ_KINDS, FlagReason, SubmissionKind
from community.models import Flag, FlagReport, Member, Submission
from community.permissions import NotAllowed
from community.services import contributing, moderation
from community.services.moderation.moves import move
from community.services.revisions import Text
from community.states import Action, SubmissionState
from community.visibility import may_read, reader_of

#: Most letters of the line that goes with a report.
LINE_MAX_LENGTH = 300


def why_not(*, about: Submission, member: Member) -> str:
    """Return why ``member`` cannot report ``about``, in words for the person; empty where it is possible."""
    if about.kind not in READ_KINDS or about.state != SubmissionState.RELEASED:
        return _("This message is not shown any more, so there is nothing left to report.")
    if about.author_id == member.pk:
        return _("This is your own message. Write to the moderators if it should be taken out.")
    if not may_read(reader_of(member.user), about):
        return _("Only who can read a message reports it.")
    return ""


@transaction.atomic
def report(*, about: Submission, member: Member, why: str, words: str, now: datetime) -> FlagReport:
    """Report a released message: the case that is open takes the report in, where there is none one begins.

    Who has reported it before, and waits for the outcome, changes that report. Raises NotAllowed.
    """
    # Locked before the case, as whoever hides it does: no case begins on what is being hidden.
    about = Submission.objects.select_for_update().get(pk=about.pk)
    if refusal := why_not(about=about, member=member):
        raise NotAllowed(refusal)
    contributing.check_not_suspended(member=member, community=about.community, now=now)
    words = " ".join(words.split())[:LINE_MAX_LENGTH]
    flag = _open_case(about) or _new_case(about, member, why, words, now)
    made, _is_new = FlagReport.objects.update_or_create(
        flag=flag,
        member=member,
        defaults={"why": why, "words": words, "withdrawn_at": None},
        create_defaults={"why": why, "words": words, "made_at": now},
    )
    return made


def _open_case(about: Submission) -> Flag | None:
    """Return the case of ``about`` that waits, locked, so that its decision tells everybody who joins."""
    return (
        Flag.objects.select_for_update()
        .filter(about=about, state__in=(SubmissionState.PENDING, SubmissionState.APPROVED))
        .first()
    )


def _new_case(about: Submission, member: Member, why: str, words: str, now: datetime) -> Flag:
    try:
        with transaction.atomic():
            flag = Flag.objects.create(
                kind=SubmissionKind.FLAG,
                author=member,
                community_id=about.community_id,
                about=about,
                open_key=f"flag:{about.pk}",
            )
    except IntegrityError:
        if (other := _open_case(about)) is not None:
            return other
        raise
    FlagReport.objects.create(flag=flag, member=member, why=why, words=words, made_at=now)
    text = "\n\n".join(part for part in (str(FlagReason(why).label), words) if part)
    moderation.submit(submission=flag, text=Text(body=text), now=now)
    return flag


@transaction.atomic
def take_back(*, report: FlagReport, member: Member, now: datetime) -> FlagReport:
    """Take one's report back while the case waits; with the last one the case is withdrawn.

    Raises NotAllowed (not one's own, or decided already).
    """
    Submission.objects.select_for_update().get(pk=report.flag.about_id)
    flag = Flag.objects.select_for_update().get(pk=report.flag_id)
    report.refresh_from_db()
    if report.member_id != member.pk:
        raise NotAllowed(_("Only who made a report takes it back."))
    if flag.state != SubmissionState.PENDING:
        raise NotAllowed(_("It is decided already. You will get a mail, or have had it."))
    if report.withdrawn_at is None:
        report.withdrawn_at = now
        report.save(update_fields=["withdrawn_at"])
    left = flag.reports.filter(withdrawn_at=None).select_related("member").first()
    if left is None:
        move(flag, Action.WITHDRAW, actor=member.user, now=now, version=flag.version)
    elif flag.author_id == member.pk:
        Submission.objects.filter(pk=flag.pk).update(author=left.member)
    return report
