"""How a question becomes searchable: its title for everybody, its words and answers for those who may read them.

Names of people are in no part: the asker's belongs to the body, and nobody should be found by having asked.
"""

import re
from collections.abc import Iterator
from itertools import islice

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import override

from knowledge.models import Theme
from knowledge.sanitize import plain_text
from knowledge.search_terms import slugs_of, terms_of
from search.documents import PUBLIC, Part, SearchDocument, community_audience
from search.indexing import schedule_indexes

from . import visibility
from .models import Community, Compilation, Membership, MeToo, Question, Reply
from .permissions import Viewer, member_of

KIND = "question"
#: Rows of the outbox that a change of a whole community writes at a time.
SCHEDULED_AT_ONCE = 1000
_DEVANAGARI = re.compile("[\u0900-\u097f]")
#: The columns that a document is made of; the rest, Markdown among it, is most of a thread's rows.
_READ = (
    "slug",
    "released_at",
    "community__slug",
    "community__threads_public",
    *(f"released_revision__{name}" for name in ("title", "body", "body_html", "tried_html")),
    "summary__body_html",
    "state_of_india__slug",
    "sector__slug",
    "sector__parent__slug",
)
_ME_TOO_COUNT = (
    MeToo.objects.filter(question=OuterRef("pk"))
    .order_by()
    .values("question")
    .annotate(count=Count("pk"))
    .values("count")
)


class QuestionSource:
    """The released questions, each with its released replies."""

    name = "questions"
    kinds = (KIND,)

    def keys(self) -> Iterator[str]:
        """Yield the keys of the released questions."""
        for pk in Question.objects.released().order_by("pk").values_list("pk", flat=True).iterator():
            yield f"{KIND}:{pk}"

    def documents(self, keys: list[str]) -> Iterator[SearchDocument]:
        """Yield the documents of those ``keys`` that are released now."""
        questions = list(
            Question.objects.released()
            .filter(pk__in=_pks(keys))
            .select_related("community", "released_revision", "summary", "state_of_india", "sector__parent")
            .only(*_READ)
            .annotate(me_too_count=Coalesce(Subquery(_ME_TOO_COUNT), 0))
        )
        themes = terms_of("themes", questions)
        answers = _answers([question.pk for question in questions])
        with override("en"):
            found = [_document(question, themes[question.pk], answers[question.pk]) for question in questions]
        yield from found

    def visible(self, keys: list[str], viewer: Viewer | None) -> set[str]:
        """Return those of ``keys`` whose title ``viewer`` may read now."""
        reader = visibility.reader_of(viewer or AnonymousUser())
        readable = Question.objects.filter(visibility.readable(reader, visibility.Part.TITLE), pk__in=_pks(keys))
        return {f"{KIND}:{pk}" for pk in readable.exclude(slug=None).values_list("pk", flat=True)}


def _pks(keys: list[str]) -> list[int]:
    return [int(number) for kind, _colon, number in (key.partition(":") for key in keys) if kind == KIND]


def _answers(pks: list[int]) -> dict[int, list[str]]:
    """Return the HTML of the released replies to each of these questions, in their order."""
    found: dict[int, list[str]] = {pk: [] for pk in pks}
    replies = Reply.objects.released().filter(question__in=pks).order_by("released_at", "pk")
    for question, html in replies.values_list("question_id", "released_revision__body_html"):
        found[question].append(html)
    return found


def _document(question: Question, themes: list[Theme], answers: list[str]) -> SearchDocument:
    revision = question.released_revision
    texts = [plain_text(revision.body_html), plain_text(revision.tried_html)]
    texts += map(plain_text, [question.summary.body_html, *answers] if question.summary else answers)
    community = question.community
    inside = {community_audience(community.slug)} | ({PUBLIC} if community.threads_public else set())
    return SearchDocument(
        key=f"{KIND}:{question.pk}",
        kind=KIND,
        url=question.get_absolute_url(),
        title=revision.title,
        parts=(
            Part(audiences=frozenset({PUBLIC}), title=revision.title),
            Part(audiences=frozenset(inside), body="\n\n".join(text for text in texts if text)),
        ),
        language=_language(revision.title + revision.body),
        themes=slugs_of(themes),
        sectors=slugs_of([question.sector] if question.sector else []),
        states=(question.state_of_india.slug,) if question.state_of_india else (),
        published_at=question.released_at,
        usefulness=question.me_too_count,
    )


def _language(text: str) -> str:
    """Return the language that a member wrote in, by the script of most letters."""
    if not _DEVANAGARI.search(text):  # most texts, found out without a look at each letter
        return "en"
    letters = [sign for sign in text if sign.isalpha()]
    devanagari = sum("\u0900" <= sign <= "\u097f" for sign in letters)
    return "hi" if letters and devanagari * 2 > len(letters) else "en"


def usefulness_of_solutions(pks: list[int]) -> dict[int, int]:
    """Return how many members have a problem that was written up in each of these solutions, where there are any."""
    counted = Compilation.objects.filter(page__in=pks, published_at__isnull=False).values("page_id").order_by()
    counted = counted.annotate(members=Count("question__me_toos__member", distinct=True)).filter(members__gt=0)
    return dict(counted.values_list("page_id", "members"))


def audiences(viewer: Viewer | None) -> set[str]:
    """Return the audiences of a user: the communities that the user is a member of now, in whatever role."""
    member = member_of(viewer or AnonymousUser())
    if member is None:
        return set()
    slugs = Membership.objects.current().filter(member=member).values_list("community__slug", flat=True)
    return {community_audience(slug) for slug in slugs}


def questions_of(community: Community) -> QuerySet[Question]:
    """Return the questions whose documents depend on the community's columns."""
    return Question.objects.filter(community=community).exclude(slug=None)


def reindex_community(sender, instance: Community, created: bool, raw: bool = False, **kwargs) -> None:
    """Have all questions of a community taken anew where it changed who may read their bodies."""
    if created or raw or instance.threads_were_public == instance.threads_public:
        return
    pks = questions_of(instance).order_by("pk").values_list("pk", flat=True).iterator(chunk_size=SCHEDULED_AT_ONCE)
    while batch := list(islice(pks, SCHEDULED_AT_ONCE)):
        schedule_indexes(KIND, batch)
    instance.threads_were_public = instance.threads_public
