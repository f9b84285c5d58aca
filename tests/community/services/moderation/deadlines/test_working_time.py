"""Working hours, for any calendar and any moment."""

import time as clock
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from community.services.moderation.deadlines.working_time import LONGEST_REST, Calendar, add, between

INDIA = ZoneInfo("Asia/Kolkata")
ZONES = [INDIA, UTC, ZoneInfo("America/New_York"), ZoneInfo("Pacific/Kiritimati"), ZoneInfo("Asia/Kathmandu")]
WEEK = Calendar(zone=INDIA, weekdays=frozenset(range(5)), opens=time(9, 30), closes=time(17, 30))
HOUR = timedelta(hours=1)

FIRST = datetime(2024, 1, 1, tzinfo=UTC)
# In UTC, because the arithmetic of Python itself is that of the wall clock where two moments share a zone.
moments = st.integers(0, 4 * 366 * 86400).map(lambda seconds: FIRST + timedelta(seconds=seconds))
durations = st.integers(min_value=1, max_value=60 * 60 * 200).map(lambda seconds: timedelta(seconds=seconds))
days = st.dates(min_value=date(2024, 1, 1), max_value=date(2028, 1, 1))


@st.composite
def calendars(draw) -> Calendar:
    """Return a calendar with at least one working day in each week that has no holiday."""
    opens = draw(st.integers(0, 22 * 60))
    closes = draw(st.integers(opens + 30, 23 * 60 + 59))
    return Calendar(
        zone=draw(st.sampled_from(ZONES)),
        weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        opens=time(opens // 60, opens % 60),
        closes=time(closes // 60, closes % 60),
        holidays=draw(st.frozensets(days, max_size=8)),
        yearly=frozenset((day.month, day.day) for day in draw(st.lists(days, max_size=4))),
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=INDIA)


def calendar_with(*holidays: str, yearly: tuple[tuple[int, int], ...] = ()) -> Calendar:
    return Calendar(
        zone=INDIA,
        weekdays=WEEK.weekdays,
        opens=WEEK.opens,
        closes=WEEK.closes,
        holidays=frozenset(date.fromisoformat(day) for day in holidays),
        yearly=frozenset(yearly),
    )


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-11-23 10:00", 2, "2026-11-23 12:00"),  # a Monday
        ("2026-11-23 10:00", 8, "2026-11-24 10:00"),
        ("2026-11-23 09:30", 8, "2026-11-23 17:30"),  # a whole day ends with the day
        ("2026-11-23 17:30", 1, "2026-11-24 10:30"),
        ("2026-11-23 00:00", 1, "2026-11-23 10:30"),  # midnight
        ("2026-11-23 23:59", 1, "2026-11-24 10:30"),
        ("2026-11-27 16:30", 2, "2026-11-30 10:30"),  # over a weekend
        ("2026-11-28 12:00", 24, "2026-12-02 17:30"),  # sent in on a Saturday
        ("2026-11-23 10:00", 0, "2026-11-23 10:00"),
        ("2026-11-28 12:00", 0, "2026-11-30 09:30"),  # no time left: when work goes on
    ],
)
def test_hours_of_work_pass_only_while_people_work(start, hours, end):
    assert add(WEEK, at(start), hours * HOUR) == at(end)


def test_holidays_in_a_row_are_passed_over_also_those_of_every_year():
    calendar = calendar_with("2026-01-22", "2026-01-23", yearly=((1, 26),))
    assert add(calendar, at("2026-01-21 16:30"), 2 * HOUR) == at("2026-01-27 10:30")
    assert add(calendar, at("2027-01-25 16:30"), 2 * HOUR) == at("2027-01-27 10:30")


def test_the_zone_of_the_moment_does_not_matter():
    moment = at("2026-11-23 16:30")
    for zone in ZONES:
        assert add(WEEK, moment.astimezone(zone), 2 * HOUR) == at("2026-11-24 10:30")
        assert between(WEEK, moment.astimezone(zone), at("2026-11-24 10:30")) == 2 * HOUR


def test_an_hour_that_the_summer_takes_away_is_not_worked():
    calendar = Calendar(zone=ZoneInfo("America/New_York"), weekdays=frozenset(range(7)), opens=time(1), closes=time(5))
    night = datetime(2026, 3, 8, tzinfo=calendar.zone)
    assert between(calendar, night, night + timedelta(days=1)) == 3 * HOUR


@pytest.mark.parametrize(
    "calendar",
    [
        Calendar(zone=INDIA, weekdays=frozenset(), opens=time(9), closes=time(17)),
        Calendar(zone=INDIA, weekdays=frozenset(range(7)), opens=time(17), closes=time(9)),
        Calendar(
            zone=INDIA,
            weekdays=frozenset(range(7)),
            opens=time(9),
            closes=time(17),
            yearly=frozenset((day.month, day.day) for day in (date(2024, 1, 1) + timedelta(n) for n in range(366))),
        ),
    ],
)
def test_a_calendar_without_work_ends_by_the_clock_on_the_wall_and_at_once(calendar):
    begun = clock.monotonic()
    assert add(calendar, at("2026-11-23 10:00"), 24 * HOUR) == at("2026-11-24 10:00")
    assert between(calendar, at("2026-11-23 10:00"), at("2027-11-23 10:00")) == timedelta()
    assert clock.monotonic() - begun < 1


def test_a_year_without_work_counts_by_the_clock_from_when_work_stopped():
    first = date(2026, 11, 24)
    rest = [(first + timedelta(days=number)).isoformat() for number in range(LONGEST_REST + 5)]
    assert add(calendar_with(*rest), at("2026-11-23 16:30"), 3 * HOUR) == at("2026-11-23 19:30")


@given(calendars(), moments, durations)
@example(WEEK, at("2026-11-23 17:30"), HOUR)
@example(WEEK, at("2026-11-28 00:00"), timedelta(seconds=1))
def test_between_takes_back_what_add_added(calendar, moment, duration):
    assert between(calendar, moment, add(calendar, moment, duration)) == duration


@given(calendars(), moments, durations, durations)
def test_adding_twice_is_adding_the_sum(calendar, moment, first, second):
    assert add(calendar, add(calendar, moment, first), second) == add(calendar, moment, first + second)


@given(calendars(), moments, durations)
def test_a_due_moment_lies_ahead_and_within_work(calendar, moment, duration):
    due = add(calendar, moment, duration)
    assert due >= moment + duration
    opens, closes = calendar.hours_of(due.astimezone(calendar.zone).date())
    assert opens < due <= closes


@given(calendars(), moments, moments, moments)
def test_working_time_adds_up_and_never_exceeds_the_clock(calendar, one, two, three):
    one, two, three = sorted((one, two, three))
    assert between(calendar, one, two) + between(calendar, two, three) == between(calendar, one, three)
    assert timedelta() <= between(calendar, one, two) <= two - one
    assert between(calendar, two, one) == -between(calendar, one, two)


@given(calendars(), moments, durations, days)
def test_another_holiday_never_makes_anything_due_sooner(calendar, moment, duration, day):
    assume(day not in calendar.holidays)
    longer = Calendar(
        zone=calendar.zone,
        weekdays=calendar.weekdays,
        opens=calendar.opens,
        closes=calendar.closes,
        holidays=calendar.holidays | {day},
        yearly=calendar.yearly,
    )
    assert add(longer, moment, duration) >= add(calendar, moment, duration)
