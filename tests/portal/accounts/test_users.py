"""Accounts in the admin: no passwords, no way up, groups that follow from rows stay as the rows say."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from knowledge.services.groups import ensure_groups
from tests.factories.knowledge import OfficerFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

User = get_user_model()


@pytest.fixture(autouse=True)
def groups():
    ensure_groups()


@pytest.fixture
def administrator():
    return UserFactory(superuser=True)


@pytest.fixture
def clerk():
    """Somebody who may change accounts without being an administrator."""
    clerk = UserFactory(editor=True)
    clerk.user_permissions.add(*Permission.objects.filter(codename__in=("add_user", "change_user", "delete_user")))
    return clerk


def edit(user) -> str:
    return reverse("wagtailusers_users:edit", args=[user.pk])


def fields(user, **changes) -> dict:
    """Return what the form sends for ``user``, with ``changes``; a None is a field left out."""
    data = {"email": user.email, "name": user.name, "is_active": "on", **changes}
    return {name: value for name, value in data.items() if value is not None}


def test_the_form_has_no_password(client, administrator):
    client.force_login(administrator)
    for where in (reverse("wagtailusers_users:add"), edit(UserFactory())):
        page = client.get(where)
        assert page.status_code == 200
        assert 'type="password"' not in page.text


def test_a_password_sent_all_the_same_changes_nothing(client, administrator):
    user = UserFactory()
    before = user.password
    client.force_login(administrator)
    client.post(edit(user), fields(user, password1="quite another 99", password2="quite another 99"))
    user.refresh_from_db()
    assert user.password == before


def test_a_new_account_has_no_password_and_an_address_to_confirm(client, administrator):
    client.force_login(administrator)
    client.post(
        reverse("wagtailusers_users:add"), {"email": "New.Editor@Example.org", "name": "New", "is_active": "on"}
    )
    user = User.objects.get(email="new.editor@example.org")
    assert not user.has_usable_password()
    address = EmailAddress.objects.get(user=user)
    assert (address.email, address.primary, address.verified) == ("new.editor@example.org", True, False)


@pytest.mark.parametrize("taken", ["taken@example.org", "TAKEN@example.org", " taken@Example.org "])
def test_an_address_that_is_taken_is_an_error_beside_the_field(client, administrator, taken):
    UserFactory(email="taken@example.org")
    client.force_login(administrator)
    answer = client.post(reverse("wagtailusers_users:add"), {"email": taken, "name": "Twin", "is_active": "on"})
    assert answer.status_code == 200
    assert User.objects.filter(email="taken@example.org").count() == 1


def test_an_address_that_an_administrator_changes_must_be_confirmed_again(client, administrator):
    user = UserFactory()
    client.force_login(administrator)
    client.post(edit(user), fields(user, email="moved@example.org"))
    user.refresh_from_db()
    assert user.email == "moved@example.org"
    assert list(EmailAddress.objects.filter(user=user).values_list("email", "verified", "primary")) == [
        ("moved@example.org", False, True)
    ]


def test_nobody_else_changes_an_address(client, clerk):
    user = UserFactory(email="stays@example.org")
    client.force_login(clerk)
    client.post(edit(user), fields(user, email="moved@example.org", name="Renamed"))
    user.refresh_from_db()
    assert (user.email, user.name) == ("stays@example.org", "Renamed")


def test_nobody_else_makes_an_administrator_or_gives_rights(client, clerk):
    user = UserFactory()
    editors = Group.objects.get(name="Editors")
    client.force_login(clerk)
    client.post(edit(user), fields(user, is_superuser="on", groups=editors.pk))
    user.refresh_from_db()
    assert not user.is_superuser
    assert not user.groups.exists()


def test_nobody_makes_themselves_an_administrator(client, clerk):
    client.force_login(clerk)
    client.post(edit(clerk), fields(clerk, is_superuser="on"))
    clerk.refresh_from_db()
    assert not clerk.is_superuser


def test_an_administrator_is_out_of_reach_of_others(client, clerk, administrator):
    client.force_login(clerk)
    client.post(edit(administrator), fields(administrator, is_active=None, name="Gone"))
    query = f"?id={administrator.pk}"
    client.post(
        reverse("wagtail_bulk_action", args=["portal", "user", "set_active_state"]) + query,
        {"mark_as_active": "False"},
    )
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.name != "Gone"


def test_an_administrator_neither_switches_off_nor_demotes_themselves(client, administrator):
    client.force_login(administrator)
    client.post(edit(administrator), fields(administrator, is_active=None, is_superuser=None))
    administrator.refresh_from_db()
    assert administrator.is_active
    assert administrator.is_superuser


def test_groups_that_follow_from_rows_are_neither_offered_nor_lost(client, administrator):
    officer = OfficerFactory(user=UserFactory(officer=True)).user
    client.force_login(administrator)
    form = client.get(edit(officer)).context["form"]
    assert [group.name for group in form.fields["groups"].queryset] == ["Editors"]
    forged = Group.objects.get(name="Moderators").pk
    client.post(edit(officer), fields(officer, groups=forged))
    client.post(edit(officer), fields(officer, groups=Group.objects.get(name="Editors").pk))
    assert sorted(group.name for group in officer.groups.all()) == ["Editors", "Officers"]


def test_many_at_once_are_not_put_into_a_group_that_follows_from_rows(client, administrator):
    user = UserFactory()
    client.force_login(administrator)
    where = reverse("wagtail_bulk_action", args=["portal", "user", "assign_role"]) + f"?id={user.pk}"
    client.post(where, {"role": Group.objects.get(name="Officers").pk})
    assert not user.groups.exists()
    client.post(where, {"role": Group.objects.get(name="Editors").pk})
    assert [group.name for group in user.groups.all()] == ["Editors"]


def test_an_officer_who_is_switched_off_leaves_the_group(client, administrator):
    officer = OfficerFactory(user=UserFactory(officer=True)).user
    client.force_login(administrator)
    client.post(edit(officer), fields(officer, is_active=None))
    assert not officer.groups.exists()


def test_many_officers_switched_off_at_once_leave_the_group(client, administrator):
    officer = OfficerFactory(user=UserFactory(officer=True)).user
    client.force_login(administrator)
    where = reverse("wagtail_bulk_action", args=["portal", "user", "set_active_state"]) + f"?id={officer.pk}"
    client.post(where, {"mark_as_active": "False"})
    officer.refresh_from_db()
    assert not officer.is_active
    assert not officer.groups.exists()


def test_an_account_that_was_used_is_never_deleted(client, administrator):
    used = UserFactory()
    client.force_login(used)
    client.force_login(administrator)
    client.post(reverse("wagtailusers_users:delete", args=[used.pk]))
    client.post(reverse("wagtail_bulk_action", args=["portal", "user", "delete"]) + f"?id={used.pk}")
    assert User.objects.filter(pk=used.pk).exists()


def test_an_account_that_was_made_by_mistake_can_be_deleted(client, administrator):
    mistake = UserFactory()
    client.force_login(administrator)
    client.post(reverse("wagtailusers_users:delete", args=[mistake.pk]))
    assert not User.objects.filter(pk=mistake.pk).exists()


def test_the_list_finds_accounts_by_name_and_address(client, administrator):
    UserFactory(name="Asha Verma", email="asha@example.org")
    UserFactory(name="Ravi Rao", email="ravi@example.org")
    client.force_login(administrator)
    for words in ("asha", "Verma", "asha@example"):
        page = client.get(reverse("wagtailusers_users:index"), {"q": words}).text
        assert "Asha Verma" in page
        assert "Ravi Rao" not in page


def test_an_editor_has_no_business_with_accounts(client):
    client.force_login(UserFactory(editor=True))
    assert client.get(reverse("wagtailusers_users:index")).status_code == 302
    assert client.get(edit(UserFactory())).status_code == 302


def test_the_account_page_changes_the_name_and_offers_no_password_or_address(client):
    editor = UserFactory(editor=True)
    client.force_login(editor)
    page = client.get(reverse("wagtailadmin_account"))
    assert 'type="password"' not in page.text
    assert 'type="email"' not in page.text
    client.post(
        reverse("wagtailadmin_account"),
        {
            "name-name": "Another name",
            "name-email": "moved@example.org",
            "name_email-email": "moved@example.org",
            "locale-preferred_language": "hi",
            "theme-theme": "system",
            "theme-contrast": "system",
            "theme-density": "default",
        },
    )
    before = editor.email
    editor.refresh_from_db()
    assert (editor.name, editor.email) == ("Another name", before)
