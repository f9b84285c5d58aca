"""What the desk shows, in a constant number of queries. Nothing here changes anything."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from community.enums import READ_KINDS, SubmissionKind
from community.models import Compilation, Flag, FlagReport, Member, ModerationEvent, Question, Reply, Submission, Trust
from community.permissions import Viewer, member_of, moderated_ids_shown
from community.services import moderation
from community.services.moderation import deadlines, kinds
from community.states import Action, SubmissionState, ThreadLife
from community.views.words import due_words

#: An item is marked once it is due within this time.
SOON = timedelta(hours=1)
#: Most exchanges in each list of what can be written up.
COMPILE_LIMIT = 10


@dataclass(frozen=True)
class QueueRow:
    """An item of the queue as its line shows it."""

    item: Submission
    heading: str
    is_overdue: bool
    is_soon: bool
    due_words: str
    is_yours_first: bool = False
    #: Somebody holds it; and it is the viewer who does.
    is_held: bool = False
    is_mine: bool = False
    is_own: bool = False


def heading_of(item: Submission) -> str:
    """Return what the item is called at the desk."""
    return kinds.kind_of(item).heading(item)


def waiting_of_author(item: Submission) -> QuerySet[Submission]:
    """Return what else of the same author waits for a moderator in the same community and could be spam too."""
    could_be = [kind.value for kind in kinds.all_kinds() if Action.MARK_SPAM not in kind.refused]
    same = Submission.objects.waiting().filter(author_id=item.author_id, community_id=item.community_id)
    same = same.filter(kind__in=could_be)
    related = ("revision", "as_question__released_revision", "as_question__revision")
    return same.exclude(pk=item.pk).select_related(*related, "as_reply__question__released_revision")


def decides(user: Viewer) -> bool:
    """Return whether the desk has something for ``user``: a community moderated, or what nobody there decides."""
    if moderated_ids_shown(user):
        return True
    if not user.is_superuser or member_of(user) is None:
        return False
    return Submission.objects.filter(moderation.left_to_administrators()).exists()


def items_of(user: Viewer) -> QuerySet[Submission]:
    """Return what ``user`` may decide on, in every state, with what the desk shows of it."""
    own = Q(community_id__in=moderated_ids_shown(user))
    if user.is_superuser and member_of(user):
        own |= moderation.left_to_administrators()
    rows = Submission.objects.filter(own).not_involving(member_of(user)).prefetch_related(_flags())
    return rows.select_related(
        "community",
        "author__state",
        "author__user",
        "lease_holder",
        "revision",
        "released_revision",
        "appeal__assigned_to",
        "appeal__declined__actor",
        "appeal__declined__reason_version",
        "as_question__sector",
        "as_question__state_of_india",
        "as_reply__question__revision",
        "as_reply__question__released_revision",
        "as_reply__question__sector",
        "as_reply__question__state_of_india",
    )


def _flags() -> Prefetch:
    """Return what a case shows of the reported message; few rows are cases, so it is no part of the great join."""
    about = ("about__author__state", "about__released_revision", "about__revision")
    threads = ("about__as_question__released_revision", "about__as_reply__question__released_revision")
    places = ("about__as_reply__question__sector", "about__as_question__sector")
    return Prefetch("as_flag", queryset=Flag.objects.select_related(*about, *threads, *places))


def rows_of(items: list[Submission], now: datetime, member: Member | None = None) -> list[QueueRow]:
    """Return the lines of a list of items, as ``member`` sees them; who holds them as ``with_holding`` says."""
    calendars = deadlines.calendars_of({item.community_id for item in items}) if items else {}
    viewer = member.pk if member else 0
    return [
        QueueRow(
            item=item,
            heading=heading_of(item),
            is_overdue=item.due_at is not None and item.due_at <= now,
            is_soon=item.due_at is not None and now < item.due_at <= now + SOON,
            due_words=due_words(item.due_at, now, calendars[item.community_id]) if item.due_at else "",
            is_yours_first=member is not None
            and item.preferred_moderator_id == member.pk
            and item.preferred_until is not None
            and item.preferred_until > now,
            is_held=getattr(item, "is_held", False),
            is_mine=getattr(item, "is_held", False) and item.lease_holder_id == viewer,
            is_own=item.author_id == viewer,
        )
        for item in items
    ]


def going_out(items: QuerySet[Submission], now: datetime) -> list[QueueRow]:
    """Return what was approved and can still be undone, soonest first."""
    return rows_of(list(items.filter(state=SubmissionState.APPROVED).order_by("release_at", "pk")), now)


@dataclass(frozen=True)
class Place:
    """Where an item stands in its moderator's queue (None where it waits no more), of how many, and what follows."""

    number: int | None
    count: int
    next_pk: int | None


def place_of(item: Submission, user: Viewer, now: datetime) -> Place:
    """Return the place of ``item``; the next one is the one behind it that is free, else the first that is."""
    waiting = Submission.objects.waiting().filter(community_id__in=moderated_ids_shown(user))
    waiting = waiting.not_involving(member_of(user))
    free = moderation.free_items(moderator=user, now=now).exclude(pk=item.pk).values_list("pk", flat=True)
    if item.state != SubmissionState.PENDING or item.due_at is None:
        return Place(None, waiting.count(), free.first())
    before = Q(due_at__lt=item.due_at) | Q(due_at=item.due_at, pk__lt=item.pk)
    return Place(waiting.filter(before).count() + 1, waiting.count(), free.exclude(before).first() or free.first())


def log_of(item: Submission) -> QuerySet[ModerationEvent]:
    """Return the entries of the item's log, newest first."""
    return item.events.select_related("actor", "reason", "reason_version", "revision_after").order_by("-number")


def handled_by(item: Submission) -> ModerationEvent | None:
    """Return the entry that took the item out of the queue; None while it waits."""
    if item.state == SubmissionState.PENDING:
        return None
    taken_out = log_of(item).filter(from_state=SubmissionState.PENDING).exclude(to_state=SubmissionState.PENDING)
    return taken_out.first()


def record_of(item: Submission) -> dict[str, int]:
    """Return what became of the author's messages so far: numbers by ``released``, ``returned``, ``declined``.

    Of a report it is the author of the reported message.
    """
    author = item.as_flag.about.author_id if item.kind == SubmissionKind.FLAG else item.author_id
    messages = Submission.objects.filter(author_id=author, kind__in=READ_KINDS).exclude(pk=item.pk)
    return messages.aggregate(
        released=Count("pk", distinct=True, filter=Q(state=SubmissionState.RELEASED)),
        returned=Count("pk", distinct=True, filter=Q(events__action=Action.RETURN)),
        declined=Count("pk", distinct=True, filter=Q(state=SubmissionState.DECLINED)),
    )


def can_trust_author(item: Submission, now: datetime) -> bool:
    """Return whether the author may be trusted with what ``item`` is, and is not yet."""
    if item.kind not in settings.TRUSTED_KINDS:
        return False
    own = Trust.objects.current(now).filter(member_id=item.author_id, community_id=item.community_id, kind=item.kind)
    return not own.exists()


def reports_of(item: Submission) -> QuerySet[FlagReport]:
    """Return what everybody reported of the message that a case is about, in the order in which it came."""
    return FlagReport.objects.filter(flag=item.pk).select_related("member__state")


def ready_to_compile(user: Viewer) -> QuerySet[Question]:
    """Return the answered questions that nobody has begun to write up: closed ones first, then the longest waiting."""
    answers = Reply.objects.released().filter(question_id=OuterRef("pk"))
    return (
        Question.objects.filter(community_id__in=moderated_ids_shown(user), state=SubmissionState.RELEASED)
        .exclude(life=ThreadLife.COMPILED)
        .filter(Exists(answers), compilations=None)
        .annotate(answers=Count("replies", filter=Q(replies__state=SubmissionState.RELEASED)))
        .select_related("released_revision", "community")
        .order_by("life", "released_at", "pk")
    )


def being_compiled(user: Viewer) -> QuerySet[Question]:
    """Return the questions whose draft is begun and not public, with its page and who began it."""
    drafts = Compilation.objects.filter(page__live=False).select_related("page", "started_by")
    return (
        Question.objects.filter(community_id__in=moderated_ids_shown(user), compilations__in=drafts)
        .select_related("released_revision", "community")
        .prefetch_related(Prefetch("compilations", queryset=drafts, to_attr="drafts"))
        .order_by("pk")
        .distinct()
    )
