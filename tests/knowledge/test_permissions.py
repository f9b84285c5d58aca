"""Who may do what on the editors' side: Django's permissions, offices, and tasks that wait."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.utils import timezone
from wagtail.models import GroupPagePermission
from wagtail.permissions import policy_registry

from knowledge.models import Institution, Scheme, SchemeUpdate
from knowledge.permissions import (
    EDITORS,
    GROUP_PERMISSIONS,
    MODERATORS,
    OFFICERS,
    REFERENCE_LISTS,
    REGISTRIES,
    VOCABULARIES,
    RowPolicy,
)
from knowledge.services.groups import PAGE_PERMISSIONS, ensure_groups
from knowledge.services.scheme_updates import post_update
from tests.factories.knowledge import InstitutionFactory, OfficerFactory, SchemeFactory, SchemeUpdateFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

ACTIONS = ("view", "add", "change", "delete", "publish", "lock", "unlock")


@pytest.fixture
def house():
    """Two ministries with a scheme, a draft scheme, a public update and a draft update each, and one of each role."""
    ensure_groups()
    rows = {}
    for side in ("own", "other"):
        ministry = InstitutionFactory()
        scheme = SchemeFactory(owner=ministry)
        rows[side] = {
            "institution": ministry,
            "scheme": scheme,
            "draft scheme": SchemeFactory(owner=ministry, draft=True),
            "update": SchemeUpdateFactory(scheme=scheme),
            "draft update": SchemeUpdateFactory(scheme=scheme, draft=True),
        }
    officer = UserFactory(officer=True)
    OfficerFactory(user=officer, institution=rows["own"]["institution"])
    return {
        **rows,
        "administrator": UserFactory(superuser=True),
        "editor": UserFactory(editor=True),
        "moderator": UserFactory(moderator=True),
        "officer": officer,
        "member": UserFactory(),
        "nobody": AnonymousUser(),
    }


def may(user, instance) -> set[str]:
    """Return what the policy lets ``user`` do to ``instance``."""
    policy = policy_registry.get(instance)
    return {action for action in ACTIONS if policy.user_has_permission_for_instance(user, action, instance)}


ALL_BUT_DELETE = set(ACTIONS) - {"delete"}
TABLE = [
    # role, what of one's own, what of another institution
    ("administrator", "institution", ALL_BUT_DELETE, ALL_BUT_DELETE),
    ("administrator", "scheme", ALL_BUT_DELETE, ALL_BUT_DELETE),
    ("administrator", "draft scheme", set(ACTIONS), set(ACTIONS)),
    ("administrator", "update", ALL_BUT_DELETE, ALL_BUT_DELETE),
    ("administrator", "draft update", set(ACTIONS), set(ACTIONS)),
    ("editor", "institution", ALL_BUT_DELETE, ALL_BUT_DELETE),
    ("editor", "scheme", ALL_BUT_DELETE, ALL_BUT_DELETE),
    ("editor", "draft scheme", set(ACTIONS), set(ACTIONS)),
    ("editor", "update", ALL_BUT_DELETE, ALL_BUT_DELETE),
    ("editor", "draft update", set(ACTIONS), set(ACTIONS)),
    ("moderator", "institution", set(), set()),
    ("moderator", "scheme", set(), set()),
    ("moderator", "draft scheme", set(), set()),
    ("moderator", "update", {"view"}, {"view"}),
    ("moderator", "draft update", set(), set()),
    ("officer", "institution", {"view"}, set()),
    ("officer", "scheme", {"view"}, set()),
    ("officer", "draft scheme", {"view"}, set()),
    ("officer", "update", {"view", "change"}, set()),
    ("officer", "draft update", {"view", "change"}, set()),
    *[
        (role, thing, set(), set())
        for role in ("member", "nobody")
        for thing in ("institution", "scheme", "draft scheme", "update", "draft update")
    ],
]


def in_order(value: str | set[str]) -> str:
    """Name a case alike in every process: a set has another order in each."""
    return value if isinstance(value, str) else "+".join(sorted(value))[:24] or "nothing"


@pytest.mark.parametrize(("role", "thing", "own", "other"), TABLE, ids=in_order)
def test_each_role_may_do_exactly_what_the_table_says(house, role, thing, own, other):
    assert may(house[role], house["own"][thing]) == own
    assert may(house[role], house["other"][thing]) == other


def test_what_a_policy_lists_is_what_it_lets_one_look_at(house):
    for role in ("administrator", "editor", "moderator", "officer", "member"):
        for model in (Scheme, Institution, SchemeUpdate):
            policy = policy_registry.get_by_type(model)
            listed = set(policy.instances_user_has_permission_for(house[role], "view"))
            assert listed == {row for row in model.objects.all() if "view" in may(house[role], row)}, (role, model)


def test_an_ended_office_opens_nothing_at_once(house):
    house["officer"].offices.update(until=timezone.now() - timedelta(minutes=1))
    assert may(house["officer"], house["own"]["draft scheme"]) == set()
    assert may(house["officer"], house["own"]["draft update"]) == set()


def test_an_office_that_starts_tomorrow_opens_nothing_today(house):
    house["officer"].offices.update(since=timezone.now() + timedelta(days=1))
    assert may(house["officer"], house["own"]["scheme"]) == set()


def test_an_account_that_is_switched_off_may_nothing_whatever_its_rows_say(house):
    house["officer"].is_active = False
    house["officer"].save()
    assert may(house["officer"], house["own"]["update"]) == set()


def test_an_officer_publishes_only_where_the_institution_posts_directly(house):
    ministry = house["own"]["institution"]
    ministry.may_post_directly = True
    ministry.save()
    assert "publish" in may(house["officer"], house["own"]["update"])
    assert "publish" not in may(house["officer"], house["other"]["update"])


def test_a_moderator_may_change_an_update_only_while_it_waits_for_a_decision(house):
    update = post_update(
        scheme=house["own"]["scheme"],
        by=house["officer"],
        now=timezone.now(),
        title="A new share",
        what_changed="The share is lower.",
        source_reference="Circular 2 of 2026",
    )
    assert may(house["moderator"], update) == {"view", "change"}
    update.current_workflow_state.cancel(user=house["officer"])
    assert may(house["moderator"], update) == {"view"}


def test_the_officer_who_is_also_a_moderator_does_not_decide_on_what_they_handed_in(house):
    house["officer"].groups.add(Group.objects.get(name=MODERATORS))
    update = post_update(
        scheme=house["own"]["scheme"],
        by=house["officer"],
        now=timezone.now(),
        title="A new share",
        what_changed="The share is lower.",
        source_reference="Circular 2 of 2026",
    )
    task = update.current_workflow_task
    assert task.get_actions(update, house["officer"]) == []
    assert not task.get_task_states_user_can_moderate(house["officer"]).exists()
    assert task.get_actions(update, house["moderator"])


def test_who_wrote_the_last_version_does_not_approve_it(house):
    update = post_update(
        scheme=house["own"]["scheme"],
        by=house["officer"],
        now=timezone.now(),
        title="A new share",
        what_changed="The share is lower.",
        source_reference="Circular 2 of 2026",
    )
    update.title = "A new share, corrected"
    update.save_revision(user=house["administrator"])
    update.refresh_from_db()
    assert update.current_workflow_task.get_actions(update, house["administrator"]) == []
    assert update.current_workflow_task.get_actions(update, house["editor"])


@pytest.mark.parametrize("model", [*REGISTRIES, SchemeUpdate, *REFERENCE_LISTS, *VOCABULARIES])
def test_every_model_has_a_policy_of_ours(model):
    assert isinstance(policy_registry.get_by_type(model, fallback=False), RowPolicy)


def test_no_editor_deletes_a_term_that_pages_and_addresses_rest_on():
    for model in VOCABULARIES:
        assert "delete" not in GROUP_PERMISSIONS[EDITORS][model]


def test_the_groups_carry_exactly_what_the_tables_say_however_often_they_are_made():
    ensure_groups()
    stray = Permission.objects.get(codename="delete_theme")
    Group.objects.get(name=OFFICERS).permissions.add(stray)
    for group in ensure_groups():
        wanted = {
            f"{action}_{model._meta.model_name}"
            for model, actions in GROUP_PERMISSIONS[group.name].items()
            for action in actions
        }
        ours = ("knowledge", "search")
        held = group.permissions.filter(content_type__app_label__in=ours).values_list("codename", flat=True)
        assert set(held) == wanted
        assert group.permissions.filter(codename="access_admin").exists()
        on_pages = GroupPagePermission.objects.filter(group=group).values_list("permission__codename", flat=True)
        assert set(on_pages) == set(PAGE_PERMISSIONS.get(group.name, ()))
    assert ensure_groups() == ensure_groups()
