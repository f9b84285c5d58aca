"""Asking, answering, and having the problem too."""

from collections.abc import Iterable, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, transaction

from community.enums import SubmissionKind
from community.models import Community, Compilation, Member, MeToo, Question, Reply, Submission
from community.permissions import NotAllowed
from community.states import SubmissionState
from knowledge.models import Sector, State, Theme
from search.indexing import schedule_index, schedule_indexes

from . import contributing, moderation, threads
from .revisions import Text
from .writing import drafts, suggestions


class AlreadySent(Exception):
    """The same form came a second time; ``submission`` is what the first one made."""

    def __init__(self, submission: Submission) -> None:
        super().__init__(str(submission))
        self.submission = submission


def _check_form(form_token: str | None) -> None:
    if form_token and (first := Submission.objects.filter(form_token=form_token).first()):
        raise AlreadySent(first)


@contextmanager
def _stored_once(form_token: str | None):
    """Store what a form sent, unless it was stored before, or is being stored at this very moment by another process.

    Raises AlreadySent.
    """
    _check_form(form_token)
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        _check_form(form_token)
        raise


@transaction.atomic
def submit_question(
    *,
    author: Member,
    community: Community,
    text: Text,
    themes: Iterable[Theme],
    now: datetime,
    state_of_india: State | None = None,
    sector: Sector | None = None,
    needed_on: date | None = None,
    form_token: str | None = None,
    draft: drafts.Place | None = None,
    looked: Sequence[suggestions.Looked] = (),
) -> Question:
    """Send a question to the community's moderators.

    ``form_token`` names the form, so that one sent twice is stored once; ``draft`` is where it was kept until now;
    ``looked`` is what its author was shown before.
    Raises NotAllowed, AlreadySent.
    """
    contributing.check_may_contribute(member=author, community=community, now=now)
    with _stored_once(form_token):
        question = Question.objects.create(
            kind=SubmissionKind.QUESTION,
            author=author,
            community=community,
            state_of_india=state_of_india,
            sector=sector,
            needed_on=needed_on,
            form_token=form_token,
        )
    question.themes.set(themes)
    moderation.submit(submission=question, text=text, now=now)
    suggestions.note(question=question, looked=looked)
    drafts.sent(member=author, place=draft)
    return question


@transaction.atomic
def submit_reply(
    *,
    author: Member,
    question: Question,
    reply_kind: str,
    text: Text,
    now: datetime,
    form_token: str | None = None,
    draft: drafts.Place | None = None,
) -> Reply:
    """Send a reply to the moderators of the question's community.

    Raises NotAllowed (not a member, or the question takes no replies), AlreadySent.
    """
    contributing.check_may_contribute(member=author, community=question.community, now=now)
    _check_form(form_token)
    if not question.takes_replies:
        raise NotAllowed("This question takes no answers now.")
    with _stored_once(form_token):
        reply = Reply.objects.create(
            kind=SubmissionKind.REPLY,
            author=author,
            community=question.community,
            question=question,
            reply_kind=reply_kind,
            form_token=form_token,
        )
    moderation.submit(submission=reply, text=text, now=now)
    drafts.sent(member=author, place=draft)
    return reply


@transaction.atomic
def mark_me_too(*, question: Question, member: Member, now: datetime) -> MeToo:
    """Note that ``member`` has the problem too and follows the question. Raises NotAllowed."""
    contributing.check_may_contribute(member=member, community=question.community, now=now)
    if question.state != SubmissionState.RELEASED:
        raise NotAllowed("This question is not open to members.")
    me_too, is_new = MeToo.objects.get_or_create(question=question, member=member, defaults={"created_at": now})
    if is_new:
        _count_anew(question)
    return me_too


@transaction.atomic
def unmark_me_too(*, question: Question, member: Member) -> None:
    """Take the note back, and with it what the member made of the answers."""
    count, _rows = MeToo.objects.filter(question=question, member=member).delete()
    if count:
        threads.drop_uses(question=question, member=member)
        _count_anew(question)


def _count_anew(question: Question) -> None:
    """Have search read again how many have the problem, of the question and of what was written up from it."""
    schedule_index("question", question.pk)
    schedule_indexes("solution", Compilation.objects.filter(question=question).values_list("page_id", flat=True))


def follower_ids(question: Question) -> set[int]:
    """Return the members who follow a question: asker, released repliers, and those with the same problem."""
    repliers = question.replies.released().values_list("author_id", flat=True)
    return {question.author_id, *repliers, *question.me_toos.values_list("member_id", flat=True)}
