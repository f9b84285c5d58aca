"""The public page of how moderation is doing."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from community.models import Community
from community.services.counting import FEWEST, moderation_report


@require_safe
def moderation_figures(request: HttpRequest) -> HttpResponse:
    """Show the figures of all communities, or of the one that is asked for; an unknown one is all of them."""
    communities = list(Community.objects.order_by("name"))
    asked = request.GET.get("community", "")
    chosen = next((each for each in communities if each.slug == asked), None)
    context = {
        "report": moderation_report(now=timezone.now(), community=chosen),
        "communities": communities,
        "chosen": chosen,
        "fewest": FEWEST,
    }
    return render(request, "community/moderation_figures.html", context)
