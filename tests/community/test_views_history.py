"""What an author reads of what became of a message: each entry, the words as sent, and what each change changed."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.models import Revision
from community.services import moderation
from community.services.revisions import Text
from community.views.writing import history
from community.views.writing.history import history_of
from tests.factories.community import (
    ReasonFactory,
    in_state,
    make_moderator,
    pending_question,
    released,
    released_question,
)

pytestmark = pytest.mark.django_db

TITLE = "Our dye house wastes water"


@pytest.fixture
def own(member, community):
    return pending_question(community=community, author=member.user.member, title=TITLE, body="Forty dyers share it.")


@pytest.fixture
def decides(community):
    return make_moderator(community).user


def change(own, body: str) -> None:
    own.refresh_from_db()
    moderation.revise(
        submission=own,
        author=own.author.user,
        version=own.version,
        text=Text(title=TITLE, body=body),
        now=timezone.now(),
    )
    own.refresh_from_db()


def amend_and_approve(own, decides, body: str) -> None:
    own.refresh_from_db()
    moderation.approve(
        submission=own,
        moderator=decides,
        version=own.version,
        now=timezone.now(),
        amended=Text(title=TITLE, body=body),
        note="I took the number out.",
    )
    own.refresh_from_db()


def compared(own) -> list[list[str]]:
    """Return the words taken out and put in of each entry with a comparison."""
    entries = [entry for entry in history_of(own) if entry.changes]
    return [
        [piece.words.strip() for each in entry.changes for piece in each.pieces if piece.kind != "same"]
        for entry in entries
    ]


def test_each_change_of_the_author_is_compared_with_the_words_before(member, own):
    change(own, "Fifty dyers share it.")
    change(own, "Fifty <b>dyers</b> share it.")
    assert compared(own) == [["Forty", "Fifty"], ["dyers", "<b>dyers</b>"]]
    page = member.get(reverse("my_submission", args=[own.pk])).content.decode()
    assert "<ins>" in page
    assert "&lt;b&gt;dyers&lt;/b&gt;" in page
    assert "<b>dyers</b>" not in page


def test_what_a_moderator_told_and_changed_stands_word_by_word_at_its_entry(member, own, decides):
    moderation.return_to_author(
        submission=own,
        moderator=decides,
        version=own.version,
        reason=ReasonFactory(name="Personal data"),
        message="Take out <i>the number</i>.",
        now=timezone.now(),
    )
    change(own, "Forty dyers share it. 98765")
    amend_and_approve(own, decides, "Forty dyers share it.")
    released_now = released(own)
    page = member.get(reverse("my_submission", args=[own.pk])).content.decode()
    assert "Take out &lt;i&gt;the number&lt;/i&gt;." in page
    assert "I took the number out." in page
    assert compared(released_now)[-1] == ["98765"] or "98765" in " ".join(compared(released_now)[-1])


def test_while_an_approval_can_be_taken_back_its_author_reads_nothing_of_the_change(member, own, decides):
    amend_and_approve(own, decides, "Fifty dyers share it.")
    assert compared(own) == []
    assert "I took the number out." not in member.get(reverse("my_submission", args=[own.pk])).content.decode()


def test_blanked_words_are_compared_with_nothing(own):
    change(own, "Fifty dyers share it.")
    Revision.objects.filter(submission=own, number=1).update(body="", redacted_at=timezone.now())
    assert compared(own) == []


def test_a_history_without_end_shows_its_newest_entries_in_as_many_queries(member, own, monkeypatch):
    monkeypatch.setattr(history, "MOST_ENTRIES", 6)
    monkeypatch.setattr(history, "MOST_COMPARED", 3)
    address = reverse("my_submission", args=[own.pk])
    change(own, "Text number 0")
    member.get(address)
    with CaptureQueriesContext(connection) as few:
        member.get(address)
    before = len(few)
    for number in range(1, 10):
        change(own, f"Text number {number}")
    with CaptureQueriesContext(connection) as many:
        member.get(address)
    assert len(many) == before
    assert len(history_of(own)) == 6
    assert compared(own) == [["6", "7"], ["7", "8"], ["8", "9"]]


def test_my_page_stands_in_the_order_of_need(member, community):
    author = member.user.member
    for state in ("withdrawn", "returned", "declined"):
        in_state(state, community=community, author=author, title=f"This one is {state}")
    released_question(community=community, author=author, title="This one is released")
    pending_question(community=community, author=author, title="This one is waiting")
    member.post(reverse("ask"), {"body": "This one is a draft", "keep": "1"})
    page = member.get(reverse("my")).content.decode()
    order = ("is returned", "is a draft", "is waiting", "is released", "is declined", "is withdrawn")
    places = [page.index(f"This one {words}") for words in order]
    assert places == sorted(places)
