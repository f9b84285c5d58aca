"""Figures of moderation are counted from the log, or not shown."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import ModerationEvent
from community.views import figures
from tests.factories.community import in_state, make_member, pending_question, released, released_reply

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few_are_enough(monkeypatch):
    monkeypatch.setattr(figures, "FEWEST_DECISIONS", 4)


def test_too_few_decisions_give_no_figures(community):
    in_state("released", community=community)
    assert figures.moderation_figures_at(timezone.now()) is None


def test_samples_count_for_nothing(community):
    for _number in range(5):
        in_state("released", community=community, author=make_member(community, is_sample=True))
    assert figures.moderation_figures_at(timezone.now()) is None


def test_decisions_waits_and_answers_are_counted_from_the_log(community):
    now = timezone.now()
    questions = [pending_question(community=community, now=now - timedelta(days=20, hours=hours)) for hours in (3, 3)]
    for question in questions:
        released(question, now - timedelta(days=20) + timedelta(hours=1))
    released_reply(question=questions[0], now=now - timedelta(days=19))
    in_state("returned", community=community)
    in_state("declined", community=community)
    counted = figures.moderation_figures_at(timezone.now())
    assert counted.decisions == ModerationEvent.objects.filter(action__in=["approve", "return", "decline"]).count() == 5
    assert (counted.returned, counted.declined, counted.answered, counted.overdue) == (20, 20, 50, 0)
    assert counted.median_hours <= 3


def test_what_is_past_its_deadline_is_counted(community):
    now = timezone.now()
    for _number in range(4):
        in_state("released", community=community)
    pending_question(community=community, now=now - timedelta(days=10))
    assert figures.moderation_figures_at(timezone.now()).overdue == 1
