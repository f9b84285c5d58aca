"""The views of the desk: permission, form, one service, redirect. A GET decides nothing."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from community.models import Question, Submission
from community.permissions import NotAllowed, member_of, moderated_community_ids
from community.services import compiling, moderation
from community.services.moderation import Conflict
from community.states import InvalidTransition, SubmissionState

from . import reading
from .decisions import DECISIONS, Forms

PAGE_SIZE = 30


def _crumbs(*last: tuple[str, str]) -> list[dict[str, str]]:
    home = [(reverse("wagtailadmin_home"), _("Home")), (reverse("desk"), _("Moderation"))]
    return [{"url": url, "label": label} for url, label in [*home, *last]]


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show the queue, what goes out soon, and what can be written up."""
    now = timezone.now()
    items = reading.items_of(request.user)
    member = member_of(request.user)
    page = Paginator(items.waiting().yours_first(member, now), PAGE_SIZE).get_page(request.GET.get("p"))
    context = {
        "rows": reading.rows_of(list(page), now, member),
        "page": page,
        "going_out": reading.going_out(items, now),
        "ready": reading.ready_to_compile(request.user)[: reading.COMPILE_LIMIT],
        "being_compiled": reading.being_compiled(request.user)[: reading.COMPILE_LIMIT],
        "moderates": bool(moderated_community_ids(request.user)),
        "header_title": _("Moderation"),
        "header_icon": "check",
        "breadcrumbs_items": _crumbs(),
    }
    return render(request, "community/desk/queue.html", context)


@require_safe
def desk_item(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one item with all that the decision needs."""
    item = get_object_or_404(reading.items_of(request.user), pk=pk)
    return _show(request, item, Forms(item, timezone.now()))


def _show(request: HttpRequest, item: Submission, forms: Forms, *, status: int = 200, **context) -> HttpResponse:
    now = timezone.now()
    items = reading.items_of(request.user)
    member = member_of(request.user)
    waiting = list(items.waiting().yours_first(member, now).values_list("pk", flat=True))
    place = waiting.index(item.pk) if item.pk in waiting else None
    context |= {
        "item": item,
        "heading": reading.heading_of(item),
        "row": reading.rows_of([item], now, member)[0],
        "question": item.thread,
        "forms": forms,
        "record": reading.record_of(item),
        "log": reading.log_of(item),
        "handled": reading.handled_by(item),
        "going_out": reading.going_out(items, now),
        "is_own": item.author.user_id == request.user.pk,
        "can_decide": item.state == SubmissionState.PENDING
        and item.author.user_id != request.user.pk
        and not moderation.is_barred(request.user, item),
        "appeal": moderation.undecided_appeal(item),
        "place": place + 1 if place is not None else None,
        "waiting_count": len(waiting),
        "next_pk": _next(waiting, item.pk),
        "header_title": reading.heading_of(item),
        "header_icon": "check",
        "breadcrumbs_items": _crumbs(("", reading.heading_of(item))),
    }
    return render(request, "community/desk/item.html", context, status=status)


def _next(waiting: list[int], pk: int) -> int | None:
    """Return the item after ``pk`` in the queue, the first one behind the last."""
    if pk in waiting:
        after = [*waiting[waiting.index(pk) + 1 :], *waiting[: waiting.index(pk)]]
        return after[0] if after else None
    return waiting[0] if waiting else None


@require_POST
def desk_decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, amend and approve, return or decline; then go on with the next item of the queue."""
    now = timezone.now()
    item = get_object_or_404(reading.items_of(request.user), pk=pk)
    decision = DECISIONS.get(request.POST.get("decision", ""))
    if decision is None:
        messages.error(request, _("Choose one of the four decisions."))
        return redirect("desk_item", pk=pk)
    forms = Forms(item, now, decision=decision.name, data=request.POST)
    form = forms.posted
    if not form.is_valid():
        return _show(request, item, forms)
    queue = reading.items_of(request.user).waiting().yours_first(member_of(request.user), now)
    waiting = list(queue.values_list("pk", flat=True))
    try:
        decision.act(item, request.user, form, now)
    except (Conflict, InvalidTransition) as conflict:
        return _show_conflict(request, pk, forms, conflict)
    except NotAllowed as refusal:
        return _show(request, item, forms, status=403, refusal=str(refusal))
    messages.success(request, decision.says % {"title": reading.heading_of(item)})
    following = _next(waiting, pk)
    return redirect("desk_item", pk=following) if following else redirect("desk")


def _show_conflict(
    request: HttpRequest, pk: int, forms: Forms | None, conflict: Conflict | InvalidTransition
) -> HttpResponse:
    """Tell who acted first and when; what was typed stays on the screen and can be sent with the new version."""
    item = get_object_or_404(reading.items_of(request.user), pk=pk)
    event = getattr(conflict, "event", None) or reading.log_of(item).first()
    kept = Forms(item, timezone.now(), decision=forms.decision, typed=forms.posted.data) if forms else None
    return _show(
        request,
        item,
        kept or Forms(item, timezone.now()),
        status=409,
        conflict=event,
        kept=kept.typed_words() if kept else "",
    )


@require_POST
def desk_undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an approval back while the item has not gone out."""
    item = get_object_or_404(reading.items_of(request.user), pk=pk)
    forms = Forms(item, timezone.now(), decision="approve", data=request.POST)
    if not forms.posted.is_valid():
        return _show(request, item, Forms(item, timezone.now()))
    try:
        moderation.undo_approval(
            submission=item,
            moderator=request.user,
            version=forms.posted.cleaned_data["version"],
            now=timezone.now(),
        )
    except (Conflict, InvalidTransition) as conflict:
        return _show_conflict(request, pk, None, conflict)
    except NotAllowed as refusal:
        return _show(request, item, Forms(item, timezone.now()), status=403, refusal=str(refusal))
    messages.success(request, _("Undone. Nobody was told; it waits for a decision again."))
    return redirect("desk_item", pk=pk)


@require_POST
def compile_question(request: HttpRequest, slug: str) -> HttpResponse:
    """Start the draft of a solution, or open the one that was started, in Wagtail's editor."""
    moderated = Question.objects.filter(community_id__in=moderated_community_ids(request.user))
    question = get_object_or_404(moderated.select_related("community", "released_revision"), slug=slug)
    try:
        page = compiling.start_compilation(question=question, moderator=request.user, now=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("desk")
    return redirect("wagtailadmin_pages:edit", page.pk)
