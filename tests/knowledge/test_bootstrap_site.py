"""The portal before any content."""

import re
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.models import GroupPagePermission, Locale, Page, Site, Task, Workflow

from knowledge.models import HomePage, InfoPage, SolutionIndexPage
from knowledge.services.bootstrap import DEFAULT_WORKFLOW, PAGE_TEXTS, PLAIN_PAGES, SECTIONS
from tests.factories.pages import HomePageFactory

pytestmark = pytest.mark.django_db


def bootstrap() -> str:
    out = StringIO()
    call_command("bootstrap_site", stdout=out)
    return out.getvalue()


def test_the_site_gets_its_home_its_sections_and_its_plain_pages():
    bootstrap()

    home = HomePage.objects.get()
    below = {page.slug: page for page in home.get_children()}
    assert set(below) == {section.slug for section in SECTIONS} | {plain.slug for plain in PLAIN_PAGES}
    for page in [home, *below.values()]:
        assert page.live
        assert page.first_published_at
        assert page.live_revision_id == page.latest_revision_id is not None
    site = Site.objects.get()
    assert site.is_default_site
    assert site.root_page_id == home.pk
    assert Page.find_problems() == ([], [], [], [], [])


def test_an_upgrade_gives_groups_their_permissions_and_brings_no_page_back():
    bootstrap()
    InfoPage.objects.get(slug="about").delete()
    editors = Group.objects.get(name="Editors")
    before = editors.permissions.count()
    editors.permissions.remove(editors.permissions.first())
    call_command("bootstrap_site", "--upgrade", stdout=StringIO())
    assert editors.permissions.count() == before > 0
    assert not InfoPage.objects.filter(slug="about").exists()


def test_the_site_follows_the_address_of_the_portal(settings):
    for address in ("https://clusters.example", "http://localhost:8000"):
        settings.BASE_URL = address
        bootstrap()
        assert Site.objects.get().root_url == address


def test_a_second_time_changes_nothing():
    bootstrap()
    before = list(Page.objects.order_by("path").values())

    assert "nothing made" in bootstrap()
    assert list(Page.objects.order_by("path").values()) == before


def test_what_editors_changed_or_withdrew_stays():
    bootstrap()
    about = InfoPage.objects.get(slug="about")
    about.body = "<p>Our own words.</p>"
    about.save_revision().publish()
    InfoPage.objects.get(slug="contact").unpublish()

    bootstrap()

    assert InfoPage.objects.get(slug="about").body == "<p>Our own words.</p>"
    assert not InfoPage.objects.get(slug="contact").live


def test_a_home_page_that_stands_is_kept():
    home = HomePageFactory()

    bootstrap()

    assert HomePage.objects.get().pk == home.pk


def test_both_languages_are_there():
    bootstrap()

    assert set(Locale.objects.values_list("language_code", flat=True)) == {"en", "hi"}


def test_plain_pages_link_to_one_another_by_page_and_name_no_missing_one():
    bootstrap()

    numbers = {str(pk) for pk in Page.objects.values_list("pk", flat=True)}
    for page in InfoPage.objects.all():
        assert "page:" not in page.body
        assert set(re.findall(r'linktype="page" id="(\d+)"', page.body)) <= numbers
        assert page.search_description
    assert {path.stem for path in PAGE_TEXTS.glob("*.html")} == {plain.slug for plain in PLAIN_PAGES}


def test_contributions_are_under_a_licence_that_lets_solutions_quote_them():
    bootstrap()

    text = InfoPage.objects.get(slug="licence").body
    assert "CC BY 4.0" in text
    assert "public solution" in text


def test_moderators_work_on_solutions_only_and_officers_on_no_page():
    bootstrap()

    pages = {
        group.name: set(GroupPagePermission.objects.filter(group=group).values_list("page", flat=True))
        for group in Group.objects.all()
    }
    assert pages["Moderators"] == {SolutionIndexPage.objects.get().pk}
    assert pages["Editors"] == {Page.get_first_root_node().pk}
    assert pages["Officers"] == set()
    moderating = GroupPagePermission.objects.filter(group__name="Moderators")
    assert not moderating.filter(permission__codename="publish_page").exists()


def test_no_workflow_is_left_half_made():
    bootstrap()

    assert not Workflow.objects.filter(name=DEFAULT_WORKFLOW).exists()
    assert not Task.objects.filter(name=DEFAULT_WORKFLOW).exists()
    for workflow in Workflow.objects.filter(active=True):
        assert workflow.tasks.exists(), workflow
