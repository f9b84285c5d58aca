"""What is to be played: the exchanges of the starting content, and the times and ends that our plan gives them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from community.enums import ReplyKind
from community.models import Community, ModerationReason
from community.states import Action
from knowledge.models import Sector, SolutionPage, State, Theme

COMPILED = "compiled"
OPEN = "open"
LAST_ANSWER_WAITS = "last_answer_waits"
QUESTION_WAITS = "question_waits"
RETURNED = "returned"
DECLINED = "declined"
ENDS = frozenset({COMPILED, OPEN, LAST_ANSWER_WAITS, QUESTION_WAITS, RETURNED, DECLINED})
#: A moderator takes as long to decide on an answer.
ANSWER_DECIDED_AFTER = timedelta(hours=1, minutes=40)
_REASONS = {RETURNED: Action.RETURN, DECLINED: Action.DECLINE}


class BrokenRow(Exception):
    """A row cannot be played; the text says why."""


@dataclass(frozen=True)
class SampleReply:
    """An answer: by which role, of which kind, and when it is sent in."""

    role: str
    kind: str
    body: str
    sent_at: datetime


@dataclass(frozen=True)
class SampleExchange:
    """An exchange with everything that playing it needs."""

    slug: str
    title: str
    body: str
    asked_by: str
    community: Community
    themes: list[Theme]
    state: State | None
    sector: Sector | None
    ends: str
    asked_at: datetime
    decided_at: datetime
    replies: list[SampleReply] = field(default_factory=list)
    me_too: int = 0
    reason: ModerationReason | None = None
    page: SolutionPage | None = None
    compiled_at: datetime | None = None
    published_at: datetime | None = None


class PlanReader:
    """Reads rows of ``exchanges.json`` with the plan's words on them; ``now`` is when the play is given."""

    def __init__(self, plan: dict[str, Any], now: datetime) -> None:
        self.plan, self.now = plan, now
        self.communities = {row.slug: row for row in Community.objects.all()}
        self.themes = {row.slug: row for row in Theme.objects.all()}
        self.states = {row.slug: row for row in State.objects.all()}
        self.sectors = {row.slug: row for row in Sector.objects.all()}
        self.reasons = {row.code: row for row in ModerationReason.objects.all()}

    def read(self, row: dict[str, Any]) -> SampleExchange:
        """Return the row as an exchange to play. Raises BrokenRow."""
        try:
            return self._read(row)
        except KeyError as error:
            raise BrokenRow(f"{error.args[0]} is missing") from error
        except (TypeError, ValueError, AttributeError) as error:
            raise BrokenRow(f"cannot be read: {error}") from error

    def _read(self, row: dict[str, Any]) -> SampleExchange:
        slug, question = row["slug"], row["question"]
        words = self.plan.get(slug)
        if words is None:
            raise BrokenRow("the plan does not name it")
        if words["ends"] not in ENDS:
            raise BrokenRow(f"unknown end: {words['ends']}")
        asked_at = self._moment(words["asked"])
        decided_at = asked_at + timedelta(hours=words["decided_after_hours"])
        exchange = SampleExchange(
            slug=slug,
            title=_text(question["subject"], settings.TITLE_MAX_LENGTH),
            body=_text(question["body"], settings.BODY_MAX_LENGTH),
            asked_by=_text(question["asked_by"], 120),
            community=_known(self.communities, words["community"], "community"),
            themes=[_known(self.themes, theme, "theme") for theme in question["themes"]],
            state=_known(self.states, question["state"], "state") if question.get("state") else None,
            sector=_known(self.sectors, question["sector"], "sector") if question.get("sector") else None,
            ends=words["ends"],
            asked_at=asked_at,
            decided_at=decided_at,
            replies=self._replies(row["replies"], words, decided_at),
            me_too=words.get("me_too", 0),
            **self._ending(row, words, asked_at),
        )
        self._check_times(exchange)
        return exchange

    def _moment(self, asked: dict[str, Any]) -> datetime:
        if "hours_ago" in asked:
            return self.now - timedelta(hours=asked["hours_ago"])
        day = timezone.localtime(self.now) - timedelta(days=asked["days_ago"])
        hour, minute = (int(part) for part in asked["at"].split(":"))
        return day.replace(hour=hour, minute=minute, second=0, microsecond=0)

    def _replies(self, rows: list[dict], words: dict, decided_at: datetime) -> list[SampleReply]:
        if words["ends"] in (QUESTION_WAITS, RETURNED, DECLINED):
            return []
        times = [decided_at + timedelta(hours=hours) for hours in words["answers_after_hours"]]
        if words["ends"] == LAST_ANSWER_WAITS:
            times.append(self.now - timedelta(hours=words["waiting_hours_ago"]))
        if len(times) != len(rows):
            raise BrokenRow(f"the plan has times for {len(times)} answers, there are {len(rows)}")
        for row in rows:
            if row["kind"] not in ReplyKind.values:
                raise BrokenRow(f"unknown kind of answer: {row['kind']}")
        return [
            SampleReply(_text(row["role"], 120), row["kind"], _text(row["body"], settings.BODY_MAX_LENGTH), sent_at)
            for row, sent_at in zip(rows, times, strict=True)
        ]

    def _ending(self, row: dict, words: dict, asked_at: datetime) -> dict[str, Any]:
        if words["ends"] in _REASONS:
            reason = _known(self.reasons, words["reason"], "reason")
            if reason.action != _REASONS[words["ends"]]:
                raise BrokenRow(f"the reason {reason.code} is for the other decision")
            return {"reason": reason}
        if words["ends"] != COMPILED:
            return {}
        page = SolutionPage.objects.filter(slug=row["compiled_into"]).first()
        if page is None:
            raise BrokenRow(f"there is no solution {row['compiled_into']}")
        return {
            "page": page,
            "compiled_at": asked_at + timedelta(days=words["compiled_after_days"]),
            "published_at": asked_at + timedelta(days=words["published_after_days"]),
        }

    def _check_times(self, exchange: SampleExchange) -> None:
        times = [exchange.asked_at]
        if exchange.ends != QUESTION_WAITS:
            times.append(exchange.decided_at)
        times += [reply.sent_at for reply in exchange.replies]
        if exchange.compiled_at and exchange.published_at:
            times += [times[-1] + ANSWER_DECIDED_AFTER, exchange.compiled_at, exchange.published_at]
        if times != sorted(times) or times[-1] >= self.now:
            raise BrokenRow("the times of the plan are not in order, or not past")


def _text(value: Any, longest: int) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BrokenRow("a text is empty")
    if len(value) > longest:
        raise BrokenRow(f"a text is longer than {longest} characters: {value[:40]}…")
    return value


def _known(rows: dict[str, Any], key: str, what: str) -> Any:
    if key not in rows:
        raise BrokenRow(f"unknown {what}: {key}")
    return rows[key]
