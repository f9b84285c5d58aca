"""The first day of an exchange: made once, and nothing that was changed since is made anew."""

import pytest
from django.core.management import call_command

from community.models import Community, Holiday, ModerationReason
from community.services import bootstrap
from community.states import Action
from knowledge.models import Theme
from tests.factories.pages import SolutionIndexPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def section(db):
    return SolutionIndexPageFactory()


def test_the_first_day_is_made_once(db, capsys):
    rows = bootstrap.read_communities()
    for slug in {theme for row in rows for theme in row["themes"]}:
        Theme.objects.create(slug=slug, name=slug)

    call_command("bootstrap_exchange")
    reason = ModerationReason.objects.get(code="personal-data")
    reason.text = "Changed by a moderator."
    reason.save()
    before = (ModerationReason.objects.count(), len(rows))
    call_command("bootstrap_exchange")

    reason.refresh_from_db()
    assert reason.text == "Changed by a moderator."
    assert (ModerationReason.objects.count(), len(rows)) == before
    assert all(each.text_hi and each.name_hi for each in ModerationReason.objects.all())


def test_an_upgrade_brings_new_reasons_and_holidays_and_no_community(capsys):
    call_command("bootstrap_exchange", "--upgrade")
    assert ModerationReason.objects.filter(action=Action.HIDE).exists()
    assert Holiday.objects.exists()
    assert not Community.objects.exists()


def test_a_broken_row_is_named_and_the_others_are_made(db):
    outcome = bootstrap.ensure_communities(
        [
            {"slug": "good", "name": "Good", "about": "x", "themes": []},
            {"slug": "bad", "name": "Bad", "about": "x", "themes": ["no-such-theme"]},
            {"slug": "worse", "themes": []},
        ]
    )
    assert outcome.made == 1
    assert [line.split(": ")[1] for line in outcome.broken] == ["bad", "worse"]
    assert "no-such-theme" in outcome.broken[0]
