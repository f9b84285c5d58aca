"""Figures of moderation: by month, from the log, of people's decisions, and never of so few that they point at one."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from community.models import Appeal
from community.services import counting, moderation
from community.states import Action
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    make_member,
    make_moderator,
    moderator_of,
    pending_question,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=ZoneInfo("Asia/Kolkata"))
OCTOBER = datetime(2026, 10, 10, 12, 0, tzinfo=ZoneInfo("Asia/Kolkata"))


def decided(decision, *, after=2, at=NOW, reason=None, community=None, **details):
    """Send a question in and decide on it ``after`` hours, at ``at``."""
    question = pending_question(community=community, now=at - timedelta(hours=after), **details)
    given = {"submission": question, "moderator": moderator_of(question).user, "version": 1, "now": at}
    if decision == "approve":
        moderation.approve(**given)
    elif decision == "spam":
        moderation.mark_spam(**given)
    elif decision == "return":
        moderation.return_to_author(**given, reason=reason or ReasonFactory(), message="")
    else:
        moderation.decline(**given, reason=reason or ReasonFactory(action=Action.DECLINE), message="")
    question.refresh_from_db()
    return question


def report(**how):
    cache.clear()
    return counting.moderation_report(now=NOW + timedelta(minutes=1), **how)


def test_an_empty_exchange_says_that_there_is_nothing_to_count(client, community):
    shown = report()
    assert (shown.whole.decisions, shown.whole.is_shown, shown.reasons) == (0, False, [])
    assert len(shown.months) == 12
    page = client.get(reverse("moderation_figures")).content.decode()
    assert "Too little to count yet" in page
    assert community.name in page


def test_decisions_are_counted_by_month_with_their_median(community):
    for hours in (1, 2, 9):
        decided("approve", after=hours, community=community)
    decided("return", after=4, community=community)
    decided("decline", after=5, community=community)
    for _each in range(5):
        decided("approve", after=10, at=OCTOBER, community=community)
    shown = report()
    october, november = shown.months[-2:]
    assert (october.summary.decisions, october.summary.median_hours) == (5, 10.0)
    assert (november.summary.decisions, november.summary.median_hours) == (5, 4.0)
    assert (november.summary.returned, november.summary.declined, november.summary.released) == (20, 20, 60)
    assert shown.whole.decisions == 10
    assert shown.most_hours == 10.0


def test_fewer_than_five_are_not_shown(community):
    for _each in range(4):
        decided("decline", community=community)
    shown = report()
    assert not shown.whole.is_shown
    assert (shown.whole.median_hours, shown.whole.declined) == (None, None)
    assert shown.reasons == []


def test_samples_and_approvals_that_were_taken_back_count_for_nothing(community):
    for _each in range(5):
        decided("approve", community=community, author=make_member(community, is_sample=True))
    question = decided("approve", community=community)
    moderation.undo_approval(
        submission=question, moderator=moderator_of(question).user, version=question.version, now=NOW
    )
    assert report().whole.decisions == 0


def test_reasons_that_were_rarely_given_are_counted_together(community):
    often = ReasonFactory(name="Place")
    for _each in range(4):
        decided("return", reason=often, community=community)
    for _each in range(3):
        decided("return", community=community)
    assert [(share.label, share.number, share.percent) for share in report().reasons] == [
        ("Place", 4, 57),
        ("", 3, 43),
    ]


def test_one_community_is_counted_alone(community):
    other = CommunityFactory()
    for _each in range(5):
        decided("approve", after=1, community=community)
        decided("decline", after=3, community=other)
    assert report(community=other).whole.declined == 100
    assert report(community=community).whole.median_hours == 1.0
    assert [row.community for row in report(community=other).communities] == [other]


def test_what_waits_and_what_is_late_is_counted_now(community):
    pending_question(community=community, now=NOW)
    pending_question(community=community, now=NOW - timedelta(days=20))
    pending_question(community=community, now=NOW - timedelta(days=20), author=make_member(community, is_sample=True))
    row = report().communities[0]
    assert (row.open, row.overdue) == (2, 1)


def test_the_share_of_appeals_that_were_overturned_is_shown_once_there_are_enough(community):
    make_moderator(community)
    for number in range(5):
        question = decided("decline", community=community, at=NOW - timedelta(hours=3))
        assert report().appeals.overturned is None
        author = question.author.user
        moderation.appeal(submission=question, author=author, version=question.version, text="x", now=NOW)
        outcome = "overturned" if number < 2 else "stands"
        Appeal.objects.filter(submission=question).update(outcome=outcome, decided_at=NOW)
    assert (report().appeals.decided, report().appeals.overturned) == (5, 40)


def test_a_month_that_is_over_is_counted_once_and_this_month_anew(community):
    for _each in range(5):
        decided("approve", at=OCTOBER, community=community)
    cache.clear()
    counting.decisions_by_month(NOW)
    with CaptureQueriesContext(connection) as seen:
        counting.decisions_by_month(NOW)
    assert len(seen) == 0
    cache.delete("community.decisions:2026-11")
    decided("approve", community=community)
    months = counting.decisions_by_month(NOW + timedelta(minutes=1))
    assert [len(rows) for rows in list(months.values())[-2:]] == [5, 1]


@pytest.mark.parametrize("asked", ["", "no-such", "\x00", "x" * 5000, "../"])
def test_the_page_takes_any_question_and_names_nobody(client, community, asked):
    author = make_member(community, name="Meena Kumari")
    for _each in range(6):
        decided(
            "decline",
            community=community,
            author=author,
            reason=ReasonFactory(name="<b>Out</b>", action=Action.DECLINE),
        )
    for path in ("", "/hi"):
        response = client.get(f"{path}{reverse('moderation_figures')}", {"community": asked})
        assert response.status_code == 200
        page = response.content.decode()
        assert "Meena" not in page
        assert moderator_of(pending_question(community=community)).name not in page
        assert "<b>Out</b>" not in page


def test_the_page_makes_a_constant_number_of_queries(client, community):
    def queries() -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("moderation_figures"))
        return len(seen)

    for _each in range(6):
        decided("return", community=community)
    queries()
    few = queries()
    for _each in range(6):
        decided("return", community=CommunityFactory(), at=OCTOBER)
    assert queries() == few <= 15
