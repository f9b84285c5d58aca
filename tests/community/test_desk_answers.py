"""What the desk tells an author beside the decision: what was changed in the words."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from community.services import moderation
from community.states import SubmissionState
from knowledge.services.groups import ensure_groups
from tests.conftest import sign_in
from tests.factories.community import pending_question
from tests.factories.pages import SolutionIndexPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def groups(db):
    SolutionIndexPageFactory()
    ensure_groups()


@pytest.fixture
def item(community, moderator):
    return pending_question(community=community, title="To much smoke", body="It <i>hurts</i>. Call 98100 00000.")


def decide(client, item, decision, **data):
    return client.post(reverse("desk_decide", args=[item.pk]), {"version": item.version, "decision": decision, **data})


def test_a_substantive_change_without_a_note_is_refused_beside_the_field(moderator, item):
    response = decide(moderator, item, "amend", title="Smoke", body="Mine, typed.", is_substantive="yes", note=" ")
    page = response.content.decode()
    assert "Say in a line what you changed in the sense" in page
    assert "Mine, typed." in page
    item.refresh_from_db()
    assert item.state == SubmissionState.PENDING


@pytest.mark.parametrize("data", [{"is_substantive": "maybe"}, {"note": "x" * 700}, {"note": "a\x00b"}])
def test_a_forged_change_changes_nothing(moderator, item, data):
    assert decide(moderator, item, "amend", title="Smoke", body="Words", **data).status_code == 200
    item.refresh_from_db()
    assert item.state == SubmissionState.PENDING


def test_the_author_sees_the_changes_and_the_note_once_it_is_out(moderator, item):
    author = sign_in(item.author.user)
    decide(
        moderator, item, "amend", title="Too much smoke", body="It hurts.", is_substantive="yes", note="No <numbers>."
    )
    address = reverse("my_submission", args=[item.pk])
    assert "No &lt;numbers&gt;." not in author.get(address).content.decode(), "it can still be undone"

    moderation.release_due(now=timezone.now() + timedelta(days=1))

    page = author.get(address).content.decode()
    assert "No &lt;numbers&gt;." in page
    assert "A moderator changed what your text says" in page
    assert "<del>" in page
    assert "98100 00000." in page
    assert "&lt;i&gt;hurts&lt;/i&gt;." in page
    assert item.revisions.first().title == "To much smoke"
