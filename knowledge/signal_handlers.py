"""Keeping the index in step with what is known. Drafts change nothing: only what is live, or was, is noted."""

from collections.abc import Iterable

from django.db.models import Model, Q, QuerySet
from django.db.models.signals import post_delete, post_save, pre_delete
from wagtail.models import Page, PageViewRestriction
from wagtail.signals import (
    page_published,
    page_unpublished,
    post_page_move,
    published,
    unpublished,
)

from knowledge import models
from search.indexing import schedule_index, schedule_indexes

PAGES = (models.SolutionPage, models.CaseStudyPage, models.BestPracticePage)
SECTIONS = (models.HomePage, models.SolutionIndexPage, models.CaseStudyIndexPage, models.BestPracticeIndexPage)
REGISTRIES = (models.Scheme, models.ResourceCentre, models.Initiative, models.Cluster, models.Institution)
REFERENCES = (
    models.FrequentQuestion,
    models.GlossaryTerm,
    models.Definition,
    models.Publication,
    models.Statistic,
)
#: Written when a draft, a lock or a workflow changes; none of them is public.
BEHIND_THE_SCENES = frozenset(
    {
        "draft_title",
        "expire_at",
        "expired",
        "go_live_at",
        "has_unpublished_changes",
        "latest_revision",
        "latest_revision_created_at",
        "locked",
        "locked_at",
        "locked_by",
    }
)
#: Whose documents carry the names of a term or of an institution, and through which relations.
CARRIERS: dict[type[Model], dict[type[Model], tuple[str, ...]]] = {
    models.Theme: dict.fromkeys((*PAGES, *REGISTRIES, *REFERENCES), ("themes", "themes__parent")),
    models.Sector: dict.fromkeys((*PAGES, *REGISTRIES[:3]), ("sectors", "sectors__parent"))
    | {models.Cluster: ("sector", "sector__parent")},
    models.State: dict.fromkeys((*PAGES, models.Scheme, models.Initiative), ("states",))
    | dict.fromkeys((models.Cluster, models.Institution, models.Statistic), ("state",))
    | {models.ResourceCentre: ("states_served",)},
    models.Stage: dict.fromkeys(PAGES, ("stage",)),
    models.ClusterType: {models.Cluster: ("type",)}
    | dict.fromkeys((models.Definition, models.Statistic), ("cluster_type",)),
    models.Institution: {
        models.Scheme: ("owner",),
        models.ResourceCentre: ("institution",),
        models.Initiative: ("lead",),
        models.Definition: ("agency",),
        models.CaseStudyPage: ("actors",),
    },
    models.Cluster: {models.CaseStudyPage: ("cluster",)},
}


def connect() -> None:
    """Hear what changes; called once, when the models are ready."""
    for model in PAGES:
        post_save.connect(row_saved, sender=model)
        post_delete.connect(row_deleted, sender=model)
        page_published.connect(row_changed, sender=model)
        page_unpublished.connect(row_changed, sender=model)
    for model in (*REGISTRIES, *REFERENCES):
        post_save.connect(row_saved, sender=model)
        post_delete.connect(row_deleted, sender=model)
    for model in REGISTRIES:
        published.connect(row_changed, sender=model)
        unpublished.connect(row_changed, sender=model)
    post_save.connect(theme_saved, sender=models.Theme)
    post_delete.connect(row_deleted, sender=models.Theme)
    for model in CARRIERS:
        post_save.connect(name_saved, sender=model)
        pre_delete.connect(name_deleted, sender=model)
    for signal in (post_save, post_delete, published, unpublished):
        signal.connect(update_changed, sender=models.SchemeUpdate)
    post_page_move.connect(subtree_changed)
    for model in SECTIONS:
        post_save.connect(section_saved, sender=model)
    post_save.connect(restriction_changed, sender=PageViewRestriction)
    post_delete.connect(restriction_changed, sender=PageViewRestriction)


def row_saved(sender, instance, update_fields=None, **kwargs) -> None:
    """Index a live row again, unless only its draft was saved."""
    if getattr(instance, "live", True) and not _behind_the_scenes(update_fields):
        schedule_index(instance.kind, instance.pk)


def row_changed(sender, instance, **kwargs) -> None:
    """Index a row that was published, or take out one that was unpublished."""
    schedule_index(instance.kind, instance.pk)


def row_deleted(sender, instance, **kwargs) -> None:
    """Take a deleted row out."""
    schedule_index(_kind(instance), instance.pk)


def theme_saved(sender, instance, **kwargs) -> None:
    """Index a theme."""
    schedule_index(_kind(instance), instance.pk)


def name_saved(sender, instance, created=False, update_fields=None, **kwargs) -> None:
    """Index everything that carries the name of a term or an institution."""
    if not created and getattr(instance, "live", True) and not _behind_the_scenes(update_fields):
        _schedule_carriers(instance)


def name_deleted(sender, instance, **kwargs) -> None:
    """Index everything that carries the name of a term that is about to go."""
    _schedule_carriers(instance)


def update_changed(sender, instance, **kwargs) -> None:
    """Index the scheme, which is found by the words of its latest updates. Drafts of an update change nothing there."""
    was_public = instance.live or instance.first_published_at
    if was_public and not _behind_the_scenes(kwargs.get("update_fields")):
        schedule_index(models.Scheme.kind, instance.scheme_id)


def section_saved(sender, instance, update_fields=None, **kwargs) -> None:
    """Index what is below a section, whose address all of it carries; Wagtail's own signal comes after the commit."""
    if instance.live and not _behind_the_scenes(update_fields):
        _schedule_pages(Page.objects.descendant_of(instance))


def subtree_changed(sender, instance, **kwargs) -> None:
    """Index a page and what is below it: its address changed."""
    _schedule_pages(Page.objects.descendant_of(instance, inclusive=True))


def restriction_changed(sender, instance, **kwargs) -> None:
    """Index a page and what is below it: who may read them changed."""
    _schedule_pages(Page.objects.descendant_of(instance.page, inclusive=True))


def _kind(instance: Model) -> str:
    return "theme" if isinstance(instance, models.Theme) else instance.kind


def _behind_the_scenes(update_fields: Iterable[str] | None) -> bool:
    return update_fields is not None and BEHIND_THE_SCENES.issuperset(update_fields)


def _schedule_pages(pages: QuerySet) -> None:
    keys = pages.order_by().values("pk")
    for model in PAGES:
        _schedule(model, model.objects.filter(pk__in=keys))


def _schedule_carriers(instance: Model) -> None:
    for model, paths in CARRIERS[type(instance)].items():
        condition = Q()
        for path in paths:
            condition |= Q(**{path: instance.pk})
        _schedule(model, model._base_manager.filter(condition).distinct())


def _schedule(model: type[Model], rows: QuerySet) -> None:
    if pks := list(rows.order_by().values_list("pk", flat=True)):
        schedule_indexes(model.kind, pks)
