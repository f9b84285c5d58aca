"""Trust: earned, given in one step, used, and lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import AutomaticApproval, Trust
from community.models.moderation.trust import AfterwardsOutcome, TrustLost
from community.permissions import NotAllowed
from community.services import moderation, trust
from community.services.moderation import automatic
from community.services.revisions import Text
from community.states import Action, SubmissionState
from tests.factories.community import (
    CommunityFactory,
    MembershipFactory,
    ReasonFactory,
    make_member,
    make_moderator,
    moderator_of,
    pending_question,
    pending_reply,
    released,
    released_question,
    released_reply,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
EARLIER = NOW - timedelta(days=2)


@pytest.fixture
def question():
    return released_question(now=EARLIER)


@pytest.fixture
def author(question):
    return make_member(question.community)


def trusted(author, question):
    """Trust ``author`` with replies by a moderator's word."""
    reply = pending_reply(question=question, author=author, now=EARLIER)
    approve(reply, trusts=True)
    return Trust.objects.get(member=author)


def approve(submission, **details):
    moderator = moderator_of(submission).user
    moderation.approve(submission=submission, moderator=moderator, version=submission.version, now=NOW, **details)
    submission.refresh_from_db()
    return submission


def current(author):
    return Trust.objects.current(NOW).filter(member=author).first()


def three_released(author, question):
    return [released_reply(question=question, author=author, now=EARLIER + timedelta(hours=n)) for n in range(3)]


# earned


def test_the_third_clean_release_in_a_row_earns_trust_and_the_second_does_not(question, author):
    for number in range(2):
        released_reply(question=question, author=author, now=EARLIER + timedelta(hours=number))
    assert current(author) is None
    released_reply(question=question, author=author, now=EARLIER + timedelta(hours=3))
    earned = current(author)
    assert (earned.kind, earned.community, earned.given_by) == ("reply", question.community, None)


def test_questions_earn_nothing_however_many(question):
    author = question.author
    for number in range(4):
        released(pending_question(community=question.community, author=author, now=EARLIER + timedelta(hours=number)))
    assert current(author) is None


def test_a_return_in_between_begins_the_count_anew(question, author):
    reply = pending_reply(question=question, author=author, now=EARLIER)
    moderator = moderator_of(reply).user
    one = {"submission": reply, "now": EARLIER}
    moderation.return_to_author(**one, moderator=moderator, version=1, reason=ReasonFactory(), message="")
    reply.refresh_from_db()
    moderation.revise(**one, author=author.user, version=reply.version, text=Text(body="Clearer."))
    reply.refresh_from_db()
    released(reply, NOW)
    for number in range(2):
        released_reply(question=question, author=author, now=EARLIER + timedelta(hours=number + 1))
    assert current(author) is None
    released_reply(question=question, author=author, now=EARLIER + timedelta(hours=5))
    assert current(author)


@pytest.mark.parametrize(("is_substantive", "earns"), [(True, False), (False, True)])
def test_a_change_of_the_sense_counts_against_and_one_of_spelling_does_not(question, author, is_substantive, earns):
    reply = pending_reply(question=question, author=author, now=EARLIER)
    amended = Text(body="We built a settling tank here.")
    approve(reply, amended=amended, is_substantive=is_substantive, note="Said where.")
    moderation.release(submission_id=reply.pk, now=NOW + timedelta(hours=1))
    for number in range(2):
        released_reply(question=question, author=author, now=EARLIER + timedelta(hours=number + 1))
    assert (current(author) is not None) is earns


def test_what_is_hidden_breaks_the_row_and_what_is_restored_mends_it(question, author):
    replies = three_released(author, question)
    Trust.objects.all().delete()
    middle = replies[1]
    by = make_moderator(question.community).user
    hiding = ReasonFactory(action=Action.HIDE)
    moderation.hide(submission=middle, moderator=by, version=middle.version, reason=hiding, message="", now=NOW)
    assert not trust.is_earned(replies[2])
    middle.refresh_from_db()
    other = make_moderator(question.community).user
    moderation.restore(submission=middle, moderator=other, version=middle.version, note="All right.", now=NOW)
    assert trust.is_earned(replies[2])


def test_an_approval_that_is_undone_has_never_counted(question, author):
    three = three_released(author, question)[:2]
    Trust.objects.all().delete()
    reply = pending_reply(question=question, author=author, now=NOW)
    approve(reply)
    by = moderator_of(reply).user
    moderation.undo_approval(submission=reply, moderator=by, version=reply.version, now=NOW)
    assert current(author) is None
    assert trust.is_earned(three[0])  # the three before it stand as they stood


def test_trust_of_one_community_is_none_of_another(question, author):
    three_released(author, question)
    other = released_question(community=CommunityFactory(), now=EARLIER)
    MembershipFactory(member=author, community=other.community)
    assert pending_reply(question=other, author=author).state == SubmissionState.PENDING


# given


def test_approve_and_trust_is_one_step_and_the_next_reply_goes_out_unread_after_the_hold(question, author):
    given = trusted(author, question)
    assert given.given_by
    assert given.submission
    reply = pending_reply(question=question, author=author, now=NOW)
    assert reply.state == SubmissionState.APPROVED
    assert reply.release_at == NOW + timedelta(seconds=300)
    entry = reply.events.get(action=Action.APPROVE)
    assert (entry.actor, entry.note, entry.is_by_trust) == (None, automatic.AUTO, True)
    assert AutomaticApproval.objects.get(submission=reply).trust == given
    assert moderation.release(submission_id=reply.pk, now=NOW + timedelta(seconds=300))


def test_nobody_is_trusted_with_questions_and_nothing_is_approved_then(question):
    asked = pending_question(community=question.community)
    with pytest.raises(NotAllowed):
        approve(asked, trusts=True)
    asked.refresh_from_db()
    assert asked.state == SubmissionState.PENDING


def test_a_trusted_members_question_waits(question, author):
    trusted(author, question)
    assert pending_question(community=question.community, author=author).state == SubmissionState.PENDING


def test_undoing_the_approval_takes_back_the_trust_that_came_with_it(question, author):
    given = trusted(author, question)
    reply = given.submission
    reply.refresh_from_db()
    by = moderator_of(reply).user
    moderation.undo_approval(submission=reply, moderator=by, version=reply.version, now=NOW)
    given.refresh_from_db()
    assert (given.ended_because, given.ended_by) == (TrustLost.UNDONE, by)


def test_giving_what_is_there_changes_nothing(question, author):
    given = trusted(author, question)
    again = trust.give(submission=given.submission, by=None, now=NOW)
    assert again.pk == given.pk
    assert again.given_by


# used


def test_a_held_reply_waits_whoever_wrote_it(question, author):
    trusted(author, question)
    reply = pending_reply(question=question, author=author, now=NOW)
    reply.held_because = [{"rule": "words"}]
    assert automatic.approve_by_trust(reply, NOW) is None


def test_what_trust_approved_can_be_undone_and_then_waits(question, author):
    trusted(author, question)
    reply = pending_reply(question=question, author=author, now=NOW)
    by = moderator_of(reply).user
    moderation.undo_approval(submission=reply, moderator=by, version=reply.version, now=NOW)
    reply.refresh_from_db()
    assert reply.state == SubmissionState.PENDING
    assert moderation.release(submission_id=reply.pk, now=NOW + timedelta(hours=1)) is None


def test_what_trust_approved_waits_after_all_where_trust_is_lost_before_it_goes_out(question, author):
    given = trusted(author, question)
    reply = pending_reply(question=question, author=author, now=NOW)
    trust.lose(member=author, community=question.community, kind="reply", because=TrustLost.FLAG, now=given.started_at)
    assert moderation.release(submission_id=reply.pk, now=NOW + timedelta(hours=1)) is None
    reply.refresh_from_db()
    assert reply.state == SubmissionState.PENDING
    assert reply.due_at
    approve(reply)
    assert moderation.release(submission_id=reply.pk, now=NOW + timedelta(hours=2))


@pytest.mark.parametrize(("drawn", "is_sampled"), [(0.0, True), (0.0999, True), (0.1, False), (0.99, False)])
def test_a_tenth_is_drawn_to_be_looked_at(question, author, drawn, is_sampled, settings):
    reply = pending_reply(question=question, author=author, now=NOW)
    trust.give(submission=reply, by=None, now=NOW)
    approval = automatic.approve_by_trust(reply, NOW, draw=lambda: drawn)
    assert approval.is_sampled is is_sampled


# looked at afterwards


@pytest.fixture
def drawn(question, author, settings):
    settings.TRUST_SAMPLED = 1
    trusted(author, question)
    reply = pending_reply(question=question, author=author, now=NOW - timedelta(hours=1))
    moderation.release(submission_id=reply.pk, now=NOW)
    reply.refresh_from_db()
    return reply


def test_a_moderator_finds_it_fine_once(drawn):
    by = moderator_of(drawn).user
    assert moderation.to_look_at(drawn, by)
    approval = moderation.look_at(submission=drawn, moderator=by, now=NOW)
    assert (approval.outcome, approval.looked_by) == (AfterwardsOutcome.FINE, by)
    assert moderation.to_look_at(drawn, by) is None
    with pytest.raises(NotAllowed):
        moderation.look_at(submission=drawn, moderator=make_moderator(drawn.community).user, now=NOW)


def test_nobody_looks_at_their_own_nor_who_moderates_elsewhere(drawn):
    assert moderation.to_look_at(drawn, drawn.author.user) is None
    for outsider in (drawn.author, make_moderator(CommunityFactory())):
        with pytest.raises(NotAllowed):
            moderation.look_at(submission=drawn, moderator=outsider.user, now=NOW)


def test_hiding_it_is_looking_at_it(drawn):
    by = moderator_of(drawn).user
    reason = ReasonFactory(action=Action.HIDE)
    moderation.hide(submission=drawn, moderator=by, version=drawn.version, reason=reason, message="", now=NOW)
    assert AutomaticApproval.objects.get(submission=drawn).outcome == AfterwardsOutcome.HIDDEN


def test_ending_the_trust_is_looking_at_what_it_approved(drawn):
    by = moderator_of(drawn).user
    ended = trust.end(trust=current(drawn.author), moderator=by, note="Short on sources.", now=NOW)
    assert (ended.ended_because, ended.ended_note) == (TrustLost.MODERATOR, "Short on sources.")
    assert AutomaticApproval.objects.get(submission=drawn).outcome == AfterwardsOutcome.TRUST_ENDED


# lost


@pytest.mark.parametrize("is_conduct", [True, False])
def test_a_decline_for_conduct_ends_it_and_any_other_does_not(question, author, is_conduct):
    given = trusted(author, question)
    asked = pending_question(community=question.community, author=author)
    reason = ReasonFactory(action=Action.DECLINE, is_conduct=is_conduct)
    by = moderator_of(asked).user
    moderation.decline(submission=asked, moderator=by, version=asked.version, reason=reason, message="", now=NOW)
    given.refresh_from_db()
    assert given.ended_because == (TrustLost.CONDUCT if is_conduct else "")


def test_spam_ends_it(question, author):
    given = trusted(author, question)
    asked = pending_question(community=question.community, author=author)
    moderation.mark_spam(submission=asked, moderator=moderator_of(asked).user, version=asked.version, now=NOW)
    given.refresh_from_db()
    assert given.ended_because == TrustLost.SPAM


def test_a_year_without_a_reply_ends_it_at_the_next_one_and_by_the_sweep(question, author):
    given = trusted(author, question)
    later = given.last_at + timedelta(days=365)
    assert trust.end_idle(now=later - timedelta(seconds=1)) == 0
    assert pending_reply(question=question, author=author, now=later).state == SubmissionState.PENDING
    given.refresh_from_db()
    assert given.ended_because == TrustLost.IDLE
    other = trusted(make_member(question.community), question)
    assert trust.end_idle(now=other.last_at + timedelta(days=365)) == 1
    assert trust.end_idle(now=other.last_at + timedelta(days=365)) == 0


def test_using_it_keeps_it(question, author):
    given = trusted(author, question)
    pending_reply(question=question, author=author, now=given.last_at + timedelta(days=364))
    given.refresh_from_db()
    assert trust.end_idle(now=given.started_at + timedelta(days=366)) == 0


def test_after_a_loss_the_count_begins_anew(question, author):
    replies = three_released(author, question)
    trust.lose(member=author, community=question.community, kind="reply", because=TrustLost.FLAG, now=NOW)
    assert not trust.is_earned(replies[-1])
    for number in range(3):
        assert current(author) is None
        released_reply(question=question, author=author, now=NOW + timedelta(hours=number + 1))
    assert Trust.objects.filter(member=author, ended_at=None).exists()


def test_only_moderators_of_the_community_end_it_and_they_say_why(question, author):
    given = trusted(author, question)
    with pytest.raises(NotAllowed):
        trust.end(trust=given, moderator=make_moderator(CommunityFactory()).user, note="Why not.", now=NOW)
    with pytest.raises(NotAllowed):
        trust.end(trust=given, moderator=make_moderator(question.community).user, note="  ", now=NOW)
    given.refresh_from_db()
    assert given.ended_at is None


def test_an_end_is_told_once(question, author):
    given = trusted(author, question)
    by = make_moderator(question.community).user
    trust.end(trust=given, moderator=by, note="Enough.", now=NOW)
    with pytest.raises(NotAllowed):
        trust.end(trust=given, moderator=by, note="Again.", now=NOW)
