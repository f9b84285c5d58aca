"""Pages that stay open learn how much waits and who has what."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.services import moderation
from tests.conftest import sign_in
from tests.factories.community import CommunityFactory, approved, make_member, make_moderator, pending_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def asha(community):
    return sign_in(make_moderator(community, name="Asha").user)


def live(client, *items, waiting=""):
    answer = client.get(reverse("desk_live"), {"items": ",".join(str(item.pk) for item in items), "waiting": waiting})
    assert answer.status_code == 200
    return answer.json()


def test_the_badge_and_the_news_say_what_came_since(moderator, community):
    pending_question(community=community)
    assert live(moderator) == {"label": "Moderation (1)", "news": "", "items": {}}
    pending_question(community=community)
    assert live(moderator, waiting="1")["news"] == "1 more waits."
    assert live(moderator, waiting="5")["news"] == ""


def test_it_says_who_took_an_item_and_that_one_has_it_oneself(moderator, asha, community):
    theirs, mine, free = (pending_question(community=community) for _number in range(3))
    moderation.take(submission=theirs, moderator=asha.user, now=timezone.now() - timedelta(minutes=2))
    moderation.take(submission=mine, moderator=moderator.user, now=timezone.now())

    items = live(moderator, theirs, mine, free)["items"]
    assert items[str(theirs.pk)] == {"words": "with Asha for 2 minutes", "gone": False, "others": True}
    assert items[str(mine.pk)] == {"words": "with you", "gone": False, "others": False}
    assert items[str(free.pk)] == {"words": "", "gone": False, "others": False}


def test_it_says_that_somebody_decided(moderator, community):
    item = approved(pending_question(community=community))
    assert live(moderator, item)["items"][str(item.pk)]["gone"] is True


def test_nobody_learns_of_items_of_other_communities(moderator, community):
    elsewhere = pending_question(community=CommunityFactory())
    assert live(moderator, elsewhere)["items"] == {}


def test_who_moderates_nothing_gets_nothing(community, client):
    item = pending_question(community=community)
    answer = sign_in(make_member(community).user).get(reverse("desk_live"), {"items": item.pk})
    assert answer.status_code == 302, "to sign in for the admin"


@pytest.mark.parametrize("items", ["x", ",,,", "-1", "9" * 40, "1;2", "\x00", "१,२", ",".join(["7"] * 500)])
@pytest.mark.parametrize("waiting", ["x", "-1", "9" * 40, "१"])
def test_a_forged_question_is_answered_with_nothing(moderator, items, waiting):
    answer = moderator.get(reverse("desk_live"), {"items": items, "waiting": waiting})
    assert answer.json()["items"] == {}


def test_asking_changes_nothing_and_costs_the_same_for_many_items(moderator, asha, community):
    def queries(items) -> int:
        with CaptureQueriesContext(connection) as captured:
            live(moderator, *items)
        assert not [query for query in captured if query["sql"].startswith(("UPDATE", "INSERT", "DELETE"))]
        return len(captured)

    items = [pending_question(community=community) for _number in range(2)]
    few = queries(items)
    for item in items:
        moderation.take(submission=item, moderator=asha.user, now=timezone.now())
    assert queries([*items, *(pending_question(community=community) for _number in range(4))]) == few


def test_every_page_of_the_admin_carries_the_script_which_asks_below_the_menus_entry(moderator):
    assert "community/live.js" in moderator.get(reverse("wagtailadmin_home")).content.decode()
    assert reverse("desk_live") == f"{reverse('desk')}live/"
