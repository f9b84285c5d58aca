"""From event to delivery to mail: each member once, the way they chose."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from community.enums import DeliveryMode, DeliveryState, EnvelopeKind, SkipReason
from community.models import Delivery, Envelope, Event, Submission
from community.services import communities, distribution
from community.states import SubmissionState
from tests.factories.community import (
    CommunityFactory,
    MembershipFactory,
    make_member,
    released_question,
    released_reply,
)

pytestmark = pytest.mark.django_db
INDIA = ZoneInfo("Asia/Kolkata")
MONDAY = datetime(2026, 11, 16, 10, 0, tzinfo=INDIA)


@pytest.fixture
def community():
    return CommunityFactory()


@pytest.fixture
def author(community):
    return make_member(community, mode=DeliveryMode.NONE)


@pytest.fixture(autouse=True)
def moderator(community):
    return MembershipFactory(community=community, moderator=True, delivery_mode=DeliveryMode.NONE)


def release(community, author, now=MONDAY):
    question = released_question(community=community, author=author, now=now)
    event = Event.objects.get(key=f"released:{question.pk}")
    distribution.fan_out(event_id=event.pk, now=now)
    return question


def mails():
    return Envelope.objects.exclude(kind=EnvelopeKind.NOTICE)


def test_a_release_is_owed_to_each_member_once_however_often_it_is_fanned_out(community, author):
    members = [make_member(community) for _ in range(3)]
    question = release(community, author)
    event = Event.objects.get(submission_id=question.pk)
    Event.objects.update(fanned_out_at=None, fanned_out_to=0)
    distribution.fan_out(event_id=event.pk, now=MONDAY)
    pending = Delivery.objects.filter(state=DeliveryState.PENDING)
    assert sorted(pending.values_list("member_id", flat=True)) == sorted(member.pk for member in members)
    event.refresh_from_db()
    assert event.fanned_out_at == MONDAY


def test_a_fan_out_that_broke_off_goes_on_where_it_stopped(community, author, monkeypatch):
    members = [make_member(community) for _ in range(5)]
    monkeypatch.setattr(distribution, "FAN_OUT_CHUNK", 2)
    question = released_question(community=community, author=author, now=MONDAY)
    event = Event.objects.get(submission_id=question.pk)
    assert distribution.fan_out_chunk(event_id=event.pk, now=MONDAY) is True
    assert Delivery.objects.count() == 2
    distribution.fan_out_due(now=MONDAY)
    assert Delivery.objects.filter(member__in=members).count() == 5
    assert Delivery.objects.count() == 7


@pytest.mark.parametrize("mode", DeliveryMode.values)
def test_each_mode_gets_its_mail_when_it_is_due_and_not_before(community, author, mode):
    member = make_member(community, mode=mode)
    release(community, author)
    expected = {
        DeliveryMode.AS_SENT: MONDAY,
        DeliveryMode.DAILY: datetime(2026, 11, 17, 7, 0, tzinfo=INDIA),
        DeliveryMode.DAILY_SUMMARY: datetime(2026, 11, 17, 7, 0, tzinfo=INDIA),
        DeliveryMode.WEEKLY_SUMMARY: datetime(2026, 11, 23, 7, 0, tzinfo=INDIA),
        DeliveryMode.NONE: None,
    }[mode]
    if expected is None:
        distribution.build_due(now=MONDAY + timedelta(days=30))
        assert not mails().exists()
        delivery = Delivery.objects.get(member=member)
        assert (delivery.state, delivery.reason) == (DeliveryState.SKIPPED, SkipReason.MODE_NONE)
        return
    if expected != MONDAY:
        distribution.build_due(now=expected - timedelta(minutes=1))
        assert not mails().exists()
    distribution.build_due(now=expected)
    assert mails().get().address == member.user.email
    distribution.build_due(now=expected + timedelta(minutes=5))
    assert mails().count() == 1


def test_the_author_is_not_mailed_the_own_message(community):
    author = make_member(community)
    release(community, author)
    assert Delivery.objects.get(member=author).reason == SkipReason.OWN_MESSAGE


def test_members_of_other_communities_and_former_members_are_owed_nothing(community, author):
    make_member(CommunityFactory())
    former = MembershipFactory(community=community)
    communities.leave(membership=former, now=MONDAY - timedelta(days=1))
    release(community, author)
    assert not Delivery.objects.filter(state=DeliveryState.PENDING).exists()


def test_who_joins_after_a_release_is_not_owed_it(community, author):
    question = released_question(community=community, author=author, now=MONDAY)
    late = MembershipFactory(community=community, started_at=MONDAY + timedelta(minutes=1)).member
    distribution.fan_out_due(now=MONDAY + timedelta(minutes=2))
    assert not Delivery.objects.filter(member=late, event__submission_id=question.pk).exists()


def test_a_daily_mail_gathers_what_was_released_since_and_a_late_sweep_sends_it_once(community, author):
    make_member(community, mode=DeliveryMode.DAILY)
    questions = [release(community, author, MONDAY + timedelta(hours=hour)) for hour in range(3)]
    for hours in (0, 1, 9):
        distribution.build_due(now=datetime(2026, 11, 17, 12, 0, tzinfo=INDIA) + timedelta(hours=hours))
    envelope = mails().get()
    assert envelope.deliveries.count() == len(questions)


def test_todays_item_is_not_in_the_mail_that_was_due_this_morning(community, author):
    make_member(community, mode=DeliveryMode.DAILY)
    release(community, author, MONDAY)
    release(community, author, datetime(2026, 11, 17, 8, 0, tzinfo=INDIA))
    distribution.build_due(now=datetime(2026, 11, 17, 9, 0, tzinfo=INDIA))
    assert mails().get().deliveries.count() == 1
    distribution.build_due(now=datetime(2026, 11, 18, 9, 0, tzinfo=INDIA))
    assert mails().count() == 2


def test_a_weekly_mail_arrives_five_weeks_running(community, author):
    make_member(community, mode=DeliveryMode.WEEKLY_SUMMARY)
    for week in range(5):
        release(community, author, MONDAY + timedelta(weeks=week))
        distribution.build_due(now=MONDAY + timedelta(weeks=week + 1))
    assert mails().count() == 5
    assert len(set(mails().values_list("period", flat=True))) == 5


def test_a_message_hidden_before_its_mail_is_built_is_not_mailed(community, author):
    member = make_member(community, mode=DeliveryMode.AS_SENT)
    question = release(community, author)
    Submission.objects.filter(pk=question.pk).update(state=SubmissionState.HIDDEN)
    distribution.build_due(now=MONDAY)
    assert not mails().exists()
    assert Delivery.objects.get(member=member).reason == SkipReason.NOT_VISIBLE


def test_changing_the_mode_loses_and_repeats_nothing(community, author):
    membership = MembershipFactory(community=community, delivery_mode=DeliveryMode.DAILY_SUMMARY)
    release(community, author)
    communities.change_delivery(membership=membership, mode=DeliveryMode.AS_SENT, wants_digest=True)
    distribution.build_due(now=MONDAY)
    assert mails().count() == 1
    communities.change_delivery(membership=membership, mode=DeliveryMode.DAILY, wants_digest=True)
    distribution.build_due(now=MONDAY + timedelta(days=2))
    assert mails().count() == 1


def test_stopping_the_mail_skips_what_waits(community, author):
    membership = MembershipFactory(community=community, delivery_mode=DeliveryMode.DAILY)
    release(community, author)
    communities.stop_mail(membership=membership)
    distribution.build_due(now=MONDAY + timedelta(days=2))
    assert not mails().exists()
    assert Delivery.objects.get(member=membership.member).reason == SkipReason.MODE_NONE


def test_a_thread_gathers_in_mail_clients(community, author):
    member = make_member(community)
    question = release(community, author)
    reply = released_reply(question=question, now=MONDAY + timedelta(hours=1))
    distribution.fan_out_due(now=MONDAY + timedelta(hours=1))
    distribution.build_due(now=MONDAY + timedelta(hours=1))
    by_event = {envelope.deliveries.get().event.submission_id: envelope for envelope in mails().filter(member=member)}
    first, second = by_event[question.pk], by_event[reply.pk]
    head = bytes(second.message).decode().replace("\r\n", "\n").split("\n\n")[0].replace("\n ", " ")
    assert f"In-Reply-To: {first.message_id}" in head
    assert f"<question.{question.pk}@" in head
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    assert f"List-Id: {community.name} <{community.slug}." in head


def test_the_work_for_one_delivery_does_not_grow_with_history(community, author, django_assert_max_num_queries):
    make_member(community)
    for hour in range(6):
        release(community, author, MONDAY + timedelta(hours=hour))
    delivery = Delivery.objects.filter(state=DeliveryState.PENDING).last()
    with django_assert_max_num_queries(20):
        distribution.build_as_sent(delivery_id=delivery.pk, now=timezone.now())
