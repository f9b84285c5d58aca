"""The page of results, and what may answer a sentence already. Reading only."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from search import query
from search.documents import Hit, SearchUnavailable
from search.kinds import KINDS

from .forms import SearchForm
from .results_page import ResultsPage

#: Seconds after which it is worth asking an engine again that does not answer.
RETRY_AFTER = 30
SUGGESTIONS, MOST_SUGGESTIONS = 5, 10


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show the results of the query string; a page beyond the last is not found, and says which the last one is."""
    form = SearchForm(request.GET)
    criteria = form.criteria()
    try:
        results_page = ResultsPage(criteria, request.user)
    except SearchUnavailable:
        response = render(request, "search/unavailable.html", {"criteria": criteria}, status=503)
        response["Retry-After"] = str(RETRY_AFTER)
        return response
    context = {"criteria": criteria, "form": form, "results_page": results_page, "results": results_page.results}
    return render(request, "search/search.html", context, status=404 if results_page.is_beyond else 200)


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Show what may answer ``q`` already: a fragment of HTML, or JSON with ``format=json``.

    JSON comes with the words in which a screen reader is told how many there are. ``kind`` narrows it, ``limit``
    bounds it. An engine that does not answer suggests nothing, with status 503.
    """
    criteria = SearchForm(request.GET).criteria()
    try:
        limit = min(max(int(request.GET.get("limit", "")[:4]), 1), MOST_SUGGESTIONS)
    except ValueError:
        limit = SUGGESTIONS
    try:
        hits = query.suggest(criteria.text, viewer=request.user, kinds=criteria.kinds, limit=limit)
        status = 200
    except SearchUnavailable:
        hits, status = [], 503
    if request.GET.get("format") == "json":
        return JsonResponse({"suggestions": list(map(_suggestion, hits)), "count": _count(len(hits))}, status=status)
    return render(request, "search/_suggestions.html", {"hits": hits}, status=status)


def _suggestion(hit: Hit) -> dict[str, str]:
    kind = KINDS.get(hit.kind)
    return {"title": hit.title, "url": hit.url, "kind": str(kind.label) if kind else "", "language": hit.language}


def _count(number: int) -> str:
    if not number:
        return _("No suggestions")
    return ngettext("%(count)d suggestion", "%(count)d suggestions", number) % {"count": number}
