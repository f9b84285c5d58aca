"""Two people decide at the same moment, in real transactions on PostgreSQL."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from community.models import ModerationEvent
from community.services import moderation
from community.states import Action, SubmissionState
from tests.factories.community import ReasonFactory, approved, make_moderator, pending_question

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def at_once(*acts):
    """Run ``acts`` at the same moment, each in a connection of its own; return what each returned or raised."""
    barrier = threading.Barrier(len(acts))
    outcomes = [None] * len(acts)

    def run(number, act):
        try:
            barrier.wait(10)
            outcomes[number] = act()
        except Exception as error:  # noqa: BLE001 - the outcome is what is looked at
            outcomes[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcomes


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


def test_two_workers_release_an_item_once():
    question = approved(pending_question(), timezone.now())
    later = question.release_at
    at_once(*[lambda: moderation.release(submission_id=question.pk, now=later)] * 4)
    assert question.events.filter(action=Action.RELEASE).count() == 1
