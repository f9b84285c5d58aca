"""What every request passes on its way in and out: its id, its log line, its figures; and the doors beside the way."""

import re
import time
import uuid
from collections.abc import Callable

import structlog
from django.dispatch import receiver
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django_structlog.middlewares import RequestMiddleware
from django_structlog.signals import bind_extra_request_finished_metadata

from . import figures

Answer = Callable[[HttpRequest], HttpResponse]

#: What a proxy may hand us as an id: anything else is answered with one of our own.
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
#: The doors for machines: whoever checks and measures calls them by any name of this host, over plain HTTP.
INNER_DOORS = "portal.observability.urls"


class InnerDoorsMiddleware:
    """Answers the checks and the figures before anything else is asked of a request.

    So they need no session, no database, no known Host and no HTTPS, and neither fill the log nor count as visits.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        door = _door(request.path_info)
        return door(request) if door else self.get_response(request)


def _door(path: str) -> Answer | None:
    try:
        return resolve(path, INNER_DOORS).func
    except Resolver404:
        return None


class RequestLineMiddleware(RequestMiddleware):
    """Gives a request its id, which its answer carries too, and writes one line when it is done."""

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Wagtail shows a draft by a request within a request, after which the outer one has its own id again.
        outer = structlog.contextvars.get_contextvars()
        try:
            return super().__call__(request)
        finally:
            structlog.contextvars.bind_contextvars(**outer)

    def prepare(self, request: HttpRequest) -> None:
        request.came_in_at = time.perf_counter()
        # The library takes a trusted header as it stands, so it gets to see only what may be an id.
        if not REQUEST_ID.fullmatch(request.META.get("HTTP_X_REQUEST_ID", "")):
            request.META["HTTP_X_REQUEST_ID"] = str(uuid.uuid4())
        super().prepare(request)

    def handle_response(self, request: HttpRequest, response: HttpResponse) -> None:
        response["X-Request-ID"] = structlog.contextvars.get_contextvars()["request_id"]
        super().handle_response(request, response)

    @staticmethod
    def format_request(request: HttpRequest) -> str:
        """Return method and path; the query string may hold what somebody searched, or a secret."""
        return f"{request.method} {request.path}"


@receiver(bind_extra_request_finished_metadata)
def name_view_and_time(log_kwargs: dict, request: HttpRequest, **kwargs) -> None:
    """Add to the line of a request which view answered, and how long it took."""
    log_kwargs["view"] = figures.view_of(request)
    log_kwargs["ms"] = round((time.perf_counter() - request.came_in_at) * 1000, 1)


class RequestFiguresMiddleware:
    """Counts a request and its time by view, method and class of status."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        figures.count_request(request, response.status_code, time.perf_counter() - started)
        return response
