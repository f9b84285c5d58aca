"""Two people decide at the same moment, in real transactions on PostgreSQL."""

from functools import partial

import pytest
from django.utils import timezone

from community.enums import DeliveryState
from community.models import ModerationEvent, Submission
from community.services import distribution, handover, moderation
from community.states import Action, SubmissionState
from tests.at_once import at_once
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    approved,
    make_member,
    make_moderator,
    pending_question,
    released_question,
)

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("repetition", range(5))
def test_of_two_moderators_one_decides_and_the_other_is_told_who_did(repetition):
    question = pending_question()
    first, second = make_moderator(question.community), make_moderator(question.community)
    reason = ReasonFactory(action=Action.DECLINE)
    now = timezone.now()
    outcomes = at_once(
        lambda: moderation.approve(submission=question, moderator=first.user, version=1, now=now),
        lambda: moderation.decline(
            submission=question, moderator=second.user, version=1, reason=reason, message="", now=now
        ),
    )
    conflicts = [outcome for outcome in outcomes if isinstance(outcome, moderation.Conflict)]
    assert len(conflicts) == 1
    winner = second if isinstance(outcomes[0], moderation.Conflict) else first
    assert conflicts[0].event.actor == winner.user
    decisions = ModerationEvent.objects.filter(action__in=[Action.APPROVE, Action.DECLINE])
    assert decisions.count() == 1


def test_an_undo_and_the_release_never_both_happen():
    question = approved(pending_question(), timezone.now())
    moderator = question.events.get(action=Action.APPROVE).actor
    later = question.release_at
    at_once(
        lambda: moderation.release(submission_id=question.pk, now=later),
        lambda: moderation.undo_approval(submission=question, moderator=moderator, version=question.version, now=later),
    )
    question.refresh_from_db()
    ends = list(question.events.filter(action__in=[Action.RELEASE, Action.UNDO]).values_list("action", flat=True))
    assert len(ends) == 1
    expected = SubmissionState.RELEASED if ends == [Action.RELEASE] else SubmissionState.PENDING
    assert question.state == expected


@pytest.mark.parametrize("repetition", range(3))
def test_several_who_ask_for_the_next_one_at_once_get_several_items(repetition):
    community = CommunityFactory()
    now = timezone.now()
    items = {pending_question(community=community, now=now).pk for _each in range(4)}
    people = [make_moderator(community).user for _each in range(6)]
    outcomes = at_once(*[partial(moderation.take_next, moderator=user, now=now) for user in people])
    taken = [item.pk for item in outcomes if item is not None]
    assert len(taken) == len(set(taken)) == 4
    assert set(taken) == items
    for user in people:
        assert Submission.objects.held_by(user.member, now).count() <= 1


@pytest.mark.parametrize("repetition", range(3))
def test_of_two_who_take_the_same_item_one_holds_it_and_the_other_is_told_who(repetition):
    question = pending_question()
    first, second = make_moderator(question.community), make_moderator(question.community)
    now = timezone.now()
    outcomes = at_once(
        *[partial(moderation.take, submission=question, moderator=each.user, now=now) for each in (first, second)]
    )
    (held,) = (outcome for outcome in outcomes if isinstance(outcome, moderation.Held))
    question.refresh_from_db()
    assert held.holder == question.lease_holder
    assert question.lease_holder in (first, second)


def test_a_take_over_and_a_decision_never_leave_a_decided_item_held():
    question = pending_question()
    first, second = make_moderator(question.community), make_moderator(question.community)
    now = timezone.now()
    moderation.take(submission=question, moderator=first.user, now=now)
    at_once(
        lambda: moderation.approve(submission=question, moderator=first.user, version=1, now=now),
        lambda: moderation.take_over(
            submission=question, moderator=second.user, holder_id=first.pk, note="Quick.", now=now
        ),
    )
    question.refresh_from_db()
    assert (question.state, question.lease_holder) in [
        (SubmissionState.APPROVED, None),
        (SubmissionState.PENDING, second),
    ]


def test_hiding_and_handing_over_at_once_neither_lock_each_other_up_nor_send_after_the_hiding():
    question = released_question()
    reason = ReasonFactory(action=Action.HIDE)
    moderator = make_moderator(question.community)
    for _each in range(10):
        make_member(question.community)
    now = timezone.now()
    distribution.fan_out(event_id=question.distribution_events.get().pk, now=now)
    distribution.build_due(now=now)
    outcomes = at_once(
        lambda: moderation.hide(
            submission=question,
            moderator=moderator.user,
            version=question.version,
            reason=reason,
            message="",
            now=now,
        ),
        lambda: handover.hand_over_due(now=now),
    )
    assert not [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert set(question.distribution_events.get().deliveries.values_list("state", flat=True)) <= {
        DeliveryState.SENT,
        DeliveryState.SKIPPED,
    }


def test_two_workers_release_an_item_once():
    question = approved(pending_question(), timezone.now())
    later = question.release_at
    at_once(*[lambda: moderation.release(submission_id=question.pk, now=later)] * 4)
    assert question.events.filter(action=Action.RELEASE).count() == 1
