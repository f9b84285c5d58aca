"""The summary so far: its wordings, who is mailed which, and that it is gone at once when it is unpinned."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.enums import DeliveryMode, DeliveryState, SkipReason
from community.models import Delivery, Envelope, Event, Membership, MeToo, Submission
from community.permissions import NotAllowed
from community.search_sources import QuestionSource
from community.services import distribution, threads
from community.services.compiling import drafting
from community.states import SubmissionState
from search.documents import PUBLIC, community_audience
from tests.factories.community import make_member, make_moderator, released_question, released_reply

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HINDI = "अब तक: दो टैंक, एक *साझा* पंप।"


@pytest.fixture
def question():
    return released_question(author=None, now=NOW)


@pytest.fixture
def moderator(question):
    return make_moderator(question.community, mode=DeliveryMode.NONE).user


def pin(question, moderator, body=HINDI, *, tell=False, now=NOW):
    question.refresh_from_db()
    threads.pin_summary(
        question=question, moderator=moderator, version=question.thread_version, body=body, tell=tell, now=now
    )
    question.refresh_from_db()
    return question.summary


def unpin(question, moderator):
    question.refresh_from_db()
    threads.unpin_summary(question=question, moderator=moderator, version=question.thread_version, now=NOW)
    question.refresh_from_db()


def fan_out():
    distribution.fan_out_due(now=NOW)


def summaries_owed():
    return Delivery.objects.filter(event__kind="summary_posted")


def mails():
    return [bytes(row.message).decode() for row in Envelope.objects.filter(key__startswith="i:").order_by("pk")]


def document(question):
    [found] = QuestionSource().documents([f"question:{question.pk}"])
    return {audience: part.body for part in found.parts for audience in part.audiences}


def test_every_wording_is_kept_with_who_and_when_and_the_newest_is_shown(question, moderator):
    first = pin(question, moderator, "Two tanks.")
    second = pin(question, moderator, "Three tanks.", now=NOW + timedelta(hours=1))
    assert [each.body for each in question.summaries.order_by("number")] == ["Two tanks.", "Three tanks."]
    assert question.summary == second
    assert (first.made_by, second.made_at) == (moderator.member, NOW + timedelta(hours=1))
    assert [event.summary for event in question.thread_events.order_by("number")] == [None, first, second]


def test_the_same_wording_again_is_no_new_one(question, moderator):
    assert pin(question, moderator) == pin(question, moderator)
    assert question.summaries.count() == 1


@pytest.mark.parametrize("body", ["", "  \n ", "x" * 5001])
def test_an_empty_or_endless_summary_is_refused(question, moderator, body):
    with pytest.raises(NotAllowed):
        pin(question, moderator, body)


def test_what_is_hostile_in_it_is_taken_out(question, moderator):
    summary = pin(question, moderator, "<script>alert(1)</script>[x](javascript:alert(1)) **fine**")
    assert "<script" not in summary.body_html
    assert "href" not in summary.body_html
    assert "<strong>fine</strong>" in summary.body_html


def test_those_who_follow_are_mailed_it_once_only_where_it_was_ticked(question, moderator):
    also, bystander = make_member(question.community), make_member(question.community)
    MeToo.objects.create(question=question, member=also, created_at=NOW)
    pin(question, moderator, "Not mailed.")
    fan_out()
    assert not summaries_owed().exists()
    pin(question, moderator, "Mailed: दो टैंक.", tell=True)
    pin(question, moderator, "Mailed: दो टैंक.", tell=True)
    fan_out()
    assert set(summaries_owed().values_list("member_id", flat=True)) == {question.author_id, also.pk}
    assert bystander.pk not in summaries_owed().values_list("member_id", flat=True)
    distribution.build_due(now=NOW)
    about = Envelope.objects.filter(deliveries__event__kind="summary_posted", member=also).get()
    assert "Summary so far:" in about.subject


def test_the_way_a_member_gets_mail_is_kept(question, moderator):
    silent, weekly = make_member(question.community), make_member(question.community)
    for member, mode in ((silent, DeliveryMode.NONE), (weekly, DeliveryMode.WEEKLY_SUMMARY)):
        MeToo.objects.create(question=question, member=member, created_at=NOW)
        Membership.objects.filter(member=member).update(delivery_mode=mode)
    pin(question, moderator, tell=True)
    fan_out()
    assert summaries_owed().get(member=silent).reason == SkipReason.MODE_NONE
    distribution.build_due(now=NOW)
    assert summaries_owed().get(member=weekly).state == DeliveryState.PENDING
    distribution.build_due(now=NOW + timedelta(days=8))
    mail = Envelope.objects.get(member=weekly)
    assert "Summary so far" in bytes(mail.message).decode()


@pytest.mark.parametrize("mode", [DeliveryMode.DAILY, DeliveryMode.DAILY_SUMMARY])
def test_a_day_later_only_the_newest_wording_is_owed(question, moderator, mode):
    Membership.objects.filter(member=question.author).update(delivery_mode=mode)
    Delivery.objects.all().delete()
    pin(question, moderator, "The first wording.", tell=True)
    fan_out()
    pin(question, moderator, "The second wording.", tell=True)
    fan_out()
    distribution.build_due(now=NOW + timedelta(days=2))
    text = bytes(Envelope.objects.get(member=question.author, mode=mode).message).decode()
    assert text.count("The second wording.") == 2, "once in the text, once in the HTML"
    assert "The first wording." not in text


def test_unpinned_it_is_gone_from_mails_that_have_not_left(question, moderator):
    pin(question, moderator, tell=True)
    fan_out()
    unpin(question, moderator)
    distribution.build_due(now=NOW)
    assert set(summaries_owed().values_list("state", "reason")) == {(DeliveryState.SKIPPED, SkipReason.NOT_VISIBLE)}


def test_hidden_with_its_question_it_is_not_mailed(question, moderator):
    pin(question, moderator, tell=True)
    Submission.objects.filter(pk=question.pk).update(state=SubmissionState.HIDDEN)
    fan_out()
    distribution.build_due(now=NOW)
    assert not Envelope.objects.filter(deliveries__event__kind="summary_posted").exists()


def test_search_finds_its_words_for_members_alone_and_no_more_once_it_is_unpinned(question, moderator):
    pin(question, moderator, "A settling tank of ferrocement.")
    shown = document(question)
    assert "ferrocement" in shown[community_audience(question.community.slug)]
    assert "ferrocement" not in shown[PUBLIC]
    unpin(question, moderator)
    assert "ferrocement" not in document(question)[community_audience(question.community.slug)]


def test_unpinning_nothing_is_refused(question, moderator):
    with pytest.raises(NotAllowed):
        unpin(question, moderator)


def test_the_draft_of_an_article_begins_with_it_and_with_the_question_where_there_is_none(question, moderator):
    assert drafting.summary_of(question) == "Forty dyers share one drain."
    pin(question, moderator, "Tanks help. Pumps do not.")
    assert drafting.summary_of(question) == "Tanks help. Pumps do not."


def test_an_event_of_a_summary_is_written_once_for_each_wording(question, moderator):
    released_reply(question=question)
    summary = pin(question, moderator, tell=True)
    assert Event.objects.get(kind="summary_posted").key == f"summary:{summary.pk}"
