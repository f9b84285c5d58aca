"""A form whose text is kept while it is typed: by a script every few seconds, without one by a button."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.forms.fields import UNREADABLE
from community.forms.numbers import number_in
from community.models import Draft, DraftKind, Member, Submission
from community.services.writing import drafts
from community.services.writing.drafts import NotKept, Place
from community.states import SubmissionState

from ..access import member_required
from ..kept_forms import DRAFT, KEEPABLE, as_initial, named_fields, within_limit

#: A page that saves every three seconds stays below it; so do two at once.
_MOST_A_MINUTE = 60
_LONGEST_NUMBER = 15  # digits
#: The form of each kind, by the name of the address that takes it.
_FORMS = {DraftKind.QUESTION: "ask", DraftKind.REPLY: "reply", DraftKind.REVISION: "my_submission"}
#: Fields that are about what the page showed and not about what was typed.
_NOT_TYPED = (DRAFT, "suggestions_seen")


@dataclass(frozen=True)
class DraftsOnPage:
    """The drafts of a form on its page: the one that stands in the form, the others, and where the page saves."""

    place: Place
    chosen: Draft | None
    others: tuple[Draft, ...]
    days: int

    @property
    def initial(self) -> dict[str, str | list[str]]:
        """Return what the draft puts into the form."""
        return as_initial(self.chosen.fields) if self.chosen else {}


def drafts_on_page(
    request: HttpRequest,
    member: Member,
    kind: str,
    about: Submission | None = None,
    *,
    kept: dict | None = None,
    begun: bool = False,
) -> DraftsOnPage:
    """Return the drafts for a page that is opened, or shown again after a POST.

    The newest stands in the form, or the one that ``?draft=`` names; none where ``kept`` or something ``begun``
    elsewhere stands there.
    """
    rows = drafts.found(member=member, kind=kind, about=about)
    chosen = None
    if request.method == "POST" or kept:
        place = place_of(request) if request.method == "POST" else Place.read(str(kept.get(DRAFT, "")))
    else:
        wanted = request.GET.get(DRAFT, "")
        newest = rows[0] if rows and not begun else None
        chosen = next((row for row in rows if row.key == wanted), newest)
        place = Place.new(chosen)
    others = tuple(row for row in rows if row.key not in (place.key, place.page))
    return DraftsOnPage(place, chosen, others, settings.DRAFT_DAYS)


def place_of(request: HttpRequest) -> Place:
    """Return where the form that was posted keeps its draft."""
    return Place.read(request.POST.get(DRAFT, ""))


def keep_draft(request: HttpRequest, kind: str, about: Submission | None = None) -> HttpResponse:
    """Keep the posted form of ``request.member`` as a draft: told in JSON to the script, else by the page again.

    Raises NotKept where a person pressed the button, so that the form is shown with its text.
    """
    quietly = request.POST["keep"] == "quietly"
    now = timezone.now()
    try:
        if not within_limit(f"drafts:{request.member.pk}", most=_MOST_A_MINUTE, seconds=60):
            if quietly:
                return JsonResponse({"words": _("Not saved just now. It is tried again.")}, status=429)
            raise NotKept(_("Not saved just now. Try again in a minute."))
        saved = _save(request, kind, about, now)
    except NotKept as why:
        if quietly:
            return JsonResponse({"words": str(why)}, status=400)
        raise
    if quietly:
        return JsonResponse(_told(saved, now))
    if saved.draft is None:
        messages.info(request, _("There is nothing to keep."))
        return redirect(_page(kind, about))
    messages.success(request, _("Kept as a draft. Nothing was sent."))
    return redirect(address_of(saved.draft))


def _save(request: HttpRequest, kind: str, about: Submission | None, now: datetime) -> drafts.Saved:
    names = tuple(name for name in KEEPABLE[_FORMS[kind]].names if name not in _NOT_TYPED)
    fields = named_fields(request.POST, names)
    if fields is None:
        raise NotKept(UNREADABLE)
    return drafts.save(
        member=request.member,
        kind=kind,
        about=about,
        place=place_of(request),
        fields=fields,
        now=now,
        step=number_in(request.POST.get("draft_step", ""), _LONGEST_NUMBER) or 0,
        form_token=request.POST.get("form_token", "")[:64],
    )


def _told(saved: drafts.Saved, now: datetime) -> dict[str, str]:
    """Return what the script says: when it was saved, and whether a newer draft stands beside it."""
    if saved.draft is None:
        return {"words": ""}
    when = {"time": saved_words(saved.draft.saved_at, now)}
    if saved.newer is None:
        return {"words": _("Saved %(time)s, not sent") % when}
    newer = {"newer": saved_words(saved.newer.saved_at, now)}
    words = _("Saved %(time)s as a draft of its own: there is a newer one of %(newer)s, from another window.")
    return {"words": words % (when | newer), "link": address_of(saved.newer), "link_words": _("Open the newer one")}


def saved_words(saved_at: datetime, now: datetime) -> str:
    """Return the time of a draft: of today the hour alone."""
    saved_at = timezone.localtime(saved_at)
    if saved_at.date() == timezone.localtime(now).date():
        return time_format(saved_at, "H:i")
    return f"{date_format(saved_at, 'j F Y')}, {time_format(saved_at, 'H:i')}"


def _page(kind: str, about: Submission | None) -> str:
    if kind == DraftKind.QUESTION:
        return KEEPABLE["ask"].page()
    if kind == DraftKind.REPLY:
        return KEEPABLE["reply"].page(about.concrete.slug)
    return KEEPABLE["my_submission"].page(about.pk)


def address_of(draft: Draft) -> str:
    """Return the page on which its writer goes on with ``draft``; an empty text where there is none any more."""
    if draft.kind == DraftKind.REPLY and draft.about.state != SubmissionState.RELEASED:
        return ""
    anchor = "#reply" if draft.kind == DraftKind.REPLY else ""
    return f"{_page(draft.kind, draft.about)}?{urlencode({DRAFT: draft.key})}{anchor}"


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def my_draft_drop(request: HttpRequest, key: str) -> HttpResponse:
    """Throw a draft of one's own away; opened as a page, this is the member's."""
    if request.method == "POST" and drafts.throw_away(member=request.member, key=key):
        messages.success(request, _("The draft is thrown away."))
    return redirect("my")
