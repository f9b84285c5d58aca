"""Two people, or a person and the sweep, at the same thread at the same moment. Only PostgreSQL locks rows."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.models import Envelope, Question, ReplyUse
from community.services import threads
from community.states import ThreadLife
from tests.at_once import at_once
from tests.factories.community import make_moderator, released_question, released_reply

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
DAY = timedelta(days=1)


def test_of_two_moderators_at_once_one_acts_and_the_other_is_told_who():
    now = timezone.now()
    question = released_question()
    users = [make_moderator(question.community).user for _ in range(2)]
    until = timezone.localdate(now) + 40 * DAY

    def extend():
        return threads.extend(question=question, moderator=users[0], version=1, until=until, now=now)

    def close():
        return threads.close(question=question, moderator=users[1], version=1, now=now)

    outcomes = at_once(extend, close)
    refused = [each for each in outcomes if isinstance(each, threads.ThreadConflict)]
    assert len(refused) == 1, outcomes
    done = 0 if isinstance(outcomes[1], threads.ThreadConflict) else 1
    assert refused[0].event.actor == users[done]
    assert question.thread_events.count() == 2
    question.refresh_from_db()
    assert question.thread_version == 2


def test_ten_sweeps_at_once_close_a_thread_once_and_write_one_mail():
    question = released_question()
    after = question.closes_at + DAY
    outcomes = at_once(*[lambda: threads.close_due(now=after)] * 10)
    assert sum(outcomes) == 1, outcomes
    assert Question.objects.get(pk=question.pk).life == ThreadLife.CLOSED
    assert Envelope.objects.filter(key__startswith="n:closed:").count() == 1
    assert question.thread_events.filter(action="expire").count() == 1


def test_a_double_click_twenty_times_at_once_is_one_mark_and_one_mail():
    question = released_question()
    reply = released_reply(question=question)
    now = timezone.now()

    def mark():
        return threads.mark_use(reply=reply, member=question.author, mark="used", line="", now=now)

    outcomes = at_once(*[mark] * 20)
    assert not [each for each in outcomes if isinstance(each, Exception)], outcomes
    assert ReplyUse.objects.count() == 1
    assert Envelope.objects.filter(key=f"n:used:{reply.pk}").count() == 1


def test_a_broken_off_closing_is_done_by_the_next_sweep(monkeypatch):
    question = released_question()
    after = question.closes_at + DAY

    def dies(**_values):
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr("community.services.threads.life.notices.tell_of_closing", dies)
        with pytest.raises(RuntimeError):
            threads.close_due(now=after)
    question.refresh_from_db()
    assert question.life == ThreadLife.OPEN
    assert threads.close_due(now=after) == 1
    assert Envelope.objects.filter(key__startswith="n:closed:").count() == 1
