"""What may answer a question already, beside its form: while the title is typed, and before it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from community.forms.looked import NAMES, looked, sealed
from community.models import Member
from community.services.writing.suggestions import BECAUSE_MAX_LENGTH, Looked, Suggestion, suggestions

from ..access import member_required

#: Shorter titles say too little to be searched for.
_SHORTEST_TITLE = 8


@dataclass(frozen=True)
class Shown:
    """A suggestion on the page, with its seal and what the asker did with it so far."""

    suggestion: Suggestion
    seal: str
    not_my_case: str = ""
    opened: bool = False


@dataclass(frozen=True)
class Beside:
    """What stands beside the form: the suggestions for its title, and the seals of those shown for an earlier one."""

    shown: tuple[Shown, ...]
    carried: tuple[tuple[str, Looked], ...]
    line_length: int = BECAUSE_MAX_LENGTH


def beside(member: Member, title: str, typed: Mapping[str, list[str]]) -> Beside:
    """Return what stands beside a form that carries ``typed`` (by ``NAMES``); nothing new for an empty ``title``."""
    now = timezone.now()
    before = {one.key: (seal, one) for seal, one in looked(**_lists(typed), member=member, now=now)}
    shown = []
    for each in suggestions(title, viewer=member.user) if len(title.strip()) >= _SHORTEST_TITLE else ():
        seal, one = before.pop(each.hit.key, (sealed(each, member=member, now=now), None))
        shown.append(Shown(each, seal, one.not_my_case if one else "", bool(one and one.opened_at)))
    return Beside(tuple(shown), tuple(before.values()))


def _lists(typed: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: list(typed.get(name, ())) for name in NAMES}


@require_safe
@member_required
def ask_similar(request: HttpRequest) -> HttpResponse:
    """Show what may answer the title ``q``, as a piece of the page of asking. It stores nothing."""
    title = request.GET.get("q", "")[:200]
    return render(request, "community/includes/suggestions.html", {"beside": beside(request.member, title, {})})
