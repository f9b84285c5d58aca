"""Reporting a message that is out, and what came of one's reports."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.forms.cases import ReportForm
from community.forms.numbers import number_in
from community.models import FlagReport, Question, Reply, Submission
from community.permissions import NotAllowed
from community.services import contributing, flags
from community.visibility import may_read, reader_of

from ..access import check_throttles, member_required
from ..kept_forms import forget_kept, kept_fields

REPORTS_PER_PAGE = 20


def _message(request: HttpRequest, slug: str, number: str) -> Submission:
    """Return the question, or its answer with this number; what the member may not read is as missing as none."""
    question = get_object_or_404(Question.objects.select_related("community", "released_revision", "author"), slug=slug)
    about: Submission = question
    if number:
        if number_in(number) is None:
            raise Http404
        replies = Reply.objects.filter(question=question).select_related("released_revision", "author", "community")
        about = get_object_or_404(replies, pk=number)
    reader = reader_of(request.user)
    if not may_read(reader, question) or not may_read(reader, about):
        raise Http404
    return about


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a report of a released question, or of the answer that ``?reply=`` names."""
    if "discard" in request.POST:
        return forget_kept(request, redirect(request.path), request.path)
    kept = kept_fields(request)
    number = request.POST.get("reply", "") or request.GET.get("reply", "") or kept.get("reply", "")
    about = _message(request, slug, number)
    refusal = flags.why_not(about=about, member=request.member)
    if request.method != "POST":
        form = None if refusal else ReportForm(initial={"reply": number} | kept)
        return _page(request, about, form, refusal=refusal, kept=bool(kept))
    form = ReportForm(request.POST)
    if not form.is_valid() and not refusal:
        return _page(request, about, form)
    try:
        check_throttles(request, "flag")
        flags.report(
            about=about,
            member=request.member,
            why=form.cleaned_data.get("why", ""),
            words=form.cleaned_data.get("words", ""),
            now=timezone.now(),
        )
    except contributing.NotNow as refused:
        form.add_error(None, str(refused))
        return _page(request, about, form, status=refused.status)
    except NotAllowed as refused:
        return _page(request, about, None, refusal=str(refused), status=403)
    messages.success(request, _("Thank you. The moderators look at it, and you will get a mail with what came of it."))
    return forget_kept(request, redirect("my_reports"), request.path)


def _page(
    request: HttpRequest,
    about: Submission,
    form: ReportForm | None,
    *,
    refusal: str = "",
    kept: bool = False,
    status: int = 200,
) -> HttpResponse:
    context = {"about": about, "question": about.thread, "form": form, "refusal": refusal, "kept": kept}
    return render(request, "community/report.html", context, status=status)


@require_safe
@member_required
def my_reports(request: HttpRequest) -> HttpResponse:
    """List what the member reported, and what came of it."""
    threads = ("flag__about__as_question__released_revision", "flag__about__as_reply__question__released_revision")
    rows = FlagReport.objects.filter(member=request.member).select_related("flag__community", *threads)
    page = Paginator(rows.order_by("-made_at", "-pk"), REPORTS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "community/my_reports.html", {"page_obj": page})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def my_report_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's report back; opened as a page, this is the list of one's reports."""
    own = get_object_or_404(FlagReport, pk=pk, member=request.member)
    if request.method == "POST":
        try:
            flags.take_back(report=own, member=request.member, now=timezone.now())
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Taken back."))
    return redirect("my_reports")
