"""Mails after a restore: held, listed, and let go only on request."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from community.enums import EnvelopeState
from community.models import Delivery, Envelope
from community.services import handover, restoring
from tests.factories.community import CommunityFactory, approved, make_member, pending_question

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def due():
    """An approved question whose hold is over, in a community with a reader: nothing of it is a mail yet."""
    community = CommunityFactory()
    make_member(community)
    return approved(pending_question(community=community), NOW - timedelta(hours=1))


def test_what_is_due_becomes_mails_and_is_held_and_listed(due):
    assert restoring.hold_mails(now=NOW) == Envelope.objects.count() > 0
    assert set(Envelope.objects.values_list("state", flat=True)) == {EnvelopeState.AMBIGUOUS}
    assert not Envelope.objects.filter(ambiguous_at=None).exists()
    assert not Delivery.objects.filter(state="pending", mode="as_sent").exists()
    assert handover.hand_over_due(now=NOW + timedelta(days=30)) == 0


def test_what_was_handed_over_stays_so(due):
    restoring.hold_mails(now=NOW)
    Envelope.objects.update(state=EnvelopeState.SENT, ambiguous_at=None, error="")
    assert restoring.hold_mails(now=NOW) == 0
    assert set(Envelope.objects.values_list("state", flat=True)) == {EnvelopeState.SENT}


def test_held_mails_go_once_when_they_are_let_go_and_stay_listed(due):
    held = restoring.hold_mails(now=NOW)
    assert restoring.let_mails_go(now=NOW) == held
    assert handover.hand_over_due(now=NOW) == held
    assert handover.hand_over_due(now=NOW + timedelta(days=1)) == 0
    assert not Envelope.objects.filter(ambiguous_at=None).exists()
    assert restoring.let_mails_go(now=NOW) == 0


def test_the_command_says_how_many(due, capsys):
    call_command("hold_mails")
    call_command("hold_mails", release=True)
    said = capsys.readouterr().out
    assert "mails are held" in said
    assert "mails will be handed over" in said


@pytest.mark.postgresql
def test_no_row_gets_a_number_that_a_lost_one_may_have_had(due):
    restoring.hold_mails(now=NOW)
    assert pending_question(community=due.community).pk > due.pk + restoring.LOST_NUMBERS
