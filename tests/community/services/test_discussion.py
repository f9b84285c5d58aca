"""Asking, answering, having the problem too."""

import pytest
from django.utils import timezone

from community.models import MeToo, Question, Reply
from community.permissions import NotAllowed
from community.services import discussion
from community.states import SubmissionState
from tests.factories.community import (
    CommunityFactory,
    MemberFactory,
    MembershipFactory,
    in_state,
    make_member,
    pending_question,
    pending_reply,
    released_question,
    released_reply,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def test_only_a_member_of_the_community_asks_there():
    with pytest.raises(NotAllowed):
        pending_question(community=CommunityFactory(), author=MemberFactory())
    assert not Question.objects.exists()


def test_a_former_member_does_not_answer():
    question = released_question()
    former = MembershipFactory(community=question.community, ended_at=NOW).member
    with pytest.raises(NotAllowed):
        pending_reply(question=question, author=former)


@pytest.mark.parametrize("state", sorted(set(SubmissionState.values) - {"released", "draft"}))
def test_a_question_that_is_not_released_takes_no_reply_and_no_me_too(state):
    question = in_state(state)
    member = make_member(question.community)
    with pytest.raises(NotAllowed):
        pending_reply(question=question, author=member)
    with pytest.raises(NotAllowed):
        discussion.mark_me_too(question=question, member=member, now=NOW)


def test_the_same_form_sent_twice_is_stored_once():
    community = CommunityFactory()
    author = make_member(community)
    first = pending_question(community=community, author=author, form_token="t-1")
    with pytest.raises(discussion.AlreadySent) as again:
        pending_question(community=community, author=author, form_token="t-1")
    assert again.value.submission.pk == first.pk
    assert Question.objects.count() == 1


def test_the_same_reply_form_sent_twice_is_stored_once():
    question = released_question()
    author = make_member(question.community)
    pending_reply(question=question, author=author, form_token="t-2")
    with pytest.raises(discussion.AlreadySent):
        pending_reply(question=question, author=author, form_token="t-2")
    assert Reply.objects.count() == 1


def test_having_the_problem_too_counts_once_and_can_be_taken_back():
    question = released_question()
    member = make_member(question.community)
    for _ in range(2):
        discussion.mark_me_too(question=question, member=member, now=NOW)
    assert MeToo.objects.count() == 1
    discussion.unmark_me_too(question=question, member=member)
    assert not MeToo.objects.exists()


def test_asker_released_repliers_and_those_with_the_same_problem_follow_a_question():
    question = released_question()
    replier = released_reply(question=question).author
    waiting = pending_reply(question=question).author
    same_problem = make_member(question.community)
    discussion.mark_me_too(question=question, member=same_problem, now=NOW)
    followers = discussion.follower_ids(question)
    assert followers == {question.author_id, replier.pk, same_problem.pk}
    assert waiting.pk not in followers
