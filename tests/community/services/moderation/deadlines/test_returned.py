"""What was returned and forgotten: two reminders, a word before the lapse, the lapse; the text stays."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from community.enums import EnvelopeKind
from community.models import Envelope, Question
from community.services import moderation
from community.services.moderation.deadlines import returned
from community.services.revisions import Text
from community.states import Action, SubmissionState
from tests.factories.community import ReasonFactory, in_state, moderator_of, pending_question

pytestmark = pytest.mark.django_db

RETURNED_AT = timezone.make_aware(datetime.fromisoformat("2026-11-23 10:00"))


def day(number: float) -> datetime:
    return RETURNED_AT + timedelta(days=number)


@pytest.fixture
def question(db) -> Question:
    return in_state(SubmissionState.RETURNED, now=RETURNED_AT, title="Smoke of our kilns")


def subjects() -> list[str]:
    """Return the subjects of the mails to authors after the one of the return itself."""
    notices = Envelope.objects.filter(kind=EnvelopeKind.NOTICE).exclude(key__startswith="n:decision")
    return list(notices.order_by("pk").values_list("subject", flat=True))


def test_a_returned_item_is_reminded_of_twice_announced_and_then_lapses(question):
    told = {}
    for number in range(63):
        before = len(subjects())
        moderation.keep_deadlines(now=day(number))
        for subject in subjects()[before:]:
            told[number] = subject.partition(":")[0]
    assert told == {
        7: "This still waits for you",
        21: "This still waits for you",
        46: "This lapses soon",
        60: "Lapsed, the text is kept",
    }
    question.refresh_from_db()
    assert question.state == SubmissionState.WITHDRAWN
    assert question.revision.title == "Smoke of our kilns"
    last = question.events.last()
    assert (last.action, last.actor) == (Action.LAPSE, None)


def test_each_reminder_says_until_when_and_links_to_the_item(question):
    moderation.keep_deadlines(now=day(7))
    text = bytes(Envelope.objects.get(key__startswith="n:reminder").message).decode()
    assert "22 January 2027" in text
    assert f"/my/submissions/{question.pk}/" in text


def test_who_is_told_late_has_as_many_days_left(question):
    moderation.keep_deadlines(now=day(70))
    assert [subject.partition(":")[0] for subject in subjects()] == ["This lapses soon"]
    question.refresh_from_db()
    assert question.state == SubmissionState.RETURNED
    assert question.remind_at == day(84)
    moderation.keep_deadlines(now=day(83.9))
    question.refresh_from_db()
    assert question.state == SubmissionState.RETURNED
    moderation.keep_deadlines(now=day(84))
    question.refresh_from_db()
    assert question.state == SubmissionState.WITHDRAWN


def test_a_sweep_that_runs_twice_reminds_once(question):
    assert returned.remind(submission_id=question.pk, now=day(7))
    assert not returned.remind(submission_id=question.pk, now=day(7))
    assert len(subjects()) == 1


def test_what_was_sent_in_again_is_reminded_of_no_more_and_anew_after_the_next_return(question):
    moderation.keep_deadlines(now=day(7))
    moderation.revise(
        submission=question,
        author=question.author.user,
        version=question.version,
        text=Text(title="Smoke", body="Less smoke."),
        now=day(8),
    )
    question.refresh_from_db()
    moderation.return_to_author(
        submission=question,
        moderator=moderator_of(question).user,
        version=question.version,
        reason=ReasonFactory(),
        message="",
        now=day(9),
    )
    for number in (10, 15, 16):
        moderation.keep_deadlines(now=day(number))
    assert len(subjects()) == 2


@pytest.mark.parametrize("state", [SubmissionState.PENDING, SubmissionState.APPROVED, SubmissionState.DECLINED])
def test_only_what_lies_with_its_author_ever_lapses(state):
    question = in_state(state, now=RETURNED_AT)
    for number in (7, 21, 46, 60, 400, 4000):
        moderation.keep_deadlines(now=day(number))
    question.refresh_from_db()
    assert question.state == state
    assert question.revision.body


def test_a_reminder_that_dies_before_its_commit_comes_once(question, monkeypatch):
    notices = returned.notices
    step = notices.remind_author

    def deadly(**values):
        step(**values)
        raise KeyboardInterrupt

    monkeypatch.setattr(notices, "remind_author", deadly)
    with pytest.raises(KeyboardInterrupt):
        moderation.keep_deadlines(now=day(7))
    monkeypatch.undo()
    moderation.keep_deadlines(now=day(7))
    assert len(subjects()) == 1


def test_a_waiting_item_has_no_reminder():
    assert pending_question(now=RETURNED_AT).remind_at is None
