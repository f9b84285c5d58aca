"""Hiding what is out: it leaves every output at once, what has not left is not sent, and it can come back."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.enums import DeliveryMode, DeliveryState, EnvelopeState, SkipReason
from community.models import Delivery, Envelope
from community.permissions import NotAllowed
from community.services import distribution, handover, moderation
from community.states import Action, InvalidTransition, SubmissionState
from search.models import OutboxEntry
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    in_state,
    make_member,
    make_moderator,
    released_question,
    released_reply,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()
DAY = timedelta(days=1)


@pytest.fixture
def question():
    return released_question(now=NOW)


@pytest.fixture
def moderator(question):
    return make_moderator(question.community)


def hide(submission, member, **changes):
    submission.refresh_from_db()
    values = {"version": submission.version, "reason": ReasonFactory(action=Action.HIDE), "message": "", "now": NOW}
    moderation.hide(submission=submission, moderator=member.user, **values | changes)
    submission.refresh_from_db()
    return submission


def restore(submission, member, note="It was a mistake."):
    moderation.restore(submission=submission, moderator=member.user, version=submission.version, note=note, now=NOW)
    submission.refresh_from_db()
    return submission


def test_hide_restore_hide_works_and_the_log_tells_it(question, moderator):
    other = make_moderator(question.community)
    hide(question, moderator)
    assert question.state == SubmissionState.HIDDEN
    restore(question, other)
    assert question.state == SubmissionState.RELEASED
    hide(question, moderator)
    assert question.state == SubmissionState.HIDDEN
    assert [event.action for event in question.events.all()][-3:] == [Action.HIDE, Action.RESTORE, Action.HIDE]


def test_the_author_is_told_of_each_hiding_once_with_the_reason_and_of_the_restoring_not_at_all(question, moderator):
    told = Envelope.objects.filter(member=question.author)
    before = told.count()
    hide(question, moderator, message="It names your neighbour.")
    assert told.count() == before + 1
    assert b"It names your neighbour." in bytes(told.latest("pk").message)
    restore(question, make_moderator(question.community))
    assert told.count() == before + 1
    hide(question, moderator)
    assert told.count() == before + 2


def test_the_mail_about_a_hidden_answer_does_not_name_a_question_that_is_hidden_too(moderator, question):
    reply = released_reply(question=question)
    hide(question, moderator)
    hide(reply, moderator)
    mail = Envelope.objects.filter(member=reply.author).latest("pk")
    assert question.title not in mail.subject


def test_deliveries_that_have_not_left_are_cancelled(question, moderator):
    waiting = make_member(question.community, mode=DeliveryMode.DAILY)
    as_sent = make_member(question.community)
    event = question.distribution_events.get()
    distribution.fan_out(event_id=event.pk, now=NOW)
    distribution.build_due(now=NOW)
    assert Delivery.objects.get(member=as_sent).state == DeliveryState.ENVELOPED

    hide(question, moderator)

    for member in (waiting, as_sent):
        delivery = Delivery.objects.get(member=member)
        assert (delivery.state, delivery.reason) == (DeliveryState.SKIPPED, SkipReason.NOT_VISIBLE)
    assert Delivery.objects.get(member=as_sent).envelope.state == EnvelopeState.DROPPED


def test_what_was_cancelled_stays_so_after_the_restoring(question, moderator):
    member = make_member(question.community)
    distribution.fan_out(event_id=question.distribution_events.get().pk, now=NOW)
    distribution.build_due(now=NOW)
    hide(question, moderator)
    restore(question, make_moderator(question.community))
    distribution.fan_out_due(now=NOW + DAY)
    distribution.build_due(now=NOW + DAY)
    handover.hand_over_due(now=NOW + DAY)
    assert not Envelope.objects.filter(deliveries__member=member, state=EnvelopeState.SENT).exists()


def test_a_daily_mail_loses_the_hidden_message_and_keeps_the_others(question, moderator):
    other = released_question(community=question.community, title="The other question", now=NOW)
    member = make_member(question.community, mode=DeliveryMode.DAILY)
    for each in (question, other):
        distribution.fan_out(event_id=each.distribution_events.get().pk, now=NOW)
    distribution.build_due(now=NOW + 2 * DAY)
    hide(question, moderator)
    handover.hand_over_due(now=NOW + 2 * DAY)
    mail = Envelope.objects.get(deliveries__member=member, deliveries__event__submission=other)
    assert mail.state == EnvelopeState.SENT
    assert b"The other question" in bytes(mail.message)
    assert question.title.encode() not in bytes(mail.message)


def test_a_release_that_is_fanned_out_while_it_is_hidden_is_owed_to_nobody(question, moderator):
    make_member(question.community)
    hide(question, moderator)
    distribution.fan_out(event_id=question.distribution_events.get().pk, now=NOW)
    assert not Delivery.objects.exclude(state=DeliveryState.SKIPPED).exists()


def test_hiding_a_question_cancels_the_mails_about_its_answers(question, moderator):
    reply = released_reply(question=question)
    distribution.fan_out(event_id=reply.distribution_events.get().pk, now=NOW)
    hide(question, moderator)
    assert not Delivery.objects.filter(state=DeliveryState.PENDING).exists()


def test_hiding_and_restoring_bring_the_thread_into_the_index_anew(question, moderator):
    reply = released_reply(question=question)
    entry = OutboxEntry.objects.filter(key=f"question:{question.pk}")
    versions = [entry.get().version]
    hide(reply, moderator)
    versions.append(entry.get().version)
    restore(reply, make_moderator(question.community))
    versions.append(entry.get().version)
    assert versions == sorted(set(versions))


def test_who_hid_a_message_does_not_restore_it_but_a_lead_does(question, moderator):
    hide(question, moderator)
    with pytest.raises(NotAllowed):
        restore(question, moderator)
    lead = make_member(question.community, role="lead")
    assert restore(question, lead).state == SubmissionState.RELEASED
    hide(question, lead)
    assert restore(question, lead).state == SubmissionState.RELEASED


def test_restoring_needs_a_line_that_the_log_keeps_and_no_mail_carries(question, moderator):
    hide(question, moderator)
    other = make_moderator(question.community)
    with pytest.raises(NotAllowed):
        restore(question, other, note="  ")
    restore(question, other, note="Checked with the author.")
    event = question.events.last()
    assert (event.note, event.message) == ("Checked with the author.", "")


@pytest.mark.parametrize("action", [Action.RETURN, Action.DECLINE])
def test_hiding_needs_a_reason_for_hiding(question, moderator, action):
    with pytest.raises(InvalidTransition):
        hide(question, moderator, reason=ReasonFactory(action=action))


@pytest.mark.parametrize("who", ["member", "moderator elsewhere", "author"])
def test_only_another_moderator_of_the_community_hides(question, who):
    people = {
        "member": lambda: make_member(question.community),
        "moderator elsewhere": lambda: make_moderator(CommunityFactory()),
        "author": lambda: question.author,
    }
    with pytest.raises(NotAllowed):
        hide(question, people[who]())


@pytest.mark.parametrize("state", [state for state in SubmissionState.values if state not in ("draft", "released")])
def test_only_what_is_released_is_hidden(state):
    question = in_state(state)
    with pytest.raises(InvalidTransition):
        hide(question, make_moderator(question.community))


def test_a_second_hiding_on_the_old_version_is_told_of_the_first(question, moderator):
    version = question.version
    hide(question, moderator)
    with pytest.raises(moderation.Conflict) as conflict:
        hide(question, make_moderator(question.community), version=version)
    assert conflict.value.event.actor == moderator.user
