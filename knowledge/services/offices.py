"""Offices: who speaks for an institution. The group Officers is derived from these rows and written here alone."""

from datetime import datetime

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from knowledge.models import Institution, Officer
from knowledge.permissions import OFFICERS


@transaction.atomic
def start_office(*, user, institution: Institution, now: datetime, since: datetime | None = None) -> Officer:
    """Let ``user`` speak for ``institution`` from ``since``, which is ``now`` unless given.

    Raises ``ValidationError`` for an account that is switched off, or an office that is already held.
    """
    if not user.is_active:
        raise ValidationError({"user": _("This account is switched off.")}, code="inactive")
    office = Officer(user=user, institution=institution, since=since or now)
    office.full_clean()
    office.save()
    _bring_in_step(user, now=now)
    return office


@transaction.atomic
def end_office(*, office: Officer, now: datetime, until: datetime | None = None) -> Officer:
    """End ``office`` at ``until``, which is ``now`` unless given.

    Raises ``ValidationError`` for an end before the start.
    """
    office.until = until or now
    if office.until < office.since:
        raise ValidationError({"until": _("An office cannot end before it starts.")}, code="ends_before_start")
    office.save(update_fields=["until"])
    _bring_in_step(office.user, now=now)
    return office


@transaction.atomic
def refresh_derived_groups(*, now: datetime) -> int:
    """Bring the group Officers in step with the offices held at ``now``; return how many accounts changed.

    Finds offices that began or ended by date, and accounts that were switched off.
    """
    group = _officers()
    holders = set(
        Officer.objects.current(now).filter(user__is_active=True).values_list("user_id", flat=True).distinct()
    )
    members = set(group.user_set.values_list("pk", flat=True))
    group.user_set.add(*(holders - members))
    group.user_set.remove(*(members - holders))
    return len(holders ^ members)


def _bring_in_step(user, *, now: datetime) -> None:
    if user.is_active and Officer.objects.current(now).filter(user=user).exists():
        _officers().user_set.add(user)
    else:
        _officers().user_set.remove(user)


def _officers() -> Group:
    return Group.objects.get_or_create(name=OFFICERS)[0]


def accounts_to_appoint() -> QuerySet:
    """Return the accounts that may be given an office, by name."""
    return get_user_model().objects.filter(is_active=True).order_by("name", "email")
