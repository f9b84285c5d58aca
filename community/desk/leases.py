"""Taking an item, keeping it, giving it back, taking it over, and asking for the next one. Each is a POST."""

from contextlib import suppress

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.forms.numbers import LONGEST_KEY, number_in
from community.models import Submission
from community.permissions import NotAllowed
from community.services import moderation
from community.services.moderation import Conflict, Held
from community.states import InvalidTransition

from . import reading
from .decisions import DECISIONS, Forms
from .views import show_conflict, show_item


@require_POST
def desk_next(request: HttpRequest) -> HttpResponse:
    """Take the first free item of the queue and open it."""
    item = moderation.take_next(moderator=request.user, now=timezone.now())
    if item is None:
        messages.info(request, _("Nothing else is free now. What you hold stands under “Mine”."))
        return redirect("desk")
    return redirect("desk_item", pk=item.pk)


@require_POST
def desk_lease(request: HttpRequest, pk: int) -> HttpResponse:
    """Take, claim, give back or take over one item. What was typed into a form of the item stays on the screen."""
    now = timezone.now()
    item = get_object_or_404(reading.items_of(request.user), pk=pk)
    forms = _typed(request, item)
    try:
        words = _act(request, item, now)
    except (Conflict, InvalidTransition) as conflict:
        return show_conflict(request, pk, forms, conflict)
    except NotAllowed as refusal:
        return show_item(request, item, forms or Forms(item, now), status=403, refusal=str(refusal))
    if words:
        messages.success(request, words)
    if forms is not None:
        return show_item(request, get_object_or_404(reading.items_of(request.user), pk=pk), forms)
    return redirect("desk_item", pk=pk)


def _typed(request: HttpRequest, item: Submission) -> Forms | None:
    """Return the forms with what came along from the one that was open, None where none was."""
    name = request.POST.get("decision", "")
    return Forms(item, timezone.now(), decision=name, typed=request.POST) if name in DECISIONS else None


def _act(request: HttpRequest, item: Submission, now) -> str:
    one = {"submission": item, "moderator": request.user}
    match request.POST.get("do"):
        case "take":
            moderation.take(**one, now=now)
            return ""
        case "claim":
            until = moderation.claim(**one, now=now).lease_until
            return _("Yours until %(when)s.") % {"when": date_format(timezone.localtime(until), "j F, H:i")}
        case "give_back":
            return _("Given back: others can take it.") if moderation.give_back(**one) else ""
        case "take_over":
            moderation.take_over(
                **one,
                holder_id=number_in(request.POST.get("holder", ""), LONGEST_KEY) or 0,
                note=request.POST.get("takeover_note", "").replace("\x00", ""),
                now=now,
            )
            return _("Taken over. You hold it now.")
    return ""


@require_POST
def desk_heartbeat(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep what the moderator holds and has open: until when, or 409 with who has it now."""
    item = get_object_or_404(reading.items_of(request.user), pk=pk)
    words = _("You hold this no more.")
    with suppress(NotAllowed):
        try:
            held = moderation.renew(submission=item, moderator=request.user, now=timezone.now())
        except Held as other:
            words = _("%(who)s took this over.") % {"who": other.holder}
        else:
            if held is not None:
                return JsonResponse({"until": date_format(timezone.localtime(held.lease_until), "H:i")})
    return JsonResponse({"words": words}, status=409)
