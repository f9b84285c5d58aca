"""What each rule looks for in a message that comes in. A rule gives what it found, or None.

Bounded whatever the past is: one query for the rules, one for each that asks for other messages, of the newest alone.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.db.models import F, QuerySet
from django.db.models.functions import Left

from community.enums import READ_KINDS
from community.models import HoldingHit, HoldingRule, Submission
from community.models.moderation.holding import HoldingCheck, HoldingMode
from community.services.revisions import Text
from community.states import SubmissionState

from . import personal_data
from .likeness import COMPARED, FEWEST_WORDS, NEARLY, likeness, words_of

#: Most rules that are asked, and most pieces that are kept of what one found.
MOST_RULES = 100
MOST_FOUND = 10
#: How many of the newest messages are compared: of everybody, and of the author.
NEWEST, NEWEST_OWN = 100, 20
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>()\[\]\"'|]{1,300}", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?(?:[^/@\s]{0,100}@)?([^/:?#\s]{1,253})", re.IGNORECASE)


@dataclass(frozen=True)
class Arriving:
    """A message that comes in, with its text."""

    submission: Submission
    text: Text
    now: datetime

    @cached_property
    def whole(self) -> str:
        return "\n".join((self.text.title, self.text.body, self.text.tried))

    @property
    def is_read_by_many(self) -> bool:
        return self.submission.kind in READ_KINDS

    @cached_property
    def words(self) -> list[str]:
        return words_of(self.whole)

    def sent_before(self) -> QuerySet[Submission]:
        """Return what was sent in besides this one."""
        others = Submission.objects.exclude(pk=self.submission.pk).exclude(state=SubmissionState.DRAFT)
        return others.filter(kind__in=READ_KINDS)


def check(*, submission: Submission, text: Text, now: datetime) -> list[dict]:
    """Ask every rule of the community about what comes in; return why it is held, as codes and parameters.

    A rule on a dry run only notes what it found. Part of the caller's transaction.
    """
    arriving = Arriving(submission, text, now)
    held, hits = [], []
    for rule in HoldingRule.objects.current_in(submission.community_id, now)[:MOST_RULES]:
        found = _CHECKS[HoldingCheck(rule.looks_for)](rule, arriving)
        if found is None:
            continue
        holds = rule.mode == HoldingMode.HOLDS
        hits.append(HoldingHit(rule=rule, submission_id=submission.pk, held=holds, found=found, at=now))
        if holds:
            held.append({"check": rule.looks_for, "rule": rule.pk, **found})
    HoldingHit.objects.bulk_create(hits, ignore_conflicts=True)
    return held


def _links(rule: HoldingRule, arriving: Arriving) -> dict | None:
    hosts = [_host_of(link) for link in _LINK.findall(arriving.whole)]
    allowed = tuple(entry.lower().removeprefix("www.") for entry in rule.entries)
    counted = [host for host in hosts if not any(host == each or host.endswith(f".{each}") for each in allowed)]
    if len(counted) <= (rule.number or 0):
        return None
    return {"number": len(counted), "found": list(dict.fromkeys(counted))[:MOST_FOUND]}


def _host_of(link: str) -> str:
    matched = _HOST.match(link)
    return (matched[1] if matched else link).lower().removeprefix("www.")[:100]


def _words(rule: HoldingRule, arriving: Arriving) -> dict | None:
    joined = f" {' '.join(arriving.words)} "
    found = [entry for entry in rule.entries if _stands_in(entry, joined)]
    return {"found": found[:MOST_FOUND]} if found else None


def _stands_in(entry: str, joined: str) -> bool:
    words = " ".join(words_of(entry))
    return bool(words) and (f" {words}" if entry.endswith("*") else f" {words} ") in joined


def _personal_data(_rule: HoldingRule, arriving: Arriving) -> dict | None:
    found = personal_data.find(arriving.whole)
    return {"found": [[each.what, each.text] for each in found[:MOST_FOUND]]} if found else None


def _first_post(_rule: HoldingRule, arriving: Arriving) -> dict | None:
    one = arriving.submission
    earlier = Submission.objects.released().filter(author_id=one.author_id, community_id=one.community_id)
    return None if not arriving.is_read_by_many or earlier.exists() else {}


def _rate(rule: HoldingRule, arriving: Arriving) -> dict | None:
    if not arriving.is_read_by_many:
        return None
    since = arriving.now - timedelta(hours=rule.hours or 1)
    sent = arriving.sent_before().filter(author_id=arriving.submission.author_id, submitted_at__gt=since)
    if rule.community_id:
        sent = sent.filter(community_id=rule.community_id)
    limit = rule.number or 0
    number = len(sent.values_list("pk", flat=True)[: limit + 1]) + 1
    return {"number": number, "hours": rule.hours} if number > limit else None


def _duplicate(rule: HoldingRule, arriving: Arriving) -> dict | None:
    if not arriving.is_read_by_many:
        return None
    mine = words_of(arriving.text.body[:COMPARED])
    for pk, author, body in _lately(rule, arriving):
        is_own = author == arriving.submission.author_id
        other = words_of(body)
        if len(mine) < FEWEST_WORDS or len(other) < FEWEST_WORDS:
            share = 1.0 if is_own and mine == other else 0.0
        else:
            share = likeness(mine, other)
        if share >= NEARLY:
            return {"of": pk, "is_own": is_own, "percent": int(share * 100)}
    return None


def _lately(rule: HoldingRule, arriving: Arriving) -> list[tuple[int, int, str]]:
    """Return number, author and beginning of the newest messages: the author's own, and the community's."""
    one = arriving.submission
    # What its author took back or has to change may well come again.
    told = (SubmissionState.WITHDRAWN, SubmissionState.RETURNED)
    since = arriving.now - timedelta(hours=rule.hours or 1)
    sent = arriving.sent_before().annotate(begins=Left(F("revision__body"), COMPARED))
    own = sent.filter(author_id=one.author_id).order_by("-submitted_at")[:NEWEST_OWN]
    newest = sent.order_by("-pk")[:NEWEST]
    columns = ("pk", "author_id", "begins", "state", "submitted_at", "community_id")
    rows = {row[0]: row for row in [*own.values_list(*columns), *newest.values_list(*columns)]}
    return [
        (pk, author, begins or "")
        for pk, author, begins, state, at, community in rows.values()
        if state not in told and at and at > since and (author == one.author_id or community == one.community_id)
    ]


_CHECKS: dict[HoldingCheck, Callable[[HoldingRule, Arriving], dict | None]] = {
    HoldingCheck.LINKS: _links,
    HoldingCheck.WORDS: _words,
    HoldingCheck.PERSONAL_DATA: _personal_data,
    HoldingCheck.FIRST_POST: _first_post,
    HoldingCheck.RATE: _rate,
    HoldingCheck.DUPLICATE: _duplicate,
}
