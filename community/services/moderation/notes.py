"""Notes that moderators of a community keep for each other, on a message or on a member."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from community.enums import SubmissionKind
from community.models import Community, Member, Note, Submission
from community.permissions import NotAllowed, Viewer, moderates

#: Most notes that a page shows, newest first.
MOST_SHOWN = 20


def concerned(submission: Submission) -> Member:
    """Return whom notes beside ``submission`` are about: its author; of a report, the reported message's author."""
    return submission.concrete.about.author if submission.kind == SubmissionKind.FLAG else submission.author


def notes_on(submission: Submission) -> QuerySet[Note]:
    """Return the notes on ``submission`` and those that its community's moderators keep on whom it concerns."""
    about = Q(submission=submission) | Q(member=concerned(submission), community_id=submission.community_id)
    return Note.objects.filter(about, ended_at=None).select_related("written_by")[:MOST_SHOWN]


def notes_on_member(member: Member, communities: set[int]) -> QuerySet[Note]:
    """Return the notes on ``member`` that moderators of ``communities`` (their ids) keep."""
    notes = Note.objects.filter(member=member, community_id__in=communities, ended_at=None)
    return notes.select_related("written_by", "community")[:MOST_SHOWN]


def _check(moderator: Viewer, community: Community) -> None:
    if not moderates(moderator, community):
        raise NotAllowed(_("Only moderators of this community keep notes here."))


@transaction.atomic
def write_note(
    *,
    moderator: Viewer,
    community: Community,
    text: str,
    now: datetime,
    submission: Submission | None = None,
    member: Member | None = None,
) -> Note:
    """Keep a line on ``submission`` or on ``member``, one of them. Raises NotAllowed."""
    _check(moderator, community)
    if member is not None and member.pk == moderator.member.pk:
        raise NotAllowed(_("Others keep notes on you; you keep none on yourself."))
    return Note.objects.create(
        community=community,
        submission=submission,
        member=member,
        text=text,
        written_by=moderator.member,
        written_at=now,
    )


@transaction.atomic
def take_note_back(*, note: Note, moderator: Viewer, now: datetime) -> Note:
    """Take back what one wrote; done twice, it changes nothing more. Raises NotAllowed."""
    _check(moderator, note.community)
    if note.written_by_id != moderator.member.pk:
        raise NotAllowed(_("Who wrote a note takes it back."))
    Note.objects.filter(pk=note.pk, ended_at=None).update(ended_at=now)
    return note
