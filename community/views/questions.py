"""Asking, and the list of what was asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from community.enums import SubmissionKind
from community.forms.discussion import AskForm
from community.models import Community, DraftKind, Question, Submission
from community.permissions import NotAllowed
from community.services import contributing, discussion
from community.services.writing.drafts import NotKept
from community.states import ThreadLife
from knowledge.models import Sector, State, Theme
from knowledge.views.filters import Listing, TermFacet, ValueFacet

from .access import check_throttles, member_required
from .again import again_fields
from .kept_forms import forget_kept, kept_fields
from .words import expected_decision
from .writing.drafts import DraftsOnPage, drafts_on_page, keep_draft, place_of
from .writing.suggesting import Beside, beside

QUESTIONS_PER_PAGE = 20


def ask(request: HttpRequest) -> HttpResponse:
    """Show the form of a question and send it to the moderators; visitors read what asking is like."""
    if request.user.is_authenticated or request.method == "POST":
        return _ask_as_member(request)
    return render(request, "community/ask_visitor.html", {"kept": bool(kept_fields(request))})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def _ask_as_member(request: HttpRequest) -> HttpResponse:
    communities = list(
        Community.objects.filter(
            memberships__member=request.member, memberships__started_at__isnull=False, memberships__ended_at=None
        ).prefetch_related("themes")
    )
    if request.method == "POST":
        return _send_question(request, communities)
    kept = kept_fields(request)
    initial = {"title": request.GET.get("title", "")[:200], "themes": request.GET.getlist("theme")[:3]}
    again = again_fields(request, SubmissionKind.QUESTION)
    begun = bool(again or initial["title"])
    drafts = drafts_on_page(request, request.member, DraftKind.QUESTION, kept=kept, begun=begun)
    form = AskForm(member=request.member, communities=communities, initial=initial | again | drafts.initial | kept)
    carried = beside(request.member, "", drafts.initial | kept)
    return _ask_page(request, form, kept=bool(kept), drafts=drafts, suggested=carried)


def _send_question(request: HttpRequest, communities: list[Community]) -> HttpResponse:
    page = request.path
    if "discard" in request.POST:
        return forget_kept(request, redirect(page), page)
    form = AskForm(request.POST, member=request.member, communities=communities)
    if "keep" in request.POST:
        try:
            return keep_draft(request, DraftKind.QUESTION)
        except NotKept as why:
            form.add_error(None, str(why))
            return _ask_page(request, form, status=400)
    if form.is_valid():
        cleaned = form.cleaned_data
        if not cleaned["suggestions_seen"]:
            suggested = beside(request.member, cleaned["title"], dict(request.POST.lists()))
            if suggested.shown:
                return _ask_page(request, form, suggested=suggested)
        try:
            check_throttles(request, "question", cleaned["form_token"])
            question: Submission = discussion.submit_question(
                author=request.member,
                community=cleaned["community"],
                text=form.text,
                themes=cleaned["themes"],
                now=timezone.now(),
                state_of_india=cleaned["state"],
                sector=cleaned["sector"],
                needed_on=cleaned["needed_on"],
                form_token=cleaned["form_token"],
                draft=place_of(request),
                looked=cleaned["looked"],
            )
        except discussion.AlreadySent as sent:
            question = sent.submission
        except contributing.NotNow as refusal:
            form.add_error(None, str(refusal))
            return _ask_page(request, form, status=refusal.status)
        except NotAllowed:
            form.add_error(None, _("You are no longer a member of this community. Join it, then send the question."))
            return _ask_page(request, form, status=403)
        messages.success(request, _("Your question is with a moderator. %s") % expected_decision(question))
        return forget_kept(request, redirect("my_submission", pk=question.pk), page)
    return _ask_page(request, form)


def _ask_page(
    request: HttpRequest,
    form: AskForm,
    *,
    kept: bool = False,
    drafts: DraftsOnPage | None = None,
    suggested: Beside | None = None,
    status: int = 200,
) -> HttpResponse:
    if suggested is None:
        suggested = beside(request.member, "", dict(request.POST.lists()))
    if suggested.shown:
        form.data = form.data.copy()
        form.data["suggestions_seen"] = "1"
    context = {"form": form, "kept": kept, "beside": suggested}
    context["drafts"] = drafts or drafts_on_page(request, request.member, DraftKind.QUESTION)
    if not form.communities:
        context["offered"] = Community.objects.prefetch_related("themes")
    return render(request, "community/ask.html", context, status=status)


@require_safe
def question_list(request: HttpRequest) -> HttpResponse:
    """List the released questions, with filters in the address. Titles are for everybody."""
    listing = Listing(
        queryset=Question.objects.released(),
        params=request.GET,
        facets=(
            ValueFacet("life", _("Where it stands"), "life", tuple(ThreadLife.choices)),
            TermFacet("theme", _("Theme"), Theme.objects.all, "themes", tree=True),
            TermFacet("sector", _("Sector"), Sector.objects.all, "sector", tree=True),
            TermFacet("state", _("State"), State.objects.all, "state_of_india"),
        ),
        sorts={
            "newest": (_("Newest first"), ("-released_at", "-pk")),
            "needed": (_("Needed soonest"), ("needed_on", "-released_at", "-pk")),
        },
        text_fields=("released_revision__title",),
        page_size=QUESTIONS_PER_PAGE,
        prepare=lambda rows: (
            rows.with_answers()
            .select_related("released_revision", "community", "state_of_india", "sector")
            .prefetch_related("themes")
        ),
    )
    return render(request, "community/question_list.html", {"listing": listing, "page_obj": listing.page_obj})
