"""Asking to join a community whose moderators decide who does."""

import pytest
from django.utils import timezone

from community.mail.reading import read_message
from community.models import Envelope, Membership, MembershipRequest, Submission
from community.permissions import NotAllowed
from community.services import communities, moderation
from community.services.communities import requests
from community.services.revisions import Text
from community.states import Action, SubmissionState
from tests.at_once import at_once
from tests.factories.community import CommunityFactory, MemberFactory, ReasonFactory, make_member, make_moderator

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def community():
    return CommunityFactory(membership_vetted=True)


def asked(community, member=None, *, text="I help dyers in Panipat.", mode="weekly_summary") -> MembershipRequest:
    return requests.ask_to_join(
        member=member or MemberFactory(), community=community, text=text, delivery_mode=mode, now=NOW
    )


def decided(request, act, **more):
    item = Submission.objects.get(pk=request.pk)
    moderator = more.pop("moderator", None) or make_moderator(item.community)
    act(submission=item, moderator=moderator.user, version=item.version, now=NOW, **more)
    request.refresh_from_db()
    return request


def declined(request, **more):
    reason = ReasonFactory(action=Action.DECLINE, kind="membership")
    return decided(request, moderation.decline, reason=reason, message="", **more)


def test_approving_begins_the_membership_at_once_with_the_mode_that_was_chosen(community):
    request = decided(asked(community), moderation.approve)
    assert request.state == SubmissionState.RELEASED
    assert [event.action for event in request.events.all()] == ["submit", "approve", "release"]
    membership = Membership.objects.get(member=request.author, community=community)
    assert (membership.delivery_mode, membership.started_at, membership.role) == ("weekly_summary", NOW, "member")
    mail = Envelope.objects.get(member=request.author, key=f"n:decision:{request.events.last().pk}")
    assert str(community) in mail.subject
    assert community.get_absolute_url() in read_message(mail.message).text


def test_until_then_the_member_is_not_in(community):
    request = asked(community)
    assert not Membership.objects.filter(member=request.author).exists()
    assert request.due_at is not None


def test_one_request_is_open_at_a_time(community):
    member = MemberFactory()
    first = asked(community, member)
    assert asked(community, member, text="Another text.") == first
    assert asked(CommunityFactory(), member) != first
    assert MembershipRequest.objects.count() == 2


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_button_pressed_ten_times_at_once_makes_one_request():
    community, member = CommunityFactory(membership_vetted=True), MemberFactory()
    outcomes = at_once(*[lambda: asked(community, member)] * 10)
    assert {outcome.pk for outcome in outcomes} == {MembershipRequest.objects.get().pk}


def test_who_is_in_already_neither_asks_nor_comes_in_twice(community):
    request = asked(community)
    communities.join(member=request.author, community=community, now=NOW, delivery_mode="daily")
    decided(request, moderation.approve)
    membership = Membership.objects.get(member=request.author)
    assert membership.delivery_mode == "daily"
    with pytest.raises(NotAllowed, match="already"):
        asked(community, request.author)


def test_where_moderators_decide_nobody_comes_in_alone(community):
    with pytest.raises(NotAllowed):
        requests.come_in(member=MemberFactory(), community=community, now=NOW)
    assert not Membership.objects.exists()


def test_where_they_decide_no_more_who_waits_comes_in_and_the_request_is_withdrawn(community):
    request = asked(community)
    community.membership_vetted = False
    community.save()
    requests.come_in(member=request.author, community=community, now=NOW)
    request.refresh_from_db()
    assert request.state == SubmissionState.WITHDRAWN
    assert Membership.objects.filter(member=request.author, started_at=NOW).count() == 1


def test_returned_it_comes_back_as_the_same_request(community):
    reason = ReasonFactory(action=Action.RETURN, kind="membership")
    request = decided(asked(community), moderation.return_to_author, reason=reason, message="Say more.")
    mail = Envelope.objects.get(member=request.author)
    assert "Say more." in read_message(mail.message).text
    assert "answer" not in read_message(mail.message).text
    moderation.revise(
        submission=request, author=request.author.user, version=request.version, text=Text(body="More."), now=NOW
    )
    request.refresh_from_db()
    assert (request.state, request.revision.body) == (SubmissionState.PENDING, "More.")
    assert asked(community, request.author) == request


def test_declined_it_can_be_appealed_once_or_sent_in_anew_but_not_both(community):
    request = declined(asked(community))
    assert request.open_key is None
    anew = asked(community, request.author)
    assert anew != request
    with pytest.raises(NotAllowed, match="anew"):
        moderation.appeal(
            submission=request, author=request.author.user, version=request.version, text="But I do.", now=NOW
        )
    request.refresh_from_db()
    assert request.state == SubmissionState.DECLINED

    moderation.withdraw(submission=anew, author=anew.author.user, version=anew.version, now=NOW)
    moderation.appeal(
        submission=request, author=request.author.user, version=request.version, text="But I do.", now=NOW
    )
    decided(request, moderation.approve)
    assert Membership.objects.current().filter(member=request.author).exists()


def test_what_is_never_done_to_a_request_is_refused_in_words(community):
    request = asked(community)
    with pytest.raises(NotAllowed, match="request to join"):
        decided(request, moderation.approve, amended=Text(body="Other words."))
    decided(request, moderation.approve)
    with pytest.raises(NotAllowed, match="request to join"):
        decided(request, moderation.hide, reason=ReasonFactory(action=Action.HIDE), message="")


def test_an_approval_cannot_be_undone_as_the_member_is_in(community):
    request = decided(asked(community), moderation.approve)
    with pytest.raises(Exception, match="undo"):
        decided(request, moderation.undo_approval)


def test_a_moderator_of_another_community_decides_nothing(community):
    with pytest.raises(NotAllowed):
        decided(asked(community), moderation.approve, moderator=make_moderator(CommunityFactory()))


def test_nobody_but_the_author_and_the_moderators_is_mailed(community):
    make_member(community)
    moderator = make_moderator(community)
    request = asked(community)
    moderation.keep_deadlines(now=NOW)
    decided(request, moderation.approve, moderator=moderator)
    assert {mail.member for mail in Envelope.objects.all()} == {request.author, moderator}
