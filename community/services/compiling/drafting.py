"""From an exchange to the fields of a draft: what members wrote, sorted, without a word of our own."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from django.db.models import Model, Q

from community.enums import ReplyKind, UseMark
from community.models import Member, Question, Reply
from community.services.threads import uses_of
from knowledge.models import BestPracticePage, CaseStudyPage, Initiative, ResourceCentre, Scheme
from knowledge.sanitize import plain_text
from knowledge.services.naming import namings_in

_SENTENCE_END = re.compile(r"(?<=[.!?।])\s+")
_ADDRESS = re.compile(r"/(cases|practices|schemes|centres|initiatives)/([-\w]+)/")


@dataclass(frozen=True)
class Related:
    """What the exchange names of what we know."""

    schemes: list[Scheme] = field(default_factory=list)
    resource_centres: list[ResourceCentre] = field(default_factory=list)
    initiatives: list[Initiative] = field(default_factory=list)
    case_studies: list[CaseStudyPage] = field(default_factory=list)
    best_practices: list[BestPracticePage] = field(default_factory=list)


def problem_text(question: Question) -> str:
    """Return the question as plain text with what was tried."""
    shown = question.text
    return "\n\n".join(part for part in (plain_text(shown.body_html), plain_text(shown.tried_html)) if part)


def most_useful_first(replies: Iterable[Reply]) -> list[Reply]:
    """Return ``replies`` with those first that the asker used, then partly; those that do not fit come last."""
    replies = list(replies)
    marks = {reply: uses.by_asker for reply, uses in uses_of(replies).items()}
    order = {UseMark.USED: 0, UseMark.PARTLY: 1, "": 2, UseMark.NOT_HERE: 3}
    return sorted(replies, key=lambda reply: order[marks.get(reply.pk, "")])


def summary_of(question: Question, length: int = 300) -> str:
    """Return the first sentences of the moderators' summary of the thread, else of the question."""
    source = question.summary or question.text
    summary = ""
    for sentence in _SENTENCE_END.split(" ".join(plain_text(source.body_html).split())):
        longer = f"{summary} {sentence}".strip()
        if len(longer) > length:
            break
        summary = longer
    return summary


def solution_blocks(replies: list[Reply]) -> list[tuple[str, str]]:
    """Return the advice and references as paragraphs, advice first: where the compiler starts from."""
    given = sorted(
        (reply for reply in replies if reply.reply_kind != ReplyKind.EXPERIENCE),
        key=lambda reply: reply.reply_kind != ReplyKind.ADVICE,
    )
    lines = [line for reply in given for line in plain_text(reply.text.body_html).splitlines()]
    return [("paragraph", f"<p>{escape(line, quote=False)}</p>") for line in lines]


def experience_blocks(replies: list[Reply]) -> list[tuple[str, dict]]:
    """Return each experience as a quote of the reply's whole text."""
    return [
        (
            "quote",
            {
                "text": reply.released_revision.body,
                "reply": reply.pk,
                "revision": reply.released_revision_id,
                "attribution": attribution(reply.author),
            },
        )
        for reply in replies
        if reply.reply_kind == ReplyKind.EXPERIENCE
    ]


def attribution(member: Member) -> str:
    """Return by whom a quote is: role and place; a sample's name is its role."""
    return (member.role_line or str(member))[:160]


def contributor_blocks(question: Question, replies: list[Reply], compiler: Member) -> list[tuple[str, dict]]:
    """Return who asked, who answered how often, and who compiled."""
    people = {reply.author_id: reply.author for reply in replies}
    counts = Counter(reply.author_id for reply in replies)
    parts = [(question.author, "asked", 1)]
    parts += [(people[author_id], "replied", count) for author_id, count in counts.items()]
    parts += [(compiler, "compiled", 1)]
    return [
        (
            "contributor",
            {
                "member": member.pk,
                "name": str(member)[:160],
                "place": member.role_line[:160],
                "part": part,
                "count": count,
            },
        )
        for member, part, count in parts
    ]


def related_to(question: Question, replies: list[Reply]) -> Related:
    """Find what the texts name or link to: entries by name, short name and other names, pages by address or town."""
    revisions = [question.text, *(reply.text for reply in replies)]
    text = "\n".join(f"{revision.title}\n{revision.body}\n{revision.tried}" for revision in revisions)
    linked = {(section, slug) for section, slug in _ADDRESS.findall(text)}
    named = {(naming.kind, naming.pk) for naming in namings_in(text)}
    return Related(
        schemes=_named(Scheme, "schemes", named, linked),
        resource_centres=_named(ResourceCentre, "centres", named, linked),
        initiatives=_named(Initiative, "initiatives", named, linked),
        case_studies=_cases(question, text, linked),
        best_practices=[page for page in BestPracticePage.objects.current() if ("practices", page.slug) in linked],
    )


def _named(model: type[Model], section: str, named: set[tuple[str, int]], linked: set[tuple[str, str]]) -> list[Model]:
    pks = [pk for kind, pk in named if kind == model.kind]
    slugs = [slug for other, slug in linked if other == section]
    return list(model.objects.current().filter(Q(pk__in=pks) | Q(slug__in=slugs)))


def _stands_in(name: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name.strip())}(?!\w)", text) is not None


def _cases(question: Question, text: str, linked: set[tuple[str, str]]) -> list[CaseStudyPage]:
    themes = {theme.pk for theme in question.themes.all()} | {theme.parent_id for theme in question.themes.all()}
    found = []
    for page in CaseStudyPage.objects.current().select_related("cluster").prefetch_related("themes", "sectors"):
        town = page.cluster.city if page.cluster else ""
        near = bool(themes & {theme.pk for theme in page.themes.all()}) or question.sector_id in {
            sector.pk for sector in page.sectors.all()
        }
        if ("cases", page.slug) in linked or (town and near and _stands_in(town, text)):
            found.append(page)
    return found
