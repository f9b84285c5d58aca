"""How moderation is doing, by month: counted from the log, which never changes, so a month that is over is kept.

Messages alone are counted, not requests to join nor reports. Samples count for nothing, nor do approvals that were
taken back and what no person decided. What is too little to count without pointing at somebody is not shown.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.core.cache import cache
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from community.enums import READ_KINDS, AppealOutcome
from community.models import Appeal, Community, ModerationEvent, ModerationReason, Submission
from community.states import Action

MONTHS = 12
#: Fewer decisions than this are not shown: they would point at single people.
FEWEST = 5
#: A reason that was given less often is counted with the others.
FEWEST_OF_A_REASON = 3
_SENT_IN = (Action.SUBMIT, Action.RESUBMIT, Action.APPEAL)
_DECIDED = (Action.APPROVE, Action.RETURN, Action.DECLINE, Action.MARK_SPAM)
_KEPT_FOR = timedelta(days=40)
_KEPT_NOW_FOR = timedelta(minutes=10)
#: Until then an approval of the month before may be taken back.
_SETTLES_IN = timedelta(hours=1)

#: Of one decision: community, action, reason, seconds that the author had waited.
Row = tuple[int, str, int | None, int | None]


@dataclass(frozen=True)
class Share:
    """A part of all decisions: how many, and how many of a hundred."""

    label: str
    action: str
    number: int
    percent: int


@dataclass(frozen=True)
class Summary:
    """What some decisions add up to; all but ``decisions`` is None or empty where they are too few to show."""

    decisions: int
    median_hours: float | None = None
    released: int | None = None
    returned: int | None = None
    declined: int | None = None

    @property
    def is_shown(self) -> bool:
        """Return whether there are enough decisions to show."""
        return self.decisions >= FEWEST


@dataclass(frozen=True)
class Month:
    """A month, by its first day, and its decisions."""

    first_day: datetime
    summary: Summary


@dataclass(frozen=True)
class Waiting:
    """What waits in a community now, and how much of it is past its deadline."""

    community: Community
    summary: Summary
    open: int
    overdue: int


@dataclass(frozen=True)
class Appeals:
    """Appeals that were decided: how many, and how many of a hundred were overturned (None where too few)."""

    decided: int
    overturned: int | None


@dataclass(frozen=True)
class ModerationReport:
    """Everything that the public page of figures shows."""

    since: datetime
    whole: Summary
    months: list[Month]
    reasons: list[Share]
    communities: list[Waiting]
    appeals: Appeals
    most_hours: float

    @property
    def most_open(self) -> int:
        """Return how much waits where most waits: the length of the longest bar."""
        return max((row.open for row in self.communities), default=0)


def _month_of(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _last_months(now: datetime) -> list[datetime]:
    months = [_month_of(now)]
    while len(months) < MONTHS:
        months.append(_month_of(months[-1] - timedelta(days=1)))
    return months[::-1]


def _read(since: datetime) -> Iterable[tuple[datetime, Row]]:
    """Yield the decisions of people since ``since``, each with its moment. One query."""
    earlier = ModerationEvent.objects.filter(
        submission_id=OuterRef("submission_id"), number__lt=OuterRef("number"), action__in=_SENT_IN
    ).order_by("-number")
    taken_back = ModerationEvent.objects.filter(
        submission_id=OuterRef("submission_id"), number=OuterRef("number") + 1, action=Action.UNDO
    )
    decisions = (
        ModerationEvent.objects.filter(
            at__gte=since,
            action__in=_DECIDED,
            actor__isnull=False,
            submission__author__is_sample=False,
            submission__kind__in=READ_KINDS,
        )
        .exclude(Exists(taken_back))
        .annotate(sent_at=Subquery(earlier.values("at")[:1]))
        .order_by("pk")
        .values_list("at", "submission__community_id", "action", "reason_id", "sent_at")
    )
    for at, community_id, action, reason_id, sent_at in decisions:
        waited = None if sent_at is None else max(0, int((at - sent_at).total_seconds()))
        yield at, (community_id, action, reason_id, waited)


def decisions_by_month(now: datetime) -> dict[datetime, list[Row]]:
    """Return the decisions of the last twelve months; months that are over come from the cache once counted."""
    months = _last_months(now)
    keys = {month: f"community.decisions:{month:%Y-%m}" for month in months}
    kept = cache.get_many(keys.values())
    found = {month: kept[key] for month, key in keys.items() if key in kept}
    missing = [month for month in months if month not in found]
    if missing:
        counted: dict[datetime, list[Row]] = {month: [] for month in missing}
        for at, row in _read(missing[0]):
            if (month := _month_of(at)) in counted:
                counted[month].append(row)
        for month, rows in counted.items():
            is_over = now >= _month_of(month + timedelta(days=32)) + _SETTLES_IN
            cache.set(keys[month], rows, (_KEPT_FOR if is_over else _KEPT_NOW_FOR).total_seconds())
        found |= counted
    return {month: found[month] for month in months}


def summary_of(rows: Sequence[Row]) -> Summary:
    """Return what ``rows`` add up to."""
    if len(rows) < FEWEST:
        return Summary(len(rows))
    counts = Counter(action for _community, action, _reason, _waited in rows)
    waits = [waited for *_rest, waited in rows if waited is not None]
    return Summary(
        decisions=len(rows),
        median_hours=round(median(waits) / 3600, 1) if waits else None,
        released=round(100 * counts[Action.APPROVE] / len(rows)),
        returned=round(100 * counts[Action.RETURN] / len(rows)),
        declined=round(100 * counts[Action.DECLINE] / len(rows)),
    )


def _shares(rows: Sequence[Row]) -> list[Share]:
    if len(rows) < FEWEST:
        return []
    counts = Counter((action, reason) for _community, action, reason, _waited in rows if reason is not None)
    names = ModerationReason.objects.in_bulk({reason for _action, reason in counts})
    shares = [
        Share(str(names[reason]), action, number, round(100 * number / len(rows)))
        for (action, reason), number in counts.most_common()
        if number >= FEWEST_OF_A_REASON
    ]
    for action in (Action.RETURN, Action.DECLINE):
        rest = sum(n for (each, _reason), n in counts.items() if each == action and n < FEWEST_OF_A_REASON)
        if rest >= FEWEST_OF_A_REASON:
            shares.append(Share("", action, rest, round(100 * rest / len(rows))))
    return shares


def _appeals(since: datetime, community: Community | None) -> Appeals:
    decided = Appeal.objects.filter(
        decided_at__gte=since, submission__author__is_sample=False, submission__kind__in=READ_KINDS
    )
    if community is not None:
        decided = decided.filter(submission__community=community)
    numbers = decided.aggregate(all=Count("pk"), overturned=Count("pk", filter=Q(outcome=AppealOutcome.OVERTURNED)))
    enough = numbers["all"] >= FEWEST
    return Appeals(numbers["all"], round(100 * numbers["overturned"] / numbers["all"]) if enough else None)


def _waiting(communities: Sequence[Community], rows: Sequence[Row], now: datetime) -> list[Waiting]:
    waiting = (
        Submission.objects.waiting()
        .filter(author__is_sample=False, kind__in=READ_KINDS)
        .order_by()
        .values("community_id")
        .annotate(open=Count("pk"), overdue=Count("pk", filter=Q(due_at__lt=now)))
    )
    numbers = {row["community_id"]: row for row in waiting}
    found = []
    for community in communities:
        here = numbers.get(community.pk, {"open": 0, "overdue": 0})
        own = summary_of([row for row in rows if row[0] == community.pk])
        found.append(Waiting(community, own, here["open"], here["overdue"]))
    return found


def moderation_report(*, now: datetime, community: Community | None = None) -> ModerationReport:
    """Return the figures of the last twelve months, of one community where it is given."""
    communities = list(Community.objects.order_by("name"))
    by_month = decisions_by_month(now)
    if community is not None:
        by_month = {month: [row for row in rows if row[0] == community.pk] for month, rows in by_month.items()}
        communities = [community]
    rows = [row for month in by_month.values() for row in month]
    months = [Month(month, summary_of(own)) for month, own in by_month.items()]
    since = next(iter(by_month))
    return ModerationReport(
        since=since,
        whole=summary_of(rows),
        months=months,
        reasons=_shares(rows),
        communities=_waiting(communities, rows, now),
        appeals=_appeals(since, community),
        most_hours=max((month.summary.median_hours or 0 for month in months), default=0),
    )
