"""Deadlines at the desk: whose an item is first, how late it is, who handled it, which community has nobody."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.models import Submission
from community.services import communities
from community.states import SubmissionState
from tests.factories.community import CommunityFactory, approved, in_state, make_moderator, pending_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


def set_due(item, **values) -> None:
    Submission.objects.filter(pk=item.pk).update(**values)


def test_what_comes_back_stands_first_for_the_one_who_returned_it_and_locks_nobody_out(moderator, community):
    now = timezone.now()
    sooner, back = pending_question(community=community), pending_question(community=community)
    set_due(sooner, due_at=now + timedelta(hours=1))
    mine = {"preferred_moderator": moderator.user.member, "due_at": now + timedelta(hours=9)}
    set_due(back, preferred_until=now + timedelta(hours=3), **mine)
    rows = moderator.get(reverse("desk")).context["rows"]
    assert [(row.item.pk, row.is_yours_first) for row in rows] == [(back.pk, True), (sooner.pk, False)]
    assert "yours first" in moderator.get(reverse("desk")).content.decode()

    set_due(back, preferred_until=now - timedelta(hours=3))
    assert [row.item.pk for row in moderator.get(reverse("desk")).context["rows"]] == [sooner.pk, back.pk]

    set_due(back, preferred_moderator=make_moderator(community), preferred_until=now + timedelta(hours=3))
    answer = moderator.post(reverse("desk_decide", args=[back.pk]), {"decision": "approve", "version": 1})
    assert answer.status_code == 302
    back.refresh_from_db()
    assert back.state == SubmissionState.APPROVED


def test_the_queue_says_in_working_time_how_late_an_item_is(moderator, community):
    set_due(pending_question(community=community), due_at=timezone.now() - timedelta(days=20))
    page = moderator.get(reverse("desk")).content.decode()
    assert "overdue by" in page
    assert "working days" in page


def test_the_queue_costs_the_same_queries_in_one_community_as_in_five(moderator, community, django_assert_num_queries):
    pending_question(community=community)
    moderator.get(reverse("desk"))
    with CaptureQueriesContext(
        connection,
    ) as few:
        moderator.get(reverse("desk"))
    for _ in range(4):
        other = CommunityFactory()
        communities.join(member=moderator.user.member, community=other, now=timezone.now())
        moderator.user.member.memberships.filter(community=other).update(role="moderator")
        pending_question(community=other)
    with django_assert_num_queries(len(few)):
        moderator.get(reverse("desk"))


@pytest.mark.parametrize("state", [SubmissionState.APPROVED, SubmissionState.RETURNED, SubmissionState.DECLINED])
def test_a_link_of_an_old_mail_says_who_handled_it_and_changes_nothing(moderator, community, state):
    item = in_state(state, community=community)
    decision = item.events.last()
    page = moderator.get(reverse("desk_item", args=[item.pk])).content.decode()
    assert "Nothing is left to decide here" in page
    assert f"{decision.actor}: {decision.get_action_display()}" in page
    before = item.version
    item.refresh_from_db()
    assert item.version == before


def test_what_waits_says_nothing_of_the_kind(moderator, community):
    item = pending_question(community=community)
    assert "Nothing is left" not in moderator.get(reverse("desk_item", args=[item.pk])).content.decode()


def test_the_first_page_warns_administrators_of_a_community_that_nobody_moderates(administrator, moderator, community):
    home = reverse("wagtailadmin_home")
    pending_question(community=community)
    assert "nobody can decide" not in administrator.get(home).content.decode()
    communities.leave(membership=moderator.user.member.memberships.get(), now=timezone.now())
    page = administrator.get(home).content.decode()
    assert "nobody can decide" in page
    assert community.name in page
    make_moderator(community)
    assert "nobody can decide" not in administrator.get(home).content.decode()


def test_a_community_whose_items_are_all_decided_needs_no_warning(administrator, community):
    approved(pending_question(community=community))
    community.memberships.filter(role="moderator").update(ended_at=timezone.now())
    assert "nobody can decide" not in administrator.get(reverse("wagtailadmin_home")).content.decode()
