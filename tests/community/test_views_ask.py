"""Asking: sent once, kept when the login ended, answered before it is asked where that is possible."""

import pytest
from django.test import Client
from django.urls import reverse

from community.forms.tokens import new_token
from community.models import KeptForm, Question
from community.services.writing import suggestions
from community.states import SubmissionState
from search.documents import Hit, SearchUnavailable
from tests.conftest import sign_in
from tests.factories.community import CommunityFactory, make_member, released_question
from tests.factories.knowledge import ThemeFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

TITLE = "Our dye house wastes water"
BODY = "Forty dyers share one drain and the water runs off unused."
HIT = Hit("solution:1", "solution", "/solutions/x/", "Settling tanks", "Settling <mark>tanks</mark>", "A tank.", 1.0)


@pytest.fixture(autouse=True)
def nothing_answered(monkeypatch):
    """Let search suggest nothing, unless a test says otherwise."""
    monkeypatch.setattr(suggestions, "suggest", lambda text, **_options: [])


@pytest.fixture
def theme(community):
    theme = ThemeFactory()
    community.themes.add(theme)
    return theme


def form_of(client, theme, **changes) -> dict:
    token = new_token(client.user.member)
    return {"title": TITLE, "body": BODY, "themes": [theme.slug], "form_token": token} | changes


def test_a_visitor_reads_what_asking_is_like_and_gets_no_cookie(visitor):
    answer = visitor.get(reverse("ask"))
    assert answer.status_code == 200
    assert b"Create an account" in answer.content
    assert not answer.cookies


def test_a_question_waits_for_a_moderator_and_nobody_else_sees_it(member, visitor, theme):
    answer = member.post(reverse("ask"), form_of(member, theme), follow=True)
    question = Question.objects.get()
    assert question.state == SubmissionState.PENDING
    assert answer.redirect_chain[-1][0] == reverse("my_submission", args=[question.pk])
    assert "Your question is with a moderator" in answer.content.decode()
    assert TITLE not in visitor.get(reverse("question_list")).content.decode()


def test_the_same_form_sent_twice_is_stored_once_and_shows_the_first(member, theme):
    form = form_of(member, theme)
    first, second = member.post(reverse("ask"), form), member.post(reverse("ask"), form)
    assert Question.objects.count() == 1
    assert first.url == second.url


def test_what_is_wrong_is_said_and_what_was_typed_is_kept(member, theme):
    answer = member.post(reverse("ask"), form_of(member, theme, title="", body=BODY + "<script>alert(1)</script>"))
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "What you typed is kept." in page
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page
    assert not Question.objects.exists()


def test_an_answer_that_exists_is_shown_before_the_question_is_filed(member, theme, monkeypatch):
    monkeypatch.setattr(suggestions, "suggest", lambda text, **_options: [HIT])
    answer = member.post(reverse("ask"), form_of(member, theme))
    page = answer.content.decode()
    assert "Perhaps answered already" in page
    assert "Settling <mark>tanks</mark>" in page
    assert "None of these answers it" in page
    assert not Question.objects.exists()
    member.post(reverse("ask"), form_of(member, theme, suggestions_seen="1"))
    assert Question.objects.count() == 1


def test_a_search_that_does_not_answer_holds_nobody_up(member, theme, monkeypatch):
    def unavailable(text, **_options):
        raise SearchUnavailable("down")

    monkeypatch.setattr(suggestions, "suggest", unavailable)
    member.post(reverse("ask"), form_of(member, theme))
    assert Question.objects.count() == 1


def test_another_communitys_slug_stores_nothing(member, theme):
    other = CommunityFactory()
    answer = member.post(reverse("ask"), form_of(member, theme, community=other.slug))
    assert "There is a problem" in answer.content.decode()
    assert not Question.objects.exists()


def test_a_member_of_no_community_is_shown_the_communities(theme):
    client = sign_in(make_member(CommunityFactory()).user)
    client.user.member.memberships.all().delete()
    answer = client.get(reverse("ask"))
    assert "Join a community first" in answer.content.decode()
    assert client.post(reverse("ask"), form_of(client, theme)).status_code == 200
    assert not Question.objects.exists()


def test_an_account_without_a_profile_completes_it_first(db):
    client = sign_in(UserFactory())
    answer = client.get(reverse("ask"))
    assert answer.url == f"{reverse('my_profile')}?next=%2Fask%2F"


@pytest.mark.parametrize("title", ["x" * 161, "\x00binary", "  ", "broken \ufffd"])
def test_a_bad_title_is_no_error_of_ours(member, theme, title):
    answer = member.post(reverse("ask"), form_of(member, theme, title=title))
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()


def test_a_theme_in_the_address_is_chosen_already(member, theme):
    assert f'value="{theme.slug}" selected' in member.get(reverse("ask"), {"theme": theme.slug}).content.decode()
    assert member.get(reverse("ask"), {"theme": ["\x00", "none", "a", "b"], "title": "\x00" * 900}).status_code == 200


# The login ended while writing


def test_a_form_sent_after_the_login_ended_stands_in_the_form_again_unsent(member, theme):
    form = form_of(member, theme)
    member.logout()
    refused = member.post(reverse("ask"), form)
    assert refused.url == f"{reverse('account_login')}?next=%2Fask%2F"
    cookie = refused.cookies["kept-form"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not Question.objects.exists()
    member.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = member.get(reverse("ask")).content.decode()
    assert "What you wrote is here again" in page
    assert TITLE in page
    assert BODY in page
    assert f'value="{theme.slug}" selected' in page
    assert member.get(reverse("ask")).content.decode().count(BODY) == 1, "reading it again does not lose it"
    member.post(reverse("ask"), form_of(member, theme))
    assert Question.objects.count() == 1
    assert not KeptForm.objects.exists()
    assert "What you wrote is here again" not in member.get(reverse("ask")).content.decode()


def test_what_is_kept_is_for_the_same_browser_only(member, theme, visitor):
    form = form_of(member, theme)
    member.logout()
    member.post(reverse("ask"), form)
    visitor.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert BODY not in visitor.get(reverse("ask")).content.decode()


def test_tokens_and_unknown_fields_are_never_kept(visitor):
    visitor.post(reverse("ask"), {"title": TITLE, "form_token": "t", "password": "p", "csrfmiddlewaretoken": "c"})
    assert KeptForm.objects.get().fields == {"title": [TITLE]}


def test_a_form_from_another_site_is_not_kept(visitor):
    visitor.post(reverse("ask"), {"title": TITLE}, headers={"Origin": "https://elsewhere.example"})
    assert not KeptForm.objects.exists()


def test_a_form_too_long_to_keep_is_shown_to_be_copied(visitor):
    answer = visitor.post(reverse("ask"), {"title": TITLE, "body": "y" * 70_000})
    assert answer.status_code == 403
    assert "y" * 70_000 in answer.content.decode()


def test_a_form_refused_by_the_csrf_check_is_kept_too(theme, community):
    client = Client(enforce_csrf_checks=True)
    user = make_member(community).user
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    refused = client.post(reverse("ask"), {"title": TITLE, "body": BODY, "themes": [theme.slug]})
    assert refused.status_code == 403
    assert "What you typed is kept" in refused.content.decode()
    assert BODY in client.get(reverse("ask")).content.decode()
    assert not Question.objects.exists()


def test_a_form_refused_by_the_csrf_check_that_is_not_kept_is_not_said_to_be(community):
    client = Client(enforce_csrf_checks=True)
    user = make_member(community).user
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    for address, data in ((reverse("community_leave", args=[community.slug]), {}), (reverse("ask"), {})):
        refused = client.post(address, data).content.decode()
        assert "What you typed is kept" not in refused
        assert "back button" in refused


def test_after_a_refused_reply_the_way_back_is_the_page_of_the_question(community):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_member(community).user, backend="allauth.account.auth_backends.AuthenticationBackend")
    question = released_question(community=community)
    refused = client.post(reverse("reply", args=[question.slug]), {"body": BODY}).content.decode()
    assert f'href="{question.get_absolute_url()}"' in refused


def test_what_is_kept_can_be_thrown_away(member, visitor, theme):
    form = form_of(member, theme)
    member.logout()
    member.post(reverse("ask"), form)
    member.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    member.post(reverse("ask"), {"discard": "1"})
    assert BODY not in member.get(reverse("ask")).content.decode()
    assert not KeptForm.objects.exists()


def test_one_address_cannot_fill_the_table_of_kept_forms(visitor):
    for _number in range(60):
        visitor.post(reverse("ask"), {"title": TITLE})
    assert KeptForm.objects.count() <= 40
