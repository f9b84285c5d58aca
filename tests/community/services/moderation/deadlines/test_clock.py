"""When a decision is due, and that the clock stands while the author has the item."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from community.models import DecisionTime, Holiday
from community.services import moderation
from community.services.moderation.deadlines import calendars_of
from community.services.revisions import Text
from community.states import SubmissionState
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    approved,
    make_moderator,
    moderator_of,
    pending_question,
    pending_reply,
    released_question,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


MONDAY = at("2026-11-23 10:00")


def send_back(question, now, moderator=None):
    moderation.return_to_author(
        submission=question,
        moderator=(moderator or moderator_of(question)).user,
        version=question.version,
        reason=ReasonFactory(),
        message="",
        now=now,
    )
    question.refresh_from_db()
    return question


def send_in_again(question, now):
    author = question.author.user
    text = Text(title="Changed", body="Changed text.")
    moderation.revise(submission=question, author=author, version=question.version, text=text, now=now)
    question.refresh_from_db()
    return question


def test_a_question_is_due_after_three_working_days_and_a_reply_after_one(settings):
    question = pending_question(now=MONDAY)
    assert (question.half_due_at, question.due_at, question.long_overdue_at) == (
        at("2026-11-24 14:00"),
        at("2026-11-26 10:00"),
        at("2026-11-27 14:00"),
    )
    assert question.escalate_at == question.half_due_at
    reply = pending_reply(question=released_question(now=MONDAY), now=at("2026-11-27 16:30"))
    assert reply.due_at == at("2026-11-30 16:30")


def test_a_community_sets_its_own_hours_for_what_is_sent_in_later():
    community = CommunityFactory()
    before = pending_question(community=community, now=MONDAY)
    DecisionTime.objects.create(community=community, kind="question", hours=4)
    assert pending_question(community=community, now=MONDAY).due_at == at("2026-11-23 14:00")
    assert pending_question(now=MONDAY).due_at == at("2026-11-26 10:00"), "elsewhere nothing changes"
    before.refresh_from_db()
    assert before.due_at == at("2026-11-26 10:00"), "a promise that was made stays"


def test_editing_the_calendar_changes_the_due_time_of_what_is_sent_in_later_only():
    question = pending_question(now=MONDAY)
    Holiday.objects.create(falls_on=date(2026, 11, 24), name="Closed")
    moderation.keep_deadlines(now=at("2026-11-24 15:00"))
    question.refresh_from_db()
    assert question.escalation_level == 1, "half of the time was over on the day that became a holiday"
    assert (question.due_at, question.escalate_at) == (at("2026-11-26 10:00"), at("2026-11-26 10:00"))
    assert pending_question(now=MONDAY).due_at == at("2026-11-27 10:00")


def test_a_holiday_counts_in_its_community_alone_and_not_while_its_tick_is_away(django_assert_num_queries):
    here, elsewhere = CommunityFactory(), CommunityFactory()
    Holiday.objects.create(falls_on=date(2026, 11, 24), name="Local", community=here)
    Holiday.objects.create(falls_on=date(2026, 11, 25), name="Gone", is_kept=False)
    Holiday.objects.create(falls_on=date(2020, 11, 26), name="Yearly", every_year=True)
    assert pending_question(community=here, now=MONDAY).due_at == at("2026-11-30 10:00")
    assert pending_question(community=elsewhere, now=MONDAY).due_at == at("2026-11-27 10:00")
    with django_assert_num_queries(1):
        calendars = calendars_of([here.pk, elsewhere.pk])
    assert date(2026, 11, 24) in calendars[here.pk].holidays
    assert date(2026, 11, 24) not in calendars[elsewhere.pk].holidays


def test_the_clock_stands_while_the_author_has_it_and_goes_on_with_what_was_left():
    question = send_back(pending_question(now=MONDAY), at("2026-11-23 15:00"))  # 5 of 24 hours are used
    assert question.due_at is None
    assert question.escalate_at is None
    moderation.keep_deadlines(now=at("2026-12-01 09:00"))
    question.refresh_from_db()
    assert question.escalation_level == 0, "nobody is late while the author has it"

    send_in_again(question, at("2026-12-07 09:30"))  # a Monday; 19 hours are left, 7 until half
    assert question.half_due_at == at("2026-12-07 16:30")
    assert question.due_at == at("2026-12-09 12:30")

    send_back(question, at("2026-12-07 10:30"))  # one more hour used
    send_in_again(question, at("2026-12-14 09:30"))
    assert question.due_at == at("2026-12-16 11:30")


def test_what_was_overdue_when_it_was_returned_is_due_at_once_when_it_comes_back():
    question = pending_question(now=MONDAY)
    moderation.keep_deadlines(now=at("2026-11-26 12:00"))
    question.refresh_from_db()
    send_back(question, at("2026-11-26 12:00"))  # 26 of 24 hours
    send_in_again(question, at("2026-12-05 12:00"))  # a Saturday
    assert question.due_at == at("2026-12-07 09:30")
    assert question.escalate_at == question.long_overdue_at == at("2026-12-08 11:30"), "levels that fired stay so"


def test_what_comes_back_goes_first_to_the_one_who_returned_it_for_a_day():
    question = pending_question(now=MONDAY)
    make_moderator(question.community)
    returning = make_moderator(question.community)
    send_back(question, MONDAY + HOUR, returning)
    assert question.preferred_moderator is None
    send_in_again(question, MONDAY + 2 * HOUR)
    assert question.preferred_moderator == returning
    assert question.preferred_until == MONDAY + 26 * HOUR
    recipients = question.moderator_notices.filter(created_at=MONDAY + 2 * HOUR).values_list("recipient", flat=True)
    assert list(recipients) == [returning.user_id]


def test_an_approval_that_is_undone_leaves_the_deadline_as_it_was():
    question = approved(pending_question(now=MONDAY), MONDAY + HOUR)
    moderation.undo_approval(
        submission=question, moderator=moderator_of(question).user, version=question.version, now=MONDAY + HOUR
    )
    question.refresh_from_db()
    assert question.state == SubmissionState.PENDING
    assert question.due_at == at("2026-11-26 10:00")
    assert question.escalate_at == question.half_due_at
