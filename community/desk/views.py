"""The views of the desk: permission, form, one service, redirect. A GET decides nothing."""

from contextlib import suppress

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.enums import READ_KINDS, SubmissionKind
from community.models import Question, Submission
from community.permissions import NotAllowed, member_of, moderated_ids_shown
from community.services import compiling, moderation, threads
from community.services.moderation import Conflict, Held, kinds
from community.states import InvalidTransition, SubmissionState

from . import reading
from .beside import beside
from .decisions import DECISIONS, Forms
from .forms import RemarkForm
from .menu import waiting_for
from .queue import BulkForm, Listing
from .records import reading as records

PAGE_SIZE = 30


def crumbs(*last: tuple[str, str]) -> list[dict[str, str]]:
    home = [(reverse("wagtailadmin_home"), _("Home")), (reverse("desk"), _("Moderation"))]
    return [{"url": url, "label": label} for url, label in [*home, *last]]


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the queue, what goes out soon, and what can be written up."""
    now = timezone.now()
    items = reading.items_of(request.user)
    member = member_of(request.user)
    listing = Listing(request.GET, request.user, now)
    page = Paginator(listing.apply(items), PAGE_SIZE).get_page(request.GET.get("p"))
    context = {
        "rows": reading.rows_of(list(page), now, member),
        "listing": listing,
        "bulk": BulkForm(now=now),
        "drawn": records.drawn_for(request.user).count(),
        "suspension_appeals": records.appeals_for(request.user, now)[: reading.COMPILE_LIMIT],
        "page": page,
        "going_out": reading.going_out(items, now),
        "ready": reading.ready_to_compile(request.user)[: reading.COMPILE_LIMIT],
        "being_compiled": reading.being_compiled(request.user)[: reading.COMPILE_LIMIT],
        "closing_soon": threads.closing_soon(moderator=request.user, now=now),
        "closed_without_answer": threads.closed_without_answer(moderator=request.user),
        "moderates": reading.decides(request.user),
        "free_waiting": waiting_for(request),
        "header_title": _("Moderation"),
        "header_icon": "check",
        "breadcrumbs_items": crumbs(),
    }
    return render(request, "community/desk/queue.html", context)


@require_safe
def desk_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one item with all that the decision needs."""
    item = get_object_or_404(reading.items_of(request.user), pk=pk)
    return show_item(request, item, Forms(item, timezone.now()))


def show_item(request: HttpRequest, item: Submission, forms: Forms, *, status: int = 200, **context) -> HttpResponse:
    """Answer with the page of an item. ``context`` says what went wrong: conflict, held, kept, refusal."""
    now = timezone.now()
    items = reading.items_of(request.user)
    member = member_of(request.user)
    row = reading.rows_of(list(items.with_holding(now).filter(pk=item.pk)), now, member)[0]
    is_others = row.is_held and not row.is_mine
    is_hidden = item.state == SubmissionState.HIDDEN
    is_barred = moderation.is_barred(request.user, item)
    can_answer = item.state == SubmissionState.PENDING and item.kind in READ_KINDS
    context |= {
        "item": item,
        "heading": reading.heading_of(item),
        "row": row,
        "is_others": is_others,
        "question": item.thread,
        "forms": forms,
        "record": reading.record_of(item),
        "log": reading.log_of(item),
        "handled": reading.handled_by(item),
        "going_out": reading.going_out(items, now),
        "is_own": row.is_own,
        "can_take": item.state == SubmissionState.PENDING and not row.is_own and not is_barred,
        # Whoever typed before somebody else took it keeps the form, to take it over and go on.
        "can_decide": item.state == SubmissionState.PENDING
        and not row.is_own
        and not is_barred
        and (not is_others or bool(forms.decision)),
        "can_hide": item.state == SubmissionState.RELEASED and item.kind in READ_KINDS and not row.is_own,
        "can_restore": is_hidden and not row.is_own and moderation.may_restore(item, request.user),
        "can_trust": reading.can_trust_author(item, now),
        "place": reading.place_of(item, request.user, now),
        "allowed": kinds.allowed_actions(item),
        "reports": reading.reports_of(item) if item.kind == SubmissionKind.FLAG else (),
        "appeal": moderation.undecided_appeal(item),
        "beside": beside(item, request.user, now) if can_answer else None,
        "found": forms.declining.found if can_answer else [],
        "author_facts": records.about_author(item, request.user, now),
        "notes": moderation.notes_on(item),
        "remark": context.get("remark") or RemarkForm(auto_id="remark-%s"),
        "member": member,
        "header_title": reading.heading_of(item),
        "header_icon": "check",
        "breadcrumbs_items": crumbs(("", reading.heading_of(item))),
    }
    return render(request, "community/desk/item.html", context, status=status)


@require_POST
def desk_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Do what the button says; after a decision on what waits, go on with the next item of the queue."""
    now = timezone.now()
    item = get_object_or_404(reading.items_of(request.user), pk=pk)
    decision = DECISIONS.get(request.POST.get("decision", ""))
    if decision is None:
        messages.error(request, _("Choose one of the decisions."))
        return redirect("desk_item", pk=pk)
    if decision.action not in kinds.allowed_actions(item):
        return show_item(request, item, Forms(item, now), status=403, refusal=kinds.why_never(item, decision.action))
    forms = Forms(item, now, decision=decision.name, data=request.POST)
    form = forms.posted
    if not form.is_valid():
        with suppress(NotAllowed, Conflict):
            moderation.renew(submission=item, moderator=request.user, now=now)
        return show_item(request, item, forms)
    following = reading.place_of(item, request.user, now).next_pk
    try:
        decision.act(item, request.user, form, now)
    except (Conflict, InvalidTransition) as conflict:
        return show_conflict(request, pk, forms, conflict)
    except NotAllowed as refusal:
        return show_item(request, item, forms, status=403, refusal=str(refusal))
    says = kinds.kind_of(item).says.get(decision.action, decision.says)
    messages.success(request, says % {"title": reading.heading_of(item)})
    for words in getattr(form, "left_out", ()):
        messages.warning(request, words)
    if decision.stays:
        return redirect("desk_item", pk=pk)
    return redirect("desk_item", pk=following) if following else redirect("desk")


def show_conflict(
    request: HttpRequest, pk: int, forms: Forms | None, conflict: Conflict | InvalidTransition
) -> HttpResponse:
    """Tell who acted first, or who holds it; what was typed stays on the screen and can be sent again."""
    item = get_object_or_404(reading.items_of(request.user), pk=pk)
    held = conflict if isinstance(conflict, Held) else None
    event = None if held else getattr(conflict, "event", None) or reading.log_of(item).first()
    kept = Forms(item, timezone.now(), decision=forms.decision, typed=forms.typed) if forms else None
    return show_item(
        request,
        item,
        kept or Forms(item, timezone.now()),
        status=409,
        conflict=event,
        held=held,
        kept=kept.typed_words() if kept else "",
    )


@require_POST
def desk_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an approval back while the item has not gone out."""
    item = get_object_or_404(reading.items_of(request.user), pk=pk)
    forms = Forms(item, timezone.now(), decision="approve", data=request.POST)
    if not forms.posted.is_valid():
        return show_item(request, item, Forms(item, timezone.now()))
    try:
        moderation.undo_approval(
            submission=item,
            moderator=request.user,
            version=forms.posted.cleaned_data["version"],
            now=timezone.now(),
        )
    except (Conflict, InvalidTransition) as conflict:
        return show_conflict(request, pk, None, conflict)
    except NotAllowed as refusal:
        return show_item(request, item, Forms(item, timezone.now()), status=403, refusal=str(refusal))
    messages.success(request, _("Undone. Nobody was told; it waits for a decision again."))
    return redirect("desk_item", pk=pk)


@require_POST
def compile_question(request: HttpRequest, slug: str) -> HttpResponse:
    """Start the draft of a solution, or open the one that was started, in Wagtail's editor."""
    moderated = Question.objects.filter(community_id__in=moderated_ids_shown(request.user))
    question = get_object_or_404(moderated.select_related("community", "released_revision"), slug=slug)
    try:
        page = compiling.start_compilation(question=question, moderator=request.user, now=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("desk")
    return redirect("wagtailadmin_pages:edit", page.pk)
