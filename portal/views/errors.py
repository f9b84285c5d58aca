"""Error pages: what happened, whether anything is lost, where to go."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from community.views.kept_forms import keep_refused_form


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a failed CSRF check, with what was typed kept for when the person is signed in again."""
    response = render(request, "403_csrf.html", {"reason": reason}, status=403)
    keep_refused_form(request, response)
    return response
