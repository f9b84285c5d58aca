"""The play: every step of every exchange in the order of its time, and the sweeps that would have run between them.

All of it is one transaction: broken off, it has not happened. An exchange that fails in the middle is left out and the
play begins anew without it, so that no half of it stays.
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any

from celery import Task
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone

from community.models import Event, Question, Reply, Submission
from community.permissions import NotAllowed
from community.services import compiling, discussion, distribution, handover, moderation, threads
from community.services.moderation import Conflict
from community.services.revisions import Text
from community.states import InvalidTransition, SubmissionState
from knowledge.models import ImportedRecord, SolutionPage

from . import plan, stamps
from .people import Troupe
from .plan import BrokenRow, PlanReader, SampleExchange, SampleReply

FILE = "exchanges.json"
#: A moderator gives more time as long before an exchange closes that is to be open still.
MORE_TIME_BEFORE = timedelta(days=1)
#: Members are there this long before the first question.
BEFORE_THE_FIRST = timedelta(days=20)

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Problem:
    """An exchange that was not played, and why."""

    slug: str
    reason: str


@dataclass
class Result:
    """What became of the exchanges: how many were played now, how many before, which not."""

    played: int = 0
    standing: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Step:
    """Something that somebody did at a time."""

    at: datetime
    act: Callable[[], None]
    slug: str = ""


class ExchangeFailed(Exception):
    """A step of an exchange was refused."""

    def __init__(self, slug: str, reason: Exception) -> None:
        super().__init__(f"{type(reason).__name__}: {reason}")
        self.slug = slug


def play(
    *, rows: list[Any], words: dict[str, Any], now: datetime, progress: Progress = lambda done, total: None
) -> Result:
    """Play the exchanges that were not played yet; ``words`` is the plan by slug. Run twice, it changes nothing."""
    result = Result()
    exchanges = _to_play(rows, PlanReader(words, now), result)
    while exchanges:
        try:
            with _without_wake_ups():
                _Play(exchanges, now).run(progress)
        except ExchangeFailed as failure:
            result.problems.append(Problem(failure.slug, str(failure)))
            exchanges = [exchange for exchange in exchanges if exchange.slug != failure.slug]
        else:
            break
    result.played = len(exchanges)
    return result


def _to_play(rows: list[Any], reader: PlanReader, result: Result) -> list[SampleExchange]:
    standing = set(ImportedRecord.objects.filter(file=FILE).values_list("slug", flat=True))
    exchanges: dict[str, SampleExchange] = {}
    for row in rows:
        slug = row.get("slug") if isinstance(row, dict) else None
        if slug in standing:
            result.standing += 1
            continue
        try:
            if not isinstance(slug, str) or slug in exchanges:
                raise BrokenRow("slug: missing, or stands in the file twice")
            exchanges[slug] = reader.read(row)
        except BrokenRow as error:
            result.problems.append(Problem(str(slug or "?"), str(error)))
    return list(exchanges.values())


@contextmanager
def _without_wake_ups() -> Iterator[None]:
    """Commit what is done inside, and wake no worker: everything that was due has been done at its own time."""
    with transaction.atomic():
        yield
        connection.run_on_commit = [entry for entry in connection.run_on_commit if not _is_wake_up(entry[1])]


def _is_wake_up(callback: Callable) -> bool:
    return isinstance(callback, functools.partial) and isinstance(getattr(callback.func, "__self__", None), Task)


class _Play:
    """One run over all exchanges."""

    def __init__(self, exchanges: list[SampleExchange], now: datetime) -> None:
        self.exchanges, self.now = exchanges, now
        self.start = min(exchange.asked_at for exchange in exchanges) - BEFORE_THE_FIRST
        self.troupe = Troupe(self.start)
        self.questions: dict[str, Question] = {}
        self.replies: dict[SampleReply, Reply] = {}
        self.hold = timedelta(seconds=settings.RELEASE_HOLD_SECONDS)

    def run(self, progress: Progress) -> None:
        """Do every step at its time, then remember what was played."""
        for exchange in self.exchanges:
            self.troupe.moderators(exchange.community)
            for role in (exchange.asked_by, *(reply.role for reply in exchange.replies)):
                self.troupe.member(role, exchange.community)
        steps = [step for exchange in self.exchanges for step in self._steps(exchange)]
        steps += [Step(at, functools.partial(self._sweep, at)) for at in self._mail_times()]
        steps.sort(key=lambda step: step.at)
        for done, step in enumerate(steps, start=1):
            self._take(step)
            progress(done, len(steps))
        self._sweep(self.now)
        for exchange in self.exchanges:
            ImportedRecord.objects.create(
                file=FILE, slug=exchange.slug, target=self.questions[exchange.slug], loaded_at=self.now
            )

    def _take(self, step: Step) -> None:
        try:
            step.act()
        except (NotAllowed, Conflict, InvalidTransition, PermissionDenied, ValidationError) as error:
            raise ExchangeFailed(step.slug, error) from error

    def _mail_times(self) -> Iterator[datetime]:
        """Yield the moments at which daily and weekly mails became due."""
        day = timezone.localtime(self.start).date()
        while True:
            day += timedelta(days=1)
            at = timezone.make_aware(datetime.combine(day, time(settings.DAILY_MAIL_HOUR, 5)))
            if at >= self.now:
                return
            yield at

    def _steps(self, exchange: SampleExchange) -> Iterator[Step]:
        def step(at: datetime, act: Callable, *args) -> Step:
            return Step(at, functools.partial(act, exchange, at, *args), exchange.slug)

        yield step(exchange.asked_at, self._ask)
        if exchange.ends == plan.QUESTION_WAITS:
            return
        if exchange.reason is not None:
            yield step(exchange.decided_at, self._answer_author)
            return
        yield step(exchange.decided_at, self._approve_question)
        yield step(exchange.decided_at + timedelta(hours=26), self._have_it_too)
        last = exchange.replies[-1] if exchange.ends == plan.LAST_ANSWER_WAITS else None
        for reply in exchange.replies:
            yield step(reply.sent_at, self._reply, reply)
            if reply is not last:
                yield step(reply.sent_at + plan.ANSWER_DECIDED_AFTER, self._approve_reply, reply)
        if exchange.ends == plan.COMPILED:
            yield step(exchange.published_at, self._write_up)
        else:
            yield from self._more_time(exchange)

    def _more_time(self, exchange: SampleExchange) -> Iterator[Step]:
        """Yield what keeps an exchange open to this day: a moderator gives more time before it closes."""
        closes_at = threads.closing_of(exchange.community, exchange.decided_at)
        while closes_at <= self.now + MORE_TIME_BEFORE:
            at, until = closes_at - MORE_TIME_BEFORE, threads.closing_of(exchange.community, closes_at)
            if at >= self.now:
                return
            yield Step(at, functools.partial(self._extend, exchange, at, until), exchange.slug)
            closes_at = until

    def _extend(self, exchange: SampleExchange, at: datetime, until: datetime) -> None:
        question = self._fresh(exchange)
        threads.extend(
            question=question,
            moderator=self.troupe.moderators(exchange.community)[0].user,
            version=question.thread_version,
            until=timezone.localdate(until),
            now=at,
        )

    def _ask(self, exchange: SampleExchange, at: datetime) -> None:
        self.questions[exchange.slug] = discussion.submit_question(
            author=self.troupe.member(exchange.asked_by, exchange.community),
            community=exchange.community,
            text=Text(title=exchange.title, body=exchange.body),
            themes=exchange.themes,
            state_of_india=exchange.state,
            sector=exchange.sector,
            now=at,
        )

    def _approve_question(self, exchange: SampleExchange, at: datetime) -> None:
        self._approve(self.questions[exchange.slug], exchange, at)

    def _approve(self, submission: Submission, exchange: SampleExchange, at: datetime) -> None:
        submission.refresh_from_db()
        if submission.state != SubmissionState.APPROVED:  # by trust, as it came
            moderators = self.troupe.moderators(exchange.community)
            moderator = next(each for each in moderators if each.pk != submission.author_id)
            moderation.approve(submission=submission, moderator=moderator.user, version=submission.version, now=at)
        moderation.release(submission_id=submission.pk, now=at + self.hold)
        self._sweep(at + self.hold)

    def _answer_author(self, exchange: SampleExchange, at: datetime) -> None:
        question = self.questions[exchange.slug]
        decide = moderation.return_to_author if exchange.ends == plan.RETURNED else moderation.decline
        decide(
            submission=question,
            moderator=self.troupe.moderators(exchange.community)[0].user,
            version=question.version,
            reason=exchange.reason,
            message="",
            now=at,
        )
        self._sweep(at)

    def _have_it_too(self, exchange: SampleExchange, at: datetime) -> None:
        question = self._fresh(exchange)
        others = exchange.community.memberships.current().filter(member__is_sample=True)
        others = others.exclude(member_id=question.author_id).select_related("member").order_by("-pk")
        for membership in others[: exchange.me_too]:
            discussion.mark_me_too(question=question, member=membership.member, now=at)

    def _reply(self, exchange: SampleExchange, at: datetime, words: SampleReply) -> None:
        self.replies[words] = discussion.submit_reply(
            author=self.troupe.member(words.role, exchange.community),
            question=self._fresh(exchange),
            reply_kind=words.kind,
            text=Text(body=words.body),
            now=at,
        )

    def _approve_reply(self, exchange: SampleExchange, at: datetime, words: SampleReply) -> None:
        self._approve(self.replies[words], exchange, at)

    def _write_up(self, exchange: SampleExchange, at: datetime) -> None:
        """Compile, hand in and approve at the time of the publishing, then date the draft to its own time."""
        compiler, second = self.troupe.moderators(exchange.community)
        before = stamps.last_log_entry()
        compiling.start_compilation(
            question=self._fresh(exchange), moderator=compiler.user, now=exchange.compiled_at, page=exchange.page
        )
        page = SolutionPage.objects.get(pk=exchange.page.pk)
        page.get_workflow().start(page, compiler.user)
        between = stamps.last_log_entry()
        state = page.current_workflow_task_state
        with compiling.at_moment(at):
            state.task.specific.on_action(state, second.user, "approve")
        page.refresh_from_db()
        stamps.stamp(page, compiled_at=exchange.compiled_at, published_at=at, log_before=before, log_between=between)
        self._sweep(at)

    def _fresh(self, exchange: SampleExchange) -> Question:
        return Question.objects.select_related("community").get(pk=self.questions[exchange.slug].pk)

    def _sweep(self, at: datetime) -> None:
        """Do what the sweeps would have done at ``at``: deliveries of what happened, the mails that were due."""
        for event_id in list(
            Event.objects.filter(fanned_out_at=None, occurred_at__lte=at).values_list("pk", flat=True)
        ):
            distribution.fan_out(event_id=event_id, now=at)
        distribution.build_due(now=at)
        handover.hand_over_due(now=at)
