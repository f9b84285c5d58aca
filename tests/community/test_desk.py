"""The moderation desk: who sees what, the four decisions, what is kept when something goes wrong, undo, compile."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.enums import ReplyKind
from community.models import Compilation, ModerationEvent, Submission, Trust
from community.services import moderation
from community.services.revisions import Text
from community.states import Action, SubmissionState
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    approved,
    make_member,
    make_moderator,
    pending_question,
    pending_reply,
    released_question,
    released_reply,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def item(community, moderator):
    return pending_question(community=community, body="Forty dyers *share* one drain.")


def post(client: Client, name: str, item: Submission, **data):
    return client.post(reverse(name, args=[item.pk]), {"version": item.version, **data})


def state_of(item: Submission) -> str:
    return Submission.objects.get(pk=item.pk).state


# The queue


def test_the_queue_shows_what_waits_due_soonest_first(moderator, community):
    now = timezone.now()
    later, sooner, overdue = (
        pending_question(community=community, title=title) for title in ("Later", "Sooner", "Overdue")
    )
    for item, due_at in (
        (later, now + timedelta(days=1)),
        (sooner, now + timedelta(minutes=30)),
        (overdue, now - timedelta(days=3)),
    ):
        Submission.objects.filter(pk=item.pk).update(due_at=due_at)
    approved(pending_question(community=community, title="Decided"))

    response = moderator.get(reverse("desk"))

    assert [row.item.pk for row in response.context["rows"]] == [overdue.pk, sooner.pk, later.pk]
    assert [(row.is_overdue, row.is_soon) for row in response.context["rows"]] == [
        (True, False),
        (False, True),
        (False, False),
    ]
    assert [row.heading for row in response.context["going_out"]] == ["Decided"]


def test_the_queue_holds_only_items_of_the_communities_one_moderates(moderator, item):
    elsewhere = pending_question(community=CommunityFactory(), title="Not for these eyes")
    assert "Not for these eyes" not in moderator.get(reverse("desk")).content.decode()
    for name in ("desk_decide", "desk_undo"):
        assert post(moderator, name, elsewhere, decision="approve").status_code == 404
    assert moderator.get(reverse("desk_item", args=[elsewhere.pk])).status_code == 404
    assert state_of(elsewhere) == SubmissionState.PENDING


def test_who_cannot_enter_the_admin_cannot_reach_the_desk(member, visitor, item):
    for client in (member, visitor):
        for name in ("desk", "desk_item"):
            response = client.get(reverse(name, args=[item.pk] if name == "desk_item" else []))
            assert response.status_code == 302
        assert post(client, "desk_decide", item, decision="approve").status_code == 302
    assert state_of(item) == SubmissionState.PENDING


def test_an_editor_who_moderates_nothing_finds_an_empty_desk(editor, item):
    response = editor.get(reverse("desk"))
    assert not response.context["rows"]
    assert "You moderate no community" in response.content.decode()
    assert editor.get(reverse("desk_item", args=[item.pk])).status_code == 404


def test_the_menu_counts_what_waits(moderator, item):
    assert "Moderation (1)" in moderator.get(reverse("wagtailadmin_home")).content.decode()


def test_the_first_page_of_the_admin_tells_a_moderator_what_waits(moderator, item):
    response = moderator.get(reverse("wagtailadmin_home")).content.decode()
    assert "One message waits for your decision." in response
    assert "answered question" not in response


def test_the_first_page_of_the_admin_says_nothing_of_the_desk_to_others(editor, item):
    response = editor.get(reverse("wagtailadmin_home")).content.decode()
    assert "for your decision" not in response
    assert reverse("desk") not in response


def test_the_queue_asks_the_same_number_of_questions_however_long_it_is(moderator, community):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            moderator.get(reverse("desk"))
        return len(seen)

    question = released_question(community=community)
    pending_question(community=community)
    pending_reply(question=question)
    approved(pending_question(community=community))
    released_reply(question=question)
    queries()
    few = queries()
    for _each in range(4):
        more = released_question(community=community)
        pending_question(community=community)
        pending_reply(question=more)
        approved(pending_question(community=community))
        released_reply(question=more)
    assert queries() == few


def test_the_numbers_of_pages_take_any_nonsense(moderator, item):
    for page in ("0", "x", "-1", "999999999999999999999", ""):
        assert moderator.get(reverse("desk"), {"p": page}).status_code == 200
    assert moderator.get("/admin/moderation/99999999999999999999/").status_code == 404


# The item


def test_the_item_shows_text_source_record_and_log(moderator, item):
    page = moderator.get(reverse("desk_item", args=[item.pk])).content.decode()
    assert "<em>share</em>" in page
    assert "Forty dyers *share* one drain." in page
    assert "0 released, 0 returned, 0 declined" in page
    assert "sent in" in page


def test_the_question_stands_beside_the_reply(moderator, community):
    question = released_question(community=community, title="Who pays?", body="Nobody wants to.")
    reply = pending_reply(question=question, reply_kind=ReplyKind.ADVICE)
    page = moderator.get(reverse("desk_item", args=[reply.pk])).content.decode()
    assert "Answer to “Who pays?”" in page
    assert "Nobody wants to." in page


def test_opening_an_item_changes_nothing(moderator, item):
    before = Submission.objects.values().get(pk=item.pk)
    moderator.get(reverse("desk_item", args=[item.pk]))
    moderator.get(reverse("desk"))
    for name in ("desk_decide", "desk_undo"):
        assert moderator.get(reverse(name, args=[item.pk]), {"decision": "approve", "version": 1}).status_code == 405
    assert Submission.objects.values().get(pk=item.pk) == before
    assert ModerationEvent.objects.filter(submission=item).count() == 1


def test_ones_own_message_has_no_buttons_and_cannot_be_approved(moderator, community):
    own = pending_question(community=community, author=moderator.user.member)
    assert "a second person decides" in moderator.get(reverse("desk_item", args=[own.pk])).content.decode()
    assert post(moderator, "desk_decide", own, decision="approve").status_code == 403
    assert state_of(own) == SubmissionState.PENDING


# Decisions


def test_an_approved_item_is_held_and_can_be_undone(moderator, item):
    response = post(moderator, "desk_decide", item, decision="approve")

    assert response.status_code == 302
    assert state_of(item) == SubmissionState.APPROVED
    item.refresh_from_db()
    page = moderator.get(reverse("desk")).content.decode()
    assert "Approved; goes out at" in page

    post(moderator, "desk_undo", item)

    assert state_of(item) == SubmissionState.PENDING
    assert not item.distribution_events.exists()


def test_deciding_leads_to_the_next_item_of_the_queue(moderator, community, item):
    following = pending_question(community=community)
    response = post(moderator, "desk_decide", item, decision="approve")
    assert response.url == reverse("desk_item", args=[following.pk])
    assert post(moderator, "desk_decide", following, decision="approve").url == reverse("desk")


def test_editing_and_approving_keeps_the_original_beside_the_new_wording(moderator, item):
    post(moderator, "desk_decide", item, decision="amend", title="A better title", body="One drain.", tried="")
    item.refresh_from_db()
    assert item.state == SubmissionState.APPROVED
    assert (item.revision.title, item.revision.body) == ("A better title", "One drain.")
    assert item.revisions.count() == 2
    assert [event.action for event in item.events.all()] == [Action.SUBMIT, Action.AMEND, Action.APPROVE]


def test_editing_without_a_change_is_an_approval(moderator, item):
    post(moderator, "desk_decide", item, decision="amend", title=item.revision.title, body=item.revision.body, tried="")
    assert item.revisions.count() == 1
    assert state_of(item) == SubmissionState.APPROVED


@pytest.mark.parametrize(
    ("decision", "action", "state"),
    [("return", Action.RETURN, SubmissionState.RETURNED), ("decline", Action.DECLINE, SubmissionState.DECLINED)],
)
def test_returning_and_declining_need_a_reason_of_their_own(moderator, item, decision, action, state):
    reason, ended = ReasonFactory(action=action), ReasonFactory(action=action, ended_at=timezone.now())
    other = ReasonFactory(action=Action.RETURN if action == Action.DECLINE else Action.DECLINE)

    for wrong in ({}, {"reason": ""}, {"reason": "no-such"}, {"reason": other.code}, {"reason": ended.code}):
        response = post(moderator, "desk_decide", item, decision=decision, message="My own words", **wrong)
        assert response.status_code == 200
        assert "My own words" in response.content.decode()
        assert state_of(item) == SubmissionState.PENDING

    post(moderator, "desk_decide", item, decision=decision, reason=reason.code, message="My own words")

    assert state_of(item) == state
    event = item.events.last()
    assert (event.reason, event.message) == (reason, "My own words")


def test_a_blank_message_becomes_the_reasons_words_in_the_authors_language(moderator, community):
    author = make_member(community, mail_language="hi")
    item = pending_question(community=community, author=author)
    reason = ReasonFactory(text="Please say where.", text_hi="कृपया जगह बताएँ।")
    post(moderator, "desk_decide", item, decision="return", reason=reason.code, message="  ")
    assert item.events.last().message == "कृपया जगह बताएँ।"


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"decision": "burn"},
        {"decision": "approve", "version": ""},
        {"decision": "approve", "version": "x"},
        {"decision": "approve", "version": "9" * 40},
        {"decision": "amend", "title": "", "body": ""},
        {"decision": "amend", "title": "x" * 500, "body": "x"},
        {"decision": "amend", "title": "x", "body": "x" * 30_000},
        {"decision": "return", "reason": "x\x00"},
        {"decision": "return", "message": "x" * 5_000},
    ],
)
def test_a_forged_form_changes_nothing_and_breaks_nothing(moderator, item, data):
    response = moderator.post(reverse("desk_decide", args=[item.pk]), {"version": item.version, **data})
    assert response.status_code in (200, 302, 400)
    assert state_of(item) == SubmissionState.PENDING


def test_what_was_typed_is_kept_beside_the_error(moderator, item):
    response = post(moderator, "desk_decide", item, decision="amend", title="", body="Mine <b>typed</b>")
    page = response.content.decode()
    assert "Mine &lt;b&gt;typed&lt;/b&gt;" in page
    assert "There is a problem" in page


# Two at a time


def test_the_second_of_two_moderators_is_told_who_decided_and_keeps_the_text(moderator, community, item):
    first = sign_in(make_moderator(community, user__name="Asha").user)
    post(first, "desk_decide", item, decision="approve")

    response = post(
        moderator, "desk_decide", item, decision="return", reason=ReasonFactory().code, message="My own words"
    )

    page = response.content.decode()
    assert response.status_code == 409
    assert "Asha: approved at" in page
    assert "My own words" in page
    assert state_of(item) == SubmissionState.APPROVED


def test_after_the_authors_change_the_form_holds_the_new_version_and_the_typed_text(moderator, item):
    reason = ReasonFactory()
    moderation.revise(
        submission=item,
        author=item.author.user,
        version=item.version,
        text=Text(body="New.", title="New"),
        now=timezone.now(),
    )

    response = post(moderator, "desk_decide", item, decision="return", reason=reason.code, message="My own words")

    form = response.context["forms"].returning
    assert response.status_code == 409
    assert (form["version"].value(), form["message"].value()) == (item.version + 1, "My own words")
    assert state_of(item) == SubmissionState.PENDING


def test_an_approval_that_has_gone_out_cannot_be_undone(moderator, item):
    post(moderator, "desk_decide", item, decision="approve")
    item.refresh_from_db()
    moderation.release_due(now=timezone.now() + timedelta(hours=1))

    response = post(moderator, "desk_undo", item)

    assert response.status_code == 409
    assert "The timer: released at" in response.content.decode()
    assert state_of(item) == SubmissionState.RELEASED


# Compile


def test_compile_opens_the_draft_in_the_editor_and_the_same_one_again(moderator, community):
    question = released_question(community=community)
    released_reply(question=question)
    assert question.title in moderator.get(reverse("desk")).content.decode()

    first = moderator.post(reverse("compile_question", args=[question.slug]))
    second = moderator.post(reverse("compile_question", args=[question.slug]))

    page = Compilation.objects.get().page
    assert first.url == second.url == reverse("wagtailadmin_pages:edit", args=[page.pk])
    assert moderator.get(first.url).status_code == 200
    assert reverse("wagtailadmin_pages:edit", args=[page.pk]) in moderator.get(reverse("desk")).content.decode()


def test_only_a_post_of_a_moderator_starts_a_draft(moderator, member, community):
    question = released_question(community=community)
    released_reply(question=question)
    address = reverse("compile_question", args=[question.slug])
    stranger = sign_in(make_moderator(CommunityFactory()).user)

    assert moderator.get(address).status_code == 405
    assert stranger.post(address).status_code == 404
    assert member.post(address).status_code == 302
    assert not Compilation.objects.exists()


def test_a_question_without_an_answer_says_why_it_is_not_compiled(moderator, community):
    question = released_question(community=community)
    response = moderator.post(reverse("compile_question", args=[question.slug]), follow=True)
    assert "There is no released answer" in response.content.decode()


def test_approve_and_trust_is_one_step_and_offered_for_answers_alone(moderator, community):
    question = released_question(community=community)
    answer = pending_reply(question=question)
    page = moderator.get(reverse("desk_item", args=[answer.pk])).content.decode()
    assert "Approve, and trust from now on" in page

    assert post(moderator, "desk_decide", answer, decision="trust").status_code == 302
    assert state_of(answer) == SubmissionState.APPROVED
    assert Trust.objects.get().member == answer.author

    second = pending_reply(question=question, author=make_member(community))
    asked = pending_question(community=community)
    Trust.objects.create(
        member=second.author, community=community, kind="reply", started_at=timezone.now(), last_at=timezone.now()
    )
    for item in (second, asked):
        assert "trust from now on" not in moderator.get(reverse("desk_item", args=[item.pk])).content.decode()


def test_a_forged_wish_to_trust_with_questions_is_refused_and_decides_nothing(moderator, item):
    answer = post(moderator, "desk_decide", item, decision="trust")
    assert answer.status_code == 403
    assert "Only replies can be trusted" in answer.content.decode()
    assert state_of(item) == SubmissionState.PENDING
    assert not Trust.objects.exists()
