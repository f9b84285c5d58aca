"""Who holds an item: taken, claimed, renewed, given back, taken over, and what the others are told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.enums import LeaseKind
from community.models import Membership, Submission
from community.permissions import NotAllowed
from community.services import communities, moderation
from community.services.revisions import Text
from community.states import Action, InvalidTransition, SubmissionState
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    approved,
    in_state,
    make_member,
    make_moderator,
    pending_question,
    pending_reply,
    released_question,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
MINUTE = timedelta(minutes=1)


@pytest.fixture
def item():
    return pending_question(now=NOW)


@pytest.fixture
def asha(item):
    return make_moderator(item.community, user__name="Asha", name="Asha")


@pytest.fixture
def bilal(item):
    return make_moderator(item.community, name="Bilal")


def take(item, member, now=NOW):
    return moderation.take(submission=item, moderator=member.user, now=now)


def approve(item, member, now=NOW):
    return moderation.approve(submission=item, moderator=member.user, version=1, now=now)


def actions(item):
    return [event.action for event in item.events.all()]


def test_a_taken_item_is_held_for_a_quarter_of_an_hour_and_neither_version_nor_log_know_of_it(item, asha):
    taken = take(item, asha)
    assert (taken.lease_holder, taken.lease_until, taken.leased_at) == (asha, NOW + 15 * MINUTE, NOW)
    item.refresh_from_db()
    assert (item.version, item.lease_kind, actions(item)) == (1, LeaseKind.AUTO, [Action.SUBMIT])


def test_nobody_else_decides_on_a_held_item_and_is_told_who_holds_it_since_when(item, asha, bilal):
    take(item, asha)
    with pytest.raises(moderation.Held) as held:
        approve(item, bilal, NOW + 5 * MINUTE)
    assert (held.value.holder, held.value.since, held.value.until) == (asha, NOW, NOW + 15 * MINUTE)
    item.refresh_from_db()
    assert item.state == SubmissionState.PENDING


def test_who_holds_an_item_decides_and_the_decision_frees_it(item, asha):
    take(item, asha)
    approve(item, asha)
    item.refresh_from_db()
    assert (item.lease_holder, item.lease_kind, item.leased_at, item.lease_until) == (None, "", None, None)


def test_an_item_that_nobody_holds_is_decided_directly(item, asha):
    assert approve(item, asha).state == SubmissionState.APPROVED


def test_a_lease_that_is_over_holds_nobody_up(item, asha, bilal):
    take(item, asha)
    assert approve(item, bilal, NOW + 15 * MINUTE).state == SubmissionState.APPROVED


@pytest.mark.parametrize("end", ["role", "membership", "account"])
def test_the_lease_of_somebody_who_moderates_no_more_counts_for_nothing(item, asha, bilal, end):
    take(item, asha)
    membership = Membership.objects.get(member=asha)
    if end == "role":
        Membership.objects.filter(pk=membership.pk).update(role="member")
    elif end == "membership":
        communities.leave(membership=membership, now=NOW)
    else:
        communities.anonymise(user=asha.user, now=NOW)
    assert take(item, bilal).lease_holder == bilal


def test_who_lost_the_role_a_second_ago_is_refused_with_the_lease_in_hand(item, asha):
    take(item, asha)
    Membership.objects.filter(member=asha).update(role="member")
    for act in (approve, take):
        with pytest.raises(NotAllowed):
            act(item, asha)
    with pytest.raises(NotAllowed):
        moderation.renew(submission=item, moderator=asha.user, now=NOW)


def test_renewing_keeps_the_item_and_its_beginning(item, asha):
    take(item, asha)
    renewed = moderation.renew(submission=item, moderator=asha.user, now=NOW + 10 * MINUTE)
    assert (renewed.leased_at, renewed.lease_until) == (NOW, NOW + 25 * MINUTE)


def test_renewing_takes_nothing_that_one_does_not_hold(item, asha, bilal):
    assert moderation.renew(submission=item, moderator=asha.user, now=NOW) is None
    take(item, bilal)
    with pytest.raises(moderation.Held):
        moderation.renew(submission=item, moderator=asha.user, now=NOW)


def test_a_claimed_item_stays_for_a_day_and_opening_it_makes_that_no_shorter(item, asha):
    moderation.claim(submission=item, moderator=asha.user, now=NOW)
    again = take(item, asha, NOW + MINUTE)
    assert (again.lease_kind, again.lease_until) == (LeaseKind.CLAIMED, NOW + timedelta(hours=24))


def test_the_log_knows_of_a_claim_once(item, asha):
    for _each in range(2):
        moderation.claim(submission=item, moderator=asha.user, now=NOW)
    assert actions(item) == [Action.SUBMIT, Action.CLAIM]
    claimed = item.events.last()
    assert (claimed.from_state, claimed.to_state, claimed.actor) == ("pending", "pending", asha.user)


def test_an_item_that_was_given_back_is_free(item, asha, bilal):
    take(item, asha)
    assert not moderation.give_back(submission=item, moderator=bilal.user)
    assert moderation.give_back(submission=item, moderator=asha.user)
    assert not moderation.give_back(submission=item, moderator=asha.user)
    assert take(item, bilal).lease_holder == bilal


def take_over(item, member, holder, note="She is on leave.", now=NOW):
    return moderation.take_over(submission=item, moderator=member.user, holder_id=holder.pk, note=note, now=now)


def test_taking_over_needs_a_line_that_the_log_keeps(item, asha, bilal):
    take(item, asha)
    with pytest.raises(NotAllowed):
        take_over(item, bilal, asha, note=" \n ")
    taken = take_over(item, bilal, asha, note="She is\non leave.")
    assert (taken.lease_holder, taken.leased_at) == (bilal, NOW)
    event = item.events.last()
    assert (event.action, event.actor, event.note, event.message) == (
        Action.TAKE_OVER,
        bilal.user,
        "She is on leave.",
        "",
    )


def test_after_a_take_over_the_first_holder_is_told_who_holds_it(item, asha, bilal):
    take(item, asha)
    take_over(item, bilal, asha)
    with pytest.raises(moderation.Held) as held:
        approve(item, asha)
    assert held.value.holder == bilal
    assert approve(item, bilal).state == SubmissionState.APPROVED


def test_a_take_over_names_from_whom_so_that_a_third_persons_item_is_left_alone(item, asha, bilal):
    chitra = make_moderator(item.community)
    take(item, chitra)
    with pytest.raises(moderation.Held):
        take_over(item, bilal, asha)
    assert Submission.objects.get(pk=item.pk).lease_holder == chitra


def test_taking_over_what_is_free_by_now_is_taking_it(item, asha, bilal):
    assert take_over(item, bilal, asha, note="").lease_holder == bilal
    assert actions(item) == [Action.SUBMIT]


@pytest.mark.parametrize("state", [state for state in SubmissionState.values if state not in ("draft", "pending")])
def test_only_what_waits_is_held(state):
    item = in_state(state)
    moderator = make_moderator(item.community)
    with pytest.raises(InvalidTransition):
        take(item, moderator)
    with pytest.raises(InvalidTransition):
        moderation.claim(submission=item, moderator=moderator.user, now=NOW)
    assert moderation.renew(submission=item, moderator=moderator.user, now=NOW) is None


def test_nobody_holds_an_own_message(item):
    Membership.objects.filter(member=item.author).update(role="moderator")
    with pytest.raises(NotAllowed):
        take(item, item.author)


def test_the_author_changes_and_withdraws_what_a_moderator_holds(item, asha):
    take(item, asha)
    author = item.author.user
    moderation.revise(submission=item, author=author, version=1, text=Text(title="New", body="New."), now=NOW)
    with pytest.raises(moderation.Conflict):
        approve(item, asha)
    item.refresh_from_db()
    assert item.lease_holder == asha
    moderation.withdraw(submission=item, author=author, version=2, now=NOW)
    item.refresh_from_db()
    assert item.lease_holder is None


def test_taking_one_reply_leaves_its_siblings_free(asha, item):
    question = released_question(community=item.community)
    one, other = pending_reply(question=question), pending_reply(question=question)
    take(one, asha)
    other.refresh_from_db()
    assert other.lease_holder is None


def test_an_undone_approval_is_free_again(item, asha, bilal):
    take(item, asha)
    approve(item, asha)
    moderation.undo_approval(submission=item, moderator=asha.user, version=2, now=NOW)
    assert take(item, bilal).lease_holder == bilal


# Give me the next one


def take_next(member, now=NOW):
    return moderation.take_next(moderator=member.user, now=now)


def test_the_next_one_is_the_first_of_the_queue_that_is_free_and_foreign():
    community = CommunityFactory()
    asha, bilal = make_moderator(community), make_moderator(community)
    held = pending_question(community=community, now=NOW - 5 * MINUTE)
    take(held, bilal)
    pending_question(community=community, author=asha, now=NOW - 4 * MINUTE)
    pending_question(now=NOW - 3 * MINUTE)  # of another community
    approved(pending_question(community=community, now=NOW - 2 * MINUTE))
    first, second = (pending_question(community=community, now=NOW + each * MINUTE) for each in (0, 1))

    assert take_next(asha) == Submission.objects.get(pk=first.pk)
    assert take_next(asha).pk == second.pk
    assert take_next(asha) is None
    assert Submission.objects.held_by(asha, NOW).count() == 2


def test_a_member_without_a_role_gets_no_item(item):
    assert take_next(make_member(item.community)) is None


def test_a_reason_of_the_log_is_no_reason_to_hold(item, asha):
    moderation.claim(submission=item, moderator=asha.user, now=NOW)
    moderation.return_to_author(
        submission=item, moderator=asha.user, version=1, reason=ReasonFactory(), message="", now=NOW
    )
    item.refresh_from_db()
    assert (item.state, item.lease_holder) == (SubmissionState.RETURNED, None)
