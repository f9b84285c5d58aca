"""What editors and officers see of registries, lists and people in the admin, and what their forms do."""

import json

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.snippets.models import get_snippet_models
from wagtail.test.utils.form_data import querydict_from_html

from knowledge.models import (
    Definition,
    GlossaryTerm,
    HomePage,
    Institution,
    Officer,
    ReferenceTerm,
    Scheme,
    SolutionIndexPage,
    Theme,
)
from knowledge.services.groups import ensure_groups
from knowledge.services.scheme_updates import ensure_workflow
from knowledge.viewsets.fields import NamedValuesField
from tests.factories import knowledge as rows
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


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


def admin(model, name: str, *args) -> str:
    return reverse(model.snippet_viewset.get_url_name(name), args=args)


def chooser(model, name: str, *args) -> str:
    return reverse(f"wagtailsnippetchoosers_{model._meta.label_lower.replace('.', '_')}:{name}", args=args)


def typed(client, where: str, **changes):
    """Return what the form at ``where`` would send, with ``changes``."""
    data = querydict_from_html(client.get(where).text, form_id="w-editor-form")
    for name, value in changes.items():
        data[name] = value
    return data


def definitions(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """Return what the script of the form sends for rows of definition and source."""
    sent = {"definitions-count": str(len(pairs))}
    for number, (text, source) in enumerate(pairs):
        values = {"type": "definition", "order": str(number), "deleted": "", "id": ""}
        values |= {"value-text": text, "value-source": source}
        sent |= {f"definitions-{number}-{name}": value for name, value in values.items()}
    return sent


# What an officer and an editor see


def test_an_officer_sees_the_own_institution_and_its_schemes_alone(client, officer):
    other = rows.SchemeFactory()
    own = officer.offices.get().institution
    client.force_login(officer)
    listed = client.get(admin(Scheme, "list")).text
    assert own.schemes_owned.get().name in listed
    assert other.name not in listed
    assert client.get(admin(Scheme, "inspect", own.schemes_owned.get().pk)).status_code == 200
    assert client.get(admin(Institution, "inspect", own.pk)).status_code == 200
    assert client.get(admin(Scheme, "edit", own.schemes_owned.get().pk)).status_code == 302


def test_the_menu_of_an_officer_has_what_concerns_an_officer(client, officer):
    client.force_login(officer)
    page = client.get(reverse("wagtailadmin_home")).text
    assert "Scheme updates" in page
    assert "Post an update of a scheme" in page
    assert officer.offices.get().institution.name in page
    for word in ("Reference lists", "Vocabularies", "Accounts", "Glossary"):
        assert word not in page


def test_the_menu_of_an_editor_is_in_the_words_of_the_field(client, editor):
    client.force_login(editor)
    page = client.get(reverse("wagtailadmin_home")).text
    for word in ("Registries", "Scheme updates", "Resource centres", "Reference lists", "Vocabularies", "People"):
        assert word in page
    assert "Help" not in [item.get("label") for item in _sidebar(page)]


def _sidebar(page: str) -> list[dict]:
    props = page.partition('id="wagtail-sidebar-props">')[2].partition("</script>")[0] or "[]"
    return [item for item in _dicts(json.loads(props)) if "label" in item]


def _dicts(value):
    if isinstance(value, dict):
        yield value
        for part in value.values():
            yield from _dicts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _dicts(part)


def test_a_moderator_and_an_officer_open_the_admin_without_an_error(client, officer):
    for user in (officer, UserFactory(moderator=True)):
        client.force_login(user)
        assert client.get(reverse("wagtailadmin_home")).status_code == 200


def test_a_chooser_offers_an_officer_public_and_own_entries(client, officer):
    public = rows.SchemeFactory(name="Public scheme")
    rows.SchemeFactory(name="Hidden draft", draft=True)
    rows.SchemeFactory(name="Gone scheme", withdrawn=True)
    rows.SchemeFactory(name="Own draft", draft=True, owner=officer.offices.get().institution)
    client.force_login(officer)
    page = client.get(chooser(Scheme, "choose_results")).text
    assert "Public scheme" in page
    assert "Own draft" in page
    assert "Hidden draft" not in page
    assert "Gone scheme" not in page
    assert client.get(chooser(Scheme, "chosen", public.pk)).status_code == 200


# The forms


@pytest.mark.parametrize(
    "factory",
    [
        rows.SchemeFactory,
        rows.InstitutionFactory,
        rows.ResourceCentreFactory,
        rows.InitiativeFactory,
        rows.ClusterFactory,
        rows.GlossaryTermFactory,
        rows.FrequentQuestionFactory,
        rows.DefinitionFactory,
        rows.LinkFactory,
        rows.PublicationFactory,
        rows.StatisticFactory,
        rows.ThemeFactory,
        rows.SectorFactory,
        rows.StageFactory,
        rows.ClusterTypeFactory,
        rows.StateFactory,
        rows.ReferenceTermFactory,
        rows.SourceDocumentFactory,
    ],
    ids=lambda factory: factory._meta.model.__name__,
)
def test_a_form_saved_as_it_was_opened_changes_nothing(client, editor, factory):
    row = factory()
    before = type(row).objects.filter(pk=row.pk).values().get()
    client.force_login(editor)
    where = admin(type(row), "edit", row.pk)
    by_script = (
        definitions([("What the trade says.", "Paper on clusters")]) if factory is rows.GlossaryTermFactory else {}
    )
    answer = client.post(where, typed(client, where, **by_script, **{"action-publish": "1"}))
    assert answer.status_code == 302, answer.context["form"].errors
    after = type(row).objects.filter(pk=row.pk).values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {
        "updated_at",
        "latest_revision_id",
        "live_revision_id",
        "last_published_at",
        "latest_revision_created_at",
        "has_unpublished_changes",
    }


def test_a_new_entry_gets_its_address_from_its_name_in_any_script(client, editor):
    client.force_login(editor)
    rows.ThemeFactory(slug="karja", name="Karja")
    where = admin(Theme, "add")
    for name, slug in (
        ("Loans & credit", "loans-credit"),
        ("कर्ज", "krj"),
        ("Loans, credit", "loans-credit-2"),
        ("!!", "item"),
    ):
        answer = client.post(where, typed(client, where, name=name))
        assert answer.status_code == 302
        assert Theme.objects.get(name=name).slug == slug


def test_the_address_of_a_draft_can_be_corrected_and_that_of_a_public_entry_not(client, editor):
    client.force_login(editor)
    draft, public = rows.SchemeFactory(slug="first", draft=True), rows.SchemeFactory(slug="second")
    for scheme in (draft, public):
        where = admin(Scheme, "edit", scheme.pk)
        data = typed(client, where, **{"action-publish": "1"})
        data["slug"] = f"moved-{scheme.pk}"
        client.post(where, data)
        scheme.refresh_from_db()
    assert (draft.slug, public.slug) == (f"moved-{draft.pk}", "second")


def test_the_definitions_of_a_term_are_rows_with_text_and_source(client, editor):
    term = rows.GlossaryTermFactory(definitions=[{"text": "One.", "source": "A"}, {"text": "Two.", "source": "B"}])
    client.force_login(editor)
    where = admin(GlossaryTerm, "edit", term.pk)
    page = client.get(where)
    assert "data-w-block-data-value" in page.text
    data = {"term": term.term, "term_hi": "", "abbreviation": "", "slug": term.slug, "as_of": "2007", "notes": ""}
    blocks = definitions([("Two.", "B"), ("Three.", "C")])
    answer = client.post(where, data | blocks)
    assert answer.status_code == 302, answer.context["form"].errors
    term.refresh_from_db()
    assert term.definitions == [{"text": "Two.", "source": "B"}, {"text": "Three.", "source": "C"}]


def test_a_term_without_a_definition_is_refused_beside_the_field(client, editor):
    term = rows.GlossaryTermFactory()
    client.force_login(editor)
    for count in ("0", "", "x", "-1", "9" * 9, "2"):
        data = {"term": term.term, "slug": term.slug, "definitions-count": count}
        answer = client.post(admin(GlossaryTerm, "edit", term.pk), data)
        assert answer.status_code == 200
        assert "definitions" in answer.context["form"].errors


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"families": 500, "max_subdivisions": 2},
        {"min_travel_hours": 1.5},
        {"code": "LL", "number": "12"},
        {"issues": ["child labour", "health"], "core": {"a": 1}},
        {"yes": True, "none": None},
        {"text": " spaced "},
        {"two": "a\nb", "colon": "a: b", "empty": "", "hi": "कर्ज", "quoted": '"x"'},
    ],
)
def test_named_values_come_back_as_they_went(values):
    field = NamedValuesField(required=False)
    shown = field.prepare_value(values)
    assert field.clean(shown) == values
    assert not field.has_changed(values, shown)


@pytest.mark.parametrize("text", ["no colon", ": no name", "name:", "a: 1\nbroken"])
def test_named_values_that_cannot_be_read_are_an_error_beside_the_field(client, editor, text):
    row = rows.DefinitionFactory()
    client.force_login(editor)
    where = admin(Definition, "edit", row.pk)
    answer = client.post(where, typed(client, where, other_thresholds=text))
    assert answer.status_code == 200
    assert "other_thresholds" in answer.context["form"].errors
    assert text.replace("\n", "\r\n").splitlines()[0] in answer.text, "what was typed is kept"


def test_an_address_counts_inside_its_list_of_reference_terms(client, editor):
    rows.ReferenceTermFactory(vocabulary="one", slug="trust")
    client.force_login(editor)
    where = admin(ReferenceTerm, "add")
    client.post(where, typed(client, where, vocabulary="two", name="Trust"))
    client.post(where, typed(client, where, vocabulary="one", name="Trust"))
    assert ReferenceTerm.objects.get(vocabulary="two").slug == "trust"
    assert ReferenceTerm.objects.get(vocabulary="one", name="Trust").slug == "trust-2"


def test_a_public_entry_is_neither_deleted_nor_hidden_by_an_editor(client, editor):
    scheme = rows.SchemeFactory()
    client.force_login(editor)
    client.post(admin(Scheme, "delete", scheme.pk))
    client.post(admin(Scheme, "unpublish", scheme.pk))
    client.post(reverse("wagtail_bulk_action", args=["knowledge", "scheme", "delete"]) + f"?id={scheme.pk}")
    scheme.refresh_from_db()
    assert scheme.live
    assert admin(Scheme, "unpublish", scheme.pk) not in client.get(admin(Scheme, "edit", scheme.pk)).text


def test_a_draft_that_was_never_public_can_be_deleted(client, editor):
    scheme = rows.SchemeFactory(draft=True)
    client.force_login(editor)
    client.post(admin(Scheme, "delete", scheme.pk))
    assert not Scheme.objects.filter(pk=scheme.pk).exists()


def test_a_withdrawn_entry_keeps_its_address_and_names_its_successor(client, editor):
    old, new = rows.SchemeFactory(), rows.SchemeFactory()
    client.force_login(editor)
    where = admin(Scheme, "edit", old.pk)
    when = {"withdrawn_at": "2026-11-01 10:00", "withdrawn_reason": "Merged.", "successor": str(new.pk)}
    client.post(where, typed(client, where, **when, **{"action-publish": "1"}))
    old.refresh_from_db()
    assert (old.withdrawn_reason, old.successor, old.live) == ("Merged.", new, True)


def test_saving_does_not_verify(client, editor):
    scheme = rows.SchemeFactory()
    client.force_login(editor)
    where = admin(Scheme, "edit", scheme.pk)
    data = typed(client, where, **{"action-publish": "1"})
    data["verified_at"] = "2026-11-01 10:00"
    client.post(where, data)
    scheme.refresh_from_db()
    assert scheme.verified_at is None


def test_an_office_begins_and_ends_through_the_form(client, editor):
    user, ministry = UserFactory(), rows.InstitutionFactory()
    client.force_login(editor)
    where = admin(Officer, "add")
    answer = client.post(where, typed(client, where, user=str(user.pk), institution=str(ministry.pk)))
    assert answer.status_code == 302, answer.context["form"].errors
    office = Officer.objects.get()
    assert user.groups.filter(name="Officers").exists()
    until = timezone.localtime().strftime("%Y-%m-%d %H:%M:%S")
    Officer.objects.update(since=timezone.now() - timezone.timedelta(days=1))
    where = admin(Officer, "edit", office.pk)
    data = typed(client, where, until=until, user=str(UserFactory().pk))
    answer = client.post(where, data)
    assert answer.status_code == 302, answer.context["form"].errors
    office.refresh_from_db()
    assert office.user == user
    assert office.until is not None
    assert not user.groups.filter(name="Officers").exists()


def test_an_office_held_already_is_an_error_and_not_a_crash(client, editor):
    office = rows.OfficerFactory(user=UserFactory())
    client.force_login(editor)
    where = admin(Officer, "add")
    data = typed(client, where, user=str(office.user_id), institution=str(office.institution_id))
    assert client.post(where, data).status_code == 200
    assert Officer.objects.count() == 1


def test_the_forms_of_pages_open_in_tabs(client):
    client.force_login(UserFactory(superuser=True))
    root = Page.get_first_root_node()
    home = root.add_child(instance=HomePage(title="Home", slug="front"))
    section = home.add_child(instance=SolutionIndexPage(title="Solutions", slug="solutions"))
    page = client.get(reverse("wagtailadmin_pages:add", args=["knowledge", "solutionpage", section.pk]))
    assert page.status_code == 200
    for tab in ("Content", "Filed under", "Facts and sources", "Promote"):
        assert tab in page.text
    for parent, model in ((home, "infopage"), (home, "casestudyindexpage"), (home, "bestpracticeindexpage")):
        assert client.get(reverse("wagtailadmin_pages:add", args=["knowledge", model, parent.pk])).status_code == 200
    assert client.get(reverse("wagtailadmin_pages:edit", args=[home.pk])).status_code == 200


def test_every_listing_can_be_filtered_searched_and_exported(client, editor):
    client.force_login(editor)
    for model in get_snippet_models():
        if model._meta.app_label != "knowledge":
            continue
        assert client.get(admin(model, "list"), {"q": "कर्ज %_'\""}).status_code == 200, model
        viewset = model.snippet_viewset
        if getattr(viewset, "list_export", None):
            answer = client.get(admin(model, "list"), {"export": "csv"})
            assert answer["Content-Type"].startswith("text/csv"), model
