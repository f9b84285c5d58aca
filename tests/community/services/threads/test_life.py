"""The life of a thread: one table of who may do what, the closing date, and what is written down of it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from importlib import import_module
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from community.models import Envelope, Membership, MeToo, Question, Submission, ThreadEvent
from community.permissions import NotAllowed
from community.services import moderation, threads
from community.services.discussion import submit_reply
from community.services.revisions import Text
from community.states import InvalidTransition, SubmissionState, ThreadAction, ThreadLife
from tests.factories.community import (
    CommunityFactory,
    MembershipFactory,
    approved,
    closed,
    in_state,
    make_member,
    make_moderator,
    pending_reply,
    released_question,
    released_reply,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
INDIA = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 16, 10, 0, tzinfo=INDIA)
DAY = timedelta(days=1)
UNTIL = (NOW + 30 * DAY).date()

OK, IMPOSSIBLE, NOT_ALLOWED = "done", "impossible now", "not allowed"

#: Which actions of people there are in each life; every other one is impossible for who may do it at all.
POSSIBLE = {
    "open": {"extend", "close", "answered", "pin", "unpin"},
    "closed": {"reopen", "pin", "unpin"},
    "compiled": {"reopen", "pin", "unpin"},
}
BY_MODERATORS = {"extend", "close", "reopen", "pin", "unpin"}
BY_ASKER = {"answered"}
MAY = {
    "moderator": BY_MODERATORS,
    "lead": BY_MODERATORS,
    "asker": BY_ASKER,
    "asker who moderates": BY_MODERATORS | BY_ASKER,
    "asker who left": set(),
    "member": set(),
    "member who has it too": set(),
    "former moderator": set(),
    "moderator of another community": set(),
    "administrator without a role": set(),
    "account without a profile": set(),
    "visitor": set(),
}


@pytest.fixture
def question():
    return released_question(now=NOW)


@pytest.fixture
def moderator(question):
    return make_moderator(question.community).user


def account(role: str, question: Question):
    community, asker = question.community, question.author
    if role == "asker who moderates":
        Membership.objects.filter(member=asker).update(role="moderator")
    if role == "asker who left":
        Membership.objects.filter(member=asker).update(ended_at=timezone.now())
    if role.startswith("asker"):
        return asker.user
    if role == "member who has it too":
        member = make_member(community)
        MeToo.objects.create(question=question, member=member, created_at=NOW)
        return member.user
    return {
        "moderator": lambda: make_moderator(community).user,
        "lead": lambda: make_member(community, role="lead").user,
        "member": lambda: make_member(community).user,
        "former moderator": lambda: MembershipFactory(community=community, moderator=True, ended_at=NOW).member.user,
        "moderator of another community": lambda: make_moderator(CommunityFactory()).user,
        "administrator without a role": lambda: make_member(CommunityFactory(), user__superuser=True).user,
        "account without a profile": UserFactory,
        "visitor": AnonymousUser,
    }[role]()


def in_life(question: Question, life: str) -> Question:
    """Bring the question there as the portal does, with a summary pinned."""
    asker = make_moderator(question.community).user
    threads.pin_summary(question=question, moderator=asker, version=1, body="So far: two tanks.", now=NOW)
    if life == "closed":
        closed(question, NOW)
    elif life == "compiled":
        threads.write_up(question=question, now=NOW)
    question.refresh_from_db()
    assert question.life == life
    return question


def calls(question: Question, user) -> dict[str, Callable[[], object]]:
    shown = {"question": question, "version": question.thread_version, "now": NOW}
    deciding = shown | {"moderator": user}
    return {
        "extend": lambda: threads.extend(**deciding, until=UNTIL),
        "close": lambda: threads.close(**deciding),
        "reopen": lambda: threads.reopen(**deciding, until=UNTIL),
        "answered": lambda: threads.answered(**shown, asker=user),
        "pin": lambda: threads.pin_summary(**deciding, body="So far: three tanks."),
        "unpin": lambda: threads.unpin_summary(**deciding),
    }


def outcome(call: Callable[[], object]) -> str:
    try:
        call()
    except InvalidTransition:
        return IMPOSSIBLE
    except NotAllowed:
        return NOT_ALLOWED
    return OK


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize("life", POSSIBLE)
def test_each_action_of_each_role_in_each_life_comes_to_what_the_table_says(question, life, role):
    user = account(role, question)
    in_life(question, life)
    for action, call in calls(question, user).items():
        allowed = action in MAY[role]
        expected = NOT_ALLOWED if not allowed else OK if action in POSSIBLE[life] else IMPOSSIBLE
        before = ThreadEvent.objects.count()
        with transaction.atomic():
            assert outcome(call) == expected, action
            assert (ThreadEvent.objects.count() > before) is (expected == OK)
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", [state for state in SubmissionState if state != SubmissionState.RELEASED])
def test_the_thread_of_what_is_not_released_cannot_be_changed_by_anybody(state):
    question = in_state(state)
    moderator = make_moderator(question.community).user
    for user in (moderator, question.author.user):
        for action, call in calls(question, user).items():
            assert outcome(call) == NOT_ALLOWED, action


def test_a_release_gives_the_question_until_the_end_of_the_fifteenth_day_and_writes_it_down(question):
    assert question.closes_at == datetime(2026, 12, 1, 23, 59, 59, tzinfo=INDIA)
    event = question.thread_events.get()
    assert (event.action, event.actor, event.from_life, event.to_life) == ("start", None, "open", "open")
    assert (event.closes_before, event.closes_after, event.number) == (None, question.closes_at, 1)


def test_a_community_gives_days_of_its_own():
    question = released_question(community=CommunityFactory(answer_days=3), now=NOW)
    assert question.closes_at == datetime(2026, 11, 19, 23, 59, 59, tzinfo=INDIA)


def test_the_end_of_the_day_is_that_of_the_place_and_not_of_greenwich():
    late = datetime(2026, 11, 16, 23, 30, tzinfo=INDIA)
    question = released_question(now=late.astimezone(ZoneInfo("UTC")))
    assert question.closes_at == datetime(2026, 12, 1, 23, 59, 59, tzinfo=INDIA)


def test_the_sweep_closes_what_is_due_once_and_tells_the_asker_once(question):
    assert threads.close_due(now=question.closes_at - timedelta(seconds=1)) == 0
    after = question.closes_at + timedelta(seconds=1)
    assert threads.close_due(now=after) == 1
    assert threads.close_due(now=after) == 0
    question.refresh_from_db()
    assert (question.life, question.closed_at) == (ThreadLife.CLOSED, after)
    assert question.thread_events.latest("number").action == ThreadAction.EXPIRE
    mail = Envelope.objects.get(key__startswith="n:closed:")
    assert mail.member == question.author
    assert "used" in bytes(mail.message).decode()


def test_the_mail_about_a_closing_opens_a_page_and_names_no_answer_where_there_is_none(question):
    threads.close_due(now=question.closes_at + DAY)
    text = bytes(Envelope.objects.get(key__startswith="n:closed:").message).decode()
    assert f"/questions/{question.slug}/used/" in text
    assert "ask again in other words" in text


def test_a_closing_after_a_reopening_tells_the_asker_again(question, moderator):
    threads.close_due(now=question.closes_at + DAY)
    question.refresh_from_db()
    threads.reopen(
        question=question,
        moderator=moderator,
        version=question.thread_version,
        until=(question.closes_at + 9 * DAY).date(),
        now=question.closes_at + 2 * DAY,
    )
    threads.close_due(now=question.closes_at + 12 * DAY)
    assert Envelope.objects.filter(key__startswith="n:closed:", member=question.author).count() == 2


def test_the_sweep_takes_a_bounded_batch_with_the_longest_overdue_first(monkeypatch):
    community = CommunityFactory()
    older, newer = (released_question(community=community, now=NOW + days * DAY) for days in (0, 3))
    monkeypatch.setattr("community.services.threads.life.BATCH", 1)
    after = newer.closes_at + DAY
    assert [threads.close_due(now=after) for _run in range(3)] == [1, 1, 0]
    expired = ThreadEvent.objects.filter(action=ThreadAction.EXPIRE).order_by("pk")
    assert [event.question_id for event in expired] == [older.pk, newer.pk]


def test_what_is_hidden_stays_as_it_is_until_it_is_restored(question):
    Submission.objects.filter(pk=question.pk).update(state=SubmissionState.HIDDEN)
    assert threads.close_due(now=question.closes_at + DAY) == 0
    Submission.objects.filter(pk=question.pk).update(state=SubmissionState.RELEASED)
    assert threads.close_due(now=question.closes_at + DAY) == 1


def test_what_a_former_release_released_without_a_date_gets_one_and_is_not_closed(question):
    Question.objects.filter(pk=question.pk).update(closes_at=None)
    waiting = in_state(SubmissionState.PENDING)
    assert threads.close_due(now=NOW + 99 * DAY) == 0
    question.refresh_from_db()
    waiting.refresh_from_db()
    assert question.closes_at == threads.closing_of(question.community, NOW + 99 * DAY)
    assert waiting.closes_at is None


def test_the_upgrade_dates_open_questions_on_several_days_and_none_of_them_soon():
    questions = [released_question() for _number in range(4)]
    done, waiting = closed(released_question()), in_state(SubmissionState.PENDING)
    Question.objects.update(closes_at=None)
    import_module("community.migrations.0026_thread_dates").give_dates(apps, None)
    dates = set(Question.objects.filter(pk__in=[each.pk for each in questions]).values_list("closes_at", flat=True))
    assert len(dates) > 1
    assert min(dates) > timezone.now() + 14 * DAY
    untouched = Question.objects.filter(pk__in=[done.pk, waiting.pk])
    assert set(untouched.values_list("closes_at", flat=True)) == {None}


@pytest.mark.parametrize(("until", "words"), [(0, "after 1 December"), (15, "after 1 December"), (91, "next 90 days")])
def test_more_time_is_more_and_has_an_end(question, moderator, until, words):
    with pytest.raises(NotAllowed, match=words):
        threads.extend(question=question, moderator=moderator, version=1, until=(NOW + until * DAY).date(), now=NOW)
    assert question.thread_events.count() == 1


def test_more_time_is_written_down_with_both_dates_and_the_line(question, moderator):
    threads.extend(question=question, moderator=moderator, version=1, until=UNTIL, now=NOW, note=" Fair\nin  town. ")
    event = question.thread_events.latest("number")
    assert (event.action, event.actor, event.note, event.number) == ("extend", moderator, "Fair in town.", 2)
    assert (event.closes_before.date(), timezone.localtime(event.closes_after).date()) == (
        question.closes_at.date(),
        UNTIL,
    )


@pytest.mark.parametrize("days", [0, -1, 91])
def test_a_reopened_question_needs_a_day_ahead(question, moderator, days):
    closed(question, NOW)
    with pytest.raises(NotAllowed):
        threads.reopen(
            question=question,
            moderator=moderator,
            version=question.thread_version,
            until=(NOW + days * DAY).date(),
            now=NOW,
        )


def test_who_was_slower_is_told_who_did_what_and_nothing_is_done_twice(question, moderator):
    other = make_moderator(question.community).user
    threads.close(question=question, moderator=moderator, version=1, now=NOW)
    with pytest.raises(threads.ThreadConflict) as conflict:
        threads.extend(question=question, moderator=other, version=1, until=UNTIL, now=NOW)
    assert (conflict.value.event.actor, conflict.value.event.action) == (moderator, "close")
    question.refresh_from_db()
    assert (question.life, question.thread_version) == ("closed", 2)


def test_the_asker_who_closes_the_question_gets_no_mail_about_it(question):
    threads.answered(question=question, asker=question.author.user, version=1, now=NOW, note="The tank helped.")
    question.refresh_from_db()
    assert question.life == ThreadLife.CLOSED
    assert not Envelope.objects.filter(key__startswith="n:closed:").exists()


def test_a_closed_question_takes_no_answer_and_a_reopened_one_does(question, moderator):
    member = make_member(question.community)
    sent = {"author": member, "reply_kind": "experience", "text": Text(body="We built a tank."), "now": NOW}
    closed(question, NOW)
    with pytest.raises(NotAllowed):
        submit_reply(question=question, **sent)
    version = question.thread_version
    reopened = threads.reopen(question=question, moderator=moderator, version=version, until=UNTIL, now=NOW)
    assert reopened.closed_at is None
    assert submit_reply(question=reopened, **sent).state == SubmissionState.PENDING


def test_an_answer_that_came_before_the_closing_still_goes_out(question):
    reply = pending_reply(question=question, now=NOW)
    closed(question, NOW)
    approved(reply, NOW)
    moderation.release(submission_id=reply.pk, now=NOW + DAY)
    reply.refresh_from_db()
    assert reply.state == SubmissionState.RELEASED


def test_a_written_up_question_is_reopened_and_merely_publishing_again_does_not_close_it(question, moderator):
    released_reply(question=question)
    threads.write_up(question=question, now=NOW)
    question.refresh_from_db()
    threads.reopen(question=question, moderator=moderator, version=question.thread_version, until=UNTIL, now=NOW)
    assert threads.write_up(question=question, now=NOW, is_first=False).life == ThreadLife.OPEN
    assert threads.write_up(question=question, now=NOW).life == ThreadLife.COMPILED


def test_the_history_tells_readers_of_closings_and_the_desk_of_everything(question, moderator):
    threads.pin_summary(question=question, moderator=moderator, version=1, body="Two tanks.", now=NOW)
    closed(question, NOW)
    assert [event.action for event in threads.history_of(question)] == ["close"]
    told = [event.action for event in threads.history_of(question, everything=True)]
    assert told == ["close", "summarise", "start"]


@pytest.mark.parametrize(
    "statement", ["UPDATE community_threadevent SET note = 'x'", "DELETE FROM community_threadevent"]
)
def test_the_history_refuses_to_be_changed(question, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert question.thread_events.count() == 1


def test_the_desk_lists_what_closes_soon_and_what_closed_without_an_answer(question, moderator):
    community = question.community
    far = released_question(community=community, now=NOW + 20 * DAY)
    elsewhere = released_question(now=NOW)
    later = question.closes_at - 2 * DAY
    assert list(threads.closing_soon(moderator=moderator, now=later)) == [question]
    bare, with_answer = closed(far), released_question(community=community, now=NOW)
    released_reply(question=with_answer)
    closed(with_answer)
    closed(elsewhere)
    assert list(threads.closed_without_answer(moderator=moderator)) == [bare]
