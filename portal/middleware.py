"""What every request passes: sane text, the content security policy, the second factor."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from .second_factor import must_set_up_second_factor

Answer = Callable[[HttpRequest], HttpResponse]


class RefuseBrokenTextMiddleware:
    """Refuses an address with NUL or broken UTF-8: no database column takes it and nobody types it by accident."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "\ufffd" in request.path:
            return HttpResponseBadRequest(
                render(request, "400.html").content if not settings.DEBUG else b"Bad request"
            )
        return self.get_response(request)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Gives the admin, where Wagtail's editor needs inline styles, a policy of its own."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path.startswith(reverse("wagtailadmin_home")) and not hasattr(response, "_csp_config"):
            response._csp_config = settings.ADMIN_CONTENT_SECURITY_POLICY["DIRECTIVES"]
        return super().process_response(request, response)


class SecondFactorMiddleware:
    """Where it is required, staff come into the admin only after setting up a second factor."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(reverse("wagtailadmin_home")) and must_set_up_second_factor(request.user):
            return redirect(f"{reverse('mfa_index')}?{urlencode({'next': request.get_full_path()})}")
        return self.get_response(request)
