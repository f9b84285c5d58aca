"""The queue page: who holds what, filters, and several items at once."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.models import Submission
from community.services import moderation
from community.states import Action, SubmissionState
from knowledge.services.groups import ensure_groups
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    MembershipFactory,
    ReasonFactory,
    in_state,
    make_moderator,
    pending_question,
    pending_reply,
    released_question,
)
from tests.factories.knowledge import ThemeFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def groups(db):
    ensure_groups()


@pytest.fixture
def asha(community):
    return sign_in(make_moderator(community, name="Asha").user)


def take(item, client):
    moderation.take(submission=item, moderator=client.user, now=timezone.now())


def listed(client, **params) -> set[int]:
    return {row.item.pk for row in client.get(reverse("desk"), params).context["rows"]}


def several(client, act, *items, **data):
    return client.post(
        reverse("desk_bulk"), {"act": act, "item": [f"{item.pk}:{item.version}" for item in items], **data}
    )


def state_of(item) -> str:
    return Submission.objects.get(pk=item.pk).state


def test_the_queue_says_who_holds_what_until_when(moderator, asha, community):
    theirs, mine = pending_question(community=community), pending_question(community=community)
    take(theirs, asha)
    take(mine, moderator)
    page = moderator.get(reverse("desk")).content.decode()
    until = timezone.localtime(Submission.objects.get(pk=theirs.pk).lease_until).strftime("%H:%M")
    assert f"with Asha, until {until}" in page
    assert "with you, until" in page


def test_the_menu_leaves_out_what_others_hold(moderator, asha, community):
    take(pending_question(community=community), asha)
    take(pending_question(community=community), moderator)
    pending_question(community=community)
    assert "Moderation (2)" in moderator.get(reverse("wagtailadmin_home")).content.decode()


def test_the_filters_show_what_they_say(moderator, asha, community):
    other = CommunityFactory(slug="other")
    MembershipFactory(member=moderator.user.member, community=other, moderator=True)
    now = timezone.now()
    late = pending_question(community=community, now=now - 100 * HOUR * 24)
    theirs, mine = (pending_question(community=community) for _each in range(2))
    elsewhere = pending_question(community=other)
    answer = pending_reply(question=released_question(community=community))
    hidden = in_state(SubmissionState.HIDDEN, community=community)
    take(theirs, asha)
    take(mine, moderator)
    everything = {each.pk for each in (late, theirs, mine, elsewhere, answer)}

    assert listed(moderator) == everything
    assert listed(moderator, kind="reply") == {answer.pk}
    assert listed(moderator, community="other") == {elsewhere.pk}
    assert listed(moderator, show="overdue") == {late.pk}
    assert listed(moderator, show="hidden") == {hidden.pk}
    assert listed(moderator, whose="mine") == {mine.pk}
    assert listed(moderator, whose="free") == everything - {theirs.pk, mine.pk}
    assert listed(moderator, whose="free", kind="question", community=community.slug) == {late.pk}


def test_the_queue_shows_what_is_about_a_theme_or_a_theme_below_it(moderator, community):
    above = ThemeFactory(name="Environment")
    below = ThemeFactory(name="Effluent", parent=above)
    question = pending_question(community=community, themes=[below])
    answer = pending_reply(question=released_question(community=community, themes=[below]))
    pending_question(community=community)

    for theme in (above, below):
        assert listed(moderator, theme=theme.slug) == {question.pk, answer.pk}


def test_the_queue_shows_what_waits_longer_than_some_days(moderator, community):
    now = timezone.now()
    old, older, _new = (pending_question(community=community, now=now - timedelta(days=days)) for days in (2, 8, 0))

    assert listed(moderator, age="1") == {old.pk, older.pk}
    assert listed(moderator, age="3") == listed(moderator, age="7") == {older.pk}


def test_the_queue_shows_what_a_rule_holds(moderator, community):
    held, free = pending_question(community=community), pending_question(community=community)
    found = [{"check": "links", "rule": 1, "number": 2, "found": ["example.org"]}]
    Submission.objects.filter(pk=held.pk).update(held_because=found)

    assert listed(moderator, held="yes") == listed(moderator, held="links") == {held.pk}
    assert listed(moderator, held="words") == set()
    assert listed(moderator, held="no") == {free.pk}


@pytest.mark.parametrize("name", ["kind", "community", "whose", "show"])
@pytest.mark.parametrize("value", ["x", "\x00", "'", "x" * 5000, "question' OR 1=1"])
def test_a_filter_with_nonsense_counts_for_nothing(moderator, community, name, value):
    item = pending_question(community=community)
    assert listed(moderator, **{name: value}) == {item.pk}


def test_the_queue_makes_as_many_queries_for_many_held_items_as_for_few(moderator, asha, community):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            moderator.get(reverse("desk"))
        return len(seen)

    take(pending_question(community=community), asha)
    queries()
    few = queries()
    for client in (asha, moderator, asha, moderator):
        take(pending_question(community=community), client)
    assert queries() == few


# Several at once


def test_several_items_are_approved_each_by_itself(moderator, community):
    items = [pending_question(community=community) for _each in range(3)]
    response = several(moderator, "approve", *items)
    assert response.context["done"] == 3
    assert {state_of(item) for item in items} == {SubmissionState.APPROVED}


@pytest.mark.parametrize(("act", "state"), [("return", "returned"), ("decline", "declined")])
def test_several_are_returned_or_declined_with_one_reason(moderator, community, act, state):
    items = [pending_question(community=community) for _each in range(2)]
    reason = ReasonFactory(action=act, text="Please say where.")
    several(moderator, act, *items, reason=reason.code)
    assert {state_of(item) for item in items} == {state}
    assert {item.events.last().message for item in items} == {"Please say where."}


def test_what_was_not_done_is_said_of_each_with_who_was_first(moderator, asha, community):
    done, held, decided, changed = (pending_question(community=community) for _each in range(4))
    own = pending_question(community=community, author=moderator.user.member)
    elsewhere = pending_question()
    take(held, asha)
    moderation.approve(submission=decided, moderator=asha.user, version=1, now=timezone.now())
    changed.version = 0

    response = several(moderator, "approve", done, held, decided, changed, own, elsewhere)

    outcomes = {outcome.pk: outcome for outcome in response.context["outcomes"]}
    assert {pk for pk, outcome in outcomes.items() if outcome.done} == {done.pk}
    assert (response.context["done"], response.context["not_done"]) == (1, 4)
    assert "Asha holds it since" in outcomes[held.pk].words
    assert f"{asha.user} was first: approved at" in outcomes[decided.pk].words
    assert "was first: sent in at" in outcomes[changed.pk].words
    assert "second person" in outcomes[own.pk].words
    assert elsewhere.pk not in outcomes
    assert state_of(elsewhere) == SubmissionState.PENDING


def test_several_are_taken_and_given_back(moderator, community):
    items = [pending_question(community=community) for _each in range(2)]
    several(moderator, "take", *items)
    assert Submission.objects.held_by(moderator.user.member, timezone.now()).count() == 2
    assert several(moderator, "give_back", *items).context["done"] == 2
    assert several(moderator, "give_back", *items).context["done"] == 0


@pytest.mark.parametrize(
    "data", [{}, {"act": ""}, {"act": "burn"}, {"act": "return"}, {"act": "decline", "reason": "x"}]
)
def test_without_an_act_or_its_reason_nothing_is_done_and_the_ticks_are_kept(moderator, community, data):
    item = pending_question(community=community)
    response = moderator.post(reverse("desk_bulk"), {"item": f"{item.pk}:{item.version}", **data})
    assert response.status_code == 400
    assert f"{item.pk}:{item.version}" in response.content.decode()
    assert state_of(item) == SubmissionState.PENDING


def test_a_reason_of_the_other_kind_is_refused_before_anything_is_done(moderator, community):
    item = pending_question(community=community)
    response = several(moderator, "return", item, reason=ReasonFactory(action=Action.DECLINE).code)
    assert response.status_code == 400
    assert state_of(item) == SubmissionState.PENDING


@pytest.mark.parametrize(
    "items", [[], ["x"], ["1"], ["x:1"], ["1:x"], ["٣:1"], ["9" * 40 + ":1"], ["-1:1"], ["1:\x00"]]
)
def test_a_forged_list_of_items_does_nothing_and_breaks_nothing(moderator, items):
    response = moderator.post(reverse("desk_bulk"), {"act": "approve", "item": items})
    assert response.status_code == 200
    assert "nothing was done" in response.content.decode()


def test_the_whole_page_asks_once_who_moderates_what(moderator, community):
    with CaptureQueriesContext(connection) as queries:
        assert moderator.get(reverse("desk")).status_code == 200

    asked = [query["sql"] for query in queries if query["sql"].startswith('SELECT "community_membership"')]
    assert len(asked) == 1, asked
