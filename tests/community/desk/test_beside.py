"""Beside a text: what waits that says the same, what is known that is near, and what it names."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.services import answers
from community.services.moderation import take
from community.states import SubmissionState
from search.documents import Hit
from search.editorial.remembered import forget_everything
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    in_state,
    make_moderator,
    pending_question,
    pending_reply,
    released_question,
)
from tests.factories.knowledge import SchemeFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]

DRAIN = "Forty dyers share one drain and the river board has sent a notice to close."


def page(client, item):
    answer = client.get(reverse("desk_item", args=[item.pk]))
    assert answer.status_code == 200
    return answer


def near(client, item) -> list[int]:
    return [row.item.pk for row in page(client, item).context["beside"].waiting]


def test_a_waiting_message_that_says_nearly_the_same_stands_beside_the_text(moderator, community):
    item = pending_question(community=community, title="Notice to dyers", body=DRAIN)
    same = pending_question(community=community, title="Dyers and the board", body=DRAIN.replace("Forty", "Thirty"))
    answer = pending_reply(question=released_question(community=community), body=f"We too: {DRAIN}")
    pending_question(community=community, title="Looms", body="Where do weavers in Chanderi buy reeds for looms?")

    assert set(near(moderator, item)) == {same.pk, answer.pk}
    assert "Dyers and the board" in page(moderator, item).content.decode()


def test_hindi_texts_are_compared_too(moderator, community):
    text = "चालीस रंगाई इकाइयाँ एक ही नाली में पानी छोड़ती हैं और बोर्ड ने नोटिस भेजा है।"
    item = pending_question(community=community, title="नोटिस", body=text)
    same = pending_question(community=community, title="नोटिस आया", body=text.replace("चालीस", "तीस"))

    assert near(moderator, item) == [same.pk]


def test_only_what_waits_where_the_moderator_decides_is_compared(moderator, community):
    item = pending_question(community=community, title="Notice to dyers", body=DRAIN)
    pending_question(community=CommunityFactory(), title="Notice to dyers", body=DRAIN)
    in_state(SubmissionState.DECLINED, community=community, title="Notice to dyers", body=DRAIN)

    assert near(moderator, item) == []


def test_two_short_texts_are_not_called_the_same(moderator, community):
    item = pending_question(community=community, title="Help", body="Please help.")
    pending_question(community=community, title="Help", body="Please help.")

    assert near(moderator, item) == []


def test_it_says_who_holds_the_other_one(moderator, community):
    item = pending_question(community=community, title="Notice to dyers", body=DRAIN)
    same = pending_question(community=community, title="Notice to dyers", body=DRAIN)
    asha = sign_in(make_moderator(community, name="Asha").user)
    take(submission=same, moderator=asha.user, now=timezone.now())

    assert "with Asha, until" in page(moderator, item).content.decode()


def test_the_entries_that_the_text_names_stand_beside_it(moderator, community):
    scheme = SchemeFactory(name="Dyers' Drain Fund", short_name="DDF")
    item = pending_question(community=community, body="Does the dyers' drain fund (DDF) pay?")

    answer = page(moderator, item)
    assert answer.context["beside"].entries == [scheme]
    assert scheme.get_absolute_url() in answer.content.decode()


def test_what_is_known_and_near_is_offered_with_its_matched_words(moderator, community, monkeypatch):
    hit = Hit(
        key="solution:1",
        kind="solution",
        url="/solutions/one-drain/",
        title="One drain for forty dyers",
        title_html="One <mark>drain</mark> for forty <mark>dyers</mark>",
        snippet_html="",
        score=1.0,
    )
    monkeypatch.setattr(answers, "suggest", lambda text, **_options: [hit])
    item = pending_question(community=community, title="Drain of dyers", body=DRAIN)

    assert "One <mark>drain</mark> for forty <mark>dyers</mark>" in page(moderator, item).content.decode()


def test_what_is_decided_needs_nothing_beside_it(moderator, community):
    item = released_question(community=community, body="Does the fund pay?")

    assert page(moderator, item).context["beside"] is None


def test_the_page_costs_the_same_queries_however_much_waits_beside_it(moderator, community):
    item = pending_question(community=community, title="Notice to dyers", body=DRAIN)

    def queries() -> int:
        forget_everything()
        with CaptureQueriesContext(connection) as captured:
            page(moderator, item)
        return len(captured)

    pending_question(community=community, title="Notice to dyers", body=DRAIN)
    few = queries()
    for _number in range(5):
        pending_question(community=community, title="Notice to dyers", body=DRAIN)

    assert queries() == few
