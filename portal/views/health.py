"""The doors for machines: alive, ready, figures. They tell no secret and no reason beyond the kind of a failure."""

import secrets

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from portal.observability import figures, probes


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Say that this process answers; nothing else is asked, so that no outage elsewhere restarts it."""
    return HttpResponse("alive\n", content_type="text/plain; charset=utf-8")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Say whether this server may get visitors: 200 with ``ready`` or ``degraded``, 503 with ``unavailable``."""
    findings = probes.examine()
    failed = [finding for finding in findings if finding.problem]
    needed = any(finding.needed for finding in failed)
    answer = {
        "status": "unavailable" if needed else "degraded" if failed else "ready",
        "checks": {
            finding.name: {
                "ok": not finding.problem,
                "needed": finding.needed,
                "ms": finding.milliseconds,
                **({"problem": finding.problem} if finding.problem else {}),
            }
            for finding in findings
        },
    }
    return JsonResponse(answer, status=503 if needed else 200)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Give the figures to whoever shows the word of METRICS_TOKEN; to everybody else there is no such page."""
    shown = request.headers.get("Authorization", "").encode()
    if not settings.METRICS_TOKEN or not secrets.compare_digest(shown, f"Bearer {settings.METRICS_TOKEN}".encode()):
        return HttpResponseNotFound("Not found\n", content_type="text/plain; charset=utf-8")
    return HttpResponse(figures.exposition(), content_type=CONTENT_TYPE_LATEST)
