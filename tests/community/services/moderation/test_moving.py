"""A question that fits better elsewhere goes to the moderators there."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community.models import Submission
from community.permissions import NotAllowed
from community.services import communities, moderation
from community.states import Action, SubmissionState
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    MembershipFactory,
    ReasonFactory,
    make_member,
    make_moderator,
    pending_question,
    pending_reply,
    released_question,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]
NOW = timezone.now()


@pytest.fixture
def author(community):
    return make_member(community)


@pytest.fixture
def weavers(author):
    return MembershipFactory(member=author, community=CommunityFactory(name="Weavers")).community


@pytest.fixture
def item(community, author, moderator):
    return pending_question(community=community, author=author)


def move(item, by, to, **changes):
    wanted = {"submission": item, "moderator": by, "version": item.version, "to": to, "note": "Looms.", "now": NOW}
    return moderation.move_to_community(**wanted | changes)


def test_it_waits_in_the_queue_there_with_its_clock_and_no_longer_here(moderator, item, weavers):
    theirs = sign_in(make_moderator(weavers).user)
    due, address = item.due_at, reverse("desk_item", args=[item.pk])
    moderation.take(submission=item, moderator=moderator.user, now=NOW)
    data = {"decision": "move", "version": item.version, "community": weavers.slug, "note": "It is about looms."}
    assert moderator.post(reverse("desk_decide", args=[item.pk]), data).status_code == 302

    item.refresh_from_db()
    assert (item.community, item.state, item.due_at) == (weavers, SubmissionState.PENDING, due)
    assert item.lease_holder is None
    assert moderator.get(address).status_code == 404
    assert theirs.get(address).status_code == 200
    entry = item.events.last()
    assert (entry.action, entry.actor, entry.note) == (Action.MOVE, moderator.user, "It is about looms.")


def test_the_author_reads_where_it_went_and_not_the_note(moderator, item, weavers, author):
    move(item, moderator.user, weavers, note="Write nothing of this.")
    page = sign_in(author.user).get(reverse("my_submission", args=[item.pk])).content.decode()
    assert "to “Weavers”, where it fits better" in page
    assert "Write nothing of this." not in page


def test_it_goes_nowhere_where_its_author_does_not_belong(moderator, item):
    elsewhere = CommunityFactory()
    with pytest.raises(NotAllowed, match="no member of"):
        move(item, moderator.user, elsewhere)
    item.refresh_from_db()
    assert item.community != elsewhere


def test_it_does_not_go_where_it_is_and_not_where_its_author_has_left(moderator, item, weavers, author):
    with pytest.raises(NotAllowed, match="already"):
        move(item, moderator.user, item.community)
    communities.leave(membership=author.memberships.get(community=weavers), now=NOW)
    with pytest.raises(NotAllowed, match="no member of"):
        move(item, moderator.user, weavers)


def test_an_answer_stays_with_its_question(moderator, community, author, weavers):
    answer = pending_reply(question=released_question(community=community), author=author)
    with pytest.raises(NotAllowed, match="where its question is"):
        move(answer, moderator.user, weavers)


def test_an_appeal_is_decided_where_it_was_made(community, moderator, item, weavers, author):
    reason = ReasonFactory(action=Action.DECLINE)
    moderation.decline(
        submission=item, moderator=moderator.user, version=item.version, reason=reason, message="", now=NOW
    )
    item.refresh_from_db()
    moderation.appeal(submission=item, author=author.user, version=item.version, text="It differs.", now=NOW)
    item.refresh_from_db()
    with pytest.raises(NotAllowed, match="appeal"):
        move(item, make_moderator(community).user, weavers)


@pytest.mark.parametrize(
    "data", [{}, {"community": "no-such"}, {"community": "\x00"}, {"community": "9" * 500}, {"note": ""}]
)
def test_a_form_with_a_gap_is_refused_and_keeps_what_was_typed(moderator, item, weavers, data):
    sent = {"decision": "move", "version": item.version, "community": weavers.slug, "note": "About looms."} | data
    if not data:
        del sent["community"]
    page = moderator.post(reverse("desk_decide", args=[item.pk]), sent)
    assert page.status_code == 200
    assert sent["note"] in page.content.decode()
    assert Submission.objects.get(pk=item.pk).community == item.community


def test_a_moderator_there_cannot_pull_it_over(item, weavers):
    with pytest.raises(NotAllowed):
        move(item, make_moderator(weavers).user, weavers)


def test_it_is_offered_only_where_there_is_another_community_of_the_author(moderator, community):
    alone = pending_question(community=community)
    page = moderator.get(reverse("desk_item", args=[alone.pk])).content.decode()
    assert "Move to another community" not in page


def test_what_is_overdue_stays_so(moderator, item, weavers):
    Submission.objects.filter(pk=item.pk).update(due_at=NOW - timedelta(days=1))
    item.refresh_from_db()
    move(item, moderator.user, weavers)
    item.refresh_from_db()
    assert item.due_at == NOW - timedelta(days=1)
