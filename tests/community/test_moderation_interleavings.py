"""Many people at a few items at once, in real transactions on PostgreSQL, and what has to hold whatever came of it.

Each round is named by its seed. A thread is one person with a connection of its own, who looks at an item, thinks a
moment and acts on what was on the screen; the refusals that the rules know are part of the game, any other error is
none.
"""

import random
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone

from community.enums import FlagReason
from community.models import Envelope, Event, Flag, FlagReport, ModerationEvent, Question, Submission
from community.permissions import NotAllowed
from community.services import flags, moderation
from community.services.revisions import Text
from community.states import LEASE_ACTIONS, Action, InvalidTransition, SubmissionState, next_state
from search.models import OutboxEntry
from tests.at_once import at_once
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    make_member,
    make_moderator,
    pending_question,
    released_question,
    released_reply,
)

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

ITEMS = 4
MODERATORS = 4
ACTS_OF_EACH = 25
REFUSALS = (moderation.Conflict, InvalidTransition, NotAllowed)
TOLD = {Action.RETURN, Action.DECLINE, Action.RELEASE, Action.HIDE}


class Person:
    """Somebody with a random will of their own, the same for the same seed."""

    def __init__(self, user, items: list[int], seed: str) -> None:
        self.user, self.items, self.random = user, items, random.Random(seed)
        self.done: list[str] = []

    def acts(self) -> list[Callable[[Submission], object]]:
        raise NotImplementedError

    def live(self) -> None:
        """Act again and again; what the rules refuse is taken as it comes."""
        for _each in range(ACTS_OF_EACH):
            item = Submission.objects.select_related("community", "author__user").get(pk=self.random.choice(self.items))
            act = self.random.choice(self.acts())
            time.sleep(self.random.random() / 200)
            try:
                act(item)
            except REFUSALS:
                continue
            self.done.append(act.__name__)


class Author(Person):
    def acts(self):
        return [self.revise, self.revise, self.withdraw] if self.random.random() < 0.2 else [self.revise]

    def revise(self, item):
        text = Text(title="Smoke", body=f"Words {self.random.random()}.")
        moderation.revise(submission=item, author=self.user, version=item.version, text=text, now=timezone.now())

    def withdraw(self, item):
        moderation.withdraw(submission=item, author=self.user, version=item.version, now=timezone.now())


class Moderator(Person):
    reasons: dict = {}

    def acts(self):
        leases = [self.take, self.take_next, self.take_over, self.give_back, self.claim]
        return [*leases, self.approve, self.approve, self.amend, self.undo, self.give_reason, self.hide, self.restore]

    def _deciding(self, item):
        return {"submission": item, "moderator": self.user, "version": item.version, "now": timezone.now()}

    def take(self, item):
        moderation.take(submission=item, moderator=self.user, now=timezone.now())

    def claim(self, item):
        moderation.claim(submission=item, moderator=self.user, now=timezone.now())

    def take_next(self, item):
        moderation.take_next(moderator=self.user, now=timezone.now())

    def take_over(self, item):
        holder = item.lease_holder_id or 0
        now = timezone.now()
        moderation.take_over(submission=item, moderator=self.user, holder_id=holder, note="Quick.", now=now)

    def give_back(self, item):
        moderation.give_back(submission=item, moderator=self.user)

    def approve(self, item):
        moderation.approve(**self._deciding(item))

    def amend(self, item):
        words = Text(title="Smoke", body=f"Better words {self.random.random()}.")
        moderation.approve(**self._deciding(item), amended=words)

    def undo(self, item):
        moderation.undo_approval(**self._deciding(item))

    def give_reason(self, item):
        act = self.random.choice([moderation.return_to_author] * 3 + [moderation.decline])
        action = Action.DECLINE if act is moderation.decline else Action.RETURN
        act(**self._deciding(item), reason=self.reasons[action], message="")

    def hide(self, item):
        moderation.hide(**self._deciding(item), reason=self.reasons[Action.HIDE], message="")

    def restore(self, item):
        moderation.restore(**self._deciding(item), note="Checked.")


class Timer(Person):
    def acts(self):
        return [self.release_due]

    def release_due(self, item):
        later = timezone.now() + timedelta(hours=1) if self.random.random() < 0.3 else timezone.now()
        moderation.release_due(now=later)


class Reporter(Person):
    """Reports messages and takes reports back."""

    def acts(self):
        return [self.report, self.report, self.take_back]

    def report(self, item):
        why = self.random.choice(FlagReason.values)
        flags.report(about=item, member=self.user.member, why=why, words="", now=timezone.now())

    def take_back(self, item):
        made = FlagReport.objects.filter(flag__about=item.pk, member=self.user.member).last()
        if made is not None:
            flags.take_back(report=made, member=self.user.member, now=timezone.now())


class Judge(Moderator):
    """Decides on reports, and hides and restores what they are about without them."""

    def acts(self):
        return [self.uphold, self.leave, self.leave, self.hide, self.restore, self.restore, self.take_case]

    def _case(self, item):
        return Submission.objects.filter(as_flag__about=item.pk).order_by("pk").last() or item

    def uphold(self, item):
        moderation.approve(**self._deciding(self._case(item)), reason=self.reasons[Action.HIDE])

    def leave(self, item):
        moderation.decline(**self._deciding(self._case(item)), reason=self.reasons["flag"], message="")

    def take_case(self, item):
        self.take(self._case(item))


@pytest.mark.parametrize("seed", range(2))
def test_whatever_many_do_with_reports_at_once_each_message_has_one_case_and_everybody_one_answer(seed):
    community = CommunityFactory()
    items = [released_reply(question=released_question(community=community)).pk for _each in range(2)]
    before = {pk: ModerationEvent.objects.filter(submission=pk).count() for pk in items}
    Moderator.reasons = {
        Action.HIDE: ReasonFactory(action=Action.HIDE),
        "flag": ReasonFactory(action=Action.DECLINE, kind="flag"),
    }
    staff = [make_moderator(community) for _each in range(3)]
    people: list[Person] = [Judge(member.user, items, f"{seed} judge {member.pk}") for member in staff]
    people += [Reporter(make_member(community).user, items, f"{seed} reporter {number}") for number in range(4)]

    outcomes = at_once(*[person.live for person in people])

    assert [outcome for outcome in outcomes if outcome is not None] == []
    assert sum(len(person.done) for person in people) > 20, "too little happened to say anything"
    for pk in items:
        cases = Flag.objects.filter(about=pk)
        waiting = cases.filter(state=SubmissionState.PENDING)
        about = Submission.objects.get(pk=pk)
        assert waiting.count() <= (about.state == SubmissionState.RELEASED)
        upheld = cases.filter(state=SubmissionState.RELEASED).count()
        # The old approval stays as it is: hiding and restoring alone were added, one hiding for each case upheld.
        added = list(ModerationEvent.objects.filter(submission=pk).order_by("number")[before[pk] :])
        assert {entry.action for entry in added} <= {Action.HIDE, Action.RESTORE}
        assert sum(entry.action == Action.HIDE for entry in added) >= upheld
    for case in Flag.objects.all():
        replay(case)
        reports = case.reports.all()
        told = Envelope.objects.filter(key__startswith=f"n:flag:{case.pk}:").values_list("member_id", flat=True)
        decided = bool(case.outcome)
        assert sorted(told) == sorted(each.member_id for each in reports if decided and not each.withdrawn_at)
        assert decided or case.state == SubmissionState.PENDING or all(each.withdrawn_at for each in reports)


def replay(item: Submission) -> None:
    """Assert that the log of ``item`` leads to its state, each version by one step."""
    state = SubmissionState.DRAFT
    log = list(ModerationEvent.objects.filter(submission=item.pk).order_by("number"))
    for entry in log:
        assert entry.from_state == state
        state = next_state(state, entry.action)
    assert item.state == state
    assert item.version == sum(entry.action not in LEASE_ACTIONS for entry in log)


@pytest.mark.parametrize("seed", range(3))
def test_whatever_many_people_do_at_once_the_rules_hold(seed):
    community = CommunityFactory()
    author = make_member(community)
    items = [pending_question(community=community, author=author).pk for _each in range(ITEMS)]
    Moderator.reasons = {
        action: ReasonFactory(action=action) for action in (Action.RETURN, Action.DECLINE, Action.HIDE)
    }
    staff = [make_moderator(community) for _each in range(MODERATORS)]
    staff.append(make_member(community, role="lead"))
    people = [Moderator(member.user, items, f"{seed} {number}") for number, member in enumerate(staff)]
    people += [Author(author.user, items, f"{seed} author"), Timer(None, items, f"{seed} timer")]

    outcomes = at_once(*[person.live for person in people])

    assert [outcome for outcome in outcomes if outcome is not None] == []
    assert sum(len(person.done) for person in people) > 20, "too little happened to say anything"
    for pk in items:
        check(Question.objects.get(pk=pk))


def check(item: Question) -> None:
    """Assert what holds of every item whatever happened to it."""
    log = list(ModerationEvent.objects.filter(submission=item).order_by("number"))
    assert [entry.number for entry in log] == list(range(1, len(log) + 1))

    # The log replays to the state, and each version came of one step.
    state = SubmissionState.DRAFT
    for entry in log:
        assert entry.from_state == state
        state = next_state(state, entry.action)
        assert entry.to_state == state
    texts = [entry.revision_after_id for entry in log]
    assert [entry.revision_before_id for entry in log] == [None, *texts[:-1]]
    assert all(entry.text_hash == entry.revision_after.text_hash for entry in log)
    steps = [entry for entry in log if entry.action not in LEASE_ACTIONS]
    assert (item.state, item.version) == (state, len(steps))
    assert item.revision_id == steps[-1].revision_after_id

    # Nothing was released that had not been approved, in these very words.
    releases = [number for number, entry in enumerate(steps) if entry.action == Action.RELEASE]
    for number in releases:
        approval = steps[number - 1]
        assert approval.action == Action.APPROVE
        assert approval.text_hash == steps[number].text_hash == item.released_revision.text_hash
    assert len(releases) <= 1
    assert Event.objects.filter(submission=item).count() == len(releases)

    # What was not released left no trace outside the log, however often it was approved and undone.
    if not releases:
        assert (item.slug, item.released_at, item.released_revision_id) == (None, None, None)
        assert not OutboxEntry.objects.filter(key=f"question:{item.pk}").exists()
    if item.state != SubmissionState.APPROVED:
        assert item.release_at is None
    told = {f"n:decision:{entry.pk}" for entry in log if entry.action in TOLD}
    sent = Envelope.objects.filter(key__in=[f"n:decision:{entry.pk}" for entry in log])
    assert set(sent.values_list("key", flat=True)) == told

    # What waits no more is held by nobody.
    if item.state != SubmissionState.PENDING:
        assert (item.lease_holder_id, item.lease_kind, item.lease_until) == (None, "", None)


def test_fifty_clicks_on_approve_at_once_are_one_approval():
    question = pending_question()
    moderator = make_moderator(question.community)
    now = timezone.now()

    def click():
        return moderation.approve(submission=question, moderator=moderator.user, version=1, now=now)

    outcomes = at_once(*[click] * 50)

    conflicts = [outcome for outcome in outcomes if isinstance(outcome, moderation.Conflict)]
    assert len(conflicts) == 49
    assert {conflict.event.action for conflict in conflicts} == {Action.APPROVE}
    assert question.events.filter(action=Action.APPROVE).count() == 1
    check(Question.objects.get(pk=question.pk))
