"""The rule of who reads what: predicate and filter say the same for every viewer, state and part."""

import itertools

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from community.models import Question, Reply, Submission
from community.services import communities
from community.states import SubmissionState
from community.visibility import Part, may_read, readable, reader_of
from tests.factories.community import (
    CommunityFactory,
    MembershipFactory,
    in_state,
    make_member,
    make_moderator,
    pending_reply,
    released_question,
    released_reply,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

INSIDERS = {"author", "moderator", "lead"}
MEMBERS = INSIDERS | {"member"}


def viewers(question):
    community = question.community
    former = MembershipFactory(community=community)
    communities.leave(membership=former, now=timezone.now())
    return {
        "visitor": AnonymousUser(),
        "account without profile": UserFactory(),
        "administrator without membership": UserFactory(superuser=True),
        "member": make_member(community).user,
        "member elsewhere": make_member(CommunityFactory()).user,
        "moderator elsewhere": make_moderator(CommunityFactory()).user,
        "former member": former.member.user,
        "author": question.author.user,
        "moderator": make_moderator(community).user,
        "lead": make_member(community, role="lead").user,
    }


def expected(name, state, part, public):
    if name in INSIDERS:
        return True
    if state != SubmissionState.RELEASED:
        return False
    return part is Part.TITLE or public or name in MEMBERS


@pytest.mark.parametrize(
    ("state", "public"), list(itertools.product(sorted(set(SubmissionState.values) - {"draft"}), [False, True]))
)
def test_a_question_is_read_by_those_whom_its_state_and_community_allow(state, public):
    question = in_state(state, community=CommunityFactory(threads_public=public))
    for (name, viewer), part in itertools.product(viewers(question).items(), Part):
        reader = reader_of(viewer)
        allowed = expected(name, state, part, public)
        assert may_read(reader, question, part) is allowed, (name, part)
        assert Question.objects.filter(readable(reader, part), pk=question.pk).exists() is allowed, (name, part)
        base = Submission.objects.select_related("community").get(pk=question.pk)
        assert may_read(reader, base, part) is allowed, (name, part)


@pytest.mark.parametrize("public", [False, True])
def test_a_released_reply_is_for_members_unless_threads_are_public(public):
    question = released_question(community=CommunityFactory(threads_public=public))
    reply = released_reply(question=question)
    for name, viewer in viewers(question).items():
        reader = reader_of(viewer)
        allowed = public or name in MEMBERS
        assert may_read(reader, reply) is allowed, name
        assert Reply.objects.filter(readable(reader), pk=reply.pk).exists() is allowed, name


def test_a_waiting_reply_is_for_its_author_and_the_moderators():
    question = released_question()
    reply = pending_reply(question=question)
    for name, viewer in viewers(question).items():
        reader = reader_of(viewer)
        allowed = name in {"moderator", "lead"}
        assert may_read(reader, reply) is allowed, name
        assert Reply.objects.filter(readable(reader), pk=reply.pk).exists() is allowed, name
    assert may_read(reader_of(reply.author.user), reply)


@pytest.mark.parametrize("public", [False, True])
def test_a_released_reply_of_a_hidden_question_is_read_by_nobody_outside(public):
    question = released_question(community=CommunityFactory(threads_public=public))
    reply = released_reply(question=question)
    Submission.objects.filter(pk=question.pk).update(state=SubmissionState.HIDDEN)
    reply = Reply.objects.select_related("community", "question").get(pk=reply.pk)
    for name, viewer in viewers(question).items():
        reader = reader_of(viewer)
        allowed = name in {"moderator", "lead"}
        assert may_read(reader, reply) is allowed, name
        assert Reply.objects.filter(readable(reader), pk=reply.pk).exists() is allowed, name
