"""Pages of reports and of requests to join: what members, visitors and moderators meet there."""

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from community.models import Flag, FlagReport, Membership, MembershipRequest, Submission
from community.services import flags, moderation
from community.services.communities import refresh_moderators_group, requests
from community.states import Action, SubmissionState
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    MemberFactory,
    ReasonFactory,
    make_member,
    make_moderator,
    pending_question,
    released_question,
    released_reply,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def reply():
    return released_reply(question=released_question())


@pytest.fixture
def member(reply):
    return make_member(reply.community)


def at(about) -> str:
    question = about.thread
    return reverse("report", args=[question.slug]) + ("" if about == question else f"?reply={about.pk}")


def text_of(response) -> str:
    return response.content.decode()


# Reporting


def test_a_member_reports_an_answer_and_finds_the_report_with_its_outcome(client, reply, member):
    client = sign_in(member.user)
    thread = text_of(client.get(reply.question.get_absolute_url()))
    assert escape(at(reply)) in thread
    assert at(reply.question) in thread
    page = client.get(at(reply))
    assert reply.released_revision.body in text_of(page)

    answer = client.post(at(reply), {"why": "harmful", "words": "क्रोम से जलन होती है <b>", "reply": reply.pk})
    assert answer.url == reverse("my_reports")
    report = FlagReport.objects.get()
    assert (report.flag.about_id, report.member, report.words) == (reply.pk, member, "क्रोम से जलन होती है <b>")
    mine = text_of(client.get(reverse("my_reports")))
    assert "क्रोम से जलन होती है &lt;b&gt;" in mine
    assert "Waiting for a moderator" in mine

    case = Submission.objects.get(pk=report.flag_id)
    reason = ReasonFactory(action=Action.DECLINE, kind="flag")
    moderator = make_moderator(reply.community).user
    moderation.decline(submission=case, moderator=moderator, version=case.version, reason=reason, message="", now=NOW)
    mine = text_of(client.get(reverse("my_reports")))
    assert "The message stays" in mine
    assert "Take it back" not in mine


def test_what_was_typed_stays_beside_what_is_missing(reply, member):
    client = sign_in(member.user)
    page = client.post(at(reply), {"words": "Half a line", "reply": reply.pk})
    assert page.status_code == 200
    assert "Choose what is wrong." in text_of(page)
    assert "Half a line" in text_of(page)
    page = client.post(at(reply), {"why": "other", "reply": reply.pk})
    assert "Say in a line what is wrong." in text_of(page)
    assert not Flag.objects.exists()


@pytest.mark.parametrize("number", ["0", "99999999999999", "x", "-1", "1'--", "٣"])
def test_an_answer_that_there_is_not_is_not_found(reply, member, number):
    client = sign_in(member.user)
    address = reverse("report", args=[reply.question.slug])
    assert client.get(address, {"reply": number}).status_code == 404
    assert client.post(address, {"reply": number, "why": "spam"}).status_code == 404


def test_hostile_choices_come_back_as_a_sentence(reply, member):
    client = sign_in(member.user)
    for why, words in (("<script>", ""), ("harmful", "x" * 5000), ("harmful", "a\x00b"), ("", "\ufffd")):
        page = client.post(at(reply), {"why": why, "words": words, "reply": reply.pk})
        assert page.status_code == 200
        assert "<script>" not in text_of(page).replace("<script ", "")
    assert not Flag.objects.exists()


def test_ones_own_message_is_not_reported(reply):
    client = sign_in(reply.author.user)
    assert at(reply) not in text_of(client.get(reply.question.get_absolute_url()))
    assert "your own message" in text_of(client.get(at(reply)))
    assert client.post(at(reply), {"why": "spam", "reply": reply.pk}).status_code == 403
    assert not Flag.objects.exists()


def test_who_may_not_read_the_thread_reports_nothing(client, reply):
    stranger = sign_in(make_member(CommunityFactory()).user)
    assert stranger.get(at(reply)).status_code == 404
    assert stranger.post(at(reply), {"why": "spam", "reply": reply.pk}).status_code == 404
    assert "/report/" not in text_of(client.get(reply.question.get_absolute_url()))
    assert reverse("account_login") in client.get(at(reply)).url


def test_a_report_is_taken_back_by_a_button_and_nobody_elses(reply, member):
    report = flags.report(about=reply, member=member, why="spam", words="", now=NOW)
    address = reverse("my_report_withdraw", args=[report.pk])
    other = sign_in(make_member(reply.community).user)
    assert other.post(address).status_code == 404
    client = sign_in(member.user)
    client.get(address)
    assert Flag.objects.get().state == SubmissionState.PENDING
    client.post(address)
    client.post(address)
    assert Flag.objects.get().state == SubmissionState.WITHDRAWN
    assert "Taken back" in text_of(client.get(reverse("my_reports")))


# A report at the desk


@pytest.fixture
def case(reply, member) -> Flag:
    member.name = "Zarina Reporter"
    member.save()
    return flags.report(about=reply, member=member, why="insult", words="Rude to weavers.", now=NOW).flag


def test_the_desk_shows_the_message_the_reports_and_two_ways_out(reply, case):
    client = sign_in(make_moderator(reply.community).user)
    page = text_of(client.get(reverse("desk_item", args=[case.pk])))
    for words in (reply.released_revision.body, "Rude to weavers.", "Zarina Reporter", reply.question.title):
        assert words in page
    assert 'value="uphold"' in page
    assert 'value="decline"' in page
    for name in ("amend", "return", "spam", "approve"):
        assert f'name="decision" value="{name}"' not in page
    assert str(case.pk) in text_of(client.get(reverse("desk"), {"kind": "flag"}))


def test_upheld_at_the_desk_the_message_is_gone_from_the_thread(reply, case, member):
    client = sign_in(make_moderator(reply.community).user)
    sent = {"decision": "uphold", "version": case.version, "message": "It insults."}
    address = reverse("desk_decide", args=[case.pk])
    assert "Choose a reason" in text_of(client.post(address, sent))
    answer = client.post(address, sent | {"reason": ReasonFactory(action=Action.HIDE).code})
    assert answer.status_code == 302
    reply.refresh_from_db()
    assert reply.state == SubmissionState.HIDDEN
    thread = text_of(sign_in(member.user).get(reply.question.get_absolute_url()))
    assert reply.released_revision.body not in thread
    assert client.get(reverse("desk_item", args=[case.pk])).status_code == 200


def test_the_desk_says_of_a_report_and_of_a_request_what_was_done_in_their_own_words(reply, case, circle):
    desk = sign_in(make_moderator(reply.community).user)
    reason = ReasonFactory(action=Action.DECLINE, kind="flag")
    sent = {"decision": "decline", "version": case.version, "message": "It stays.", "reason": reason.code}
    assert "The message stays" in text_of(desk.post(reverse("desk_decide", args=[case.pk]), sent, follow=True))

    asked = sign_in(MemberFactory().user)
    asked.post(reverse("community_join", args=[circle.slug]), {"body": "I help dyers.", "delivery_mode": "daily"})
    made = MembershipRequest.objects.get()
    desk = sign_in(make_moderator(circle).user)
    sent = {"decision": "approve", "version": made.version}
    assert "Let in" in text_of(desk.post(reverse("desk_decide", args=[made.pk]), sent, follow=True))


@pytest.mark.parametrize("decision", ["approve", "amend", "return", "spam", "hide", "restore"])
def test_what_a_report_does_not_know_is_refused_in_words(reply, case, decision):
    client = sign_in(make_moderator(reply.community).user)
    fields = {"decision": decision, "version": case.version, "body": "Other.", "note": "x", "is_substantive": ""}
    page = client.post(reverse("desk_decide", args=[case.pk]), fields)
    assert page.status_code == 403
    assert "pen it" in text_of(page)
    assert Submission.objects.get(pk=case.pk).state == SubmissionState.PENDING


def test_several_reports_at_once_are_not_upheld_but_a_line_says_to_open_them(reply, case):
    client = sign_in(make_moderator(reply.community).user)
    version = Submission.objects.get(pk=case.pk).version
    page = text_of(client.post(reverse("desk_bulk"), {"act": "approve", "item": f"{case.pk}:{version}"}))
    assert "Open it and choose a reason" in page
    assert "not done" in page
    reason = ReasonFactory(action=Action.DECLINE, kind="flag")
    question = pending_question(community=reply.community)
    items = [f"{case.pk}:{version}", f"{question.pk}:1"]
    page = text_of(client.post(reverse("desk_bulk"), {"act": "decline", "reason": reason.code, "item": items}))
    assert "1 done" in page
    assert "written for something else" in page
    assert Submission.objects.get(pk=case.pk).state == SubmissionState.DECLINED


def test_the_author_of_the_message_learns_nothing_even_as_a_moderator(groups, reply, case):
    Membership.objects.filter(member=reply.author).update(role="moderator")
    refresh_moderators_group()
    client = sign_in(reply.author.user)
    assert client.get(reverse("desk_item", args=[case.pk])).status_code == 404
    assert client.post(reverse("desk_decide", args=[case.pk]), {"decision": "decline"}).status_code == 404
    for name in ("desk", "moderation-log:index", "my"):
        answer = client.get(reverse(name))
        assert answer.status_code == 200
        page = text_of(answer)
        assert "Zarina" not in page
        assert "Reported:" not in page
    entry = case.events.get()
    inspect = reverse("moderation-log:inspect", args=[entry.pk])
    assert client.get(inspect).status_code == 404
    assert "Zarina" not in text_of(client.get(reverse("moderation-log:index")))
    other = sign_in(make_moderator(reply.community).user)
    assert other.get(inspect).status_code == 200


# Requests to join


@pytest.fixture
def circle():
    return CommunityFactory(name="Dyers", membership_vetted=True)


def test_a_member_asks_to_join_follows_the_request_and_is_let_in(circle):
    member = MemberFactory()
    client = sign_in(member.user)
    join = reverse("community_join", args=[circle.slug])
    assert join in text_of(client.get(circle.get_absolute_url()))
    assert "What do you do" in text_of(client.get(join))

    answer = client.post(join, {"body": "मैं पानीपत के रंगरेज़ों की मदद करती हूँ।", "delivery_mode": "daily"})
    made = MembershipRequest.objects.get()
    assert answer.url == reverse("my_submission", args=[made.pk])
    assert not Membership.objects.filter(member=member).exists()
    assert "You asked to join" in text_of(client.get(circle.get_absolute_url()))
    assert "Request to join Dyers" in text_of(client.get(reverse("my")))
    assert client.get(join).url == answer.url
    assert "मैं पानीपत" in text_of(client.get(answer.url))

    moderator = sign_in(make_moderator(circle).user)
    item = reverse("desk_item", args=[made.pk])
    page = text_of(moderator.get(item))
    assert "मैं पानीपत" in page
    assert "asks to join" in page
    assert 'value="amend"' not in page
    moderator.post(reverse("desk_decide", args=[made.pk]), {"decision": "approve", "version": 1})
    assert Membership.objects.get(member=member).delivery_mode == "daily"
    assert "You are a member" in text_of(client.get(circle.get_absolute_url()))
    assert "You were let in" in text_of(client.get(answer.url))


def test_what_was_typed_into_a_request_is_kept_when_it_is_refused(circle):
    client = sign_in(MemberFactory().user)
    page = client.post(reverse("community_join", args=[circle.slug]), {"body": "Short", "delivery_mode": "daily"})
    assert "Say it in a sentence or more." in text_of(page)
    assert "Short" in text_of(page)
    page = client.post(
        reverse("community_join", args=[circle.slug]), {"body": "I dye cloth here.", "delivery_mode": "x"}
    )
    assert page.status_code == 200
    assert "I dye cloth here." in text_of(page)
    assert not MembershipRequest.objects.exists()


def test_a_button_of_another_page_leads_to_the_form(circle):
    client = sign_in(MemberFactory().user)
    page = client.post(reverse("community_join", args=[circle.slug]), {"next": "/"})
    assert page.status_code == 200
    assert "What do you do" in text_of(page)
    assert not Membership.objects.exists()


def test_where_nobody_decides_one_press_lets_in(circle):
    circle.membership_vetted = False
    circle.save()
    member = MemberFactory()
    sign_in(member.user).post(reverse("community_join", args=[circle.slug]))
    assert Membership.objects.current().filter(member=member).exists()


def test_a_request_is_changed_and_withdrawn_like_a_message_and_its_text_used_again(circle):
    member = MemberFactory()
    made = requests.ask_to_join(member=member, community=circle, text="I help dyers.", now=NOW)
    client = sign_in(member.user)
    own = reverse("my_submission", args=[made.pk])
    client.post(own, {"body": "I help dyers in Sanganer.", "version": 1})
    made.refresh_from_db()
    assert made.revision.body == "I help dyers in Sanganer."
    client.post(reverse("my_submission_withdraw", args=[made.pk]), {"version": made.version})
    made.refresh_from_db()
    assert made.state == SubmissionState.WITHDRAWN
    again = reverse("community_join", args=[circle.slug]) + f"?from={made.pk}"
    assert again in text_of(client.get(own))
    assert "Sanganer" in text_of(client.get(again))


def test_a_request_that_was_taken_is_counted_nowhere_as_a_message(circle):
    made = requests.ask_to_join(member=MemberFactory(), community=circle, text="I help dyers.", now=NOW)
    moderator = make_moderator(circle)
    moderation.approve(submission=made, moderator=moderator.user, version=made.version, now=NOW)
    question = pending_question(community=circle, author=made.author)
    page = text_of(sign_in(moderator.user).get(reverse("desk_item", args=[question.pk])))
    assert "0 released, 0 returned, 0 declined" in page
