"""Suspending a member: who may, what it forbids and what it leaves, its appeal and its end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.enums import AppealOutcome, Role
from community.models import Envelope, Membership, Suspension, Trust
from community.models.moderation.trust import TrustLost
from community.permissions import NotAllowed, moderates
from community.services import communities, contributing, discussion, moderation, trust
from community.services.moderation.deadlines import communities_without_moderator
from community.services.revisions import Text
from community.states import Action, SubmissionState
from tests.factories.community import (
    CommunityFactory,
    MembershipFactory,
    ReasonFactory,
    approved,
    make_member,
    make_moderator,
    moderator_of,
    pending_question,
    pending_reply,
    released_question,
    released_reply,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
WEEK = timedelta(days=7)


@pytest.fixture
def question():
    return released_question(now=NOW - timedelta(days=2))


@pytest.fixture
def community(question):
    return question.community


@pytest.fixture
def member(community):
    return make_member(community)


@pytest.fixture
def moderator(community):
    return make_moderator(community)


@pytest.fixture
def administrator(db):
    return UserFactory(is_superuser=True, is_staff=True)


def suspend(member, by, community, **changes):
    values = {"reason": "Two adverts in a day.", "ends_at": NOW + WEEK, "now": NOW} | changes
    return contributing.suspend(member=member, community=community, by=by, **values)


# what it forbids and what it leaves


def test_who_is_suspended_sends_nothing_in_and_is_told_why_until_when_and_how_to_appeal(question, member, moderator):
    declined = pending_question(community=question.community, author=member)
    reason = ReasonFactory(action=Action.DECLINE)
    moderation.decline(submission=declined, moderator=moderator.user, version=1, reason=reason, message="", now=NOW)
    declined.refresh_from_db()
    waiting = pending_question(community=question.community, author=member)
    suspend(member, moderator.user, question.community)
    text = Text(title="T", body="B")
    for act in (
        lambda: pending_question(community=question.community, author=member, now=NOW),
        lambda: pending_reply(question=question, author=member, now=NOW),
        lambda: discussion.mark_me_too(question=question, member=member, now=NOW),
        lambda: moderation.revise(submission=waiting, author=member.user, version=1, text=text, now=NOW),
        lambda: moderation.appeal(
            submission=declined, author=member.user, version=declined.version, text="No.", now=NOW
        ),
    ):
        with pytest.raises(contributing.Suspended) as refused:
            act()
        assert "Two adverts in a day." in str(refused.value)
        assert "appeal once" in str(refused.value)
        assert str(question.community) in str(refused.value)


def test_what_waits_stays_in_the_queue_and_can_be_withdrawn_and_decided(question, member, moderator):
    first, second = (pending_reply(question=question, author=member, now=NOW) for _ in range(2))
    suspend(member, moderator.user, question.community)
    moderation.withdraw(submission=first, author=member.user, version=1, now=NOW)
    assert approved(second, NOW).state == SubmissionState.APPROVED


def test_it_counts_in_its_community_alone_and_one_of_everywhere_in_all(question, member, moderator, administrator):
    elsewhere = MembershipFactory(member=member).community
    suspend(member, moderator.user, question.community)
    pending_question(community=elsewhere, author=member, now=NOW)
    suspend(member, administrator, None)
    with pytest.raises(contributing.Suspended):
        pending_question(community=elsewhere, author=member, now=NOW)


def test_it_ends_by_itself_at_its_date(question, member, moderator):
    suspend(member, moderator.user, question.community)
    with pytest.raises(contributing.Suspended):
        pending_reply(question=question, author=member, now=NOW + WEEK - timedelta(seconds=1))
    assert pending_reply(question=question, author=member, now=NOW + WEEK).state == SubmissionState.PENDING


def test_leaving_and_joining_again_does_not_end_it(question, member, moderator):
    suspend(member, moderator.user, question.community)
    communities.leave(membership=Membership.objects.get(member=member), now=NOW)
    communities.join(member=member, community=question.community, now=NOW)
    with pytest.raises(contributing.Suspended):
        pending_reply(question=question, author=member, now=NOW)


def test_trust_ends_and_what_it_let_through_waits_after_all(question, member, moderator):
    first = released_reply(question=question, author=member, now=NOW)
    given = trust.give(submission=first, by=None, now=NOW)
    reply = pending_reply(question=question, author=member, now=NOW)
    assert reply.state == SubmissionState.APPROVED
    suspend(member, moderator.user, question.community)
    given.refresh_from_db()
    assert given.ended_because == TrustLost.SUSPENDED
    assert moderation.release(submission_id=reply.pk, now=NOW + timedelta(hours=1)) is None


def test_nobody_trusts_who_is_suspended(question, member, moderator):
    reply = pending_reply(question=question, author=member, now=NOW)
    suspend(member, moderator.user, question.community)
    by = moderator_of(reply).user
    with pytest.raises(NotAllowed):
        moderation.approve(submission=reply, moderator=by, version=1, now=NOW, trusts=True)
    assert not Trust.objects.exists()


def test_the_member_gets_one_mail_with_the_reason_and_the_way_to_appeal(question, member, moderator):
    suspension = suspend(member, moderator.user, question.community)
    mail = Envelope.objects.get(key=f"n:suspension:{suspension.pk}:suspended")
    assert mail.member == member
    body = bytes(mail.message).decode()
    assert "Two adverts in a day." in body
    assert f"/my/suspensions/{suspension.pk}/" in body


# who may


def test_a_moderator_suspends_members_a_lead_moderators_and_an_administrator_leads(community, administrator):
    people = {role: make_member(community, role=role) for role in Role.values}
    others = {role: make_member(community, role=role) for role in Role.values}
    allowed = {("moderator", "member"), ("lead", "member"), ("lead", "moderator")}
    for by_role, by in people.items():
        for role, target in others.items():
            refused = bool(contributing.why_not_suspend(member=target, community=community, by=by.user))
            assert refused is ((by_role, role) not in allowed), (by_role, role)
            assert contributing.why_not_suspend(member=target, community=None, by=by.user)
    for target in others.values():
        assert not contributing.why_not_suspend(member=target, community=community, by=administrator)
        assert not contributing.why_not_suspend(member=target, community=None, by=administrator)


def test_nobody_suspends_themselves_an_administrator_or_somebody_elsewhere(community, member, moderator, administrator):
    boss = make_member(community, user=UserFactory(is_superuser=True))
    outsider = make_moderator(CommunityFactory())
    for target, by in ((moderator, moderator.user), (boss, moderator.user), (boss, administrator), (boss, boss.user)):
        with pytest.raises(NotAllowed):
            suspend(target, by, community)
    with pytest.raises(NotAllowed):
        suspend(member, outsider.user, community)
    assert not Suspension.objects.exists()


@pytest.mark.parametrize(
    "changes",
    [{"reason": " \n"}, {"ends_at": NOW}, {"ends_at": NOW - WEEK}, {"ends_at": NOW + timedelta(days=400)}],
)
def test_it_needs_a_reason_and_an_end(member, moderator, community, changes):
    with pytest.raises(NotAllowed):
        suspend(member, moderator.user, community, **changes)


def test_a_second_one_at_the_same_time_is_refused(member, moderator, community):
    suspend(member, moderator.user, community)
    with pytest.raises(NotAllowed):
        suspend(member, make_moderator(community).user, community)
    suspend(member, moderator.user, community, now=NOW + WEEK, ends_at=NOW + 2 * WEEK)


# a moderator who is suspended


def test_a_suspended_moderator_decides_nothing_meanwhile_and_what_they_held_is_free(community, moderator):
    lead = make_member(community, role=Role.LEAD)
    item = pending_question(community=community, now=NOW)
    moderation.take(submission=item, moderator=moderator.user, now=NOW)
    suspend(moderator, lead.user, community, ends_at=NOW + WEEK)
    assert not moderates(moderator.user, community)
    with pytest.raises(NotAllowed):
        moderation.approve(submission=item, moderator=moderator.user, version=item.version, now=NOW)
    moderation.approve(submission=item, moderator=lead.user, version=item.version, now=NOW)


def test_a_suspended_lead_leads_nobody_and_the_role_comes_back_by_itself(community, administrator, member):
    lead = make_member(community, role=Role.LEAD)
    suspension = suspend(lead, administrator, community, ends_at=NOW + WEEK)
    membership = Membership.objects.get(member=member)
    one = {"membership": membership, "role": Role.MODERATOR, "by": lead.user, "now": NOW}
    with pytest.raises(NotAllowed):
        communities.change_role(**one)
    contributing.lift(suspension=suspension, by=administrator, note="Talked.", now=NOW)
    communities.change_role(**one)
    assert moderates(lead.user, community)


def test_a_community_whose_only_moderator_is_suspended_has_none(administrator):
    community = CommunityFactory()
    only = make_member(community, role=Role.MODERATOR)
    pending_question(community=community)
    assert community not in communities_without_moderator()
    suspend(only, administrator, community)
    assert community in communities_without_moderator()


# its appeal and its early end


def test_the_member_appeals_once_and_somebody_else_than_who_imposed_it_decides(community, member, moderator):
    suspension = suspend(member, moderator.user, community)
    with pytest.raises(NotAllowed):
        contributing.appeal(suspension=suspension, member=moderator, text="I say so.", now=NOW)
    with pytest.raises(NotAllowed):
        contributing.appeal(suspension=suspension, member=member, text="  ", now=NOW)
    contributing.appeal(suspension=suspension, member=member, text="It was no advert.", now=NOW)
    with pytest.raises(NotAllowed):
        contributing.appeal(suspension=suspension, member=member, text="Again.", now=NOW)
    decision = {"suspension": suspension, "lifts": True, "answer": "You are right.", "now": NOW}
    for by in (moderator.user, member.user, make_moderator(CommunityFactory()).user):
        with pytest.raises(NotAllowed):
            contributing.decide(**decision, by=by)
    contributing.decide(**decision, by=make_moderator(community).user)
    suspension.refresh_from_db()
    assert suspension.appeal_outcome == AppealOutcome.OVERTURNED
    pending_question(community=community, author=member, now=NOW + timedelta(minutes=1))
    with pytest.raises(NotAllowed):
        contributing.decide(**decision, by=make_moderator(community).user)


def test_an_appeal_that_is_refused_lets_it_stand_and_the_answer_is_mailed(community, member, moderator, administrator):
    suspension = suspend(member, moderator.user, community)
    contributing.appeal(suspension=suspension, member=member, text="It was no advert.", now=NOW)
    contributing.decide(suspension=suspension, by=administrator, lifts=False, answer="It was.", now=NOW)
    with pytest.raises(contributing.Suspended):
        pending_question(community=community, author=member, now=NOW)
    assert "It was." in bytes(Envelope.objects.get(key=f"n:suspension:{suspension.pk}:stands").message).decode()


def test_what_has_ended_is_neither_appealed_nor_lifted(community, member, moderator):
    suspension = suspend(member, moderator.user, community)
    over = NOW + WEEK
    with pytest.raises(NotAllowed):
        contributing.appeal(suspension=suspension, member=member, text="No.", now=over)
    with pytest.raises(NotAllowed):
        contributing.lift(suspension=suspension, by=moderator.user, note="Enough.", now=over)


def test_it_is_lifted_early_with_a_line_and_the_row_stays(community, member, moderator):
    suspension = suspend(member, moderator.user, community)
    with pytest.raises(NotAllowed):
        contributing.lift(suspension=suspension, by=moderator.user, note=" ", now=NOW)
    with pytest.raises(NotAllowed):
        contributing.lift(suspension=suspension, by=member.user, note="Please.", now=NOW)
    contributing.lift(suspension=suspension, by=moderator.user, note="They explained it.", now=NOW)
    suspension.refresh_from_db()
    assert (suspension.lifted_by, suspension.lifted_note) == (moderator.user, "They explained it.")
    assert Envelope.objects.filter(key=f"n:suspension:{suspension.pk}:lifted").exists()
    pending_question(community=community, author=member, now=NOW + timedelta(seconds=1))
