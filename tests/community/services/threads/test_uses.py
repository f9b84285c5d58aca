"""Used, partly, not here: who may say so, what it shows, and that who answered hears of it once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.enums import UseMark
from community.models import Envelope, Membership, Reply, ReplyUse, Submission
from community.permissions import NotAllowed
from community.services import contributing, discussion, threads
from community.services.compiling import drafting
from community.states import SubmissionState
from tests.factories.community import CommunityFactory, make_member, make_moderator, released_question, released_reply

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def question():
    return released_question(now=NOW)


@pytest.fixture
def reply(question):
    return released_reply(question=question)


def mark(reply, member, mark=UseMark.USED, line=""):
    return threads.mark_use(reply=reply, member=member, mark=mark, line=line, now=NOW)


def with_the_problem(question):
    member = make_member(question.community)
    discussion.mark_me_too(question=question, member=member, now=NOW)
    return member


def notices():
    return Envelope.objects.filter(key__startswith="n:used:")


def test_a_mark_can_be_given_changed_and_taken_back(question, reply):
    mark(reply, question.author, UseMark.PARTLY, "  The pump\nfailed. ")
    use = mark(reply, question.author, UseMark.NOT_HERE, "पंप नहीं चला")
    assert ReplyUse.objects.get() == use
    assert (use.mark, use.line) == ("not_here", "पंप नहीं चला")
    assert threads.unmark_use(reply=reply, member=question.author) is True
    assert threads.unmark_use(reply=reply, member=question.author) is False
    assert not ReplyUse.objects.exists()


def test_members_with_the_same_problem_mark_answers_too_until_they_have_it_no_more(question, reply):
    member = with_the_problem(question)
    mark(reply, member)
    mark(reply, question.author)
    discussion.unmark_me_too(question=question, member=member)
    assert [use.member for use in ReplyUse.objects.all()] == [question.author]
    with pytest.raises(NotAllowed):
        mark(reply, member)


@pytest.mark.parametrize("who", ["member", "moderator", "author of the answer", "outsider", "asker who left"])
def test_nobody_else_says_what_became_of_an_answer(question, reply, who):
    member = {
        "member": lambda: make_member(question.community),
        "moderator": lambda: make_moderator(question.community),
        "author of the answer": lambda: reply.author,
        "outsider": lambda: make_member(CommunityFactory()),
        "asker who left": lambda: question.author,
    }[who]()
    if who == "asker who left":
        Membership.objects.filter(member=member).update(ended_at=timezone.now())
    with pytest.raises(NotAllowed):
        mark(reply, member)


def test_the_asker_does_not_mark_an_answer_of_their_own(question):
    with pytest.raises(NotAllowed, match="your own answer"):
        mark(released_reply(question=question, author=question.author), question.author)


@pytest.mark.parametrize("hidden", ["reply", "question"])
def test_what_is_not_shown_is_not_marked(question, reply, hidden):
    pk = reply.pk if hidden == "reply" else question.pk
    Submission.objects.filter(pk=pk).update(state=SubmissionState.HIDDEN)
    with pytest.raises(NotAllowed):
        mark(Reply.objects.get(pk=reply.pk), question.author)


def test_who_answered_hears_once_that_it_helped_whoever_says_so(question, reply):
    mark(reply, question.author, UseMark.NOT_HERE)
    assert not notices().exists()
    mark(reply, question.author, UseMark.PARTLY, "secret line")
    mark(reply, question.author, UseMark.USED)
    mark(reply, with_the_problem(question), UseMark.USED)
    mail = notices().get()
    assert mail.member == reply.author
    assert "secret line" not in bytes(mail.message).decode()


def test_marks_are_counted_for_many_answers_in_one_query(question, reply, django_assert_num_queries):
    other, bare = released_reply(question=question), released_reply(question=question)
    mark(reply, question.author, UseMark.PARTLY)
    for _number in range(2):
        mark(reply, with_the_problem(question), UseMark.USED)
    mark(other, with_the_problem(question), UseMark.NOT_HERE)
    with django_assert_num_queries(1):
        found = threads.uses_of([reply, other, bare])
    assert found == {
        reply.pk: threads.Uses(by_asker="partly", used=2, partly=0),
        other.pk: threads.Uses(not_here=1),
    }
    assert found[reply.pk].asker_words == "Partly used"


def test_a_draft_takes_first_what_the_asker_used_and_last_what_does_not_fit(question):
    replies = [released_reply(question=question) for _number in range(4)]
    for reply, given in zip(replies, (UseMark.NOT_HERE, None, UseMark.PARTLY, UseMark.USED), strict=True):
        if given:
            mark(reply, question.author, given)
    mark(replies[1], with_the_problem(question), UseMark.NOT_HERE)
    assert drafting.most_useful_first(replies) == [replies[3], replies[2], replies[1], replies[0]]


def test_who_has_left_is_mailed_nothing(question, reply):
    for member in (question.author, reply.author):
        member.left_at = NOW
        member.save()
    mark(Reply.objects.get(pk=reply.pk), with_the_problem(question))
    threads.close_due(now=question.closes_at + timezone.timedelta(days=1))
    assert not notices().exists()
    assert not Envelope.objects.filter(key__startswith="n:closed:").exists()


def test_who_is_suspended_marks_nothing_meanwhile(question, reply):
    contributing.suspend(
        member=question.author,
        community=question.community,
        by=make_moderator(question.community).user,
        reason="Two adverts in a day.",
        ends_at=NOW + timedelta(days=7),
        now=NOW,
    )
    with pytest.raises(contributing.Suspended):
        mark(reply, question.author)
    assert not ReplyUse.objects.exists()
