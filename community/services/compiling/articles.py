"""From exchange to article: starting the draft, and what publishing it means for the exchange.

What is quoted and who contributed are rows that follow the live page. They are rebuilt in the transaction that
changes it (``community.signal_handlers``), and ``reconcile`` finds what broke off all the same.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context
from wagtail.models import TaskState

from community.models import (
    Compilation,
    Contribution,
    Member,
    Question,
    Quote,
    Reply,
    SolutionApprovalTask,
    compiler_ids,
)
from community.permissions import NotAllowed, Viewer, moderates
from community.quoting import FoundQuote, QuoteRefused, find_quote
from community.services import distribution, threads
from community.states import SubmissionState, ThreadLife
from knowledge.models import SolutionIndexPage, SolutionPage
from knowledge.slugs import unique_slug
from search.indexing import schedule_index

from . import drafting

_moment: ContextVar[datetime | None] = ContextVar("moment of a publishing", default=None)


class NotSecondPerson(PermissionDenied):
    """A compiled page was about to go live without a second person's approval."""


class ForgedQuote(PermissionDenied):
    """A page was about to go live with a quote that its reply does not bear out."""


@contextmanager
def at_moment(now: datetime) -> Iterator[None]:
    """Give what follows from a publishing inside this block the time ``now``: Wagtail's signals carry none."""
    token = _moment.set(now)
    try:
        yield
    finally:
        _moment.reset(token)


# Starting


def may_compile(question: Question, user: Viewer) -> bool:
    """Return whether ``user`` may write ``question`` up now: a moderator, and there is something to write up."""
    return (
        question.state == SubmissionState.RELEASED
        and moderates(user, question.community)
        and question.replies.released().exists()
    )


@transaction.atomic
def start_compilation(
    *, question: Question, moderator: Viewer, now: datetime, page: SolutionPage | None = None
) -> SolutionPage:
    """Start the draft of a solution from a released question and its released replies; return its page.

    Asked again, returns the draft that was started before. ``page`` is a solution that exists already: it gets the
    quotes and contributors of the exchange in a new draft and keeps all its own words. Raises NotAllowed.
    """
    locked = Question.objects.select_for_update(of=("self",) if connection.features.has_select_for_update_of else ())
    question = locked.select_related("community", "author", "released_revision", "summary").get(pk=question.pk)
    if started := question.compilations.select_related("page").order_by("pk").first():
        return started.page
    if not moderates(moderator, question.community):
        raise NotAllowed(_("Only moderators of this community write its exchanges up."))
    if question.state != SubmissionState.RELEASED:
        raise NotAllowed(_("Only a released question is written up."))
    replies = drafting.most_useful_first(question.replies.listed())
    if not replies:
        raise NotAllowed(_("There is no released answer to write up yet."))
    page = _add_draft(question, replies, moderator) if page is None else page.get_latest_revision_as_object()
    page.experiences.extend(drafting.experience_blocks(replies))
    page.contributors.extend(drafting.contributor_blocks(question, replies, moderator.member))
    page.save_revision(user=moderator, log_action=True, clean=False)  # a draft may lack what publishing asks for
    Compilation.objects.create(question=question, page=page, started_by=moderator.member, started_at=now)
    return page


def _add_draft(question: Question, replies: list[Reply], moderator: Viewer) -> SolutionPage:
    section = SolutionIndexPage.objects.order_by("path").first()
    if section is None:
        raise NotAllowed(_("There is no section of solutions to write into: run bootstrap_site."))
    page = SolutionPage(
        title=question.title,
        slug=unique_slug(question.title, section.get_children()),
        locale=section.locale,
        live=False,
        owner=moderator,
        subject=question.title[:120],
        summary=drafting.summary_of(question),
        problem=drafting.problem_text(question),
        solution=drafting.solution_blocks(replies),
    )
    related = drafting.related_to(question, replies)
    page.themes.set(question.themes.all())
    page.sectors.set([question.sector] if question.sector else [])
    page.states.set([question.state_of_india] if question.state_of_india else [])
    page.schemes.set(related.schemes)
    page.resource_centres.set(related.resource_centres)
    page.initiatives.set(related.initiatives)
    page.case_studies.set(related.case_studies)
    page.best_practices.set(related.best_practices)
    section.add_child(instance=page)
    return page


# Publishing


def check_publishing(page: SolutionPage) -> None:
    """Ask, before a page goes live, what no permission and no button decides.

    Whatever way it is published, a compiled page needs the approval of its very revision by somebody who neither
    compiled it nor wrote that revision, and every quote must stand in a released reply. Only a command on the
    server, which nobody is signed in to, publishes without: it carries no person's words.
    Raises NotSecondPerson, ForgedQuote.
    """
    quotes_of(page)
    if not is_compiled(page) or page.alias_of_id:
        return
    revision = page.live_revision
    nobody = get_active_log_context().user is None and (revision is None or revision.user_id is None)
    if not nobody and approval_of(page) is None:
        raise NotSecondPerson(
            _("This page was compiled from an exchange. Send it for approval: a second person publishes it.")
        )


def is_compiled(page: SolutionPage) -> bool:
    """Return whether the page holds what members wrote: an exchange was compiled into it, or it quotes one."""
    return any(block.block_type == "quote" for block in page.experiences) or (
        page.pk is not None and Compilation.objects.filter(page_id=page.pk).exists()
    )


def approval_of(page: SolutionPage) -> TaskState | None:
    """Return the second person's approval of the live revision, or None where there is none."""
    revision = page.live_revision
    if revision is None or revision.object_id != str(page.pk):  # a copy names the revision of its original
        return None
    tasks = SolutionApprovalTask.objects.values("task_ptr_id")
    barred = compiler_ids(page.pk) | {revision.user_id}
    return (
        TaskState.objects.filter(
            task_id__in=tasks,
            revision=revision,
            status=TaskState.STATUS_APPROVED,
            finished_by__isnull=False,
            finished_at__gte=revision.created_at,  # autosave writes into a revision; what came later nobody read
        )
        .exclude(finished_by__in=[pk for pk in barred if pk])
        .exclude(finished_by=F("workflow_state__requested_by"))
        .order_by("-finished_at")
        .first()
    )


def quotes_of(page: SolutionPage) -> list[tuple[str, FoundQuote]]:
    """Return the block ids and sources of the page's quotes. Raises ForgedQuote."""
    found = []
    for block in page.experiences:
        if block.block_type != "quote":
            continue
        value = block.value
        try:
            source = find_quote(text=value["text"] or "", reply=value["reply"], revision=value["revision"])
        except QuoteRefused as refused:
            raise ForgedQuote(f"“{(value['text'] or '')[:60]}…”: {refused}") from refused
        found.append((block.id, source))
    return found


@transaction.atomic
def bring_in_step(*, page: SolutionPage, now: datetime | None = None) -> None:
    """Make quotes, contributions, compilations and the life of the questions follow what is live.

    ``page`` holds the live content. Safe to repeat: only the first publishing tells the followers. Raises ForgedQuote.
    """
    now = now or _moment.get() or timezone.now()
    if page.live:
        _rebuild_rows(page)
        _record_published(page, now)
    else:
        Quote.objects.filter(page_id=page.pk).delete()
        Contribution.objects.filter(page_id=page.pk).delete()
        _take_back(page)


def _rebuild_rows(page: SolutionPage) -> None:
    sources = quotes_of(page)
    Quote.objects.filter(page_id=page.pk).delete()
    Quote.objects.bulk_create(
        Quote(
            page_id=page.pk,
            block_id=block_id,
            reply=source.reply,
            revision=source.revision,
            start=source.start,
            end=source.end,
            text_hash=source.text_hash,
        )
        for block_id, source in sources
    )
    parts = {
        (block.value["member"], block.value["part"])
        for block in page.contributors
        if block.value["member"] and block.value["part"]
    }
    approval = approval_of(page)
    if approval and (approver := Member.objects.filter(user_id=approval.finished_by_id).first()):
        parts.add((approver.pk, "approved"))
    known = set(Member.objects.filter(pk__in={member for member, _part in parts}).values_list("pk", flat=True))
    Contribution.objects.filter(page_id=page.pk).delete()
    Contribution.objects.bulk_create(
        Contribution(page_id=page.pk, member_id=member, part=part) for member, part in sorted(parts) if member in known
    )


def _record_published(page: SolutionPage, now: datetime) -> None:
    compilations = list(Compilation.objects.filter(page_id=page.pk).select_related("question__community"))
    for compilation in compilations:
        question = compilation.question
        is_first = compilation.published_at is None
        Compilation.objects.filter(pk=compilation.pk).update(published_at=page.last_published_at or now)
        threads.write_up(question=question, now=now, is_first=is_first)
        distribution.record_compiled(question=question, page_id=page.pk, now=now)
        schedule_index("question", question.pk)
    if compilations:
        schedule_index("solution", page.pk)


def _take_back(page: SolutionPage) -> None:
    question_ids = list(Compilation.objects.filter(page_id=page.pk).values_list("question_id", flat=True))
    Compilation.objects.filter(page_id=page.pk).update(published_at=None)
    close_without_page(question_ids)


def close_without_page(question_ids: list[int]) -> int:
    """Call those of the questions merely closed whose last live page is gone; return how many they were."""
    written_up = Compilation.objects.filter(page__live=True).values("question_id")
    left = Question.objects.filter(pk__in=question_ids, life=ThreadLife.COMPILED).exclude(pk__in=written_up)
    ids = list(left.values_list("pk", flat=True))
    now = _moment.get() or timezone.now()
    for pk in ids:
        threads.take_back(question_id=pk, now=now)
    return len(ids)


def reconcile(*, now: datetime) -> int:
    """Find the pages whose rows do not follow what is live, bring them in step, and return how many they were."""
    behind = Compilation.objects.filter(
        Q(page__live=True) & (Q(published_at=None) | ~Q(published_at=F("page__last_published_at")))
        | Q(page__live=False, published_at__isnull=False)
    )
    healed = 0
    for page in SolutionPage.objects.filter(pk__in=behind.values("page_id")):
        try:
            bring_in_step(page=page, now=now)
        except ForgedQuote:
            continue  # a reply was hidden since: the page is for a moderator to mend, the others go on
        healed += 1
    orphans = Question.objects.filter(life=ThreadLife.COMPILED).exclude(compilations__page__live=True)
    return healed + close_without_page(list(orphans.values_list("pk", flat=True)))
