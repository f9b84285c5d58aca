"""Appeals: once, in time, by the author, and decided by somebody else than who declined."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from community.enums import AppealOutcome
from community.models import Appeal, Envelope
from community.permissions import NotAllowed
from community.services import moderation
from community.services.revisions import Text
from community.states import Action, InvalidTransition, SubmissionState
from tests.factories.community import (
    MemberFactory,
    ReasonFactory,
    in_state,
    make_member,
    make_moderator,
    pending_question,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def decliner(community):
    return make_moderator(community)


@pytest.fixture
def declined(community, decliner):
    question = pending_question(community=community, now=NOW)
    return decide("decline", question, decliner)


def decide(decision, question, by, now=NOW):
    """Decide on ``question`` as it is now; return it as it is then."""
    question.refresh_from_db()
    given = {"submission": question, "moderator": by.user, "version": question.version, "now": now}
    if decision == "approve":
        moderation.approve(**given)
    elif decision == "undo":
        moderation.undo_approval(**given)
    elif decision == "return":
        moderation.return_to_author(**given, reason=ReasonFactory(), message="")
    else:
        moderation.decline(**given, reason=ReasonFactory(action=Action.DECLINE), message="No.")
    question.refresh_from_db()
    return question


def appeal(question, by=None, now=NOW, text="It is about dyers.") -> Appeal:
    question.refresh_from_db()
    author = by or question.author.user
    made = moderation.appeal(submission=question, author=author, version=question.version, text=text, now=now)
    question.refresh_from_db()
    return made


def test_an_appeal_puts_the_same_item_before_another_moderator(declined, decliner, community):
    other = make_moderator(community)
    made = appeal(declined)
    assert declined.state == SubmissionState.PENDING
    assert declined.due_at > NOW
    assert made.assigned_to == other
    assert made.declined.actor == decliner.user
    assert declined.events.last().action == Action.APPEAL
    assert declined.events.last().message == "", "personal words stand where they can be blanked"


@pytest.mark.parametrize("decision", ["approve", "return", "decline"])
def test_who_declined_never_decides_on_the_appeal_and_others_do(declined, decliner, community, decision):
    appeal(declined)
    with pytest.raises(NotAllowed, match="You declined this message"):
        decide(decision, declined, decliner)
    decide(decision, declined, make_moderator(community))
    assert declined.state != SubmissionState.PENDING


def test_who_declined_does_not_undo_the_approval_either(declined, decliner, community):
    appeal(declined)
    decide("approve", declined, make_moderator(community))
    with pytest.raises(NotAllowed):
        decide("undo", declined, decliner)


def test_an_overturned_decision_is_told_with_the_release(declined, community):
    appeal(declined)
    decide("approve", declined, make_moderator(community))
    assert Appeal.objects.get().outcome == "", "an approval can still be undone"
    moderation.release_due(now=NOW + timedelta(days=1))
    assert Appeal.objects.get().outcome == AppealOutcome.OVERTURNED
    assert "the first decision is overturned" in bytes(Envelope.objects.last().message).decode()


def test_a_decision_that_stands_is_told_and_ends_it(declined, community):
    assert "you can appeal once" in bytes(Envelope.objects.get().message).decode().replace("=\r\n", "")
    appeal(declined)
    decide("decline", declined, make_moderator(community))
    assert Appeal.objects.get().outcome == AppealOutcome.STANDS
    mail = bytes(Envelope.objects.last().message).decode()
    assert "the decision stands" in mail
    assert "can appeal once" not in mail
    with pytest.raises(NotAllowed, match="You have appealed once"):
        appeal(declined)


def test_an_approval_that_is_undone_leaves_the_appeal_open(declined, decliner, community):
    second = make_moderator(community)
    appeal(declined)
    decide("approve", declined, second)
    decide("undo", declined, second)
    assert Appeal.objects.get().outcome == ""
    with pytest.raises(NotAllowed):
        decide("approve", declined, decliner)


def test_a_return_leaves_it_open_and_the_decliner_out(declined, decliner, community):
    appeal(declined)
    decide("return", declined, make_moderator(community))
    text = Text(title="New words", body="New.")
    moderation.revise(submission=declined, author=declined.author.user, version=declined.version, text=text, now=NOW)
    with pytest.raises(NotAllowed):
        decide("approve", declined, decliner)


def test_only_the_author_appeals(declined, decliner, community):
    for other in (decliner.user, make_member(community).user, UserFactory(), UserFactory(superuser=True)):
        with pytest.raises(NotAllowed):
            appeal(declined, by=other)
    assert not Appeal.objects.exists()


@pytest.mark.parametrize(("late", "taken"), [(timedelta(days=30), True), (timedelta(days=30, seconds=1), False)])
def test_an_appeal_is_possible_for_thirty_days(declined, late, taken):
    if taken:
        appeal(declined, now=NOW + late)
    else:
        with pytest.raises(NotAllowed, match="within 30 days"):
            appeal(declined, now=NOW + late)
    assert Appeal.objects.exists() == taken


@pytest.mark.parametrize("state", [state for state in SubmissionState.values if state not in ("draft", "declined")])
def test_nothing_but_a_decline_is_appealed(state):
    question = in_state(state)
    with pytest.raises(InvalidTransition):
        appeal(question)


def test_the_version_that_was_shown_is_compared(declined):
    with pytest.raises(moderation.Conflict):
        moderation.appeal(submission=declined, author=declined.author.user, version=1, text="x", now=NOW)


def test_appeals_are_spread_over_the_other_moderators(community, decliner):
    others = {make_moderator(community), make_moderator(community)}
    asked = [
        appeal(decide("decline", pending_question(community=community), decliner)).assigned_to for _each in range(4)
    ]
    assert {asked.count(each) for each in others} == {2}


def test_without_another_moderator_an_administrator_decides(declined, decliner, community):
    admin = MemberFactory(user=UserFactory(superuser=True))
    with pytest.raises(InvalidTransition):
        decide("approve", declined, admin)
    assert appeal(declined).assigned_to is None
    with pytest.raises(NotAllowed):
        decide("approve", declined, make_member(community))
    decide("approve", declined, admin)
    assert declined.state == SubmissionState.APPROVED


def test_an_administrator_steps_in_only_where_nobody_else_can(declined, community):
    make_moderator(community)
    appeal(declined)
    with pytest.raises(NotAllowed):
        decide("approve", declined, MemberFactory(user=UserFactory(superuser=True)))


@pytest.mark.parametrize(("first", "second"), list(itertools.product(["author", "decliner", "other"], repeat=2)))
def test_whoever_tries_in_whatever_order_only_the_other_moderator_decides(declined, decliner, community, first, second):
    people = {"author": declined.author, "decliner": decliner, "other": make_moderator(community)}
    appeal(declined)
    decided = []
    for who in (first, second):
        try:
            decide("decline", declined, people[who])
            decided.append(who)
        except (NotAllowed, InvalidTransition):
            pass
    assert decided == (["other"] if "other" in (first, second) else [])
