"""A question and a reply in every state, in a community for members and in one that everybody reads.

Who may meet what is written down here by hand, from the rule in words: after release a title is for everybody, a body
and the replies for members unless the threads are public; before, and when hidden, for the author and the moderators.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse

from community.enums import READ_KINDS
from community.models import Community, Member, ModerationReason, Question, Reply, Submission
from community.services import moderation
from community.states import Action, SubmissionState
from knowledge.models import Theme
from tests.factories.community import ReasonFactory, pending_question, pending_reply

from .markers import COMMON_WORD, Secret, Secrets, word_for
from .viewers import DECIDING, EVERYBODY, INSIDE

S = SubmissionState


@dataclass(frozen=True)
class Writer:
    """Brings submissions into the world, each part with its marker, at times of their own."""

    secrets: Secrets
    users: dict
    now: datetime

    @property
    def moderator(self):
        return self.users["moderator"]

    def question(self, *, name: str, community: Community, author: str, theme: Theme, state: str) -> Question:
        """Return a question in ``state``; ``author`` is a viewer."""
        question = pending_question(
            community=community,
            author=self.users[author].member,
            title=f"{COMMON_WORD} {word_for(f'{name}: title')}",
            body=f"{COMMON_WORD} {word_for(f'{name}: body')} and forty dyers share one drain.",
            tried=f"{COMMON_WORD} {word_for(f'{name}: tried')} twice.",
            themes=[theme],
            now=self.now - timedelta(hours=3),
        )
        self.bring(question, state, message=word_for(f"{name}: message"))
        question.refresh_from_db()
        insiders = DECIDING | {author}
        released = state == S.RELEASED
        self._mark(question, name, "title", EVERYBODY if released else insiders)
        body = (EVERYBODY if community.threads_public else INSIDE | {author}) if released else insiders
        for part in ("body", "tried"):
            self._mark(question, name, part, body)
        self._mark_message(question, name, insiders)
        return question

    def reply(self, *, name: str, question: Question, author: str, state: str) -> Reply:
        """Return a reply to ``question``, released when it is written, in ``state``."""
        reply = pending_reply(
            question=question,
            author=self.users[author].member,
            body=f"{COMMON_WORD} {word_for(f'{name}: body')} in a tank of our own.",
            now=self.now - timedelta(hours=2),
        )
        self.bring(reply, state, message=word_for(f"{name}: message"))
        reply.refresh_from_db()
        insiders = DECIDING | {author}
        public = EVERYBODY if question.community.threads_public else INSIDE | {author}
        self._mark(reply, name, "body", public if state == S.RELEASED else insiders)
        self._mark_message(reply, name, insiders)
        return reply

    def bring(self, submission: Submission, state: str, *, message: str = "") -> None:
        """Take a waiting submission to ``state``, by the services where they know the way."""
        act = {"submission": submission, "version": submission.version, "now": self.now - timedelta(hours=1)}
        if state in (S.APPROVED, S.RELEASED, S.HIDDEN):
            moderation.approve(moderator=self.moderator, **act)
        if state in (S.RELEASED, S.HIDDEN):
            moderation.release(submission_id=submission.pk, now=self.now)
        if state in (S.RETURNED, S.DECLINED):
            answer = moderation.return_to_author if state == S.RETURNED else moderation.decline
            answer(moderator=self.moderator, reason=_reason(state, submission), message=message, **act)
        if state == S.WITHDRAWN:
            moderation.withdraw(author=submission.author.user, **act)
        if state in (S.DRAFT, S.SPAM, S.HIDDEN):  # services of later issues open these ways
            Submission.objects.filter(pk=submission.pk).update(state=state)

    def _mark(self, submission: Submission, name: str, part: str, readers: frozenset[str]) -> None:
        self.secrets.add(Secret(f"{name}: {part}", readers, tuple(self._shown_at(submission, part, readers))))

    def _mark_message(self, submission: Submission, name: str, insiders: frozenset[str]) -> None:
        """Mark what a moderator wrote to the author; administrators read it in the log."""
        if submission.state in (S.RETURNED, S.DECLINED):
            author = insiders - DECIDING
            shown = ((author, reverse("my_submission", args=[submission.pk])),)
            desk = ((frozenset({"moderator"}), reverse("desk_item", args=[submission.pk])),)
            self.secrets.add(Secret(f"{name}: message", insiders | {"administrator"}, (*shown, *desk)))

    def _shown_at(self, submission: Submission, part: str, readers: frozenset[str]):
        """Yield where readers must find the part: the thread, the author's own page, the desk."""
        if submission.state == S.DRAFT:
            return  # nobody has a page for it yet
        author = frozenset({self._viewer(submission.author)})
        if submission.state == S.RELEASED:
            yield readers, submission.thread.get_absolute_url()
        if submission.state == S.HIDDEN and submission.kind == "question":
            yield readers, submission.get_absolute_url()
        yield author, reverse("my_submission", args=[submission.pk])
        yield frozenset({"moderator"}), reverse("desk_item", args=[submission.pk])

    def _viewer(self, member: Member) -> str:
        return next(name for name, user in self.users.items() if user and user.pk == member.user_id)


def _reason(state: str, submission: Submission) -> ModerationReason:
    action = Action.RETURN if state == S.RETURNED else Action.DECLINE
    fitting = {"action": action, "kind": "" if submission.kind in READ_KINDS else submission.kind}
    return ModerationReason.objects.filter(**fitting).first() or ReasonFactory(**fitting)
