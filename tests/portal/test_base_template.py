"""What holds for every template: strict policy, one frame, light sheets."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STATIC = Path(settings.BASE_DIR) / "portal" / "static" / "portal"
#: Mails need inline styles; Django's form parts and allauth's elements are pieces, not pages.
PIECES = ("mail/", "includes/", "django/", "allauth/elements/", "wagtailadmin/", "account/email/", "mfa/email/")
SITE_TEMPLATES = sorted(
    path for path in TEMPLATES.rglob("*.html") if not str(path.relative_to(TEMPLATES)).startswith("mail/")
)


def name_of(path: Path) -> str:
    return str(path.relative_to(TEMPLATES))


def page(name: str = "base.html", path: str = "/", user=None, **context) -> str:
    request = RequestFactory().get(path)
    request.user = user or AnonymousUser()
    return render_to_string(name, context, request=request)


@pytest.mark.parametrize("path", SITE_TEMPLATES, ids=name_of)
def test_no_template_carries_an_inline_style_or_handler(path):
    text = path.read_text()
    assert not re.search(r"\sstyle\s*=", text)
    assert "<style" not in text
    assert not re.search(r"<[^>]*\son[a-z]+\s*=", text)


@pytest.mark.parametrize("path", SITE_TEMPLATES, ids=name_of)
def test_a_script_is_a_file_of_the_site_or_bears_the_nonce_or_is_data(path):
    for tag in re.findall(r"<script[^>]*>", path.read_text()):
        assert "{% static " in tag or "nonce=" in tag or 'type="application/json"' in tag


@pytest.mark.parametrize("path", SITE_TEMPLATES, ids=name_of)
def test_no_template_calls_another_site(path):
    assert not re.search(r"<(?:script|link|img|iframe)[^>]*(?:src|href)=[\"']?(?:https?:)?//", path.read_text())


@pytest.mark.parametrize("path", SITE_TEMPLATES, ids=name_of)
def test_every_page_stands_in_the_common_frame(path):
    name = name_of(path)
    if name.startswith(PIECES) or name in {"base.html", "500.html"}:
        return
    text = path.read_text()
    if "<html" in text or re.search(r"\{% block (main|content) %\}", text):
        assert re.match(r"\s*\{% extends ", text), "a page extends base.html, directly or through another page"


def test_the_stylesheets_stay_light():
    assert sum((STATIC / name).stat().st_size for name in ("tokens.css", "site.css")) <= 25_000


def test_the_scripts_stay_light():
    suggest = Path(settings.BASE_DIR) / "search" / "static" / "search" / "suggest.js"
    names = ("portal.js", "ask.js", "drafts.js")
    weights = [script.stat().st_size for script in (suggest, *(STATIC / name for name in names))]
    assert max(weights) <= 4096
    assert sum(weights) <= 12_000


@pytest.mark.parametrize(("language", "address"), [("en", "/search/suggest/"), ("hi", "/hi/search/suggest/")])
def test_the_search_box_says_where_its_suggestions_come_from_and_works_without_them(language, address):
    with translation.override(language):
        html = page()
    assert f'data-suggest="{address}"' in html
    assert re.search(r'<form class="find" role="search" action="(/hi)?/search/"', html)
    assert '<input id="q" name="q" type="search"' in html


def test_braces_of_the_stylesheets_are_in_balance():
    for name in ("tokens.css", "site.css", "admin.css"):
        text = (STATIC / name).read_text()
        assert text.count("{") == text.count("}"), name


def test_every_class_used_by_a_shared_part_is_styled():
    styled = set(re.findall(r"\.([a-z][a-z0-9-]*)", (STATIC / "site.css").read_text()))
    used = set()
    for path in (*(TEMPLATES / "includes").glob("*.html"), TEMPLATES / "base.html", *TEMPLATES.glob("4*.html")):
        for value in re.findall(r'class="([^"]*)"', re.sub(r"\{%.*?%\}|\{\{.*?\}\}", " ", path.read_text())):
            used |= {word for word in value.split() if not word.endswith("-")}
    assert used <= styled, used - styled


def test_the_frame_has_its_landmarks_and_a_way_past_the_header():
    html = page()
    for part in (
        '<a class="skip" href="#main">',
        "<header",
        '<main id="main" tabindex="-1">',
        "<footer",
        'role="search"',
    ):
        assert html.count(part) == 1, part


def test_the_frame_names_the_language_of_the_page():
    assert '<html lang="en">' in page()
    with translation.override("hi"):
        assert '<html lang="hi">' in page(path="/hi/")


def test_only_hindi_pages_load_the_devanagari_font_and_it_stays_light():
    assert "devanagari" not in page()
    with translation.override("hi"):
        assert "portal/devanagari.css" in page(path="/hi/")
    assert sum(font.stat().st_size for font in STATIC.glob("*.woff2")) <= 90_000


def test_what_a_visitor_searched_for_comes_back_escaped():
    html = page(path="/search/?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)" in html


def test_a_visitor_gets_no_form_token():
    assert "csrfmiddlewaretoken" not in page()


@pytest.mark.django_db
def test_only_somebody_signed_in_is_offered_to_sign_out_and_does_it_by_a_form():
    member = get_user_model().objects.create_user("agent@example.org")
    assert "Sign out" not in page()
    assert "Sign in" in page()
    html = page(user=member)
    assert "Sign in" not in html
    assert 'method="post" action="/accounts/logout/"' in html
    assert "csrfmiddlewaretoken" in html


@pytest.mark.django_db
def test_a_visitor_who_mistypes_an_address_gets_a_page_and_no_cookie(client):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert not response.cookies
    assert "There is no page at this address" in response.content.decode()


def test_the_demonstration_says_that_it_is_one(settings):
    settings.DEMO = False
    assert 'class="demo"' not in page()
    settings.DEMO = True
    assert 'class="demo"' in page()


def test_messages_are_announced_and_escaped():
    html = render_to_string(
        "includes/messages.html",
        {"messages": [Message(constants.SUCCESS, "Saved <b>"), Message(constants.ERROR, "Not saved")]},
    )
    assert 'role="status"' in html
    assert 'role="alert"' in html
    assert "Saved &lt;b&gt;" in html


class AskForm(forms.Form):
    title = forms.CharField(label="Your question", help_text="In one line.")
    theme = forms.MultipleChoiceField(
        label="Theme", choices=[("1", "Finance"), ("2", "Dyeing")], widget=forms.CheckboxSelectMultiple
    )
    note = forms.CharField(required=False)
    agree = forms.BooleanField(label="I agree")


def test_the_summary_and_the_field_say_an_error_in_the_same_words():
    form = AskForm({})
    summary = render_to_string("includes/error_summary.html", {"form": form})
    fields = form.as_div()
    for field, words in (
        ("id_title", "Fill in: Your question"),
        ("id_theme_0", "Choose: Theme"),
        ("id_agree", "Tick: I agree"),
    ):
        assert f'<a href="#{field}">{words}</a>' in summary
        assert words in fields


def test_a_control_is_tied_to_its_hint_and_its_error():
    html = str(AskForm({})["title"].as_field_group())
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html
    order = [html.index(part) for part in ("<label", 'id="id_title_helptext"', 'id="id_title_error"', "<input")]
    assert order == sorted(order)


def test_fields_that_may_stay_empty_say_so():
    form = AskForm()
    assert "(optional)" in form["note"].as_field_group()
    assert "(optional)" not in form["title"].as_field_group()


def test_a_form_without_errors_has_no_summary():
    assert "summary" not in render_to_string("includes/error_summary.html", {"form": AskForm()})


def test_turning_pages_keeps_the_rest_of_the_question():
    request = RequestFactory().get("/search/?q=loom&state=odisha&page=2")
    html = render_to_string(
        "includes/pagination.html", {"page_obj": Paginator(range(100), 10).page(2)}, request=request
    )
    assert 'href="?q=loom&amp;state=odisha&amp;page=3"' in html
    assert '<span aria-current="page">2</span>' in html


def test_pages_of_search_turn_by_number_and_count():
    request = RequestFactory().get("/search/?q=loom")
    html = render_to_string("includes/pagination.html", {"number": 1, "count": 3}, request=request)
    assert "page=2" in html
    assert "Previous" not in html


def test_a_single_page_has_nothing_to_turn():
    request = RequestFactory().get("/search/")
    assert "<nav" not in render_to_string("includes/pagination.html", {"number": 1, "count": 1}, request=request)


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_pages_of_the_worst_moments_need_no_request(name):
    html = render_to_string(name)
    assert "Cluster Exchange" in html
    assert 'action="/search/"' in html


def test_the_page_for_a_broken_server_uses_nothing_that_can_break():
    assert "{%" not in (TEMPLATES / "500.html").read_text()


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "410.html"])
def test_an_error_page_says_whether_something_is_lost_and_offers_a_search(name):
    html = page(name, path="/schemes/old/")
    assert 'id="eq"' in html
    assert "<h1>" in html


def test_a_withdrawn_thing_names_its_successor():
    class Scheme:
        withdrawn_reason = "Merged"
        successor = None

        def __str__(self):
            return "Old & gone"

        def get_absolute_url(self):
            return "/schemes/new/"

    old = Scheme()
    old.successor = Scheme()
    html = page("410.html", object=old)
    assert "“Old &amp; gone” was withdrawn" in html
    assert 'href="/schemes/new/"' in html
    assert "Merged" in html
