"""Error pages: what happened, whether anything is lost, where to go."""

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from community.views.kept_forms import keep_refused_form, page_of


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a failed CSRF check, with what was typed kept for when the person is signed in again."""
    response = HttpResponse(status=403)
    context = {"kept": keep_refused_form(request, response), "page": page_of(request)}
    response.content = render_to_string("403_csrf.html", context, request)
    return response
