"""Solution, case study, best practice: what stands around an article."""

from dataclasses import dataclass
from itertools import groupby

from django.db.models import CharField, Q, QuerySet, Value
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from wagtail.blocks import StreamValue

from knowledge.filters import union
from knowledge.models import BestPracticePage, CaseStudyPage, Cluster, KnowledgePage, SolutionPage, Stage

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
    return around | {"terms": _terms(page), "trail": [_section(page, request)]}


def passages(stream: StreamValue) -> list[Passage]:
    """Return the blocks of a solution with the steps that follow each other taken together."""
    return [Passage(kind, tuple(blocks)) for kind, blocks in groupby(stream, key=lambda block: block.block_type)]


def _around_solution(page: SolutionPage, request: HttpRequest) -> dict[str, object]:
    near = Q(pk__in=_chosen(page, "case_studies").values("pk")) | Q(pk__in=_chosen(page, "best_practices").values("pk"))
    return {
        "passages": passages(page.solution),
        "quotes": [block for block in page.experiences if block.block_type == "quote"],
        "experiences": [block for block in page.experiences if block.block_type == "experience"],
        "groups": registry_rows(
            schemes=_chosen(page, "schemes").current(),
            centres=_chosen(page, "resource_centres").current(),
            initiatives=_chosen(page, "initiatives").current(),
        ),
        "pages": page_rows(current_pages().filter(near), request),
        "questions": page.frequent_questions.all(),
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


def _terms(page: KnowledgePage) -> list[tuple[str, str]]:
    """Return the terms an article is filed under as (words, address), in one query."""
    parts: list[QuerySet] = [
        _chosen(page, f"{kind}s").values_list(Value(kind, CharField()), "slug", "name", "name_hi")
        for kind in ("theme", "sector", "state")
    ]
    if page.stage_id:
        stages = Stage.objects.filter(pk=page.stage_id)
        parts.append(stages.order_by().values_list(Value("stage", CharField()), "slug", "name", "name_hi"))
    hindi, search = get_language() == "hi", reverse("search")
    found: dict[str, list[tuple[str, str]]] = {}
    for kind, slug, name, name_hi in union(parts):
        address = reverse("theme_detail", args=[slug]) if kind == "theme" else f"{search}?{urlencode({kind: slug})}"
        found.setdefault(kind, []).append(((hindi and name_hi) or name, address))
    return [term for kind in ("theme", "sector", "state", "stage") for term in sorted(found.get(kind, ()))]


def _section(page: KnowledgePage, request: HttpRequest) -> tuple[str, str]:
    parent = page.get_parent()
    return parent.title, parent.get_url(request) or "/"
