"""Offices, and the group that follows from them."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from knowledge.services.groups import ensure_groups
from knowledge.services.offices import end_office, refresh_derived_groups, start_office
from knowledge.tasks import refresh_offices
from tests.factories.knowledge import InstitutionFactory, OfficerFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def groups():
    ensure_groups()


@pytest.fixture
def now():
    return timezone.now()


def is_officer(user) -> bool:
    return user.groups.filter(name="Officers").exists()


def test_an_office_gives_entry_to_the_admin_and_its_end_takes_it(now):
    user = UserFactory()
    office = start_office(user=user, institution=InstitutionFactory(), now=now)
    assert is_officer(user)
    end_office(office=office, now=now + timedelta(days=1))
    refresh_derived_groups(now=now + timedelta(days=1))
    assert not is_officer(user)


def test_the_end_of_one_of_two_offices_leaves_the_group(now):
    user = UserFactory()
    first = start_office(user=user, institution=InstitutionFactory(), now=now)
    start_office(user=user, institution=InstitutionFactory(), now=now)
    end_office(office=first, now=now + timedelta(hours=1))
    assert is_officer(user)


def test_an_office_that_starts_later_gives_nothing_yet(now):
    user = UserFactory()
    start_office(user=user, institution=InstitutionFactory(), now=now, since=now + timedelta(days=2))
    assert not is_officer(user)
    refresh_derived_groups(now=now + timedelta(days=3))
    assert is_officer(user)


def test_the_sweep_finds_what_ended_by_date_and_who_was_switched_off(now):
    ended = OfficerFactory(user=UserFactory(officer=True), since=now - timedelta(days=9), until=now - timedelta(days=1))
    off = OfficerFactory(user=UserFactory(officer=True, is_active=False), since=now - timedelta(days=9))
    stays = OfficerFactory(user=UserFactory(officer=True), since=now - timedelta(days=9))
    missing = OfficerFactory(user=UserFactory(), since=now - timedelta(days=9))
    stray = UserFactory(officer=True)
    assert refresh_derived_groups(now=now) == 4
    assert [is_officer(user) for user in (ended.user, off.user, stays.user, missing.user, stray)] == [
        False,
        False,
        True,
        True,
        False,
    ]
    assert refresh_derived_groups(now=now) == 0


def test_nobody_holds_the_same_office_twice_at_once(now):
    office = start_office(user=UserFactory(), institution=InstitutionFactory(), now=now)
    with pytest.raises(ValidationError):
        start_office(user=office.user, institution=office.institution, now=now)


def test_an_account_that_is_switched_off_gets_no_office(now):
    with pytest.raises(ValidationError, match="switched off"):
        start_office(user=UserFactory(is_active=False), institution=InstitutionFactory(), now=now)


def test_an_office_does_not_end_before_it_starts(now):
    office = start_office(user=UserFactory(), institution=InstitutionFactory(), now=now)
    with pytest.raises(ValidationError, match="before it starts"):
        end_office(office=office, until=now - timedelta(days=1), now=now)


def test_the_hourly_task_asks_the_service(now):
    ended = OfficerFactory(user=UserFactory(officer=True), since=now - timedelta(days=9), until=now - timedelta(days=1))
    assert refresh_offices() == 1
    assert not is_officer(ended.user)
