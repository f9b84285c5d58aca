"""Handing over: once, and honest where nobody can know."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import transaction
from django.utils import timezone

from community.enums import DeliveryState, EnvelopeState
from community.mail.transports import FolderTransport, Refused, Unknown, Unreachable
from community.models import Delivery, Envelope, Event, Submission
from community.services import distribution, handover
from community.states import SubmissionState
from tests.factories.community import CommunityFactory, make_member, released_question

pytestmark = pytest.mark.django_db
NOW = timezone.now()


class RecordingTransport:
    """Takes mails and remembers them; raises what it was told to raise."""

    def __init__(self, error=None, knows=None):
        self.error, self.knows, self.taken = error, knows, []

    def send(self, *, message_id, sender, recipient, message):
        self.taken.append(message_id)
        if self.error:
            raise self.error

    def was_taken(self, message_id):
        return self.knows


@pytest.fixture
def envelope():
    community = CommunityFactory()
    make_member(community)
    question = released_question(community=community, author=make_member(community, mode="none"), now=NOW)
    distribution.fan_out(event_id=Event.objects.get(submission_id=question.pk).pk, now=NOW)
    distribution.build_due(now=NOW)
    return Envelope.objects.filter(deliveries__member__memberships__role="member").first()


def test_a_mail_is_handed_over_once_and_its_deliveries_are_sent(envelope):
    transport = RecordingTransport()
    for _ in range(3):
        handover.hand_over(envelope_id=envelope.pk, now=NOW, transport=transport)
    envelope.refresh_from_db()
    assert transport.taken == [envelope.message_id]
    assert envelope.state == EnvelopeState.SENT
    assert envelope.deliveries.get().state == DeliveryState.SENT


def test_an_unreachable_server_is_tried_again_later(envelope):
    transport = RecordingTransport(Unreachable("busy"))
    assert handover.hand_over(envelope_id=envelope.pk, now=NOW, transport=transport) == EnvelopeState.BUILT
    assert handover.hand_over(envelope_id=envelope.pk, now=NOW, transport=transport) is None
    transport.error = None
    later = NOW + timedelta(minutes=2)
    assert handover.hand_over(envelope_id=envelope.pk, now=later, transport=transport) == EnvelopeState.SENT


def test_a_refusal_is_final_and_keeps_its_reason(envelope):
    transport = RecordingTransport(Refused("550 no such user"))
    handover.hand_over(envelope_id=envelope.pk, now=NOW, transport=transport)
    handover.hand_over(envelope_id=envelope.pk, now=NOW + timedelta(days=1), transport=transport)
    envelope.refresh_from_db()
    assert (envelope.state, envelope.error) == (EnvelopeState.FAILED, "550 no such user")
    assert len(transport.taken) == 1


def test_an_ambiguous_hand_over_is_tried_once_more_after_half_an_hour_with_the_same_message_id(envelope):
    transport = RecordingTransport(Unknown("connection lost"))
    handover.hand_over(envelope_id=envelope.pk, now=NOW, transport=transport)
    handover.hand_over(envelope_id=envelope.pk, now=NOW + timedelta(minutes=29), transport=transport)
    assert len(transport.taken) == 1
    handover.hand_over(envelope_id=envelope.pk, now=NOW + timedelta(minutes=30), transport=transport)
    handover.hand_over(envelope_id=envelope.pk, now=NOW + timedelta(days=3), transport=transport)
    envelope.refresh_from_db()
    assert transport.taken == [envelope.message_id] * 2
    assert envelope.state == EnvelopeState.AMBIGUOUS
    assert envelope.ambiguous_at == NOW


@pytest.mark.parametrize(
    ("knows", "state"),
    [(True, EnvelopeState.SENT), (False, EnvelopeState.BUILT), (None, EnvelopeState.AMBIGUOUS)],
)
def test_a_mail_whose_process_died_is_sorted_out_by_what_the_transport_knows(envelope, knows, state):
    handover.claim(envelope_id=envelope.pk, now=NOW)
    transport = RecordingTransport(knows=knows)
    assert handover.recover_broken_off(now=NOW + timedelta(minutes=9), transport=transport) == 0
    assert handover.recover_broken_off(now=NOW + timedelta(minutes=11), transport=transport) == 1
    envelope.refresh_from_db()
    assert envelope.state == state


def test_what_was_hidden_after_building_is_dropped_before_it_leaves(envelope):
    Submission.objects.filter(pk=envelope.deliveries.get().event.submission_id).update(state=SubmissionState.HIDDEN)
    transport = RecordingTransport()
    handover.hand_over(envelope_id=envelope.pk, now=NOW, transport=transport)
    envelope.refresh_from_db()
    assert envelope.state == EnvelopeState.DROPPED
    assert transport.taken == []


def test_a_daily_mail_is_rendered_anew_without_what_was_hidden_meanwhile():
    community = CommunityFactory()
    reader = make_member(community, mode="daily")
    author = make_member(community, mode="none")
    hidden = released_question(community=community, author=author, title="Hidden words", now=NOW)
    released_question(community=community, author=author, title="Staying words", now=NOW)
    distribution.fan_out_due(now=NOW)
    later = NOW + timedelta(days=1)
    distribution.build_due(now=later)
    envelope = Envelope.objects.get(member=reader)
    message_id = envelope.message_id
    Submission.objects.filter(pk=hidden.pk).update(state=SubmissionState.HIDDEN)
    handover.hand_over(envelope_id=envelope.pk, now=later, transport=RecordingTransport())
    envelope.refresh_from_db()
    assert (envelope.state, envelope.message_id) == (EnvelopeState.SENT, message_id)
    assert b"Hidden words" not in bytes(envelope.message)
    assert b"Staying words" in bytes(envelope.message)


def test_a_sample_address_counts_as_reached_and_no_transport_is_asked(envelope):
    Envelope.objects.filter(pk=envelope.pk).update(address="role@sample.invalid")
    transport = RecordingTransport(Refused("never"))
    assert handover.hand_over(envelope_id=envelope.pk, now=NOW, transport=transport) == EnvelopeState.SENT
    assert transport.taken == []


def test_the_folder_takes_a_second_copy_onto_the_first(tmp_path):
    transport = FolderTransport(tmp_path)
    assert transport.was_taken("<a@b>") is False
    for words in (b"one", b"one"):
        transport.send(message_id="<a@b>", sender="s@b", recipient="r@b", message=words)
    assert transport.was_taken("<a@b>") is True
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"one"]


def test_a_folder_that_cannot_be_written_is_unreachable(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(Unreachable):
        FolderTransport(tmp_path / "file").send(message_id="<a@b>", sender="s", recipient="r", message=b"x")


def test_django_mail_becomes_an_envelope_for_each_recipient():
    mail.send_mail("Subject\twith space", "Body", None, ["One@example.org", "two@example.org"])
    assert sorted(Envelope.objects.values_list("address", flat=True)) == ["one@example.org", "two@example.org"]
    assert len(set(Envelope.objects.values_list("message_id", flat=True))) == 2


def test_a_mail_sent_in_a_transaction_that_fails_never_existed():
    with pytest.raises(RuntimeError), transaction.atomic():  # noqa: PT012 - the failure must come after the mail
        mail.send_mail("Subject", "Body", None, ["one@example.org"])
        raise RuntimeError
    assert not Envelope.objects.exists()
    assert not Delivery.objects.exists()


def test_the_bytes_of_a_mail_are_as_mail_servers_want_them(envelope):
    mail.send_mail("Subject", "One line\nand another", None, ["one@example.org"])
    for built in (envelope, Envelope.objects.get(address="one@example.org")):
        message = bytes(built.message)
        assert b"\n" not in message.replace(b"\r\n", b"")
        assert max(map(len, message.split(b"\r\n"))) <= 998  # RFC 5321, 4.5.3.1.6
