"""A member's record, what can be done there, and the note that somebody looked at what went out by trust."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from community.forms.numbers import number_in
from community.models import Member
from community.permissions import NotAllowed, moderated_ids_shown
from community.services import contributing, moderation, trust

from ..reading import heading_of, items_of
from ..views import crumbs
from . import reading
from .forms import AnswerForm, LineForm, SuspendForm

PAGE_SIZE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def desk_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a member's record; moderators end a trust there, suspend, lift a suspension or decide on its appeal."""
    member = get_object_or_404(reading.members_for(request.user), pk=pk)
    refusal, status, posted = "", 200, None
    if request.method == "POST":
        posted = _form(request, member, request.POST.get("do", ""))
        if posted is None:
            refusal, status = _("Choose what to do."), 400
        elif posted.is_valid():
            try:
                _act(request, member, posted)
            except NotAllowed as refused:
                refusal, status = str(refused), 403
            else:
                return redirect("desk_member", pk=pk)
    return _page(request, member, posted, refusal, status)


def _form(request: HttpRequest, member: Member, wish: str) -> Form | None:
    """Return the form that ``wish`` names, filled with what was sent; None where nothing is so named."""
    data = request.POST if request.method == "POST" else None
    if wish == "suspend":
        return _suspend_form(request, member, data)
    if wish in ("lift", "end_trust"):
        return LineForm(data, prefix=f"{wish}-{request.POST.get('row', '')[:20]}")
    if wish == "decide":
        return AnswerForm(data, prefix=f"decide-{request.POST.get('row', '')[:20]}")
    return None


def _suspend_form(request: HttpRequest, member: Member, data=None) -> SuspendForm:
    everywhere = not contributing.why_not_suspend(member=member, community=None, by=request.user)
    communities = reading.may_be_suspended_in(member, request.user)
    return SuspendForm(data, prefix="suspend", communities=communities, everywhere=everywhere)


def _act(request: HttpRequest, member: Member, form: Form) -> None:
    wish, by, now, data = request.POST["do"], request.user, timezone.now(), form.cleaned_data
    if wish == "suspend":
        community = form.community
        contributing.suspend(
            member=member, community=community, by=by, reason=data["reason"], ends_at=form.ends_at, now=now
        )
        messages.success(request, _("Suspended. %(name)s is told why, by mail.") % {"name": member})
        return
    number = number_in(request.POST.get("row", "")) or 0
    rows = reading.trusts_of(member, by) if wish == "end_trust" else None
    if wish == "end_trust":
        found = next((each for each in rows if each.pk == number), None)
    else:
        found = next((each.suspension for each in reading.suspensions_of(member, by, now) if _is(each, number)), None)
    if found is None:
        raise NotAllowed(_("There is no such row here."))
    if wish == "end_trust":
        trust.end(trust=found, moderator=by, note=data["note"], now=now)
        messages.success(request, _("The trust has ended: a moderator sees what comes next."))
    elif wish == "lift":
        contributing.lift(suspension=found, by=by, note=data["note"], now=now)
        messages.success(request, _("Lifted. %(name)s is told by mail.") % {"name": member})
    else:
        lifts = request.POST.get("outcome") == "lift"
        contributing.decide(suspension=found, by=by, lifts=lifts, answer=data["answer"], now=now)
        messages.success(request, _("Decided. %(name)s is told by mail.") % {"name": member})


def _is(row: reading.SuspensionRow, number: int) -> bool:
    return row.suspension.pk == number


def _page(request: HttpRequest, member: Member, posted: Form | None, refusal: str, status: int) -> HttpResponse:
    now = timezone.now()
    wish, row = request.POST.get("do", ""), request.POST.get("row", "")[:20]
    suspend = posted if wish == "suspend" else _suspend_form(request, member)

    def form(name: str, number: int) -> Form:
        sent = wish == name and row == str(number) and posted is not None
        kind = AnswerForm if name == "decide" else LineForm
        return posted if sent else kind(prefix=f"{name}-{number}")

    suspensions = [
        (each, form("lift", each.suspension.pk), form("decide", each.suspension.pk))
        for each in reading.suspensions_of(member, request.user, now)
    ]
    trusts = [(each, form("end_trust", each.pk)) for each in reading.trusts_of(member, request.user)]
    page = Paginator(reading.sent_by(member, request.user), PAGE_SIZE).get_page(request.GET.get("p"))
    context = {
        "shown": member,
        "counts": reading.counts_of(member, request.user),
        "trusts": trusts,
        "suspensions": suspensions,
        "suspend": suspend if suspend.fields["where"].choices else None,
        "page": page,
        "items": [(item, heading_of(item)) for item in page],
        "notes": moderation.notes_on_member(member, moderated_ids_shown(request.user)),
        "posted": posted,
        "refusal": refusal,
        "header_title": str(member),
        "header_icon": "user",
        "breadcrumbs_items": crumbs(("", str(member))),
    }
    return render(request, "community/desk/records/member.html", context, status=status)


@require_POST
def desk_afterwards(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that what went out by trust was looked at and is fine; go on with the next one."""
    item = get_object_or_404(items_of(request.user), pk=pk)
    try:
        moderation.look_at(submission=item, moderator=request.user, now=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("desk_item", pk=pk)
    messages.success(request, _("Noted: you looked at it, and it is fine."))
    following = reading.drawn_for(request.user).order_by("pk").values_list("submission_id", flat=True).first()
    return redirect("desk_item", pk=following) if following else redirect("desk")
