"""Who may read which part of a question or reply: one rule, as a predicate and as a filter.

After release a question's title, themes, place and dates are for everybody; its body and its replies are for
members of the community, unless the community's ``threads_public`` says otherwise. Before release, and when
hidden, only the author and the community's moderators know of it. Of kinds that have no readers, requests to join
and reports, nobody else ever does; and who has a part in a report does not see the case, as it names who reported.
"""

from dataclasses import dataclass
from enum import Enum

from django.db.models import Exists, OuterRef, Q, QuerySet

from .enums import MODERATING_ROLES, READ_KINDS, SubmissionKind
from .models import Flag, Member, Membership, Reply, Submission
from .permissions import Viewer, member_of
from .states import SubmissionState


class Part(Enum):
    """A part of a submission with an audience of its own."""

    TITLE = "title"
    BODY = "body"


@dataclass(frozen=True)
class Reader:
    """A viewer with what the rule needs to know: the member, the communities joined, those moderated."""

    member_id: int | None = None
    communities: frozenset[int] = frozenset()
    moderated: frozenset[int] = frozenset()


def reader_of(viewer: Viewer) -> Reader:
    """Return what the rule needs to know of ``viewer``; one query, none for visitors."""
    member = member_of(viewer)
    if member is None:
        return Reader()
    rows = Membership.objects.current().filter(member=member).values_list("community_id", "role")
    return Reader(
        member_id=member.pk,
        communities=frozenset(community for community, _ in rows),
        moderated=frozenset(community for community, role in rows if role in MODERATING_ROLES),
    )


def may_read(reader: Reader, submission: Submission, part: Part = Part.BODY) -> bool:
    """Return whether ``reader`` may read ``part`` of ``submission`` now."""
    if submission.kind == SubmissionKind.FLAG:
        return submission.community_id in reader.moderated and not _is_involved(reader, submission)
    if submission.author_id == reader.member_id or submission.community_id in reader.moderated:
        return True
    if submission.kind not in READ_KINDS or submission.state != SubmissionState.RELEASED:
        return False
    if submission.kind == SubmissionKind.REPLY and submission.thread.state != SubmissionState.RELEASED:
        return False
    if submission.kind == SubmissionKind.QUESTION and part is Part.TITLE:
        return True
    return submission.community_id in reader.communities or submission.community.threads_public


def readable(reader: Reader, part: Part = Part.BODY) -> Q:
    """Return the same rule as a filter for ``Submission``, ``Question`` and ``Reply`` querysets."""
    is_flag = Q(kind=SubmissionKind.FLAG)
    own = Q(community_id__in=reader.moderated)
    if reader.member_id is not None:
        involved = Flag.objects.filter(pk=OuterRef("pk")).involving(reader.member_id)
        own &= ~(is_flag & Exists(involved))
        own |= Q(author_id=reader.member_id) & ~is_flag
    inside = Q(community_id__in=reader.communities) | Q(community__threads_public=True)
    if part is Part.TITLE:
        inside |= Q(kind=SubmissionKind.QUESTION)
    orphaned = Reply.objects.filter(pk=OuterRef("pk")).exclude(question__state=SubmissionState.RELEASED)
    has_readers = Q(state=SubmissionState.RELEASED, kind__in=READ_KINDS)
    return own | (has_readers & inside & ~Exists(orphaned))


def _is_involved(reader: Reader, flag: Submission) -> bool:
    if reader.member_id is None:
        return False
    return Flag.objects.filter(pk=flag.pk).involving(reader.member_id).exists()


def contributions_shown(reader: Reader, member: Member) -> QuerySet[Submission]:
    """Return the released questions and replies of ``member`` that ``reader`` may read, newest first.

    A moderator too sees only what is released, so that the page shows nobody what was hidden.
    """
    answered = Q(kind=SubmissionKind.QUESTION) | Q(as_reply__question__state=SubmissionState.RELEASED)
    released = Submission.objects.filter(author=member, state=SubmissionState.RELEASED, kind__in=READ_KINDS)
    return released.filter(readable(reader), answered).order_by("-released_at", "-pk")


def may_see_member(reader: Reader, member: Member) -> bool:
    """Return whether ``reader``, a member, may see the page of ``member``: their own, and those of people met.

    People meet in a community that both are in, or over a message that the one wrote and the other may read.
    """
    if reader.member_id is None or member.left_at is not None:
        return False
    if reader.member_id == member.pk:
        return True
    shared = Membership.objects.current().filter(member=member, community_id__in=reader.communities)
    return shared.exists() or contributions_shown(reader, member).exists()
