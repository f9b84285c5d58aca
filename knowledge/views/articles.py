"""Solution, case study, best practice: what stands around an article."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import CharField, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from wagtail.blocks import StreamValue

from knowledge.blocks import shown_blocks, shown_contributors
from knowledge.models import (
    BestPracticePage,
    CaseStudyPage,
    Cluster,
    FrequentQuestion,
    KnowledgePage,
    SolutionPage,
    Stage,
)
from knowledge.views.filters import union
from search.kinds import KINDS

from .rows import current_pages, page_rows, registry_rows


@dataclass(frozen=True)
class Passage:
    """A paragraph of a solution, or a run of steps that are numbered together."""

    kind: str
    blocks: tuple


def article_context(page: KnowledgePage, request: HttpRequest) -> dict[str, object]:
    """Return the terms, the related things of both directions and the sources of an article."""
    if isinstance(page, SolutionPage):
        around = _around_solution(page, request)
    elif isinstance(page, CaseStudyPage):
        around = _around_case(page, request)
    else:
        around = _around_practice(page, request)
    return around | _attached(page) | {"trail": [_section(page, request)]}


def passages(stream: StreamValue) -> list[Passage]:
    """Return the blocks of a solution with the steps that follow each other taken together."""
    return [Passage(kind, tuple(blocks)) for kind, blocks in groupby(stream, key=lambda block: block.block_type)]


def _around_solution(page: SolutionPage, request: HttpRequest) -> dict[str, object]:
    near = Q(pk__in=_chosen(page, "case_studies").values("pk")) | Q(pk__in=_chosen(page, "best_practices").values("pk"))
    shown = shown_blocks(page.experiences)
    return {
        "passages": passages(page.solution),
        "quotes": [block for block in shown if block.block_type == "quote"],
        "experiences": [block for block in shown if block.block_type == "experience"],
        "contributors": shown_contributors(page.contributors),
        "groups": registry_rows(
            schemes=_chosen(page, "schemes").current(),
            centres=_chosen(page, "resource_centres").current(),
            initiatives=_chosen(page, "initiatives").current(),
        ),
        "pages": page_rows(current_pages().filter(near), request),
    }


def _around_case(page: CaseStudyPage, request: HttpRequest) -> dict[str, object]:
    near = Q(solutionpage__case_studies=page.pk) | Q(bestpracticepage__evidence=page.pk)
    return {
        "groups": registry_rows(
            cluster=Cluster.objects.current().filter(pk=page.cluster_id),
            schemes=_chosen(page, "schemes").current(),
            actors=_chosen(page, "actors").current(),
        ),
        "pages": page_rows(current_pages().filter(near).distinct(), request),
    }


def _around_practice(page: BestPracticePage, request: HttpRequest) -> dict[str, object]:
    near = Q(pk__in=_chosen(page, "evidence").values("pk")) | Q(solutionpage__best_practices=page.pk)
    return {"pages": page_rows(current_pages().filter(near).distinct(), request)}


def _chosen(page: KnowledgePage, name: str) -> QuerySet:
    """Return the rows of the many-to-many field ``name``; a draft that is previewed has them in memory alone."""
    field = page._meta.get_field(name)
    rows = field.related_model.objects.order_by()
    in_memory = getattr(page, "_cluster_related_objects", None) or {}
    if name in in_memory:
        return rows.filter(pk__in=[row.pk for row in in_memory[name]])
    return rows.filter(**{field.related_query_name(): page.pk})


def _attached(page: KnowledgePage) -> dict[str, object]:
    """Return the terms as (words, address), the sources and the frequent questions of an article, in one query."""
    text = CharField()
    no_year = Cast(Value(None), IntegerField())
    parts: list[QuerySet] = [
        _chosen(page, f"{kind}s").values_list(Value(kind, text), "slug", "name", "name_hi", no_year)
        for kind in ("theme", "sector", "state")
    ]
    stages = Stage.objects.filter(pk=page.stage_id).order_by()
    parts.append(stages.values_list(Value("stage", text), "slug", "name", "name_hi", no_year))
    parts.append(_chosen(page, "sources").values_list(Value("source", text), "url", "title", "publisher", "year"))
    if isinstance(page, SolutionPage):
        questions = FrequentQuestion.objects.filter(solution=page.pk).order_by()
        parts.append(questions.values_list(Value("faq", text), "slug", "question", Cast("answer", text), no_year))

    found: dict[str, list[tuple]] = {}
    for kind, slug, name, more, year in union(parts):
        found.setdefault(kind, []).append((name, slug, more, year))
    hindi, search, faq = get_language() == "hi", reverse("search"), reverse("faq")
    terms = []
    for kind in ("theme", "sector", "state", "stage"):
        for name, slug, name_hi, _year in sorted(found.get(kind, ())):
            address = reverse("theme_detail", args=[slug]) if kind == "theme" else f"{search}?{urlencode({kind: slug})}"
            terms.append(((hindi and name_hi) or name, address))
    return {
        "terms": terms,
        "documents": [
            {"title": title, "url": url, "publisher": publisher, "year": year}
            for title, url, publisher, year in sorted(found.get("source", ()), key=lambda source: source[0])
        ],
        "questions": [
            {"question": question, "answer": answer, "url": f"{faq}#{slug}"}
            for question, slug, answer, _year in found.get("faq", ())
        ],
    }


def _section(page: KnowledgePage, request: HttpRequest) -> tuple[str, str]:
    """Return the words and the address of the section above ``page``, which the address of the page holds."""
    address = page.get_url(request) or "/"
    return str(KINDS[page.kind].plural), address.removesuffix("/").rpartition("/")[0] + "/"
