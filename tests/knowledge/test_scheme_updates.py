"""Updates of schemes: an officer posts, a second person approves, a trusted institution publishes at once."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Workflow, WorkflowTask
from wagtail.test.utils.form_data import querydict_from_html

from knowledge.models import SchemeUpdate, SecondPersonTask
from knowledge.services.groups import ensure_groups
from knowledge.services.scheme_updates import ensure_workflow, post_update, schemes_open_to
from knowledge.signals import scheme_updated
from tests.factories.knowledge import InstitutionFactory, OfficerFactory, SchemeFactory, SchemeUpdateFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

WORDS = {
    "title": "The share of the firms is lower",
    "what_changed": "Firms now pay a tenth.",
    "source_reference": "Circular 7 of 2026",
}
FOREIGN = "You can post updates only for schemes of an institution where you hold an office now."


@pytest.fixture(autouse=True)
def groups():
    ensure_groups()
    ensure_workflow()


@pytest.fixture
def ministry():
    return InstitutionFactory()


@pytest.fixture
def scheme(ministry):
    return SchemeFactory(owner=ministry)


@pytest.fixture
def officer(ministry):
    return OfficerFactory(user=UserFactory(officer=True), institution=ministry).user


@pytest.fixture
def heard():
    """What was told to those above, as (update, first)."""
    told = []

    def listen(sender, update, first, **kwargs):
        told.append((update.pk, first))

    scheme_updated.connect(listen)
    yield told
    scheme_updated.disconnect(listen)


def address(name: str, *args) -> str:
    return reverse(f"wagtailsnippets_knowledge_schemeupdate:{name}", args=args)


def post(client, user, where: str, **data):
    client.force_login(user)
    return client.post(where, {"effective_on": "", "source_url": "", **WORDS, **data}, follow=True)


def test_the_workflow_is_made_once_however_often_it_is_asked_for():
    ensure_workflow()
    ensure_workflow()
    assert Workflow.objects.filter(name="Scheme update approval").count() == 1
    assert WorkflowTask.objects.filter(workflow__name="Scheme update approval").count() == 1
    assert sorted(group.name for group in SecondPersonTask.objects.get().groups.all()) == ["Editors", "Moderators"]
    assert SchemeUpdate.get_default_workflow().name == "Scheme update approval"


def test_an_officer_posts_for_the_schemes_of_the_own_institution_alone(officer, scheme):
    SchemeFactory()
    SchemeFactory(owner=None)
    assert list(schemes_open_to(officer, now=timezone.now())) == [scheme]


def test_an_editor_posts_for_every_scheme_that_has_an_owner(scheme):
    SchemeFactory(owner=None)
    other = SchemeFactory()
    assert set(schemes_open_to(UserFactory(editor=True), now=timezone.now())) == {scheme, other}


def test_a_posted_update_waits_for_a_second_person(officer, scheme, ministry, heard):
    update = post_update(scheme=scheme, by=officer, now=timezone.now(), **WORDS)
    assert not update.live
    assert update.workflow_in_progress
    assert (update.institution, update.posted_by) == (ministry, officer)
    assert heard == []


def test_an_institution_that_posts_directly_is_published_at_once_and_heard_above(officer, scheme, ministry, heard):
    ministry.may_post_directly = True
    ministry.save()
    update = post_update(scheme=scheme, by=officer, now=timezone.now(), **WORDS)
    assert update.live
    assert not update.workflow_in_progress
    assert heard == [(update.pk, True)]


def test_nobody_posts_for_the_scheme_of_another_institution(officer):
    with pytest.raises(ValidationError, match="hold an office"):
        post_update(scheme=SchemeFactory(), by=officer, now=timezone.now(), **WORDS)
    assert not SchemeUpdate.objects.exists()


def test_nobody_posts_after_the_office_has_ended(officer, scheme):
    officer.offices.update(until=timezone.now() - timedelta(seconds=1))
    with pytest.raises(ValidationError, match="hold an office"):
        post_update(scheme=scheme, by=officer, now=timezone.now(), **WORDS)


def test_the_form_of_an_officer_offers_the_own_schemes_alone(client, officer, scheme):
    other = SchemeFactory(name="Scheme of the other ministry")
    client.force_login(officer)
    page = client.get(address("add")).text
    assert str(scheme) in page
    assert other.name not in page


def test_handing_in_through_the_form_sets_institution_and_author_and_starts_the_workflow(
    client, officer, scheme, ministry
):
    forged = {"institution": InstitutionFactory().pk, "posted_by": UserFactory().pk, "live": "on"}
    answer = post(client, officer, address("add"), scheme=scheme.pk, **forged, **{"action-submit": "1"})
    update = SchemeUpdate.objects.get()
    assert answer.status_code == 200
    assert (update.institution, update.posted_by, update.live) == (ministry, officer, False)
    assert update.workflow_in_progress


@pytest.mark.parametrize("action", ["action-submit", "action-publish", "action-create"])
def test_a_forged_scheme_of_another_ministry_is_refused_beside_the_field(client, officer, scheme, action):
    answer = post(client, officer, address("add"), scheme=SchemeFactory().pk, **{action: "1"})
    assert answer.status_code == 200
    assert FOREIGN in answer.text
    assert WORDS["what_changed"] in answer.text, "what was typed is kept"
    assert not SchemeUpdate.objects.exists()


@pytest.mark.parametrize("scheme_id", ["", "abc", "999999", "-1", "9" * 30, "\x00"])
def test_a_scheme_that_does_not_exist_is_an_error_beside_the_field(client, officer, scheme, scheme_id):
    answer = post(client, officer, address("add"), scheme=scheme_id, **{"action-submit": "1"})
    assert answer.status_code == 200
    assert not SchemeUpdate.objects.exists()


def test_a_forged_publish_is_handed_in_instead(client, officer, scheme):
    post(client, officer, address("add"), scheme=scheme.pk, **{"action-publish": "1"})
    update = SchemeUpdate.objects.get()
    assert not update.live


def test_an_officer_of_a_direct_and_another_institution_publishes_for_the_first_alone(
    client, officer, scheme, ministry
):
    direct = InstitutionFactory(may_post_directly=True)
    OfficerFactory(user=officer, institution=direct)
    post(client, officer, address("add"), scheme=SchemeFactory(owner=direct).pk, **{"action-publish": "1"})
    assert SchemeUpdate.objects.get(institution=direct).live
    answer = post(client, officer, address("add"), scheme=scheme.pk, **{"action-publish": "1"})
    update = SchemeUpdate.objects.get(institution=ministry)
    assert not update.live
    assert update.workflow_in_progress
    assert "A second person checks this update" in answer.text


def test_an_update_stays_with_its_scheme_whatever_the_form_says(client, officer, scheme, ministry):
    post(client, officer, address("add"), scheme=scheme.pk, **{"action-create": "1"})
    update = SchemeUpdate.objects.get()
    twin = SchemeFactory(owner=ministry)
    post(client, officer, address("edit", update.pk), scheme=twin.pk, **{"action-edit": "1"})
    assert update.get_latest_revision_as_object().scheme == scheme


def waiting(officer, scheme) -> SchemeUpdate:
    return post_update(scheme=scheme, by=officer, now=timezone.now(), **WORDS)


def decide(client, user, update: SchemeUpdate, action: str, data: dict | None = None, state=None):
    client.force_login(user)
    state = state or update.current_workflow_task_state
    return client.post(address("workflow_action", update.pk, action, state.pk), data or {})


def test_a_moderator_approves_and_the_update_is_public_and_heard_above(client, officer, scheme, heard):
    update = waiting(officer, scheme)
    answer = decide(client, UserFactory(moderator=True), update, "approve")
    update.refresh_from_db()
    assert answer.status_code == 302
    assert update.live
    assert heard == [(update.pk, True)]
    assert SchemeUpdate.objects.public().get() == update


def test_a_moderator_asks_for_changes_and_the_officer_hands_in_again(client, officer, scheme):
    update = waiting(officer, scheme)
    decide(client, UserFactory(moderator=True), update, "reject", {"comment": "Which circular?"})
    update.refresh_from_db()
    assert not update.live
    assert update.current_workflow_state.status == "needs_changes"
    post(
        client,
        officer,
        address("edit", update.pk),
        scheme=scheme.pk,
        source_reference="Circular 8 of 2026",
        **{"action-submit": "1"},
    )
    update.refresh_from_db()
    assert update.workflow_in_progress
    assert update.get_latest_revision_as_object().source_reference == "Circular 8 of 2026"


def test_who_handed_it_in_does_not_approve_it_even_as_a_moderator(client, officer, scheme):
    update = waiting(officer, scheme)
    officer.groups.set([*officer.groups.all(), *UserFactory(moderator=True).groups.all()])
    decide(client, officer, update, "approve")
    update.refresh_from_db()
    assert not update.live


def test_nobody_decides_on_one_update_through_the_address_of_another(client, officer, scheme):
    moderator_and_officer = UserFactory(moderator=True)
    OfficerFactory(user=moderator_and_officer, institution=scheme.owner)
    mine = waiting(moderator_and_officer, scheme)
    theirs = waiting(officer, scheme)
    answer = decide(client, moderator_and_officer, theirs, "approve", state=mine.current_workflow_task_state)
    mine.refresh_from_db()
    assert answer.status_code == 404
    assert not mine.live


def test_an_officer_does_not_approve(client, officer, scheme):
    update = waiting(officer, scheme)
    decide(client, officer, update, "approve")
    update.refresh_from_db()
    assert not update.live


def test_an_update_that_waits_is_locked_for_its_officer(client, officer, scheme):
    update = waiting(officer, scheme)
    post(client, officer, address("edit", update.pk), scheme=scheme.pk, title="Something else", **{"action-edit": "1"})
    assert update.get_latest_revision_as_object().title == WORDS["title"]


def test_a_moderator_opens_what_waits_and_sees_the_buttons(client, officer, scheme):
    update = waiting(officer, scheme)
    client.force_login(UserFactory(moderator=True))
    page = client.get(address("edit", update.pk))
    assert page.status_code == 200
    assert "Approve" in page.text
    assert update.title in client.get(reverse("wagtailadmin_home")).text


def review(client, user, update: SchemeUpdate, **changes):
    """Send the form of the edit page with its button to approve."""
    client.force_login(user)
    data = querydict_from_html(client.get(address("edit", update.pk)).text, form_id="w-editor-form")
    data.update({"action-workflow-action": "true", "workflow-action-name": "approve"})
    for name, value in changes.items():
        data[name] = value
    return client.post(address("edit", update.pk), data, follow=True)


def test_a_moderator_approves_from_the_form_without_writing_a_version_of_their_own(client, officer, scheme, heard):
    update = waiting(officer, scheme)
    review(client, UserFactory(moderator=True), update)
    update.refresh_from_db()
    assert update.live
    assert update.live_revision.user == officer
    assert heard == [(update.pk, True)]


def test_a_moderator_who_changed_the_text_leaves_the_decision_to_somebody_else(client, officer, scheme):
    update = waiting(officer, scheme)
    answer = review(client, UserFactory(moderator=True), update, title="Another title")
    update.refresh_from_db()
    assert not update.live
    assert "somebody else decides" in answer.text
    assert update.get_latest_revision_as_object().title == "Another title"
    review(client, UserFactory(moderator=True), update)
    update.refresh_from_db()
    assert (update.live, update.title) == (True, "Another title")


def test_nobody_approves_a_text_that_changed_while_they_read(client, officer, scheme):
    update, reader = waiting(officer, scheme), UserFactory(moderator=True)
    client.force_login(reader)
    read = querydict_from_html(client.get(address("edit", update.pk)).text, form_id="w-editor-form")
    review(client, UserFactory(moderator=True), update, title="Another title")
    client.force_login(reader)
    read.update({"action-workflow-action": "true", "workflow-action-name": "approve"})
    answer = client.post(address("edit", update.pk), read, follow=True)
    update.refresh_from_db()
    assert not update.live
    assert "Read it again first" in answer.text


def test_an_officer_sees_the_button_that_counts_first(client, officer, scheme, ministry):
    client.force_login(officer)
    assert "action-publish" not in client.get(address("add")).text
    assert "action-submit" in client.get(address("add")).text
    ministry.may_post_directly = True
    ministry.save()
    assert "action-publish" in client.get(address("add")).text


def test_a_draft_saved_by_itself_tells_nobody(client, officer, scheme, heard):
    client.force_login(officer)
    answer = client.post(
        address("add"),
        {"effective_on": "", "source_url": "", **WORDS, "scheme": scheme.pk},
        headers={"accept": "application/json"},
    )
    assert json.loads(answer.content)["success"]
    assert not SchemeUpdate.objects.get().live
    assert heard == []


def test_publishing_a_correction_is_heard_as_no_news(officer, scheme, ministry, heard):
    ministry.may_post_directly = True
    ministry.save()
    update = post_update(scheme=scheme, by=officer, now=timezone.now(), **WORDS)
    update.title = "The share of the firms is a tenth"
    update.save_revision(user=officer).publish(user=officer, skip_permission_checks=True)
    assert heard == [(update.pk, True), (update.pk, False)]


def test_a_public_update_is_not_deleted(client, scheme):
    update = SchemeUpdateFactory(scheme=scheme)
    client.force_login(UserFactory(editor=True))
    client.post(address("delete", update.pk))
    assert SchemeUpdate.objects.filter(pk=update.pk).exists()
