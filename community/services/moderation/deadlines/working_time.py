"""Working hours: when so many of them have passed, and how many lie between two moments. Pure; asks no database."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo

#: After so many days in a row without work we stop looking for a working day and count by the clock on the wall:
#: an item must be due at some time, whatever somebody typed into the calendar.
LONGEST_REST = 366


@dataclass(frozen=True)
class Calendar:
    """When people work: weekdays (Monday is 0) from ``opens`` to ``closes`` in ``zone``, but for holidays.

    ``yearly`` holds holidays of every year as (month, day).
    """

    zone: tzinfo
    weekdays: frozenset[int]
    opens: time
    closes: time
    holidays: frozenset[date] = field(default=frozenset())
    yearly: frozenset[tuple[int, int]] = field(default=frozenset())

    def hours_of(self, day: date) -> tuple[datetime, datetime] | None:
        """Return from when until when (UTC) people work on ``day``, None where they do not."""
        if day.weekday() not in self.weekdays or day in self.holidays or (day.month, day.day) in self.yearly:
            return None
        opens, closes = (
            datetime.combine(day, moment, tzinfo=self.zone).astimezone(UTC) for moment in (self.opens, self.closes)
        )
        return (opens, closes) if opens < closes else None

    @property
    def day_length(self) -> timedelta:
        """Return how long a working day is."""
        opens, closes = (datetime.combine(date.min, moment) for moment in (self.opens, self.closes))
        return max(closes - opens, timedelta())


def add(calendar: Calendar, moment: datetime, duration: timedelta) -> datetime:
    """Return when ``duration`` of working time has passed since ``moment``; for none, the next moment of work.

    Work that ends with the day is done at closing time, not at the next opening. Where nobody works for more than
    LONGEST_REST days, what is left is counted by the clock on the wall.
    """
    moment, left, rest = moment.astimezone(UTC), duration, 0
    day = moment.astimezone(calendar.zone).date()
    while rest <= LONGEST_REST:
        hours = calendar.hours_of(day)
        if hours is None or hours[1] <= moment:
            rest += 1
        else:
            begins = max(hours[0], moment)
            if left <= hours[1] - begins:
                return begins + left
            left -= hours[1] - begins
            moment, rest = hours[1], 0
        day += timedelta(days=1)
    return moment + left


def between(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """Return how much working time lies between ``start`` and ``end``; less than nothing where ``end`` is earlier."""
    if end < start:
        return -between(calendar, end, start)
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    day, last = (moment.astimezone(calendar.zone).date() for moment in (start, end))
    total = timedelta()
    while day <= last:
        if hours := calendar.hours_of(day):
            total += max(min(hours[1], end) - max(hours[0], start), timedelta())
        day += timedelta(days=1)
    return total
