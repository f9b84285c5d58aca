"""A question with its replies: reading, answering, having the problem too."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.enums import SubmissionKind
from community.forms.discussion import ReplyForm
from community.forms.threads import ThreadForms, UseForm
from community.models import DraftKind, Question, Reply
from community.permissions import NotAllowed, current_membership, member_of
from community.services import contributing, discussion, threads
from community.services.writing.drafts import NotKept
from community.states import SubmissionState
from community.visibility import Part, Reader, may_read, readable, reader_of
from knowledge.models import SolutionPage

from .access import check_throttles, member_required
from .again import again_fields
from .kept_forms import forget_kept, kept_fields
from .thread_life.marks import add_marks
from .words import expected_decision
from .writing.drafts import DraftsOnPage, drafts_on_page, keep_draft, place_of

#: States of own replies that their author sees in the thread.
_OWN_STATES = (SubmissionState.PENDING, SubmissionState.APPROVED, SubmissionState.RETURNED, SubmissionState.DECLINED)


def question_for(request: HttpRequest, slug: str) -> tuple[Question, Reader]:
    """Return the question for this viewer. What the viewer may not know of is as missing as what never was."""
    question = get_object_or_404(
        Question.objects.select_related(
            "author__state",
            "community",
            "released_revision",
            "revision",
            "state_of_india",
            "sector__parent",
            "summary__made_by",
        ).prefetch_related("themes"),
        slug=slug,
    )
    reader = reader_of(request.user)
    if not may_read(reader, question, Part.TITLE):
        raise Http404
    return question, reader


@require_safe
def question_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a question: to everybody its title, themes, place and solution, to members the exchange."""
    question, reader = question_for(request, slug)
    member = member_of(request.user)
    kept = kept_fields(request)
    again = again_fields(request, SubmissionKind.REPLY)
    if member is None:
        return thread_page(request, question, reader)
    thread_forms = None
    if "summary" in kept:
        thread_forms, kept = ThreadForms(question, timezone.now(), posted="summary", typed=kept), {}
    drafts = drafts_on_page(request, member, DraftKind.REPLY, question, kept=kept, begun=bool(again))
    form = ReplyForm(member=member, initial=kept or again | drafts.initial)
    return thread_page(request, question, reader, form, thread_forms=thread_forms, kept=bool(kept), drafts=drafts)


def thread_page(
    request: HttpRequest,
    question: Question,
    reader: Reader,
    form: ReplyForm | None = None,
    *,
    thread_forms: ThreadForms | None = None,
    use_form: tuple[int, UseForm] | None = None,
    kept: bool = False,
    drafts: DraftsOnPage | None = None,
    status: int = 200,
    **more,
) -> HttpResponse:
    """Answer with the page of a question. ``more`` says what went wrong: problem (a form), thread_conflict."""
    member = member_of(request.user)
    inside = may_read(reader, question, Part.BODY)
    membership = current_membership(request.user, question.community) if member else None
    moderates = question.community_id in reader.moderated
    released = question.state == SubmissionState.RELEASED
    if form and drafts is None:
        drafts = drafts_on_page(request, member, DraftKind.REPLY, question)
    written = kept or bool(drafts and drafts.chosen)
    replies, own_replies = _replies(question, reader, inside=inside)
    same_problem = question.me_toos.aggregate(all=Count("pk"), own=Count("pk", filter=Q(member=member)))
    is_asker = bool(membership) and question.author_id == member.pk
    context = more | {
        "question": question,
        "inside": inside,
        "member": member,
        "membership": membership,
        "takes_replies": question.takes_replies,
        "moderates": moderates,
        "form": form if form and (form.is_bound or written or (membership and question.takes_replies)) else None,
        "kept": kept,
        "drafts": drafts,
        "replies": replies,
        "own_replies": own_replies,
        "reply_count": len(replies) if inside else question.replies.released().count(),
        "solutions": _solutions(question),
        "me_too_count": same_problem["all"],
        "has_it_too": bool(same_problem["own"]),
        "history": threads.history_of(question),
        "is_asker": is_asker,
        "thread_forms": thread_forms or ThreadForms(question, timezone.now()),
        "may_act": moderates and released,
    }
    if replies:
        has_problem = membership and released and (is_asker or context["has_it_too"])
        add_marks(replies, member=member if has_problem else None, moderates=moderates, sent=use_form)
    return render(request, "community/question_detail.html", context, status=status)


def _replies(question: Question, reader: Reader, *, inside: bool) -> tuple[list[Reply], list[Reply]]:
    """Return the released answers that ``reader`` may read, and the reader's own that are not out; one query."""
    out = Q(state=SubmissionState.RELEASED) if inside else Q(pk__in=[])
    own = Q(author=reader.member_id, state__in=_OWN_STATES) if reader.member_id else Q(pk__in=[])
    found = question.replies.filter(readable(reader), out | own).order_by("released_at", "pk")
    rows = list(found.select_related("released_revision", "revision", "author__state"))
    released = [reply for reply in rows if reply.state == SubmissionState.RELEASED]
    return released, [reply for reply in rows if reply.state != SubmissionState.RELEASED]


def _solutions(question: Question):
    """Return the public pages that the question was written up in."""
    return (
        SolutionPage.objects.live()
        .public()
        .filter(compilations__question=question, compilations__published_at__isnull=False)
        .order_by("-first_published_at", "pk")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def reply(request: HttpRequest, slug: str) -> HttpResponse:
    """Send an answer to the moderators; opened as a page, this is the question's."""
    question, reader = question_for(request, slug)
    page = question.get_absolute_url()
    if request.method != "POST":
        return redirect(f"{page}#reply")
    if "discard" in request.POST:
        return forget_kept(request, redirect(f"{page}#reply"), page)
    form = ReplyForm(request.POST, member=request.member)
    if "keep" in request.POST:
        try:
            return keep_draft(request, DraftKind.REPLY, question)
        except NotKept as why:
            form.add_error(None, str(why))
            return thread_page(request, question, reader, form, status=400)
    if not form.is_valid():
        return thread_page(request, question, reader, form)
    try:
        check_throttles(request, "reply", form.cleaned_data["form_token"])
        answer = discussion.submit_reply(
            author=request.member,
            question=question,
            reply_kind=form.cleaned_data["reply_kind"],
            text=form.text,
            now=timezone.now(),
            form_token=form.cleaned_data["form_token"],
            draft=place_of(request),
        )
    except discussion.AlreadySent as sent:
        answer = sent.submission
    except contributing.NotNow as refusal:
        form.add_error(None, str(refusal))
        return thread_page(request, question, reader, form, status=refusal.status)
    except NotAllowed:
        inside = current_membership(request.user, question.community)
        closed = _(
            "This question takes no answers now. What you typed is kept below, so that you can copy it: ask a new "
            "question with it, or ask a moderator to reopen this one."
        )
        outside = _("Join the community first, then send your answer. What you typed is kept below.")
        form.add_error(None, closed if inside else outside)
        return thread_page(request, question, reader, form, status=403)
    messages.success(request, _("Your answer is with a moderator. %s") % expected_decision(answer))
    return forget_kept(request, redirect(f"{page}#reply-{answer.pk}"), page)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def me_too(request: HttpRequest, slug: str) -> HttpResponse:
    """Note, or take back, that the member has the problem too and follows the question."""
    question, _reader = question_for(request, slug)
    if request.method == "POST":
        if "undo" in request.POST:
            discussion.unmark_me_too(question=question, member=request.member)
            messages.success(request, _("Taken back. You no longer follow this question."))
        else:
            _mark(request, question)
    return redirect(question)


def _mark(request: HttpRequest, question: Question) -> None:
    try:
        check_throttles(request, "me_too")
        discussion.mark_me_too(question=question, member=request.member, now=timezone.now())
    except contributing.NotNow as refusal:
        messages.error(request, str(refusal))
    except NotAllowed:
        messages.error(request, _("Join the community first, then say that you have this problem too."))
    else:
        messages.success(request, _("Noted. You will hear when this question is written up."))
