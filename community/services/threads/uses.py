"""What became of an answer with those who have the problem: used, partly, not here.

The mark is for everybody who reads the thread. The line beside it is for moderators and the compiler alone, because
nobody has checked it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _

from community.enums import UseMark
from community.models import Member, Membership, MeToo, Question, Reply, ReplyUse
from community.permissions import NotAllowed
from community.services import notices
from community.services.contributing import check_not_suspended
from community.states import SubmissionState

#: Marks that say the answer helped.
HELPED = frozenset({UseMark.USED, UseMark.PARTLY})


@dataclass(frozen=True)
class Uses:
    """The marks of one answer: the asker's (a UseMark, empty without one), and how many others gave each."""

    by_asker: str = ""
    used: int = 0
    partly: int = 0
    not_here: int = 0

    @property
    def asker_words(self) -> str:
        """Return the asker's mark in the reader's language, empty without one."""
        return str(UseMark(self.by_asker).label) if self.by_asker else ""


def uses_of(replies: Iterable[Reply]) -> dict[int, Uses]:
    """Return the marks of those of ``replies`` that have any, by the number of the reply; one query."""
    rows = (
        ReplyUse.objects.filter(reply__in=replies)
        .values("reply_id", "mark")
        .annotate(
            by_asker=Count("pk", filter=Q(member=F("reply__question__author"))),
            by_others=Count("pk", filter=~Q(member=F("reply__question__author"))),
        )
    )
    found: dict[int, dict] = {}
    for row in rows:
        marks = found.setdefault(row["reply_id"], {})
        marks[row["mark"]] = row["by_others"]
        if row["by_asker"]:
            marks["by_asker"] = row["mark"]
    return {reply: Uses(**marks) for reply, marks in found.items()}


def may_mark(question: Question, member: Member) -> bool:
    """Return whether ``member`` has the problem, as the asker or like the asker, and belongs to the community."""
    if question.author_id != member.pk and not MeToo.objects.filter(question=question, member=member).exists():
        return False
    return Membership.objects.current().filter(member=member, community=question.community_id).exists()


def _check(reply: Reply, member: Member) -> None:
    question = reply.question
    if {reply.state, question.state} != {SubmissionState.RELEASED}:
        raise NotAllowed(_("This answer is not shown any more."))
    if reply.author_id == member.pk:
        raise NotAllowed(_("You do not mark your own answer."))
    if not may_mark(question, member):
        raise NotAllowed(_("Only those who have the problem say what became of an answer."))


@transaction.atomic
def mark_use(*, reply: Reply, member: Member, mark: str, line: str, now: datetime) -> ReplyUse:
    """Note what ``member`` made of an answer, in the place of an earlier mark; tell its author once that it helped.

    Raises NotAllowed, also where the member is suspended.
    """
    _check(reply, member)
    check_not_suspended(member=member, community=reply.question.community, now=now)
    use, _is_new = ReplyUse.objects.update_or_create(
        reply=reply,
        member=member,
        defaults={"mark": UseMark(mark), "line": " ".join(line.split())[:300], "marked_at": now},
    )
    if mark in HELPED:
        notices.tell_of_use(use=use, now=now)
    return use


@transaction.atomic
def unmark_use(*, reply: Reply, member: Member) -> bool:
    """Take one's own mark back; return whether there was one."""
    return bool(ReplyUse.objects.filter(reply=reply, member=member).delete()[0])


def drop_uses(*, question: Question, member: Member) -> None:
    """Forget the marks of somebody who has the problem no more; those of the asker stay."""
    if question.author_id != member.pk:
        ReplyUse.objects.filter(reply__question=question, member=member).delete()
