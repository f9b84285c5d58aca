"""Themes: each page is made of the rows filed under the theme."""

from django.db.models import CharField, Count, F, Prefetch, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.generic import DetailView, TemplateView

from knowledge.models import Cluster, Initiative, KnowledgePage, ResourceCentre, Scheme, Theme
from knowledge.views.filters import union

from .rows import current_pages, page_shelves, reference_rows, registry_rows, shelves

#: How many entries of a kind a theme shows before it sends the reader to the whole list.
MOST_SHOWN = 6


def theme_tree() -> list[Theme]:
    """Return the top themes with their ``narrower`` ones; ``pages_filed`` counts the articles of each branch."""
    filed = current_pages().order_by().filter(themes__isnull=False)
    counts = {}
    for place, theme, number in union(
        [
            filed.values_list(Value(place, CharField()), key).annotate(number=Count("pk", distinct=True))
            for place, key in (("own", F("themes")), ("branch", Coalesce(F("themes__parent"), F("themes"))))
        ]
    ):
        counts[place, theme] = number
    themes = list(Theme.objects.all())
    for theme in themes:
        theme.pages_filed = counts.get(("own" if theme.parent_id else "branch", theme.pk), 0)
        theme.narrower = [each for each in themes if each.parent_id == theme.pk]
    return [theme for theme in themes if theme.parent_id is None]


def top_themes() -> list[Theme]:
    """Return the top themes under which something is filed, with ``pages_filed``, in one walk over what is filed."""
    shown = ("pk", "slug", "name", "name_hi", "order")
    columns = {f"top_{name}": Coalesce(F(f"themes__parent__{name}"), F(f"themes__{name}")) for name in shown}
    filed = current_pages().order_by().filter(themes__isnull=False).values(**columns)
    counted = filed.annotate(number=Count("pk", distinct=True)).order_by("top_order", "top_name")
    themes = []
    for row in counted:
        themes.append(Theme(**{name: row[f"top_{name}"] for name in shown}))
        themes[-1].pages_filed = row["number"]
    return themes


class ThemeList(TemplateView):
    template_name = "knowledge/theme_list.html"

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(themes=theme_tree(), **kwargs)


class ThemeDetail(DetailView):
    model = Theme
    template_name = "knowledge/theme_detail.html"

    def get_queryset(self) -> QuerySet:
        children = Prefetch("children", Theme.objects.order_by("order", "name"))
        return Theme.objects.select_related("parent").prefetch_related(children)

    def get_context_data(self, **kwargs) -> dict:
        theme = self.object
        pages = current_pages().filter(pk__in=KnowledgePage.objects.about(theme).order_by().values("pk"))
        groups = registry_rows(
            schemes=Scheme.objects.current().about(theme),
            centres=ResourceCentre.objects.current().about(theme),
            initiatives=Initiative.objects.current().about(theme),
            clusters=Cluster.objects.current().about(theme),
        )
        trail = [(_("Themes"), reverse("theme_list"))]
        if theme.parent:
            trail.append((theme.parent, theme.parent.get_absolute_url()))
        return super().get_context_data(**kwargs) | {
            "trail": trail,
            "intro": (get_language() == "hi" and theme.intro_hi) or theme.intro,
            "pages": page_shelves(pages, self.request, MOST_SHOWN),
            "groups": shelves(groups, MOST_SHOWN),
            "references": shelves(reference_rows(Q(themes=theme) | Q(themes__parent=theme)), MOST_SHOWN),
        }
