"""That no address of the admin tells an officer what is another institution's, or lets them change it."""

import pytest
from django.contrib.messages import get_messages
from django.urls import path, reverse
from wagtail.models import Page, TaskState

from knowledge.models import Institution, Scheme, SchemeUpdate, SolutionPage
from knowledge.services.groups import ensure_groups
from knowledge.services.scheme_updates import ensure_workflow
from knowledge.viewsets import guarded
from tests.addresses import addresses
from tests.factories import knowledge as rows
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

SECRET = "Zanzibar"
KEY = 7777


@pytest.fixture(autouse=True)
def groups():
    ensure_groups()
    ensure_workflow()


@pytest.fixture
def editor():
    return UserFactory(editor=True)


@pytest.fixture
def officer():
    """An officer of one institution with a scheme of its own."""
    office = rows.OfficerFactory(user=UserFactory(officer=True))
    rows.SchemeFactory(owner=office.institution)
    return office.user


@pytest.fixture
def secrets():
    """Drafts of another institution, all with the same key; returns the keys that hang on them, by name of the gap."""
    clerk = UserFactory(editor=True)
    ministry = rows.InstitutionFactory(pk=KEY, name=f"Ministry {SECRET}", draft=True)
    scheme = rows.SchemeFactory(pk=KEY, name=f"Scheme {SECRET}", objective=SECRET, owner=ministry, draft=True)
    update = rows.SchemeUpdateFactory(pk=KEY, scheme=scheme, title=f"Update {SECRET}", what_changed=SECRET, draft=True)
    rows.InitiativeFactory(pk=KEY, name=f"Initiative {SECRET}", draft=True)
    rows.ClusterFactory(pk=KEY, name=f"Cluster {SECRET}", draft=True)
    rows.ResourceCentreFactory(pk=KEY, name=f"Centre {SECRET}", draft=True)
    page = SolutionPage(
        pk=KEY, title=f"Solution {SECRET}", slug="secret", subject=SECRET, problem=SECRET, solution=[], live=False
    )
    Page.get_first_root_node().add_child(instance=page)
    revisions = [
        thing.save_revision(user=clerk, clean=False, log_action=True) for thing in (ministry, scheme, update, page)
    ]
    update.refresh_from_db()
    ensure_workflow().start(update, clerk)
    state = TaskState.objects.get()
    return [
        {
            "revision_id": str(revision.pk),
            "revision_id_a": str(revision.pk),
            "revision_id_b": "latest",
            "task_state_id": str(state.pk),
            "workflow_state_id": str(state.workflow_state_id),
            "task_id": str(state.task_id),
            "action_name": "approve",
            "app_label": "knowledge",
            "model_name": model,
            "action": "delete",
        }
        for revision, model in zip(revisions, ("institution", "scheme", "schemeupdate", "solutionpage"), strict=True)
    ]


def every_address(secrets: list[dict]) -> list[str]:
    found = {where for named in secrets for where in addresses(str(KEY), under=("/admin/", "/documents/"), **named)}
    return sorted(found - {"/admin/logout/", "/admin/login/"})


def admin(model, name: str, *args) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


def chooser(model, name: str, *args) -> str:
    return reverse(f"wagtailsnippetchoosers_{model._meta.label_lower.replace('.', '_')}:{name}", args=args)


def test_an_editor_finds_the_secret_at_many_addresses_so_that_the_next_test_proves_something(client, secrets):
    client.force_login(UserFactory(superuser=True))
    client.raise_request_exception = False
    registries = [where for where in every_address(secrets) if "/knowledge/scheme" in where]
    told = [where for where in registries if SECRET in client.get(where, {"id": KEY}).text]
    assert len(told) > 20
    for name in ("edit", "history", "usage", "inspect"):
        assert admin(Scheme, name, KEY) in told


def test_no_address_of_the_admin_tells_an_officer_what_is_another_institutions(client, officer, secrets):
    client.force_login(officer)
    client.raise_request_exception = False  # Wagtail's own views answer some forged numbers with an error
    told = []
    for where in every_address(secrets):
        # An address without a key is a listing or an action on many.
        more = () if str(KEY) in where else ({"id": "all", "export": "csv"},)
        for query in ({"id": KEY, "multiple": "1"}, *more):
            answer = client.get(where, query)
            text = answer.getvalue().decode(errors="replace") if answer.streaming else answer.text
            # A view that sends one away may have left its message for the next page.
            text += " ".join(message.message for message in get_messages(answer.wsgi_request))
            if SECRET in text:
                told.append(f"{where}?{query}")
    assert not told, told


def test_no_address_of_the_admin_lets_an_officer_change_what_is_another_institutions(client, officer, secrets):
    client.force_login(officer)
    client.raise_request_exception = False
    models = (Institution, Scheme, SchemeUpdate, SolutionPage)
    before = [list(model.objects.filter(pk=KEY).values()) for model in models]
    for where in (address for address in every_address(secrets) if str(KEY) in address or "/bulk/" in address):
        client.post(
            where + f"?id={KEY}", {"title": "Changed", "name": "Changed", "action-publish": "1", "confirm": "1"}
        )
    assert [list(model.objects.filter(pk=KEY).values()) for model in models] == before
    assert TaskState.objects.get().status == "in_progress"


def test_a_search_in_a_listing_or_chooser_does_not_find_it_either(client, officer, secrets):
    client.force_login(officer)
    for model in (Institution, Scheme, SchemeUpdate):
        for where in (admin(model, "list_results"), chooser(model, "choose_results")):
            page = client.get(where, {"q": "inistry" if model is Institution else "e"}).text
            assert SECRET not in page


def test_what_one_may_not_see_does_not_exist(client, officer, secrets):
    client.force_login(officer)
    assert client.get(admin(Scheme, "edit", KEY)).status_code == 404
    assert client.get(admin(Scheme, "edit", KEY + 1)).status_code == 404


@pytest.mark.parametrize("key", ["abc", "-1", "0", "9" * 30, "1_3b", "%00", "١"])
def test_a_broken_key_in_an_address_is_not_found(client, editor, key):
    client.force_login(editor)
    for where in (
        f"/admin/snippets/knowledge/scheme/history/{key}/revisions/compare/live...latest/",
        f"/admin/snippets/choose/knowledge/scheme/chosen/{key}/",
    ):
        assert client.get(where).status_code in (400, 404)
    assert client.get("/admin/snippets/choose/knowledge/scheme/chosen-multiple/", {"id": key}).status_code == 200
    assert client.get("/admin/bulk/knowledge/scheme/delete/", {"id": key}).status_code == 404


def test_an_address_that_no_rule_names_stops_the_start():
    with pytest.raises(LookupError, match="No rule says"):
        guarded.guarded(path("new/<int:pk>/", lambda request, pk: None, name="a_new_address"), Scheme)
