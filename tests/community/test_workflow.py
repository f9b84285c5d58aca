"""The second person in the admin itself: real requests, honest and forged."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.models import TaskState
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from community.enums import ReplyKind
from community.services import bootstrap, compiling
from community.states import ThreadLife
from knowledge.models import SolutionPage
from knowledge.services.groups import ensure_groups
from tests.conftest import sign_in
from tests.factories.community import make_moderator, released_question, released_reply
from tests.factories.pages import SolutionIndexPageFactory, SolutionPageFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house(db):
    SolutionIndexPageFactory()
    ensure_groups()
    bootstrap.ensure_approval()


@pytest.fixture
def compiler(community) -> Client:
    return sign_in(make_moderator(community).user)


@pytest.fixture
def second(community) -> Client:
    return sign_in(make_moderator(community).user)


@pytest.fixture
def page(community, compiler):
    question = released_question(community=community)
    released_reply(question=question, body="We built a tank.", reply_kind=ReplyKind.EXPERIENCE)
    released_reply(question=question, body="Ask the board.", reply_kind=ReplyKind.ADVICE)
    return compiling.start_compilation(question=question, moderator=compiler.user, now=timezone.now())


def form_of(page, quote="We built a tank.", **changes):
    """Return what the editor's form posts for ``page``."""
    page = SolutionPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    value = next(block.value for block in page.experiences if block.block_type == "quote")
    return nested_form_data(
        {
            "title": page.title,
            "slug": page.slug,
            "subject": page.subject,
            "problem": page.problem,
            "solution": streamfield([("paragraph", rich_text("<p>Build a tank.</p>"))]),
            "experiences": streamfield([("quote", {**value, "text": quote})]),
            "contributors": streamfield([]),
            "themes": [theme.pk for theme in page.themes.all()],
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""},
            **changes,
        }
    )


def edit(client, page, action, **details):
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), {**form_of(page, **details), action: "1"})


def hand_in(client, page):
    response = edit(client, page, "action-submit")
    assert response.status_code == 302, response.context["form"].errors
    return SolutionPage.objects.get(pk=page.pk)


def approve(client, page):
    state = SolutionPage.objects.get(pk=page.pk).current_workflow_task_state
    return client.post(reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk]), {})


def test_compiled_handed_in_and_approved_by_a_second_person_it_is_public(page, compiler, second):
    hand_in(compiler, page)

    approve(compiler, page)
    assert not SolutionPage.objects.get(pk=page.pk).live

    approve(second, page)
    assert SolutionPage.objects.get(pk=page.pk).live
    assert page.compilations.get().question.life == ThreadLife.COMPILED


def test_the_compilers_editor_offers_no_approval_and_says_why(page, compiler, second):
    hand_in(compiler, page)
    own = compiler.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    other = second.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert "somebody else approves it" in own
    assert 'data-workflow-action-name="approve"' not in own
    assert "approve" in other


def test_a_forged_approval_in_the_editor_changes_nothing(page, compiler):
    hand_in(compiler, page)
    compiler.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        {**form_of(page), "action-workflow-action": "1", "workflow-action-name": "approve"},
    )
    assert not SolutionPage.objects.get(pk=page.pk).live
    assert not TaskState.objects.filter(status=TaskState.STATUS_APPROVED).exists()


@pytest.mark.parametrize("person", ["compiler", "editor", "administrator"])
def test_pressing_publish_keeps_the_text_as_a_draft_and_says_that_a_second_person_publishes(page, compiler, person):
    clients = {
        "compiler": compiler,
        "editor": sign_in(UserFactory(editor=True)),
        "administrator": sign_in(UserFactory(superuser=True)),
    }
    response = edit(clients[person], page, "action-publish", subject="A new subject")
    page = SolutionPage.objects.get(pk=page.pk)
    assert response.status_code == 302
    assert not page.live
    assert page.get_latest_revision_as_object().subject == "A new subject"
    if person != "compiler":  # who holds no right to publish has pressed "save", as far as Wagtail is concerned
        told = clients[person].get(response.url).content.decode()
        assert "a second person publishes it" in told


def test_a_bulk_action_does_not_publish_what_was_compiled(page):
    administrator = sign_in(UserFactory(superuser=True))
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={page.pk}&next=/admin/"
    response = administrator.post(address, {"include_descendants": "on"})
    assert response.status_code == 302
    section = page.get_parent()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "publish"]) + f"?id={section.pk}&next=/admin/"
    response = administrator.post(address, {"include_descendants": "on"})
    assert response.status_code == 302
    assert not SolutionPage.objects.get(pk=page.pk).live


def test_a_forged_quote_gets_its_error_at_the_block(page, compiler):
    response = edit(compiler, page, "action-submit", quote="Words that nobody wrote.")
    assert response.status_code == 200
    assert "do not stand in the reply" in response.content.decode()
    assert SolutionPage.objects.get(pk=page.pk).current_workflow_state is None


def test_moderators_edit_solutions_but_do_not_publish_them(compiler):
    page = SolutionPageFactory()
    tester = page.permissions_for_user(compiler.user)
    assert tester.can_edit()
    assert not tester.can_publish()
    assert not tester.can_unpublish()


def test_an_editor_publishes_what_was_written_by_hand(page):
    editor = UserFactory(editor=True)
    written = SolutionPageFactory()
    written.save_revision(user=editor).publish(user=editor)
    assert SolutionPage.objects.get(pk=written.pk).live
