"""The doors of the admin: who is let in, and that nobody comes in without the second factor where it is required."""

import time
from pathlib import Path

import pytest
import wagtail
from allauth.account.forms import default_token_generator
from allauth.account.models import EmailConfirmationHMAC
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.conf import settings
from django.core.cache import cache
from django.urls import reverse
from django.utils.http import urlencode

from knowledge.services.groups import ensure_groups
from tests.addresses import addresses
from tests.factories.users import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

SECRET = generate_totp_secret()


@pytest.fixture(autouse=True)
def house(settings):
    settings.MFA_REQUIRED_FOR_STAFF = True
    cache.clear()
    ensure_groups()


def with_totp(user):
    TOTP.activate(user, SECRET)
    return user


def code() -> str:
    """Return the code that the app shows now; each counts once, so the next one is taken where this was used."""
    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))


def sign_in(client, user, **more):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD}, **more)


def guarded_addresses() -> list[str]:
    found = addresses(under=("/admin/", "/documents/"))
    return [where for where in found if where not in ("/admin/login/", "/admin/logout/")]


def test_the_enumeration_finds_the_addresses():
    found = guarded_addresses()
    assert len(found) > 400
    assert "/admin/snippets/knowledge/scheme/edit/1/" in found
    assert "/admin/pages/1/edit/" in found


@pytest.mark.parametrize("trait", ["superuser", "officer"])
def test_every_address_of_the_admin_waits_for_the_second_factor(client, trait):
    client.force_login(UserFactory(**{trait: True}))
    for where in guarded_addresses():
        answer = client.get(where)
        if answer.status_code == 301:  # a slash is added first; the address itself then waits
            answer = client.get(answer["Location"])
        assert answer.status_code in (302, 404), where
        if answer.status_code == 302:
            assert answer["Location"].startswith(reverse("mfa_index")), where


def test_no_address_takes_a_post_before_the_second_factor(client):
    client.force_login(UserFactory(superuser=True))
    for where in guarded_addresses():
        answer = client.post(where, {})
        if answer.status_code == 301:
            continue  # a slash is added first, and what was sent is lost
        assert answer.status_code in (302, 404), where
        if answer.status_code == 302:
            assert answer["Location"].startswith(reverse("mfa_index")), where


@pytest.mark.parametrize(
    "where", ["/admin", "/admin/", "//admin/", "/hi/admin/", "/ADMIN/", "/admin//", "/./admin/", "/admin/%2e/"]
)
def test_another_spelling_of_the_address_opens_nothing(client, where):
    client.force_login(UserFactory(superuser=True))
    answer = client.get(where, follow=True)
    assert "data-wagtail-sidebar" not in answer.text


def test_a_member_without_entry_is_refused_and_not_sent_round_in_circles(client):
    client.force_login(UserFactory())
    answer = client.get("/admin/", follow=True)
    assert answer.status_code == 403
    assert len(answer.redirect_chain) == 1


def test_a_visitor_signs_in_through_allauth_and_comes_back(client):
    where = reverse("wagtailsnippets_knowledge_scheme:list") + "?q=loan"
    chain = client.get(where, follow=True).redirect_chain
    assert chain[-1][0] == f"{reverse('account_login')}?{urlencode({'next': where})}"


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/", "/hi/_util/login/"])
def test_wagtails_own_doors_are_shut(client, door):
    user = with_totp(UserFactory(superuser=True))
    data = {"username": user.email, "login": user.email, "password": PASSWORD}
    answer = client.post(door, data)
    assert answer.status_code == 302
    assert "accounts/login/" in answer["Location"]
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    "door", ["/admin/password_reset/", "/admin/password_reset/done/", "/admin/password_reset/confirm/1/x-y/"]
)
def test_wagtails_own_password_reset_is_off(client, door):
    assert client.get(door).status_code == 404
    assert client.post(door, {"email": "a@example.org"}).status_code == 404


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_the_way_back_never_leads_to_another_site(client, elsewhere):
    user = UserFactory(editor=True)
    first = client.get("/admin/login/", {"next": elsewhere})
    answer = client.post(first["Location"], {"login": user.email, "password": PASSWORD, "next": elsewhere})
    assert "evil" not in answer.headers.get("Location", "")
    assert "javascript" not in answer.headers.get("Location", "")


def test_signing_out_of_the_admin_is_signing_out(client):
    client.force_login(UserFactory(editor=True))
    assert client.get("/admin/logout/").status_code == 200, "a GET asks, and changes nothing"
    assert "_auth_user_id" in client.session
    assert client.post("/admin/logout/").status_code == 302
    assert "_auth_user_id" not in client.session


def test_a_password_alone_does_not_sign_in_somebody_with_a_second_factor(client):
    user = with_totp(UserFactory(superuser=True))
    answer = sign_in(client, user)
    assert answer["Location"].startswith(reverse("mfa_authenticate"))
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_password_and_code_open_the_admin(client):
    user = with_totp(UserFactory(superuser=True))
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.get("/admin/").status_code == 200


def test_a_wrong_code_opens_nothing(client):
    user = with_totp(UserFactory(superuser=True))
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": "000000" if code() != "000000" else "111111"})
    assert "_auth_user_id" not in client.session


def test_a_password_without_a_second_factor_leads_to_setting_one_up(client):
    user = UserFactory(editor=True)
    sign_in(client, user)
    answer = client.get("/admin/pages/")
    assert answer["Location"].startswith(reverse("mfa_index"))


def test_a_session_from_before_the_second_factor_must_show_it(client):
    user = UserFactory(editor=True)
    sign_in(client, user)
    with_totp(user)
    answer = client.get("/admin/pages/")
    assert answer["Location"] == f"{reverse('mfa_reauthenticate')}?{urlencode({'next': '/admin/pages/'})}"
    answer = client.post(answer["Location"], {"code": code()})
    assert answer["Location"] == "/admin/pages/"
    assert client.get("/admin/").status_code == 200


def test_a_session_that_allauth_did_not_begin_must_show_it(client):
    user = with_totp(UserFactory(superuser=True))
    client.force_login(user)
    assert client.get("/admin/")["Location"].startswith(reverse("mfa_reauthenticate"))


def test_a_password_typed_once_more_is_no_second_factor(client):
    user = UserFactory(editor=True)
    sign_in(client, user)
    with_totp(user)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert client.get("/admin/")["Location"].startswith(reverse("mfa_reauthenticate"))


def test_what_another_account_showed_in_the_same_browser_does_not_count(client):
    first = with_totp(UserFactory(editor=True))
    sign_in(client, first)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    records = client.session["account_authentication_methods"]
    second = UserFactory(superuser=True)
    TOTP.activate(second, generate_totp_secret())
    client.force_login(second)
    session = client.session
    session["account_authentication_methods"] = records
    session.save()
    assert client.get("/admin/")["Location"].startswith(reverse("mfa_reauthenticate"))


def test_recovery_codes_alone_are_no_second_factor(client):
    user = UserFactory(editor=True)
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data={"seed": "x", "used_mask": 0})
    client.force_login(user)
    assert client.get("/admin/")["Location"].startswith(reverse("mfa_index"))


def test_somebody_who_removes_the_second_factor_is_outside_again(client):
    user = with_totp(UserFactory(editor=True))
    sign_in(client, user)
    client.post(reverse("mfa_authenticate"), {"code": code()})
    assert client.get("/admin/").status_code == 200
    Authenticator.objects.filter(user=user).delete()
    assert client.get("/admin/")["Location"].startswith(reverse("mfa_index"))


def test_a_passkey_counts_as_the_second_factor(client):
    user = UserFactory(superuser=True)
    key = Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={})
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "at": time.time(), "id": key.pk, "type": "webauthn", "passwordless": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    assert client.get("/admin/").status_code == 200


def test_resetting_the_password_does_not_lead_past_the_second_factor(client):
    user = with_totp(UserFactory(superuser=True))
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    page = client.get(reverse("account_reset_password_from_key", kwargs=key), follow=True)
    where = page.redirect_chain[-1][0]
    new = "quite another word 77"
    client.post(where, {"password1": new, "password2": new})
    user.refresh_from_db()
    assert user.check_password(new)
    assert "_auth_user_id" not in client.session
    assert client.get("/admin/")["Location"].startswith("/admin/login/")


def test_confirming_an_address_does_not_lead_past_the_second_factor(client):
    user = with_totp(UserFactory(superuser=True))
    address = user.emailaddress_set.get()
    address.verified = False
    address.save()
    sign_in(client, user)
    client.post(reverse("account_confirm_email", args=[EmailConfirmationHMAC(address).key]))
    address.refresh_from_db()
    assert address.verified
    assert client.get("/admin/").status_code == 302


def test_without_the_rule_a_password_is_enough(client, settings):
    settings.MFA_REQUIRED_FOR_STAFF = False
    sign_in(client, UserFactory(editor=True))
    assert client.get("/admin/").status_code == 200


def test_a_member_without_entry_needs_no_second_factor_for_documents(client):
    client.force_login(UserFactory())
    assert client.get("/documents/1/none.pdf").status_code == 404


def test_the_names_of_the_settings_that_shut_wagtails_doors_are_those_that_wagtail_reads():
    root = Path(wagtail.__path__[0])
    files = [*root.glob("admin/**/*.py"), *root.glob("users/*.py")]
    source = "".join(path.read_text() for path in files)
    for name in (
        "WAGTAIL_PASSWORD_MANAGEMENT_ENABLED",
        "WAGTAIL_PASSWORD_RESET_ENABLED",
        "WAGTAIL_EMAIL_MANAGEMENT_ENABLED",
        "WAGTAILUSERS_PASSWORD_ENABLED",
    ):
        assert getattr(settings, name) is False
        assert name in source
