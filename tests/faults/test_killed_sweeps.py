"""The sweep of deadlines is killed between any two steps: the next one tells everybody, and nobody twice."""

import os
import signal
import traceback
from datetime import datetime, timedelta
from importlib import import_module

import pytest
from django.db import connection
from django.utils import timezone

from community.enums import EnvelopeKind, NoticeCause
from community.models import Envelope, ModeratorNotice
from community.services import moderation
from community.states import Action, SubmissionState
from tests.factories.community import in_state, make_member, make_moderator, pending_question

pytestmark = [pytest.mark.postgresql, pytest.mark.processes, pytest.mark.django_db(transaction=True)]

MONDAY = timezone.make_aware(datetime.fromisoformat("2026-11-23 10:00"))
DEADLINES = "community.services.moderation.deadlines"
#: Where the process dies: after a step, which has committed unless it is one of ``notices``.
ESCALATING = {
    "apologising, before the commit": ("community.services.notices", "apologise"),
    "an item has escalated": (f"{DEADLINES}.escalating", "escalate"),
    "telling a moderator, before the commit": ("community.services.notices", "tell_moderator"),
    "a moderator is told": (f"{DEADLINES}.telling", "tell"),
}
REMINDING = {
    "reminding an author, before the commit": ("community.services.notices", "remind_author"),
    "an author is reminded": (f"{DEADLINES}.returned", "remind"),
    "telling of a lapse, before the commit": ("community.services.notices", "tell_of_lapse"),
}


def _sweep_and_die(module_name: str, name: str, now: datetime) -> None:
    module = import_module(module_name)
    step = getattr(module, name)

    def deadly(**values) -> None:
        step(**values)
        os.kill(os.getpid(), signal.SIGKILL)

    setattr(module, name, deadly)
    try:
        moderation.keep_deadlines(now=now)
    except BaseException:
        traceback.print_exc()
        raise


def kill_a_sweep(point: tuple[str, str], now: datetime) -> None:
    """Run the sweep in a process of its own that kills itself once it has done the step."""
    connection.close()
    connection.close_pool()  # a pooled connection would be of both processes
    child = os.fork()
    if child == 0:
        try:
            _sweep_and_die(*point, now)
        finally:
            os._exit(1)  # whatever happens, this process must not go on with the tests
    _pid, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status), "it died at that point"


@pytest.mark.parametrize("point", ESCALATING)
def test_a_killed_sweep_escalates_and_mails_nothing_twice(point):
    first = pending_question(now=MONDAY)
    community = first.community
    moderator, lead = make_moderator(community), make_member(community, role="lead")
    items = [first, pending_question(community=community, now=MONDAY)]
    late = MONDAY + timedelta(days=10)
    kill_a_sweep(ESCALATING[point], late)
    for hours in (0, 1, 2):
        moderation.keep_deadlines(now=late + timedelta(hours=hours))
    for item in items:
        item.refresh_from_db()
        assert item.escalation_level == len(moderation.deadlines.escalating.CAUSES)
    for person, cause in ((moderator, NoticeCause.OVERDUE), (lead, NoticeCause.LONG_OVERDUE)):
        told = ModeratorNotice.objects.filter(recipient=person.user, cause=cause, envelope__isnull=False)
        assert sorted(told.values_list("submission_id", flat=True)) == [item.pk for item in items]
    assert Envelope.objects.filter(key__startswith="n:apology").count() == len(items)
    mailed = Envelope.objects.filter(kind=EnvelopeKind.MODERATOR).values_list("address", "built_at")
    assert len(mailed) == len(set(mailed))


@pytest.mark.parametrize("point", REMINDING)
def test_a_killed_sweep_reminds_and_lapses_once(point):
    question = in_state(SubmissionState.RETURNED, now=MONDAY)
    days = [7, 21, 46, 60]
    deadly = 60 if "lapse" in point else 7
    for day in days:
        now = MONDAY + timedelta(days=day)
        if day == deadly:
            kill_a_sweep(REMINDING[point], now)
        moderation.keep_deadlines(now=now)
    assert Envelope.objects.filter(key__startswith="n:reminder").count() == len(days) - 1
    assert Envelope.objects.filter(key__startswith="n:lapse").count() == 1
    assert question.events.filter(action=Action.LAPSE).count() == 1
