"""What was typed is not lost when the login ended: it is kept for this browser and stands in the form again."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode

from community.forms.looked import NAMES
from community.services.writing import kept_forms

COOKIE = "kept-form"
#: Most forms kept in an hour for one network address: strangers must not fill the table.
_MOST_AN_HOUR = 40
#: Most values that are kept of one field.
_MOST_VALUES = 20
#: Fields that hold several values.
_SEVERAL = ("themes", *NAMES)
#: The field that says where the page keeps its draft.
DRAFT = "draft"


@dataclass(frozen=True)
class Keepable:
    """A form that may be kept: the names that are kept, never a token; the page on which it stands."""

    names: tuple[str, ...]
    page: Callable[..., str]


#: By the name of the address that takes the POST.
KEEPABLE = {
    "ask": Keepable(
        (
            "title",
            "body",
            "tried",
            "themes",
            "community",
            "state",
            "sector",
            "needed_on",
            "suggestions_seen",
            DRAFT,
            *NAMES,
        ),
        lambda: reverse("ask"),
    ),
    "reply": Keepable(("body", "reply_kind", DRAFT), lambda slug: reverse("question_detail", args=[slug])),
    "community_join": Keepable(("body", "delivery_mode"), lambda slug: reverse("community_join", args=[slug])),
    "report": Keepable(("why", "words", "reply"), lambda slug: reverse("report", args=[slug])),
    "thread_act": Keepable(("summary",), lambda slug: reverse("question_detail", args=[slug])),
    "my_submission": Keepable(("title", "body", "tried", DRAFT), lambda pk: reverse("my_submission", args=[pk])),
}


def keep_refused_form(request: HttpRequest, response: HttpResponse) -> bool:
    """Keep the form that ``request`` posted and give ``response`` the cookie that opens it; return whether it was.

    Only the known forms of this site are kept, only from pages of this site, and of them only the named fields.
    """
    match = request.resolver_match
    keepable = KEEPABLE.get(match.url_name) if match else None
    if keepable is None or request.method != "POST" or not _from_here(request) or not _within_hour(request):
        return False
    fields = named_fields(request.POST, keepable.names)
    if not fields:
        return False
    page = keepable.page(**match.kwargs)
    secret = kept_forms.keep(path=page, fields=fields, now=timezone.now())
    if secret is None:
        return False
    response.set_cookie(
        COOKIE,
        secret,
        max_age=kept_forms.KEPT_FOR,
        path=page,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return True


def _from_here(request: HttpRequest) -> bool:
    """Return whether the form was posted from a page of this site, as far as the browser says."""
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.get_host()


def _within_hour(request: HttpRequest) -> bool:
    return within_limit(f"kept-forms:{get_adapter().get_client_ip(request)}", most=_MOST_AN_HOUR, seconds=3600)


def named_fields(data: QueryDict, names: tuple[str, ...]) -> dict[str, list[str]] | None:
    """Return what was typed into the fields ``names``; None where something in it cannot be stored."""
    fields = {name: data.getlist(name)[:_MOST_VALUES] for name in names if any(data.getlist(name))}
    return None if any("\x00" in value for values in fields.values() for value in values) else fields


def as_initial(fields: dict[str, list[str]]) -> dict[str, str | list[str]]:
    """Return kept fields as the initial values of their form."""
    return {name: values if name in _SEVERAL else values[-1] for name, values in fields.items()}


def within_limit(key: str, *, most: int, seconds: int) -> bool:
    """Return whether this is one of the first ``most`` times in so many seconds that ``key`` was asked about."""
    cache.add(key, 0, timeout=seconds)
    try:
        return cache.incr(key) <= most
    except ValueError:  # the time ended between the two lines
        return True


def page_of(request: HttpRequest) -> str:
    """Return the page to come back to after signing in: that of the form, else the one asked for."""
    match = request.resolver_match
    if request.method == "GET":
        return request.get_full_path()
    if match.url_name in KEEPABLE:
        return KEEPABLE[match.url_name].page(**match.kwargs)
    return request.path


def turn_away(request: HttpRequest, to: str) -> HttpResponse:
    """Send the browser to ``to``, from where it comes back; what it posted is kept, or shown to be copied."""
    response = redirect(f"{reverse(to)}?{urlencode({'next': page_of(request)})}")
    match = request.resolver_match
    if request.method == "POST" and match.url_name in KEEPABLE and not keep_refused_form(request, response):
        names = KEEPABLE[match.url_name].names
        texts = [value for name in names for value in request.POST.getlist(name) if len(value) > 40]
        if texts:
            context = {"texts": texts, "onward": response.url}
            return render(request, "community/not_kept.html", context, status=403)
    return response


def kept_fields(request: HttpRequest) -> dict[str, str | list[str]]:
    """Return what this browser typed here before its login ended, as initial values; an empty dict for nothing."""
    secret = request.COOKIES.get(COOKIE, "")
    fields = kept_forms.find(secret=secret, path=request.path, now=timezone.now()) if secret else None
    return as_initial(fields or {})


def forget_kept(request: HttpRequest, response: HttpResponse, page: str) -> HttpResponse:
    """Forget what was kept for ``page``: it has been sent."""
    if secret := request.COOKIES.get(COOKIE, ""):
        kept_forms.forget(secret=secret, path=page)
        response.delete_cookie(COOKIE, path=page, samesite="Lax")
    return response
