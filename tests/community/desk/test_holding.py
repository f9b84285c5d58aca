"""Rules that hold in the admin, and what the desk and the author are told of what they found."""

import pytest
from django.test import Client
from django.urls import reverse

from community.enums import Role
from community.models import HoldingRule
from community.models.moderation.holding import HoldingCheck, HoldingMode
from tests.conftest import sign_in
from tests.factories.community import CommunityFactory, make_member, pending_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def lead(community) -> Client:
    return sign_in(make_member(community, role=Role.LEAD).user)


def sent(**changes) -> dict:
    values = {"looks_for": "links", "community": "", "number": "1", "hours": "", "lines": "", "mode": "holds"}
    return values | {"ended_at": ""} | changes


def test_a_lead_keeps_rules_of_the_own_community_alone(lead, community, administrator):
    for other in ("", CommunityFactory().pk):
        assert lead.post(reverse("holding-rules:add"), sent(community=other)).status_code == 200
    assert not HoldingRule.objects.exists()
    lead.post(reverse("holding-rules:add"), sent(community=community.pk))
    assert HoldingRule.objects.get().community == community
    administrator.post(reverse("holding-rules:add"), sent())
    of_all = HoldingRule.objects.get(community=None)
    assert lead.get(reverse("holding-rules:edit", args=[of_all.pk])).status_code == 404
    assert lead.get(reverse("holding-rules:inspect", args=[of_all.pk])).status_code == 404


def test_what_a_rule_lacks_is_said_beside_the_field_and_what_was_typed_is_kept(administrator):
    answer = administrator.post(reverse("holding-rules:add"), sent(number="", lines="<b>gov.in</b>"))
    assert "Say how many are all right." in answer.content.decode()
    assert "&lt;b&gt;gov.in&lt;/b&gt;" in answer.content.decode()


def test_what_a_rule_looks_for_stays_once_it_stands(administrator):
    rule = HoldingRule.objects.create(looks_for=HoldingCheck.LINKS, number=1)
    administrator.post(reverse("holding-rules:edit", args=[rule.pk]), sent(looks_for="first_post", number="4"))
    rule.refresh_from_db()
    assert (rule.looks_for, rule.number) == (HoldingCheck.LINKS, 4)


@pytest.mark.parametrize(("mode", "words"), [("holds", "It held one message."), ("dry_run", "would have held one")])
def test_the_page_of_a_rule_counts_what_it_held_or_would_have_held(administrator, community, mode, words):
    rule = HoldingRule.objects.create(looks_for=HoldingCheck.WORDS, lines="lottery", mode=mode)
    pending_question(community=community, body="A lottery!")
    page = administrator.get(reverse("holding-rules:inspect", args=[rule.pk])).content.decode()
    assert words in page
    assert "Words: lottery" in page


def test_queue_and_item_say_why_it_is_held_and_the_author_is_told_of_personal_data_alone(moderator, community):
    for check, values in ((HoldingCheck.WORDS, {"lines": "lottery"}), (HoldingCheck.PERSONAL_DATA, {})):
        HoldingRule.objects.create(looks_for=check, mode=HoldingMode.HOLDS, **values)
    item = pending_question(community=community, body="A lottery, call 9876543210")
    for address in (reverse("desk"), reverse("desk_item", args=[item.pk])):
        page = moderator.get(address).content.decode()
        assert "Words: lottery" in page
        assert "a phone number (98…10)" in page
    own = sign_in(item.author.user).get(reverse("my_submission", args=[item.pk])).content.decode()
    assert "a phone number (98…10)" in own
    assert "Words: lottery" not in own
