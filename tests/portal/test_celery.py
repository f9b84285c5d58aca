"""Waking workers: once for a transaction, and never at the cost of a request."""

import pytest
from django.db import transaction
from kombu.exceptions import OperationalError

from community import tasks
from search.tasks import drain_outbox


@pytest.fixture
def sent(monkeypatch):
    """Return the messages that reach the broker."""
    messages = []
    monkeypatch.setattr(
        "celery.app.task.Task.apply_async", lambda self, args=None, *_, **__: messages.append((self.name, args))
    )
    return messages


@pytest.mark.django_db(transaction=True)
def test_a_transaction_wakes_a_task_once_for_the_same_work(sent):
    with transaction.atomic():
        for _ in range(3):
            drain_outbox.delay_on_commit()
            tasks.hand_over.delay_on_commit(1)
        tasks.hand_over.delay_on_commit(2)
        assert sent == []
    assert sent == [
        ("search.tasks.drain_outbox", ()),
        ("community.tasks.hand_over", (1,)),
        ("community.tasks.hand_over", (2,)),
    ]


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_wakes_nobody(sent):
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - the failure must come after the wake-up
        drain_outbox.delay_on_commit()
        raise RuntimeError
    assert sent == []


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_does_not_answer_spoils_nothing(monkeypatch):
    def refuse(*args, **kwargs):
        raise OperationalError("nobody there")

    monkeypatch.setattr("celery.app.task.Task.apply_async", refuse)
    with transaction.atomic():
        drain_outbox.delay_on_commit()
