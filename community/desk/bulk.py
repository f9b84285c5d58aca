"""Several items at once: the same single action for each, in a transaction of its own, with a line on each."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.forms.numbers import number_in
from community.models import Submission
from community.permissions import NotAllowed, Viewer
from community.services import moderation
from community.services.moderation import Conflict, Held
from community.states import InvalidTransition

from . import reading
from .queue import BulkForm
from .views import PAGE_SIZE, crumbs


@dataclass(frozen=True)
class Outcome:
    """What became of one of several items: its name, whether it was done, and who was first where it was not."""

    pk: int
    heading: str
    done: bool
    words: str


@require_POST
def desk_bulk(request: HttpRequest) -> HttpResponse:
    """Do the same to every item that is ticked and tell what became of each; nothing is all or nothing."""
    now = timezone.now()
    form = BulkForm(request.POST, now=now)
    ticked = _ticked(request.POST.getlist("item"))
    outcomes = []
    if ticked and form.is_valid():
        items = {item.pk: item for item in reading.items_of(request.user).filter(pk__in=ticked)}
        outcomes = [
            _outcome(items[pk], version, form, request.user, now) for pk, version in ticked.items() if pk in items
        ]
    done = sum(outcome.done for outcome in outcomes)
    context = {
        "form": form,
        "ticked": ticked,
        "outcomes": outcomes,
        "done": done,
        "not_done": len(outcomes) - done,
        "header_title": _("Several at once"),
        "header_icon": "check",
        "breadcrumbs_items": crumbs(("", _("Several at once"))),
    }
    return render(request, "community/desk/several.html", context, status=200 if outcomes or not ticked else 400)


def _ticked(values: list[str]) -> dict[int, int]:
    """Return the items with the version that was on the screen; what a browser never sends is left out."""
    found = {}
    for value in values[:PAGE_SIZE]:
        pk, _colon, version = value.partition(":")
        numbers = number_in(pk), number_in(version)
        if None not in numbers:
            found[numbers[0]] = numbers[1]
    return found


def _outcome(item: Submission, version: int, form: BulkForm, moderator: Viewer, now: datetime) -> Outcome:
    heading = reading.heading_of(item)
    try:
        _act(item, version, form, moderator, now)
    except Held as held:
        words = _("%(who)s holds it since %(when)s.") % {"who": held.holder, "when": _time(held.since)}
    except Conflict as conflict:
        event = conflict.event
        who = event.who if event else _("The timer")
        what = event.get_action_display() if event else ""
        words = _("%(who)s was first: %(what)s at %(when)s.") % {
            "who": who,
            "what": what,
            "when": _time(event.at if event else now),
        }
    except InvalidTransition:
        words = _("It waits no more.")
    except NotAllowed as refusal:
        words = str(refusal)
    else:
        return Outcome(item.pk, heading, True, "")
    return Outcome(item.pk, heading, False, words)


def _time(at: datetime) -> str:
    return date_format(timezone.localtime(at), "H:i")


def _act(item: Submission, version: int, form: BulkForm, moderator: Viewer, now: datetime) -> None:
    act, reason = form.cleaned_data["act"], form.cleaned_data["reason"]
    one = {"submission": item, "moderator": moderator}
    if act == "approve":
        moderation.approve(**one, version=version, now=now)
    elif act == "return":
        moderation.return_to_author(**one, version=version, reason=reason, message="", now=now)
    elif act == "decline":
        moderation.decline(**one, version=version, reason=reason, message="", now=now)
    elif act == "take":
        moderation.take(**one, now=now)
    elif not moderation.give_back(**one):
        raise NotAllowed(_("You did not hold it."))
