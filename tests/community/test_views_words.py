"""Deadlines in words, for authors and for the desk."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from community.models import Submission
from community.services.moderation.deadlines.working_time import Calendar
from community.views import words

INDIA = ZoneInfo("Asia/Kolkata")
WEEK = Calendar(zone=INDIA, weekdays=frozenset(range(5)), opens=time(9, 30), closes=time(17, 30))


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


NOW = at("2026-11-23 10:00")  # a Monday


@pytest.fixture(autouse=True)
def today(monkeypatch):
    monkeypatch.setattr(words.timezone, "now", lambda: NOW.astimezone(UTC))


@pytest.mark.parametrize(
    ("due_at", "said"),
    [
        ("2026-11-23 10:40", "due in less than a working hour"),
        ("2026-11-23 11:00", "due in 1 working hour"),
        ("2026-11-23 13:20", "due in 3 working hours"),
        ("2026-11-24 09:30", "due in 7 working hours"),
        ("2026-11-24 10:00", "due in 1 working day"),
        ("2026-11-26 10:00", "due in 3 working days"),
        ("2026-11-23 10:00", "overdue by less than a working hour"),
        ("2026-11-20 17:30", "overdue by less than a working hour"),  # a Friday: nobody has worked much since
        ("2026-11-20 16:30", "overdue by 1 working hour"),
        ("2026-11-20 10:00", "overdue by 1 working day"),
        ("2026-11-16 10:00", "overdue by 5 working days"),
        ("2026-10-05 10:00", "overdue since 5 October 2026"),
    ],
)
def test_a_deadline_is_said_in_working_time(due_at, said):
    assert words.due_words(at(due_at), NOW, WEEK) == said


def test_a_calendar_without_working_days_still_has_words():
    never = Calendar(zone=INDIA, weekdays=frozenset(), opens=time(9, 30), closes=time(9, 30))
    assert words.due_words(NOW + timedelta(days=2), NOW, never)
    assert words.due_words(NOW - timedelta(days=2), NOW, never)


@pytest.mark.parametrize(
    ("due_at", "said"),
    [
        ("2026-11-23 11:30", "Usually decided by 11:30 today."),
        ("2026-11-24 11:30", "Usually decided by Tuesday, 11:30."),
        ("2026-12-07 11:30", "Usually decided by 11:30 on 7 December."),
        ("2026-11-23 09:59", "This took longer than we promised. Sorry. The moderators have been reminded."),
        (None, ""),
    ],
)
def test_an_author_reads_when_a_decision_is_usual(due_at, said):
    assert words.expected_decision(Submission(due_at=due_at and at(due_at))) == said


def test_an_author_who_waits_far_too_long_reads_that_the_lead_was_told():
    item = Submission(due_at=NOW - timedelta(days=3), long_overdue_at=NOW - timedelta(days=1))
    assert "Those who lead the community have been told" in words.expected_decision(item)
