"""The report "Search index" in the admin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from knowledge.services.groups import ensure_groups
from search.models import OutboxEntry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def source():
    """Let the real sources stand: officers and communities are indexed too."""


@pytest.fixture(autouse=True)
def groups(source):
    ensure_groups()


def note(*keys: str, **values) -> None:
    """Note that these keys wait."""
    OutboxEntry.objects.bump(engine="embedded", source="pages", keys=keys, now=timezone.now() - timedelta(days=1))
    OutboxEntry.objects.filter(key__in=keys).update(**values)


def test_an_editor_reads_what_waits_and_what_was_refused_and_why(editor):
    note("solution:1", done_version=1)
    note("solution:2", attempts=3, error="ValueError: solution:2 is poisonous")
    note("solution:3")
    page = editor.get(reverse("search_index_report")).content.decode()
    assert "solution:2 is poisonous" in page
    assert "solution:3" in page
    assert "solution:1" not in page
    assert page.index("solution:2") < page.index("solution:3")
    refused = editor.get(reverse("search_index_report_results"), {"condition": "refused"}).content.decode()
    assert "solution:2" in refused
    assert "solution:3" not in refused
    assert editor.get(reverse("search_index_report"), {"condition": "nothing known"}).status_code == 200


def test_an_index_that_has_everything_says_so(editor):
    OutboxEntry.objects.all().delete()
    assert "Everything is in the index." in editor.get(reverse("search_index_report")).content.decode()


def test_the_report_is_of_editors_and_administrators(administrator, moderator, officer, member):
    address = reverse("search_index_report")
    assert administrator.get(address).status_code == 200
    for client in (moderator, officer, member):
        assert client.get(address).status_code == 302


def test_the_report_leaves_as_a_table(administrator):
    note("solution:7")
    answer = administrator.get(reverse("search_index_report"), {"export": "csv"})
    assert b"solution:7" in b"".join(answer.streaming_content)
