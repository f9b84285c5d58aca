"""Who comes in: members do, others are shown the way."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse

from community.models import Member
from community.permissions import member_of

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
