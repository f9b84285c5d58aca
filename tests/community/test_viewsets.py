"""Communities, roles and reasons in the admin, and the lists that are only ever read."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.enums import Role
from community.models import Community, ModerationReason
from community.services import moderation
from search.models import OutboxEntry
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    make_member,
    moderator_of,
    pending_question,
    released_question,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def item(community, moderator):
    return pending_question(community=community)


@pytest.fixture
def lead(community) -> Client:
    return sign_in(make_member(community, role=Role.LEAD).user)


def test_a_lead_edits_the_community_and_nobody_elses(lead, moderator, community):
    other = CommunityFactory()
    address = reverse("communities:edit", args=[community.pk])
    data = {"name": "New name", "about": "About", "themes": [], "slug": "forged", "name_hi": "", "about_hi": ""}

    assert lead.post(address, data).status_code == 302
    community.refresh_from_db()
    assert (community.name, community.slug == "forged") == ("New name", False)
    assert lead.get(reverse("communities:edit", args=[other.pk])).status_code == 404
    assert other.name not in lead.get(reverse("communities:index")).content.decode()
    assert moderator.get(address).status_code in (302, 404)
    assert lead.get(reverse("communities:add")).status_code == 302


@pytest.mark.parametrize(("days", "kept"), [("20", 20), ("", None), ("0", 7), ("91", 7), ("x", 7)])
def test_a_lead_sets_how_many_days_a_question_takes_answers(lead, community, days, kept):
    Community.objects.filter(pk=community.pk).update(answer_days=7)
    lead.post(
        reverse("communities:edit", args=[community.pk]),
        {"name": community.name, "about": "About", "answer_days": days},
    )
    community.refresh_from_db()
    assert community.answer_days == kept


def test_opening_old_messages_to_everybody_asks_again_and_says_what_it_opens(lead, community):
    question = released_question(community=community)
    address = reverse("communities:edit", args=[community.pk])
    data = {"name": community.name, "about": "About", "threads_public": "on"}

    page = lead.post(address, data).content.decode()
    assert "This opens what is there (questions: 1, answers: 0) to everybody" in page
    community.refresh_from_db()
    assert not community.threads_public

    OutboxEntry.objects.all().delete()
    assert lead.post(address, data | {"opens_old": "on"}).status_code == 302
    assert OutboxEntry.objects.filter(key=f"question:{question.pk}").exists()
    community.refresh_from_db()
    assert community.threads_public
    assert (
        "This takes what is there (questions: 1, answers: 0)"
        in lead.post(address, data | {"threads_public": ""}).content.decode()
    )
    # Nothing changes of who may read: nothing is asked, and nothing is indexed anew.
    OutboxEntry.objects.all().delete()
    assert lead.post(address, data | {"welcome": "Hello", "rules_hi": "नियम"}).status_code == 302
    assert not OutboxEntry.objects.exists()


def test_a_moderator_reads_the_log_of_the_own_communities_only(moderator, item):
    foreign = pending_question(community=CommunityFactory()).events.get()
    own = item.events.get()
    assert moderator.get(reverse("moderation-log:inspect", args=[own.pk])).status_code == 200
    assert moderator.get(reverse("moderation-log:inspect", args=[foreign.pk])).status_code == 404
    listed = moderator.get(reverse("moderation-log:index")).context["object_list"]
    assert {event.pk for event in listed} == {own.pk}


def test_the_lists_of_mails_are_for_administrators(moderator, lead, client, admin_user):
    client.force_login(admin_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for name in ("deliveries:index", "mails:index", "reasons:index"):
        assert client.get(reverse(name)).status_code == 200
        for other in (moderator, lead):
            assert other.get(reverse(name)).status_code == 302


def test_an_administrator_words_a_reason_and_its_code_stays(client, admin_user):
    client.force_login(admin_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    reason = ReasonFactory(code="language")
    data = {"code": "other", "action": reason.action, "name": "Language", "text": "Hindi or English.", "order": 3}
    client.post(reverse("reasons:edit", args=[reason.pk]), data)
    reason.refresh_from_db()
    assert (reason.code, reason.text) == ("language", "Hindi or English.")


def test_an_edit_of_a_reason_makes_a_wording_and_the_old_ones_stay_readable(client, admin_user):
    client.force_login(admin_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    data = {"code": "place", "action": "return", "name": "Place", "text": "Say <b>where</b>.", "order": 0}
    client.post(reverse("reasons:add"), data)
    reason = ModerationReason.objects.get(code="place")
    client.post(reverse("reasons:edit", args=[reason.pk]), data | {"text": "Say where, {name}.", "text_hi": "कहाँ?"})

    first, second = reason.versions.order_by("number")
    assert (first.text, second.text) == ("Say <b>where</b>.", "Say where, {name}.")
    assert first.made_by == second.made_by == admin_user
    page = client.get(reverse("reasons:inspect", args=[reason.pk])).content.decode()
    assert "Say &lt;b&gt;where&lt;/b&gt;." in page
    assert "Say where, {name}." in page
    assert "Wording 2" in page


@pytest.mark.parametrize(
    "wrong", [{"text": "Dear {nome}"}, {"text": "Dear {name"}, {"text_hi": "}"}, {"rule_link": "javascript:x"}]
)
def test_a_reason_with_a_wrong_field_is_refused_and_what_was_typed_is_kept(client, admin_user, wrong):
    client.force_login(admin_user, backend="allauth.account.auth_backends.AuthenticationBackend")
    reason = ReasonFactory()
    data = {"action": reason.action, "name": "Kept name", "text": "Words", "order": 0} | wrong
    response = client.post(reverse("reasons:edit", args=[reason.pk]), data)
    assert response.status_code == 200
    assert "Kept name" in response.content.decode()
    assert not reason.versions.exists()
    reason.refresh_from_db()
    assert reason.name != "Kept name"


def test_the_list_of_reasons_counts_uses_with_the_same_number_of_queries(client, admin_user, community):
    client.force_login(admin_user, backend="allauth.account.auth_backends.AuthenticationBackend")

    def give(reason) -> None:
        item = pending_question(community=community)
        moderation.return_to_author(
            submission=item,
            moderator=moderator_of(item).user,
            version=1,
            reason=reason,
            message="",
            now=timezone.now(),
        )

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            client.get(reverse("reasons:index"))
        return len(seen)

    used = ReasonFactory()
    give(used)
    queries()
    few = queries()
    for _each in range(3):
        give(used)
        give(ReasonFactory())
    assert queries() == few
    listed = {row.pk: row.uses for row in client.get(reverse("reasons:index")).context["object_list"]}
    assert listed[used.pk] == 4
    assert "given 4 times" in client.get(reverse("reasons:inspect", args=[used.pk])).content.decode()


def test_a_moderator_takes_the_log_of_the_own_communities_away_as_a_table(moderator, community):
    own = released_question(community=community)
    released_question(community=CommunityFactory())

    answer = moderator.get(reverse("moderation-log:index"), {"export": "csv"})
    assert answer["Content-Type"].startswith("text/csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert len(lines) == 1 + own.events.count()
    assert all(line.startswith(f"{own.pk},") for line in lines[1:])
