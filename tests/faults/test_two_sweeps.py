"""Several sweeps look after deadlines at the same moment, in real transactions on PostgreSQL."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from community.enums import EnvelopeKind, NoticeCause, Role
from community.models import Envelope, ModeratorNotice
from community.services import moderation
from community.states import Action, SubmissionState
from tests.factories.community import (
    CommunityFactory,
    in_state,
    make_member,
    make_moderator,
    moderator_of,
    pending_question,
)
from tests.factories.users import UserFactory

from .test_two_moderators import at_once

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

MONDAY = timezone.make_aware(datetime.fromisoformat("2026-11-23 10:00"))
SWEEPS = 4


def sweeps(now) -> None:
    outcomes = at_once(*[lambda: moderation.keep_deadlines(now=now)] * SWEEPS)
    assert outcomes == [None] * SWEEPS


def test_each_level_fires_once_for_an_item_although_four_sweeps_reach_it_at_once():
    community = CommunityFactory()
    moderator, lead = make_moderator(community), make_member(community, role=Role.LEAD)
    items = [pending_question(community=community, now=MONDAY) for _ in range(5)]
    for hours in (2, 28, 72, 100, 102):
        sweeps(MONDAY + timedelta(hours=hours))
    fired = ModeratorNotice.objects.exclude(cause=NoticeCause.ARRIVED)
    expected = {
        (item.pk, cause, user.pk)
        for item in items
        for cause, people in (
            (NoticeCause.HALF, (moderator, lead)),
            (NoticeCause.OVERDUE, (moderator, lead)),
            (NoticeCause.LONG_OVERDUE, (lead,)),
        )
        for user in (each.user for each in people)
    }
    rows = list(fired.values_list("submission_id", "cause", "recipient_id"))
    assert len(rows) == len(expected)
    assert set(rows) == expected
    assert not fired.filter(settled_at=None).exists()
    for person in (moderator, lead):
        mailed = Envelope.objects.filter(kind=EnvelopeKind.MODERATOR, address=person.user.email)
        moments = list(mailed.values_list("built_at", flat=True))
        assert len(moments) == len(set(moments)), "one mail at a time, however many sweeps there are"
    assert Envelope.objects.filter(key__startswith="n:apology").count() == len(items)


def test_a_returned_item_is_reminded_of_and_lapses_once():
    question = in_state(SubmissionState.RETURNED, now=MONDAY)
    for days in (7, 21, 46, 60):
        sweeps(MONDAY + timedelta(days=days))
    assert question.events.filter(action=Action.LAPSE).count() == 1
    assert Envelope.objects.filter(key__startswith="n:reminder").count() == 3
    assert Envelope.objects.filter(key__startswith="n:lapse").count() == 1


def test_administrators_are_told_once_of_a_community_that_nobody_moderates():
    UserFactory(superuser=True)
    community = CommunityFactory()
    moderator = make_moderator(community)
    pending_question(community=community, now=MONDAY)
    moderator.memberships.update(ended_at=timezone.now())
    sweeps(MONDAY + timedelta(hours=1))
    assert ModeratorNotice.objects.filter(cause=NoticeCause.UNATTENDED).count() == 1


@pytest.mark.parametrize("repetition", range(3))
def test_an_item_that_is_decided_at_the_moment_of_a_sweep_is_decided_once_and_keeps_its_level(repetition):
    question = pending_question(now=MONDAY)
    moderator = moderator_of(question).user
    now = MONDAY + timedelta(days=1, hours=5)
    at_once(
        lambda: moderation.approve(submission=question, moderator=moderator, version=question.version, now=now),
        *[lambda: moderation.keep_deadlines(now=now)] * 2,
    )
    question.refresh_from_db()
    assert question.state == SubmissionState.APPROVED
    assert question.escalation_level in (0, 1)
    assert question.moderator_notices.filter(cause=NoticeCause.HALF).count() == question.escalation_level
