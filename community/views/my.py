"""A member's own page and own messages: what needs the member first."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.enums import SubmissionKind
from community.forms.cases import RequestRevisionForm
from community.forms.discussion import AppealForm, QuestionRevisionForm, ReplyRevisionForm, RevisionForm
from community.forms.numbers import number_in
from community.mail.addresses import rule_address
from community.models import Appeal, DraftKind, ModerationEvent, Submission, Suspension
from community.permissions import NotAllowed, moderated_community_ids
from community.services import moderation, trust
from community.services.differences import editing_of
from community.services.writing import drafts
from community.services.writing.drafts import NotKept
from community.states import (
    EDITABLE_STATES,
    TRANSITIONS,
    Action,
    InvalidTransition,
    SubmissionState,
)

from .access import check_throttles, member_required
from .again import again_address
from .kept_forms import forget_kept, kept_fields
from .words import expected_decision
from .writing.drafts import DraftsOnPage, drafts_on_page, keep_draft, place_of
from .writing.history import history_of

FINISHED_PER_PAGE = 20
#: While an approval can be undone its author is shown nothing of it.
SHOWN_AS_EDITED = (SubmissionState.RELEASED, SubmissionState.HIDDEN)
_REVISION_FORMS: dict[str, type[RevisionForm]] = {
    SubmissionKind.QUESTION: QuestionRevisionForm,
    SubmissionKind.REPLY: ReplyRevisionForm,
    SubmissionKind.MEMBERSHIP: RequestRevisionForm,
}
_UNFINISHED = (SubmissionState.RETURNED, SubmissionState.PENDING, SubmissionState.APPROVED)


@require_safe
@member_required
def my(request: HttpRequest) -> HttpResponse:
    """Show what waits for the member, what waits for others, and what is done."""
    now = timezone.now()
    own = request.member.submissions.select_related(
        "revision",
        "released_revision",
        "as_question",
        "as_reply__question__released_revision",
        "as_membership__community",
        "community",
    )
    own = own.exclude(state=SubmissionState.DRAFT).exclude(kind=SubmissionKind.FLAG)
    moderated = moderated_community_ids(request.user)
    queue = Submission.objects.waiting().filter(community__in=moderated).not_involving(request.member)
    unfinished = list(own.filter(state__in=_UNFINISHED).order_by("due_at", "pk"))
    done = Case(When(state=SubmissionState.RELEASED, then=Value("released")), default=Value("closed"))
    finished = own.exclude(state__in=_UNFINISHED).annotate(done=done).order_by("-done", "-submitted_at", "-pk")
    context = {
        "member": request.member,
        "returned": [item for item in unfinished if item.state == SubmissionState.RETURNED],
        "waiting": [item for item in unfinished if item.state != SubmissionState.RETURNED],
        "drafts": drafts.all_of(request.member),
        "draft_days": settings.DRAFT_DAYS,
        "page_obj": Paginator(finished, FINISHED_PER_PAGE).get_page(request.GET.get("page")),
        "memberships": request.member.memberships.current().select_related("community"),
        "moderates": bool(moderated),
        "suspensions": Suspension.objects.in_force(now).filter(member=request.member).select_related("community"),
        "trusts": trust.told_to(request.member, now),
        "queue_length": queue.count() if moderated else 0,
    }
    return render(request, "community/my.html", context)


def _own(request: HttpRequest, pk: int) -> Submission:
    """Return the member's own message; anybody else's is as missing as none."""
    rows = Submission.objects.select_related(
        "revision", "released_revision", "community", "as_question", "as_reply__question__released_revision"
    ).exclude(state=SubmissionState.DRAFT)
    rows = rows.exclude(kind=SubmissionKind.FLAG)  # reports have a page of their own
    return get_object_or_404(rows, pk=pk, author=request.member)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def my_submission(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one's own message with its history, and take its next wording while it may be changed."""
    submission = _own(request, pk)
    if request.method != "POST":
        kept = kept_fields(request)
        here = drafts_on_page(request, request.member, DraftKind.REVISION, submission, kept=kept)
        form = _form(submission, initial=here.initial | kept)
        return _submission_page(request, submission, form, kept=bool(kept), drafts_here=here)
    if "discard" in request.POST:
        return forget_kept(request, redirect(request.path), request.path)
    form = _form(submission, data=request.POST)
    if "keep" in request.POST:
        try:
            return keep_draft(request, DraftKind.REVISION, submission)
        except NotKept as why:
            form.add_error(None, str(why))
            return _submission_page(request, submission, form, status=400)
    if not form.is_valid():
        return _submission_page(request, submission, form)
    try:
        moderation.revise(
            submission=submission,
            author=request.user,
            version=form.cleaned_data["version"],
            text=form.text,
            now=timezone.now(),
            draft=place_of(request),
        )
    except (moderation.Conflict, InvalidTransition):
        return _overtaken(request, pk, form)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return _submission_page(request, submission, form, status=refusal.status)
    submission.refresh_from_db()
    messages.success(request, _("Sent to the moderator. %s") % expected_decision(submission))
    return forget_kept(request, redirect(request.path), request.path)


def _form(submission: Submission, *, data=None, initial: dict | None = None) -> RevisionForm:
    revision = submission.revision
    now = {"version": submission.version, "title": revision.title, "body": revision.body, "tried": revision.tried}
    return _REVISION_FORMS[submission.kind](data, initial=now | (initial or {}))


def _overtaken(request: HttpRequest, pk: int, form: RevisionForm) -> HttpResponse:
    """Show the message as it stands now, with what was typed kept: a moderator, or another window, was quicker."""
    submission = _own(request, pk)
    form.data = form.data.copy()
    form.data["version"] = str(submission.version)
    last = submission.events.last()
    words = {"what": last.get_action_display(), "when": timezone.localtime(last.at).strftime("%H:%M")}
    form.add_error(None, _("Meanwhile this was %(what)s at %(when)s. Your text is kept below.") % words)
    return _submission_page(request, submission, form, status=409)


def _submission_page(
    request: HttpRequest,
    submission: Submission,
    form: RevisionForm,
    *,
    kept: bool = False,
    drafts_here: DraftsOnPage | None = None,
    status: int = 200,
    appeal_form: AppealForm | None = None,
) -> HttpResponse:
    editable = submission.state in EDITABLE_STATES
    if drafts_here is None:
        drafts_here = drafts_on_page(request, request.member, DraftKind.REVISION, submission)
    answer = _answer(submission)
    given = answer.reason_version if answer else None
    context = {
        "submission": submission,
        "question": submission.thread,
        "form": form if editable or form.is_bound or kept or drafts_here.chosen else None,
        "drafts": drafts_here,
        "editable": editable,
        "again": again_address(submission),
        "withdrawable": (submission.state, Action.WITHDRAW) in TRANSITIONS,
        "kept": kept,
        "history": history_of(submission),
        "answer": answer,
        **_appealing(submission, appeal_form),
        "editing": editing_of(submission) if submission.state in SHOWN_AS_EDITED else None,
        "rule": rule_address(given.rule_link, submission.community) if given else "",
    }
    return render(request, "community/my_submission.html", context, status=status)


def _appealing(submission: Submission, form: AppealForm | None) -> dict:
    """Return what the page says of an appeal: the one there is, the form for one, or why there is none."""
    declined = submission.state == SubmissionState.DECLINED
    refusal = moderation.why_no_appeal(submission, timezone.now()) if declined else ""
    may = declined and not refusal
    return {
        "appeal": Appeal.objects.filter(submission_id=submission.pk).first(),
        "no_appeal": refusal,
        "appeal_form": form or (AppealForm(initial={"version": submission.version}) if may else None),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def my_submission_appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an appeal of a decline; opened as a page, this is the message's, with what was kept of the form."""
    submission = _own(request, pk)
    if request.method != "POST":
        kept = kept_fields(request)
        if not kept:
            return redirect("my_submission", pk=pk)
        form = AppealForm(initial={**kept, "version": submission.version})
        return _submission_page(request, submission, _form(submission), appeal_form=form)
    form = AppealForm(request.POST)
    status = 200
    if form.is_valid():
        data = form.cleaned_data
        now = timezone.now()
        try:
            check_throttles(request, "appeal")
            moderation.appeal(
                submission=submission, author=request.user, version=data["version"], text=data["appeal"], now=now
            )
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
        except (moderation.Conflict, InvalidTransition):
            submission = _own(request, pk)
            form.add_error(None, _("Not sent: it changed meanwhile. Look at it as it stands now."))
            status = 409
        else:
            submission.refresh_from_db()
            messages.success(request, _("Sent to another moderator. %s") % expected_decision(submission))
            return forget_kept(request, redirect("my_submission", pk=pk), request.path)
    return _submission_page(request, submission, _form(submission), appeal_form=form, status=status)


def _answer(submission: Submission) -> ModerationEvent | None:
    """Return the moderator's last words to the author, while they are about the message as it stands."""
    if submission.state == SubmissionState.HIDDEN:
        return submission.events.filter(action=Action.HIDE).select_related("reason").last()
    if submission.state not in (SubmissionState.RETURNED, SubmissionState.DECLINED):
        return None
    told = submission.events.filter(action__in=(Action.RETURN, Action.DECLINE))
    return told.select_related("reason_version").last()


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def my_submission_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own message back before it is out; opened as a page, this is the message's."""
    submission = _own(request, pk)
    if request.method == "POST":
        version = number_in(request.POST.get("version", ""))
        try:
            moderation.withdraw(
                submission=submission,
                author=request.user,
                version=-1 if version is None else version,
                now=timezone.now(),
            )
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        except (moderation.Conflict, InvalidTransition):
            messages.error(request, _("Not withdrawn: it changed meanwhile. Look at it as it stands now."))
        else:
            messages.success(request, _("Withdrawn. Nobody else has seen it."))
    return redirect("my_submission", pk=pk)
