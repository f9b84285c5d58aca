"""The desk where two are at it: taking, keeping, giving back, taking over with the text kept, the next one."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.models import Membership, ModerationEvent, Submission
from community.services import moderation
from community.states import Action, SubmissionState
from knowledge.services.groups import ensure_groups
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    make_moderator,
    pending_question,
    released_question,
    released_reply,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def groups(db):
    ensure_groups()


@pytest.fixture
def item(community, moderator):
    return pending_question(community=community, title="Smoke over the mills")


@pytest.fixture
def asha(community) -> Client:
    return sign_in(make_moderator(community, name="Asha").user)


def lease(client: Client, item: Submission, do: str, **data):
    return client.post(reverse("desk_lease", args=[item.pk]), {"do": do, **data})


def decide(client: Client, item: Submission, decision: str, **data):
    address = reverse("desk_decide", args=[item.pk])
    return client.post(address, {"decision": decision, "version": item.version, **data})


def page_of(client: Client, item: Submission) -> str:
    return client.get(reverse("desk_item", args=[item.pk])).content.decode()


def holder_of(item: Submission):
    return Submission.objects.get(pk=item.pk).lease_holder


def test_an_item_is_taken_with_a_button_and_given_back_with_another(moderator, item):
    assert "Nobody holds it." in page_of(moderator, item)
    assert lease(moderator, item, "take").url == reverse("desk_item", args=[item.pk])
    assert holder_of(item) == moderator.user.member
    assert "You hold it until" in page_of(moderator, item)
    lease(moderator, item, "give_back")
    assert holder_of(item) is None


def test_opening_and_forged_wishes_take_nothing(moderator, item):
    page_of(moderator, item)
    for do in ("", "burn"):
        assert lease(moderator, item, do).status_code == 302
    for name in ("desk_lease", "desk_heartbeat"):
        assert moderator.get(reverse(name, args=[item.pk]), {"do": "take"}).status_code == 405
    for name in ("desk_next", "desk_bulk"):
        assert moderator.get(reverse(name)).status_code == 405
    assert holder_of(item) is None


def test_what_another_holds_is_readable_and_has_no_buttons_but_the_take_over(moderator, asha, item):
    lease(asha, item, "take")
    page = page_of(moderator, item)
    assert "With Asha since" in page
    assert "Forty dyers share one drain." in page
    assert "Take it over" in page
    assert 'id="decisions"' not in page


def test_who_acts_while_another_holds_it_is_told_who_and_keeps_the_text(moderator, asha, item):
    lease(asha, item, "take")
    reason = ReasonFactory()

    response = decide(moderator, item, "return", reason=reason.code, message="My own words")

    page = response.content.decode()
    assert response.status_code == 409
    assert "Asha holds it since" in page
    form = response.context["forms"].returning
    assert (form["message"].value(), form["reason"].value()) == ("My own words", reason.code)
    assert Submission.objects.get(pk=item.pk).state == SubmissionState.PENDING


def test_after_the_take_over_the_text_is_still_there_and_can_be_sent(moderator, asha, item):
    lease(asha, item, "take")
    reason = ReasonFactory()
    typed = {"decision": "return", "version": item.version, "reason": reason.code, "message": "My own words"}

    response = lease(
        moderator, item, "take_over", holder=asha.user.member.pk, takeover_note="Asha is on leave.", **typed
    )

    assert response.status_code == 200
    form = response.context["forms"].returning
    assert (form["message"].value(), form["reason"].value()) == ("My own words", reason.code)
    assert holder_of(item) == moderator.user.member
    assert "Asha is on leave." in page_of(moderator, item)
    decide(moderator, item, "return", reason=reason.code, message="My own words")
    assert item.events.last().message == "My own words"


@pytest.mark.parametrize("note", ["", " ", "\x00"])
def test_a_take_over_without_a_line_changes_nothing_and_keeps_the_text(moderator, asha, item, note):
    lease(asha, item, "take")
    holder = asha.user.member.pk
    response = lease(
        moderator, item, "take_over", holder=holder, takeover_note=note, decision="amend", title="T", body="My words"
    )
    assert response.status_code == 403
    assert "Say in one line why" in response.content.decode()
    assert response.context["forms"].amend["body"].value() == "My words"
    assert holder_of(item) == asha.user.member


@pytest.mark.parametrize("holder", ["", "x", "9" * 30, "0"])
def test_a_take_over_from_somebody_else_than_the_holder_is_refused_with_the_name(moderator, asha, item, holder):
    lease(asha, item, "take")
    response = lease(moderator, item, "take_over", holder=holder, takeover_note="Quick.")
    assert response.status_code == 409
    assert "Asha holds it since" in response.content.decode()
    assert holder_of(item) == asha.user.member


def test_the_line_of_a_take_over_is_text_never_markup(moderator, asha, item):
    lease(asha, item, "take")
    lease(moderator, item, "take_over", holder=asha.user.member.pk, takeover_note="<script>x</script>")
    assert "&lt;script&gt;x" in page_of(moderator, item)


def test_a_claim_lasts_a_day_and_stands_in_the_log(moderator, item):
    lease(moderator, item, "claim")
    item.refresh_from_db()
    assert item.lease_until > timezone.now() + timedelta(hours=23)
    assert "claimed" in page_of(moderator, item)


def test_taking_what_was_decided_meanwhile_tells_who_decided(moderator, asha, item):
    decide(asha, item, "approve")
    response = lease(moderator, item, "take")
    assert response.status_code == 409
    assert "Asha" in response.content.decode() or asha.user.name in response.content.decode()


def test_an_own_message_cannot_be_taken(moderator, community):
    own = pending_question(community=community, author=moderator.user.member)
    assert lease(moderator, own, "take").status_code == 403
    assert holder_of(own) is None


def test_a_form_with_an_error_renews_the_lease(moderator, item):
    lease(moderator, item, "take")
    Submission.objects.filter(pk=item.pk).update(lease_until=timezone.now() + timedelta(minutes=1))
    decide(moderator, item, "return", message="My own words")
    assert Submission.objects.get(pk=item.pk).lease_until > timezone.now() + timedelta(minutes=10)


def test_an_item_of_another_community_does_not_exist_for_any_of_the_buttons(moderator):
    elsewhere = pending_question(community=CommunityFactory())
    assert lease(moderator, elsewhere, "take").status_code == 404
    assert moderator.post(reverse("desk_heartbeat", args=[elsewhere.pk])).status_code == 404


# The sign of life


def test_a_sign_of_life_keeps_what_one_holds_and_says_who_has_it_since(moderator, asha, item):
    address = reverse("desk_heartbeat", args=[item.pk])
    assert moderator.post(address).status_code == 409  # nothing is taken by a script
    lease(moderator, item, "take")
    assert "until" in moderator.post(address).json()
    lease(asha, item, "take_over", holder=moderator.user.member.pk, takeover_note="Urgent.")
    answer = moderator.post(address)
    assert (answer.status_code, answer.json()["words"]) == (409, "Asha took this over.")


def test_who_lost_the_role_finds_nothing_any_more(moderator, item):
    lease(moderator, item, "take")
    Membership.objects.filter(member=moderator.user.member).update(role="member")
    assert decide(moderator, item, "approve").status_code in (302, 404)
    assert moderator.post(reverse("desk_heartbeat", args=[item.pk])).status_code in (302, 404)
    assert Submission.objects.get(pk=item.pk).state == SubmissionState.PENDING


# The next one


def test_the_next_one_is_taken_and_opened_and_the_next_press_gives_another(moderator, community, item):
    second = pending_question(community=community)
    assert moderator.post(reverse("desk_next")).url == reverse("desk_item", args=[item.pk])
    assert moderator.post(reverse("desk_next")).url == reverse("desk_item", args=[second.pk])
    response = moderator.post(reverse("desk_next"), follow=True)
    assert "Nothing else is free now." in response.content.decode()
    assert holder_of(item) == holder_of(second) == moderator.user.member


def test_after_a_decision_comes_the_next_one_that_nobody_else_holds(moderator, asha, community, item):
    held, free = (pending_question(community=community) for _each in range(2))
    lease(asha, held, "take")
    assert decide(moderator, item, "approve").url == reverse("desk_item", args=[free.pk])


# Hiding


def test_a_released_item_is_hidden_with_a_reason_and_restored_by_another_with_a_line(moderator, asha, community):
    question = released_question(community=community)
    assert (
        f'href="{reverse("desk_item", args=[question.pk])}"'
        in moderator.get(question.get_absolute_url()).content.decode()
    )
    assert decide(moderator, question, "hide", message="My own words").status_code == 200  # no reason
    reason = ReasonFactory(action=Action.HIDE)
    assert decide(moderator, question, "hide", reason=reason.code).url == reverse("desk_item", args=[question.pk])
    question.refresh_from_db()
    assert question.state == SubmissionState.HIDDEN
    assert "a lead or another moderator restores it" in page_of(moderator, question)
    assert decide(moderator, question, "restore", note="Mine.").status_code == 403
    assert decide(asha, question, "restore", note=" ").status_code == 200
    decide(asha, question, "restore", note="Checked.")
    question.refresh_from_db()
    assert question.state == SubmissionState.RELEASED
    assert "Checked." in page_of(moderator, question)


def test_readers_find_nothing_of_a_hidden_answer_and_its_author_the_reason(moderator, member, visitor, community):
    question = released_question(community=community)
    reply = released_reply(question=question, author=member.user.member, body="Call my neighbour.")
    reader = sign_in(make_moderator(CommunityFactory()).user)
    reason = ReasonFactory(action=Action.HIDE, text="It names a neighbour.")
    moderation.hide(
        submission=reply,
        moderator=moderator.user,
        version=reply.version,
        reason=reason,
        message="",
        now=timezone.now(),
    )
    for client in (visitor, reader):
        assert "Call my neighbour." not in client.get(question.get_absolute_url()).content.decode()
    own = member.get(reverse("my_submission", args=[reply.pk])).content.decode()
    assert "It names a neighbour." in own
    assert "Why it is hidden" in own


def test_the_author_reads_nothing_of_claims_and_take_overs(moderator, asha, member, community):
    item = pending_question(community=community, author=member.user.member)
    lease(asha, item, "claim")
    lease(moderator, item, "take_over", holder=asha.user.member.pk, takeover_note="She sleeps.")
    page = member.get(reverse("my_submission", args=[item.pk])).content.decode()
    assert ModerationEvent.objects.filter(submission=item).count() == 3
    for words in ("She sleeps.", "claimed", "taken over"):
        assert words not in page
