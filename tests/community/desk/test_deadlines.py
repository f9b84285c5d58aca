"""Holidays and times to decide in the admin."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from community.enums import Role
from community.models import DecisionTime, Holiday
from tests.conftest import sign_in
from tests.factories.community import CommunityFactory, make_member

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def lead(community) -> Client:
    return sign_in(make_member(community, role=Role.LEAD).user)


def day_off(**changes) -> dict:
    return {"falls_on": "2026-11-24", "name": "Local fair", "name_hi": "", "is_kept": "on", "community": ""} | changes


def test_an_administrator_adds_a_holiday_of_all_communities(administrator):
    administrator.post(reverse("holidays:add"), day_off(every_year="on"))
    holiday = Holiday.objects.get()
    assert (holiday.falls_on, holiday.every_year, holiday.community) == (date(2026, 11, 24), True, None)
    assert "Local fair" in administrator.get(reverse("holidays:index")).content.decode()


def test_a_lead_adds_holidays_and_hours_of_the_own_community_alone(lead, community):
    elsewhere = CommunityFactory()
    for other in ("", elsewhere.pk, 10**9):
        answer = lead.post(reverse("holidays:add"), day_off(community=other))
        assert answer.status_code == 200, "the form again, with the error beside the field"
    assert not Holiday.objects.exists()
    lead.post(reverse("holidays:add"), day_off(community=community.pk))
    assert Holiday.objects.get().community == community

    lead.post(reverse("decision-times:add"), {"community": elsewhere.pk, "kind": "reply", "hours": 4})
    lead.post(reverse("decision-times:add"), {"community": community.pk, "kind": "reply", "hours": 4})
    assert list(DecisionTime.objects.values_list("community", "kind", "hours")) == [(community.pk, "reply", 4)]


def test_a_lead_changes_no_row_of_others(lead, administrator, community):
    elsewhere = Holiday.objects.create(falls_on=date(2026, 11, 24), name="There", community=CommunityFactory())
    of_all = Holiday.objects.create(falls_on=date(2026, 11, 25), name="Everywhere")
    Holiday.objects.create(falls_on=date(2026, 11, 26), name="Here", community=community)
    for row in (elsewhere, of_all):
        assert lead.post(reverse("holidays:edit", args=[row.pk]), day_off(community=community.pk)).status_code == 404
        assert administrator.get(reverse("holidays:edit", args=[row.pk])).status_code == 200
    assert set(Holiday.objects.values_list("name", flat=True)) == {"There", "Everywhere", "Here"}


def test_a_moderator_who_leads_nothing_sees_none_of_it(moderator):
    for name in ("holidays:index", "holidays:add", "decision-times:index", "decision-times:add"):
        assert moderator.get(reverse(name)).status_code == 302


@pytest.mark.parametrize(
    "changes", [{"falls_on": ""}, {"falls_on": "tomorrow"}, {"falls_on": "2026-02-30"}, {"name": ""}, {"name": "\x00"}]
)
def test_a_bad_holiday_is_refused_beside_the_field(administrator, changes):
    assert administrator.post(reverse("holidays:add"), day_off(**changes)).status_code == 200
    assert not Holiday.objects.exists()


def test_the_same_day_twice_is_refused_in_words(administrator):
    for _ in range(2):
        answer = administrator.post(reverse("holidays:add"), day_off())
    assert answer.status_code == 200
    assert Holiday.objects.count() == 1


@pytest.mark.parametrize("hours", ["0", "-1", "401", "", "many", "9" * 30])
def test_hours_that_nobody_could_keep_are_refused(administrator, community, hours):
    data = {"community": community.pk, "kind": "reply", "hours": hours}
    assert administrator.post(reverse("decision-times:add"), data).status_code == 200
    assert not DecisionTime.objects.exists()
