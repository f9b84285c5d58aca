"""Deciding on submissions: who may, what follows, what the log keeps."""

import itertools
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from community.enums import EnvelopeKind
from community.models import Delivery, Envelope, Event, ModerationEvent, Question, Revision, Submission
from community.permissions import NotAllowed
from community.services import moderation
from community.services.moderation.deadlines import calendar_of
from community.services.moderation.deadlines.working_time import between
from community.services.revisions import Text
from community.states import Action, InvalidTransition, SubmissionState
from search.models import OutboxEntry
from tests.factories.community import (
    CommunityFactory,
    MembershipFactory,
    ReasonFactory,
    approved,
    in_state,
    make_member,
    make_moderator,
    moderator_of,
    pending_question,
    pending_reply,
    released,
    released_question,
    released_reply,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def act(action, submission, *, by=None, now=NOW, version=None):
    """Do one of the actions that people can do here."""
    by = by or moderator_of(submission).user
    version = submission.version if version is None else version
    deciding = {"submission": submission, "moderator": by, "version": version, "now": now}
    if action == Action.APPROVE:
        return moderation.approve(**deciding)
    if action == Action.UNDO:
        return moderation.undo_approval(**deciding)
    if action == Action.RETURN:
        return moderation.return_to_author(**deciding, reason=ReasonFactory(action=action), message="")
    if action == Action.DECLINE:
        return moderation.decline(**deciding, reason=ReasonFactory(action=action), message="")
    author = submission.author.user
    if action == Action.WITHDRAW:
        return moderation.withdraw(submission=submission, author=author, version=version, now=now)
    text = Text(title="Changed", body="Changed text.")
    return moderation.revise(submission=submission, author=author, version=version, text=text, now=now)


MODERATING = [Action.APPROVE, Action.UNDO, Action.RETURN, Action.DECLINE]
AUTHORING = [Action.EDIT, Action.WITHDRAW]
OUTCOMES = {
    ("pending", "approve"): "approved",
    ("pending", "return"): "returned",
    ("pending", "decline"): "declined",
    ("pending", "withdraw"): "withdrawn",
    ("pending", "edit"): "pending",
    ("approved", "undo"): "pending",
    ("approved", "withdraw"): "withdrawn",
    ("returned", "edit"): "pending",
    ("returned", "withdraw"): "withdrawn",
}


@pytest.mark.parametrize(
    ("state", "action"),
    [pair for pair in itertools.product(SubmissionState.values, MODERATING + AUTHORING) if pair[0] != "draft"],
)
def test_each_service_obeys_the_table_in_each_state(state, action):
    question = in_state(state)
    log_before = question.events.count()
    expected = OUTCOMES.get((state, action))
    if expected:
        act(action, question)
    else:
        with pytest.raises(InvalidTransition):
            act(action, question)
    question.refresh_from_db()
    assert question.state == (expected or state)
    assert question.events.count() == log_before + (1 if expected else 0)


def test_a_question_that_is_sent_in_waits_with_its_text_frozen_and_a_due_time():
    question = pending_question(title="Smoke", body="Too **much** smoke", now=NOW)
    assert question.state == SubmissionState.PENDING
    assert question.revision.body == "Too **much** smoke"
    assert "<strong>much</strong>" in question.revision.body_html
    assert between(calendar_of(question.community_id), NOW, question.due_at) == timedelta(hours=24)
    assert [event.action for event in question.events.all()] == [Action.SUBMIT]
    assert not Event.objects.exists()
    assert not Envelope.objects.exists()


@pytest.mark.parametrize("action", MODERATING)
@pytest.mark.parametrize("who", ["visitor account", "member", "moderator elsewhere", "former moderator", "author"])
def test_only_a_moderator_of_the_community_decides_and_never_on_an_own_message(action, who):
    community = CommunityFactory()
    author = make_moderator(community)
    question = pending_question(community=community, author=author)
    if action == Action.UNDO:
        approved(question)
    people = {
        "visitor account": lambda: UserFactory(),
        "member": lambda: make_member(community).user,
        "moderator elsewhere": lambda: make_moderator(CommunityFactory()).user,
        "former moderator": lambda: MembershipFactory(community=community, moderator=True, ended_at=NOW).member.user,
        "author": lambda: author.user,
    }
    with pytest.raises(NotAllowed):
        act(action, question, by=people[who]())


@pytest.mark.parametrize("action", AUTHORING)
def test_only_the_author_changes_or_withdraws_a_message(action):
    question = pending_question()
    stranger = make_member(question.community).user
    calls = {
        Action.EDIT: lambda: moderation.revise(
            submission=question, author=stranger, version=1, text=Text(body="mine now"), now=NOW
        ),
        Action.WITHDRAW: lambda: moderation.withdraw(submission=question, author=stranger, version=1, now=NOW),
    }
    with pytest.raises(NotAllowed):
        calls[action]()


def test_who_decides_second_is_told_who_decided_what():
    question = pending_question()
    first, second = make_moderator(question.community), make_moderator(question.community)
    moderation.approve(submission=question, moderator=first.user, version=1, now=NOW)
    with pytest.raises(moderation.Conflict) as conflict:
        moderation.decline(
            submission=question,
            moderator=second.user,
            version=1,
            reason=ReasonFactory(action=Action.DECLINE),
            message="",
            now=NOW,
        )
    assert conflict.value.event.actor == first.user
    assert conflict.value.event.action == Action.APPROVE


def test_a_moderator_with_the_old_text_open_does_not_approve_the_new_one():
    question = pending_question()
    act(Action.EDIT, question)
    with pytest.raises(moderation.Conflict):
        moderation.approve(submission=question, moderator=moderator_of(question).user, version=1, now=NOW)


def test_an_approved_item_is_held_and_nothing_is_told_to_anybody(settings):
    settings.RELEASE_HOLD_SECONDS = 300
    question = approved(pending_question(), NOW)
    assert question.release_at == NOW + timedelta(seconds=300)
    assert moderation.release_due(now=NOW + timedelta(seconds=299)) == 0
    question.refresh_from_db()
    assert question.state == SubmissionState.APPROVED
    assert question.slug is None
    assert not Event.objects.exists()
    assert not Envelope.objects.exists()


def test_an_undone_approval_leaves_no_trace_outside_the_log():
    question = approved(pending_question(), NOW)
    act(Action.UNDO, question)
    moderation.release_due(now=NOW + timedelta(days=1))
    question.refresh_from_db()
    assert question.state == SubmissionState.PENDING
    assert question.release_at is None
    assert [event.action for event in question.events.all()] == [Action.SUBMIT, Action.APPROVE, Action.UNDO]
    assert not Event.objects.exists()
    assert not Envelope.objects.exists()
    assert not OutboxEntry.objects.filter(key=f"question:{question.pk}").exists()


def test_a_release_makes_the_address_the_event_the_index_row_and_the_authors_notice():
    question = released_question(title="रंगाई का पानी", now=NOW)
    assert question.state == SubmissionState.RELEASED
    assert question.released_at == NOW
    assert question.slug
    assert question.slug.isascii()
    assert question.released_revision == question.revision
    assert Event.objects.get().key == f"released:{question.pk}"
    assert OutboxEntry.objects.filter(key=f"question:{question.pk}").exists()
    assert Envelope.objects.get().kind == EnvelopeKind.NOTICE


def test_a_second_release_of_the_same_item_does_nothing():
    question = released_question(now=NOW)
    assert moderation.release(submission_id=question.pk, now=NOW) is None
    assert Event.objects.count() == 1


def test_two_questions_of_the_same_title_get_two_addresses():
    slugs = {released_question(title="Smoke").slug, released_question(title="Smoke").slug}
    assert slugs == {"smoke", "smoke-2"}


def test_a_released_reply_brings_its_question_into_the_index_again():
    question = released_question()
    before = OutboxEntry.objects.get(key=f"question:{question.pk}").version
    released_reply(question=question)
    assert OutboxEntry.objects.get(key=f"question:{question.pk}").version > before


@pytest.mark.parametrize("action", [Action.RETURN, Action.DECLINE])
def test_a_return_and_a_decline_tell_the_author_alone_with_the_reason(action):
    community = CommunityFactory()
    make_member(community)
    question = pending_question(community=community)
    act(action, question)
    envelope = Envelope.objects.get()
    assert envelope.address == question.author.user.email
    assert not Delivery.objects.exists()
    event = question.events.last()
    assert event.reason.action == action
    assert event.message == event.reason.text


def test_a_reason_of_the_other_kind_is_refused():
    question = pending_question()
    with pytest.raises(InvalidTransition):
        moderation.decline(
            submission=question,
            moderator=moderator_of(question).user,
            version=1,
            reason=ReasonFactory(action=Action.RETURN),
            message="",
            now=NOW,
        )


def test_a_returned_item_comes_back_as_the_same_item():
    question = in_state(SubmissionState.RETURNED)
    act(Action.EDIT, question)
    question.refresh_from_db()
    assert question.state == SubmissionState.PENDING
    assert question.revision.number == 2
    assert question.events.last().action == Action.RESUBMIT
    assert Question.objects.count() == 1


def test_a_moderators_wording_is_a_revision_beside_the_authors():
    question = pending_question(title="Smok", body="To much smoke.")
    moderator = moderator_of(question)
    moderation.approve(
        submission=question,
        moderator=moderator.user,
        version=1,
        now=NOW,
        amended=Text(title="Smoke", body="Too much smoke."),
    )
    first, second = Revision.objects.filter(submission=question)
    assert (first.title, first.made_by) == ("Smok", question.author)
    assert (second.title, second.made_by) == ("Smoke", moderator)
    assert [event.action for event in question.events.all()] == [Action.SUBMIT, Action.AMEND, Action.APPROVE]


def test_approving_with_unchanged_words_makes_no_revision():
    question = pending_question()
    text = Text.of(question.revision)
    moderation.approve(submission=question, moderator=moderator_of(question).user, version=1, now=NOW, amended=text)
    assert Revision.objects.filter(submission=question).count() == 1


def test_the_log_numbers_its_entries_and_names_actor_states_and_hash():
    question = released(pending_question())
    entries = list(question.events.values_list("number", "from_state", "to_state"))
    assert entries == [(1, "draft", "pending"), (2, "pending", "approved"), (3, "approved", "released")]
    assert all(event.text_hash == question.revision.text_hash for event in question.events.all())
    assert question.events.last().actor is None


@pytest.mark.parametrize("statement", ["UPDATE {} SET message = 'other'", "DELETE FROM {}"])
def test_the_log_refuses_to_be_changed(statement):
    pending_question()
    table = ModerationEvent._meta.db_table
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement.format(table))
    assert ModerationEvent.objects.count() == 1


def test_the_database_refuses_a_released_item_without_its_text():
    question = pending_question()
    with pytest.raises(DatabaseError), transaction.atomic():
        Submission.objects.filter(pk=question.pk).update(state=SubmissionState.RELEASED)


def test_deciding_on_one_reply_leaves_its_siblings_waiting():
    question = released_question()
    one, other = pending_reply(question=question), pending_reply(question=question)
    act(Action.APPROVE, one)
    other.refresh_from_db()
    assert other.state == SubmissionState.PENDING
