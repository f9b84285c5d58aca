"""A member's record at the desk, what went out by trust, and what the member is told of both."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.enums import Role
from community.forms.tokens import new_token
from community.models import AutomaticApproval, Suspension, Trust
from community.models.moderation.trust import TrustLost
from community.services import communities, contributing, moderation, trust
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    make_member,
    make_moderator,
    pending_question,
    pending_reply,
    released_question,
    released_reply,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]
NOW = timezone.now()
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def author(community):
    return make_member(community)


@pytest.fixture
def trusted(community, author):
    """A trusted author's trust."""
    reply = released_reply(question=released_question(community=community), author=author)
    return trust.give(submission=reply, by=None, now=NOW)


@pytest.fixture
def drawn(trusted, author, settings):
    settings.TRUST_SAMPLED = 1
    reply = pending_reply(question=trusted.submission.thread, author=author, now=NOW - timedelta(hours=1))
    moderation.release(submission_id=reply.pk, now=NOW)
    return reply


def record(member) -> str:
    return reverse("desk_member", args=[member.pk])


def suspension_form(community, **changes) -> dict:
    day = timezone.localdate() + timedelta(days=3)
    values = {"where": community.slug, "last_day": day.isoformat(), "reason": "Two adverts."} | changes
    return {"do": "suspend", **{f"suspend-{name}": value for name, value in values.items()}}


# what went out by trust


def test_the_queue_leads_to_what_went_out_by_trust_and_a_moderator_finds_it_fine_once(moderator, drawn):
    assert "1 answer went out by trust" in moderator.get(reverse("desk")).content.decode()
    listed = moderator.get(f"{reverse('desk')}?show=afterwards")
    assert [row.item.pk for row in listed.context["rows"]] == [drawn.pk]
    page = moderator.get(reverse("desk_item", args=[drawn.pk])).content.decode()
    assert "It went out by trust: look at it now" in page
    assert "Trust: approved" in page
    moderator.post(reverse("desk_afterwards", args=[drawn.pk]))
    assert AutomaticApproval.objects.get().outcome == "fine"
    again = moderator.post(reverse("desk_afterwards", args=[drawn.pk]), follow=True)
    assert "somebody has looked already" in again.content.decode()
    assert not moderator.get(f"{reverse('desk')}?show=afterwards").context["rows"]


def test_ones_own_is_never_offered_and_elsewhere_it_does_not_exist(drawn, author, community):
    author.memberships.update(role=Role.MODERATOR)
    own = sign_in(author.user)
    communities.refresh_moderators_group()
    assert not own.get(f"{reverse('desk')}?show=afterwards").context["rows"]
    own.post(reverse("desk_afterwards", args=[drawn.pk]))
    other = sign_in(make_moderator(CommunityFactory()).user)
    assert other.post(reverse("desk_afterwards", args=[drawn.pk])).status_code == 404
    assert other.get(record(author)).status_code == 404
    assert AutomaticApproval.objects.get().looked_at is None


# the record


def test_the_record_shows_what_came_of_it_and_a_moderator_ends_the_trust_with_a_line(moderator, trusted, author):
    page = moderator.get(record(author)).content.decode()
    assert "Reply" in page
    assert "1 released, 0 returned, 0 declined" in page
    row = {"do": "end_trust", "row": trusted.pk}
    assert "Say why in one line." in moderator.post(record(author), row).content.decode()
    moderator.post(record(author), row | {f"end_trust-{trusted.pk}-note": f"Short. {HOSTILE}"})
    trusted.refresh_from_db()
    assert trusted.ended_because == TrustLost.MODERATOR
    page = moderator.get(record(author)).content.decode()
    assert HOSTILE not in page
    assert "Short." in page


@pytest.mark.parametrize("row", ["", "x", "99999999", "-1", "٣", "1" * 30])
def test_a_row_that_is_not_there_changes_nothing(moderator, trusted, author, row):
    for wish, name in (("end_trust", "note"), ("lift", "note"), ("decide", "answer")):
        data = {"do": wish, "row": row, f"{wish}-{row[:20]}-{name}": "Why not."}
        assert moderator.post(record(author), data).status_code == 403
    assert moderator.post(record(author), {"do": row}).status_code == 400
    trusted.refresh_from_db()
    assert trusted.ended_at is None


def test_a_moderator_suspends_and_lifts(moderator, author, community):
    moderator.post(record(author), suspension_form(community, reason=f"Adverts. {HOSTILE}"))
    suspension = Suspension.objects.get()
    assert timezone.localtime(suspension.ends_at).date() == timezone.localdate() + timedelta(days=3)
    page = moderator.get(record(author)).content.decode()
    assert HOSTILE not in page
    assert "Adverts." in page
    row = {"do": "lift", "row": suspension.pk, f"lift-{suspension.pk}-note": "They explained it."}
    moderator.post(record(author), row)
    suspension.refresh_from_db()
    assert suspension.lifted_note == "They explained it."


@pytest.mark.parametrize(
    "changes",
    [
        {"last_day": "2001-01-01"},
        {"last_day": "9999-12-31"},
        {"last_day": "x"},
        {"reason": " "},
        {"where": "everywhere"},
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(moderator, author, community, changes):
    answer = moderator.post(record(author), suspension_form(community, **{"reason": "Kept words."} | changes))
    assert answer.context["posted"].errors
    if "reason" not in changes:
        assert "Kept words." in answer.content.decode()
    assert not Suspension.objects.exists()


def test_a_lead_is_not_offered_for_suspension_to_a_moderator(moderator, community):
    lead = make_member(community, role=Role.LEAD)
    assert moderator.get(record(lead)).context["suspend"] is None
    assert moderator.post(record(lead), suspension_form(community)).status_code == 200
    assert not Suspension.objects.exists()


def test_an_administrator_suspends_everywhere_and_decides_on_an_appeal_that_the_queue_leads_to(
    moderator, administrator, author, community
):
    moderator.post(record(author), suspension_form(community))
    suspension = Suspension.objects.get()
    contributing.appeal(suspension=suspension, member=author, text=f"No advert. {HOSTILE}", now=timezone.now())
    own = moderator.get(record(author)).content.decode()
    assert "Somebody else than who imposed it decides on the appeal." in own
    assert HOSTILE not in own
    other = sign_in(make_moderator(community).user)
    assert "appeals a suspension" in other.get(reverse("desk")).content.decode()
    decided = {"do": "decide", "row": suspension.pk, "outcome": "stands"}
    administrator.post(record(author), decided | {f"decide-{suspension.pk}-answer": "It was one."})
    suspension.refresh_from_db()
    assert suspension.appeal_outcome == "stands"
    administrator.post(record(author), suspension_form(community, where="everywhere"))
    assert Suspension.objects.filter(community=None).exists()


def test_the_record_and_the_queue_cost_the_same_however_much_there_is(moderator, author, community, trusted):
    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            moderator.get(address)
        return len(captured)

    for number in range(2):
        pending_question(community=community, author=author, title=f"{number}")
    addresses = (record(author), reverse("desk"))
    for address in addresses:
        moderator.get(address)
    few = [queries(address) for address in addresses]
    for number in range(6):
        pending_question(community=community, author=author, title=f"More {number}")
        Trust.objects.create(
            member=author, community=community, kind="reply", started_at=NOW, last_at=NOW, ended_at=NOW,
            ended_because=TrustLost.FLAG,
        )  # fmt: skip
    assert [queries(address) for address in addresses] == few


# what the member is told


def test_my_page_tells_of_trust_and_of_its_end_without_the_note_for_moderators(trusted, author):
    client = sign_in(author.user)
    assert "What goes out without waiting" in client.get(reverse("my")).content.decode()
    moderator = make_moderator(trusted.community).user
    trust.end(trust=trusted, moderator=moderator, note="Secret words.", now=timezone.now())
    page = client.get(reverse("my")).content.decode()
    assert "a moderator ended it" in page
    assert "Secret words." not in page


def test_a_suspended_member_reads_why_and_appeals_once(author, community):
    moderator = make_moderator(community)
    suspension = contributing.suspend(
        member=author,
        community=community,
        by=moderator.user,
        reason=f"Adverts. {HOSTILE}",
        ends_at=timezone.now() + timedelta(days=3),
        now=timezone.now(),
    )
    client: Client = sign_in(author.user)
    address = reverse("my_suspension", args=[suspension.pk])
    assert address in client.get(reverse("my")).content.decode()
    assert HOSTILE not in client.get(address).content.decode()
    assert "Say in a sentence" in client.post(address, {"appeal": ""}).content.decode()
    client.post(address, {"appeal": "It was no advert."})
    suspension.refresh_from_db()
    assert suspension.appeal == "It was no advert."
    again = client.post(address, {"appeal": "Again."})
    assert again.status_code == 403
    assert "You have appealed once." in again.content.decode()
    assert sign_in(make_member(community).user).get(address).status_code == 404


def test_what_a_suspended_member_typed_is_kept_and_the_page_says_until_when(author, community):
    question = released_question(community=community)
    waiting = pending_question(community=community, author=author)
    contributing.suspend(
        member=author,
        community=community,
        by=make_moderator(community).user,
        reason="Adverts.",
        ends_at=timezone.now() + timedelta(days=3),
        now=timezone.now(),
    )
    client = sign_in(author.user)
    reply = {"reply_kind": "advice", "body": "My typed words.", "form_token": new_token(author)}
    for address, data in (
        (reverse("reply", args=[question.slug]), reply),
        (
            reverse("my_submission", args=[waiting.pk]),
            {"version": 1, "title": "A title of its own", "body": "My typed words. Forty dyers share one drain."},
        ),
    ):
        answer = client.post(address, data)
        assert answer.status_code == 403, address
        assert "You are suspended in" in answer.content.decode(), address
        assert "My typed words." in answer.content.decode(), address
    told = client.post(reverse("me_too", args=[question.slug]), follow=True)
    assert "You are suspended in" in told.content.decode()
