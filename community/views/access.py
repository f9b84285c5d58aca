"""Who comes in: members do, others are shown the way; and nobody sends too much at once."""

import uuid
from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from allauth.core import ratelimit
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from community.models import Member
from community.permissions import member_of
from community.services import contributing

from .kept_forms import turn_away

View = Callable[..., HttpResponse]


def member_required(view: View) -> View:
    """Let members in, as ``request.member``; others sign in or complete their profile first and come back.

    A form that is turned away is kept.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            return turn_away(request, "account_login")
        member: Member | None = member_of(request.user)
        if member is None:
            return turn_away(request, "my_profile")
        request.member = member
        return view(request, *args, **kwargs)

    return guarded


def check_throttles(request: HttpRequest, what: str, form_token: str | None = None) -> None:
    """Raise contributing.TooMany where the account, or the address, sent too much of ``what``.

    A form that was stored already passes: who clicks twice is shown what became of the first click.
    """
    if not settings.THROTTLES_ARE_ON:
        return
    now = timezone.now()
    try:
        contributing.check_throttle(member=request.member, what=what, now=now)
        if not _address_may(request, what):
            raise contributing.TooMany(now + timedelta(seconds=settings.THROTTLES[what][1]))
    except contributing.TooMany:
        if not contributing.was_sent(form_token):
            raise


def _address_may(request: HttpRequest, what: str) -> bool:
    """Count what the address sends, with allauth's limits; without a cache nobody counts, and writing goes on."""
    if ratelimit.consume(request, action=f"send_{what}"):
        return True
    return not cache.add(f"can-count:{uuid.uuid4().hex}", 1, 5)
