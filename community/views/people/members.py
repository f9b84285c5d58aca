"""The page of a member: who they are, what they gave, and what became of it. It ranks nobody."""

from collections import defaultdict

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from community.enums import SubmissionKind
from community.models import Compilation, Contribution, Member, Quote, Reply, Submission
from community.services import threads
from community.views.access import member_required
from community.visibility import contributions_shown, may_see_member, reader_of
from knowledge.models import SolutionPage

PAGE_SIZE = 20
MOST_SOLUTIONS = 20


@require_safe
@member_required
def member_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a member to the people they meet here; to everybody else there is no such page."""
    reader = reader_of(request.user)
    member = Member.objects.present().select_related("state").prefetch_related("themes").filter(slug=slug).first()
    if member is None or not may_see_member(reader, member):
        return render(request, "community/member_unknown.html", status=404)
    rows = contributions_shown(reader, member).select_related(
        "community",
        "released_revision",
        "as_question",
        "as_reply__question__released_revision",
    )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    memberships = member.memberships.current().filter(community_id__in=reader.communities)
    context = {
        "member": member,
        "is_own": member.pk == reader.member_id,
        "memberships": memberships.select_related("community").order_by("community__name"),
        "page_obj": page,
        "items": _with_what_became(list(page)),
        "written": _written(member),
    }
    return render(request, "community/member_detail.html", context)


def _solutions() -> QuerySet[SolutionPage]:
    return SolutionPage.objects.current()


def _written(member: Member) -> list[Contribution]:
    """Return the member's part in solutions that everybody may read, beside asking and answering."""
    rows = Contribution.objects.filter(member=member, part__in=("compiled", "approved"), page__in=_solutions())
    return list(rows.select_related("page").order_by("-page__last_published_at", "-pk")[:MOST_SOLUTIONS])


def _with_what_became(submissions: list[Submission]) -> list[dict]:
    """Return each with its thread, its number of answers and uses, where it was written up and where it is quoted."""
    thread_of = {each.pk: each.thread for each in submissions}
    questions = {thread.pk for thread in thread_of.values()}
    counted = Reply.objects.released().filter(question__in=questions).order_by().values("question")
    answers = dict(counted.annotate(number=Count("pk")).values_list("question", "number"))
    written_up, quoted = defaultdict(list), defaultdict(list)
    compiled = Compilation.objects.filter(
        question__in=questions, published_at__isnull=False, page__in=_solutions()
    ).select_related("page")
    for row in compiled.order_by("pk"):
        written_up[row.question_id].append(row.page)
    replies = [each.pk for each in submissions if each.kind == SubmissionKind.REPLY]
    uses = threads.uses_of(replies) if replies else {}
    for row in Quote.objects.filter(reply__in=replies, page__in=_solutions()).select_related("page").order_by("pk"):
        if row.page not in quoted[row.reply_id]:
            quoted[row.reply_id].append(row.page)
    return [
        {
            "submission": each,
            "question": thread_of[each.pk],
            "marks": uses.get(each.pk),
            "answers": answers.get(each.pk, 0),
            "quoted": quoted[each.pk],
            "written_up": [page for page in written_up[thread_of[each.pk].pk] if page not in quoted[each.pk]],
        }
        for each in submissions
    ]
