"""What every request passes: sane text, the content security policy, the second factor."""

from collections.abc import Callable

from csp.middleware import CSPMiddleware
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from wagtail.admin.auth import user_has_any_page_permission

from .accounts.second_factor import missing_step

Answer = Callable[[HttpRequest], HttpResponse]


class RefuseBrokenTextMiddleware:
    """Refuses an address with NUL or broken UTF-8: no database column takes it and nobody types it by accident."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path or "\ufffd" in request.path:
            return HttpResponseBadRequest(render(request, "400.html").content if not settings.DEBUG else b"Bad request")
        return self.get_response(request)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Gives the admin, where Wagtail's editor needs inline styles, a policy of its own."""

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if request.path.startswith(reverse("wagtailadmin_home")) and not hasattr(response, "_csp_config"):
            response._csp_config = settings.ADMIN_CONTENT_SECURITY_POLICY["DIRECTIVES"]
        return super().process_response(request, response)


class SecondFactorMiddleware:
    """Where it is required, staff open the admin and the documents only after showing their second factor."""

    #: First parts of the routes that wait for the second factor, and those below them that do not.
    guarded_routes = ("admin/", "documents/")
    open_routes = frozenset({"admin/login/", "admin/logout/"})

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> HttpResponse | None:
        # The route that Django found decides, not the path as typed: there is one way to read an address.
        route = request.resolver_match.route
        if not route.startswith(self.guarded_routes) or route in self.open_routes:
            return None
        step = missing_step(request)
        if step is None:
            return None
        back_to = request.get_full_path() if request.method == "GET" else reverse("wagtailadmin_home")
        return redirect(f"{reverse(step)}?{urlencode({'next': back_to})}")


class PageDoorsMiddleware:
    """Lets only those come to the admin's page views who work on pages.

    Several of these views name a draft to whoever may enter the admin: choosers, the steps of a move, the messages of
    a workflow. An officer, who enters to post updates of schemes, has nothing to do there.
    """

    guarded_routes = ("admin/pages/", "admin/choose-page/", "admin/api/main/pages/")

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        user = request.user
        if (
            request.resolver_match.route.startswith(self.guarded_routes)
            and user.has_perm("wagtailadmin.access_admin")
            and not user_has_any_page_permission(user)
        ):
            raise PermissionDenied
