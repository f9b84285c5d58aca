"""The thread's own page: time, closing, reopening, the summary so far, what became of answers."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from community.forms.tokens import new_token
from community.models import Community, Question, ReplyUse
from community.services import discussion, threads
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    closed,
    make_member,
    make_moderator,
    released_question,
    released_reply,
)
from tests.factories.pages import SolutionPageFactory

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HINDI = "अब तक: दो टैंक।"


@pytest.fixture
def question(community):
    return released_question(community=community)


@pytest.fixture
def moderator(community):
    return sign_in(make_moderator(community).user)


@pytest.fixture
def asker(question):
    return sign_in(question.author.user)


def page(client, question) -> str:
    return client.get(question.get_absolute_url()).content.decode()


def act(client, question, action, **fields):
    version = Question.objects.get(pk=question.pk).thread_version
    data = {"action": action, "version": version, **fields}
    return client.post(reverse("thread_act", args=[question.slug]), data)


def mark(client, reply, **fields):
    return client.post(reverse("reply_use", args=[reply.question.slug]), {"reply": reply.pk, **fields})


def day(question, days) -> str:
    return (timezone.localdate(question.closes_at) + days * DAY).isoformat()


def life(question) -> str:
    return Question.objects.get(pk=question.pk).life


# Until when


def test_everybody_reads_until_when_a_question_takes_answers(visitor, question):
    last = timezone.localdate(question.closes_at)
    words = f"answers until {last.day} {last:%B %Y}"
    assert words in page(visitor, question)
    assert words in visitor.get(reverse("question_list")).content.decode()


def test_a_moderator_gives_more_time_and_members_read_the_line_and_visitors_only_the_date(
    moderator, member, visitor, question
):
    answer = act(moderator, question, "extend", until=day(question, 7), note="The fair is in the week before.")
    assert answer.url == question.get_absolute_url()
    assert "The fair is in the week before." in page(member, question)
    assert "given more time" in page(visitor, question)
    assert "The fair" not in page(visitor, question)


@pytest.mark.parametrize("until", ["", "soon", "2020-01-01", "9999-12-31", "\x00", "0", "१२"])
def test_a_day_that_is_none_comes_back_beside_the_field_with_what_was_typed(moderator, question, until):
    answer = act(moderator, question, "extend", until=until, note="Why it <b>needs</b> time")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "There is a problem" in text
    assert "Why it &lt;b&gt;needs&lt;/b&gt; time" in text
    assert question.thread_events.count() == 1


def test_a_closed_question_says_since_when_and_what_can_be_done(moderator, member, visitor, question):
    act(moderator, question, "close", note="Answered well.")
    text = page(member, question)
    assert "This question is closed" in text
    assert "Ask a new question" in text
    assert "closed by a moderator" in text
    assert "Ask a new question" not in page(visitor, question)
    assert "closed by a moderator" in page(visitor, question)


def test_a_moderator_closes_and_reopens_with_a_date(moderator, member, question):
    act(moderator, question, "close")
    until = (timezone.localdate() + 20 * DAY).isoformat()
    act(moderator, question, "reopen", until=until)
    assert life(question) == "open"
    assert "reopened" in page(member, question)
    assert "Your answer" in page(member, question)


def test_a_written_up_question_that_is_reopened_keeps_its_solution_and_says_so(moderator, visitor, question):
    solution = SolutionPageFactory()
    question.compilations.create(
        page=solution, started_by=question.author, started_at=timezone.now(), published_at=timezone.now()
    )
    threads.write_up(question=question, now=timezone.now())
    act(moderator, question, "reopen", until=(timezone.localdate() + 20 * DAY).isoformat())
    text = page(visitor, question)
    assert "Written up, and open again" in text
    assert solution.title in text


def test_an_answer_to_a_closed_question_comes_back_with_what_was_typed_and_a_hint(moderator, member, question):
    act(moderator, question, "close")
    data = {"body": HINDI * 3, "reply_kind": "experience", "form_token": new_token(member.user.member)}
    answer = member.post(reverse("reply", args=[question.slug]), data)
    text = answer.content.decode()
    assert answer.status_code == 403
    assert HINDI in text
    assert "ask a moderator to reopen this one" in text


def test_the_asker_closes_the_question_as_answered_and_only_moderators_read_the_line(
    asker, member, moderator, question
):
    assert "close it" in page(asker, question)
    assert "close it" not in page(member, question)
    act(asker, question, "answered", note="The tank of Panipat.")
    assert life(question) == "closed"
    assert "The tank of Panipat." not in page(member, question)
    assert "The tank of Panipat." in page(moderator, question)


# Who may


@pytest.mark.parametrize("action", ["extend", "close", "reopen", "summary", "unpin", "answered"])
def test_a_member_does_none_of_it(member, question, action):
    fields = {"until": day(question, 5), "summary": "Mine."}
    answer = act(member, question, action, **fields)
    assert answer.status_code == 403
    assert "Only " in answer.content.decode()
    assert question.thread_events.count() == 1


def test_a_member_sees_no_form_for_it(member, question):
    text = page(member, question)
    assert reverse("thread_act", args=[question.slug]) not in text


@pytest.mark.parametrize("name", ["thread_act", "reply_use"])
def test_opened_as_a_page_it_leads_to_the_question_and_changes_nothing(asker, question, name):
    answer = asker.get(reverse(name, args=[question.slug]))
    assert answer.url.startswith(question.get_absolute_url())
    assert life(question) == "open"


def test_the_link_of_the_mail_asks_to_sign_in_first(visitor, question):
    address = reverse("reply_use", args=[question.slug])
    assert visitor.get(address).url == f"{reverse('account_login')}?{urlencode({'next': address})}"


@pytest.mark.parametrize("forged", [{"action": "write_up"}, {"action": ""}, {"action": "__class__"}, {}])
def test_an_action_that_there_is_not_changes_nothing(moderator, question, forged):
    answer = moderator.post(reverse("thread_act", args=[question.slug]), {"version": 1, **forged})
    assert answer.status_code == 302
    assert question.thread_events.count() == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30, "\x00"])
def test_a_version_that_is_none_is_an_error_and_nothing_else(moderator, question, version):
    answer = act(moderator, question, "close", version=version)
    assert answer.status_code == 200
    assert life(question) == "open"


# Somebody was faster


def test_who_was_slower_reads_who_did_what_and_keeps_the_summary_that_was_typed(moderator, community, question):
    other = make_moderator(community, user__name="Asha")
    threads.close(question=question, moderator=other.user, version=1, now=timezone.now())
    answer = act(moderator, question, "summary", summary=HINDI, version=1)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody was faster" in text
    assert "closed by a moderator" in text
    assert "Asha" in text
    assert HINDI in text
    assert act(moderator, question, "summary", summary=HINDI).status_code == 302


def test_what_is_no_longer_possible_is_said_with_the_line_that_was_typed(moderator, question):
    closed(question)
    answer = act(moderator, question, "close", note="A line of mine")
    assert answer.status_code == 409
    assert "A line of mine" in answer.content.decode()


# The summary


def test_a_summary_stands_on_top_for_those_who_read_the_exchange_and_goes_when_it_is_unpinned(
    moderator, member, visitor, question
):
    act(moderator, question, "summary", summary=f"{HINDI} <script>alert(1)</script>")
    text = page(member, question)
    assert HINDI in text
    assert "<script>alert" not in text
    assert "Summary so far" in text
    assert HINDI not in page(visitor, question)
    Community.objects.update(threads_public=True)
    assert HINDI in page(visitor, question)
    act(moderator, question, "unpin")
    assert HINDI not in page(member, question)


def test_a_summary_that_is_too_long_or_empty_comes_back(moderator, question):
    for summary in ("", "x" * 5001):
        answer = act(moderator, question, "summary", summary=summary)
        assert answer.status_code == 200
        assert "There is a problem" in answer.content.decode()
    assert not question.summaries.exists()


def test_a_summary_typed_after_the_sign_in_ended_is_kept(moderator, question):
    moderator.logout()
    refused = act(moderator, question, "summary", summary=HINDI)
    assert refused.url.startswith(reverse("account_login"))
    moderator.force_login(moderator.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert HINDI in page(moderator, question)
    act(moderator, question, "summary", summary=HINDI)
    assert question.summaries.count() == 1


# What became of answers


def test_the_asker_marks_an_answer_and_readers_see_the_mark_and_moderators_the_line(asker, member, moderator, question):
    reply = released_reply(question=question)
    assert "Did you use this answer?" in page(asker, question)
    answer = mark(asker, reply, mark="used", line="Half of the cost")
    assert answer.url == reply.get_absolute_url()
    assert "Used by the asker" in page(member, question)
    assert "Half of the cost" not in page(member, question)
    assert "Half of the cost" in page(moderator, question)
    assert "Half of the cost" in page(asker, question)
    mark(asker, reply, remove="1")
    assert "Used by the asker" not in page(member, question)


def test_a_member_with_the_same_problem_marks_too_and_others_see_no_form(member, question):
    reply = released_reply(question=question)
    assert "Did you use this answer?" not in page(member, question)
    mark(member, reply, mark="used")
    assert not ReplyUse.objects.exists()
    discussion.mark_me_too(question=question, member=member.user.member, now=timezone.now())
    assert "Did you use this answer?" in page(member, question)
    mark(member, reply, mark="partly")
    assert "1 other member used a part of it" in page(member, question)


@pytest.mark.parametrize("fields", [{"mark": "very"}, {"mark": ""}, {"mark": "used", "line": "x" * 301}, {}])
def test_a_mark_that_is_none_comes_back_with_its_error(asker, question, fields):
    answer = mark(asker, released_reply(question=question), **fields)
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert not ReplyUse.objects.exists()


@pytest.mark.parametrize("number", ["", "x", "0", "-1", "9" * 40, "१", "\x00"])
def test_a_mark_on_nothing_is_refused_in_words(asker, question, number):
    released_reply(question=question)
    data = {"reply": number, "mark": "used"}
    answer = asker.post(reverse("reply_use", args=[question.slug]), data, follow=True)
    assert "not shown any more" in answer.content.decode()
    assert not ReplyUse.objects.exists()


def test_an_answer_of_another_thread_is_not_marked_through_ones_own(asker, question):
    other = released_reply(question=released_question(community=question.community))
    asker.post(reverse("reply_use", args=[question.slug]), {"reply": other.pk, "mark": "used"})
    assert not ReplyUse.objects.exists()


def test_a_stranger_marks_nothing(question):
    reply = released_reply(question=question)
    stranger = sign_in(make_member(CommunityFactory()).user)
    mark(stranger, reply, mark="used")
    assert not ReplyUse.objects.exists()


# What it costs


def test_marks_and_history_cost_the_same_queries_whatever_their_number(
    asker, moderator, question, django_assert_max_num_queries
):
    counts = []
    for _round in range(2):
        for _number in range(3):
            mark(asker, released_reply(question=question), mark="used", line="Helped.")
            act(moderator, question, "extend", until=day(Question.objects.get(pk=question.pk), 1))
        for client in (asker, moderator):
            with django_assert_max_num_queries(60) as captured:
                page(client, question)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


def test_the_desk_lists_what_closes_soon_and_the_item_its_history(moderator, groups, question):
    until = timezone.localdate() + DAY
    Question.objects.filter(pk=question.pk).update(closes_at=timezone.now() + DAY)
    text = moderator.get(reverse("desk")).content.decode()
    assert "Closing soon" in text
    act(moderator, question, "extend", until=(until + 5 * DAY).isoformat(), note="More time, please")
    item = moderator.get(reverse("desk_item", args=[question.pk])).content.decode()
    assert "History of the thread" in item
    assert "More time, please" in item
    assert "Closing soon" not in moderator.get(reverse("desk")).content.decode()
    closed(question)
    assert "Closed without an answer" in moderator.get(reverse("desk")).content.decode()
