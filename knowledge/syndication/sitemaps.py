"""What search engines outside may know of: the public addresses, by the querysets that the pages themselves use."""

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse
from wagtail.models import Page

from knowledge.models import Cluster, Initiative, Institution, KnowledgePage, ResourceCentre, Scheme, Theme

LIST_VIEWS = (
    "theme_list",
    "scheme_list",
    "scheme_updates",
    "centre_list",
    "initiative_list",
    "cluster_list",
    "institution_list",
    "glossary",
    "faq",
    "definitions",
    "links",
    "publications",
    "statistics",
    "reference_lists",
)


class PageSitemap(Sitemap):
    """The pages of the tree that anybody may read and that are not withdrawn."""

    def items(self) -> QuerySet:
        withdrawn = KnowledgePage.objects.exclude(withdrawn_at=None).order_by().values("pk")
        return Page.objects.live().public().filter(depth__gt=1).exclude(pk__in=withdrawn).order_by("path")

    def location(self, page: Page) -> str:
        parts = page.get_url_parts()
        return (parts and parts[2]) or "/"

    def lastmod(self, page: Page) -> datetime | None:
        return page.last_published_at


class BothLanguages(Sitemap):
    """Addresses that exist in each language."""

    i18n = True
    alternates = True


class RowSitemap(BothLanguages):
    """The public entries of one registry."""

    def __init__(self, model: type) -> None:
        self.model = model

    def items(self) -> QuerySet:
        return self.model.objects.current().only("slug", "updated_at").order_by("pk")

    def lastmod(self, entry) -> datetime:
        return entry.updated_at


class ThemeSitemap(BothLanguages):
    def items(self) -> QuerySet:
        return Theme.objects.order_by("pk")


class ListSitemap(BothLanguages):
    """Lists of registries and of reference."""

    def items(self) -> tuple[str, ...]:
        return LIST_VIEWS

    def location(self, name: str) -> str:
        return reverse(name)


SITEMAPS: dict[str, Sitemap | type[Sitemap]] = {
    "pages": PageSitemap,
    "lists": ListSitemap,
    "themes": ThemeSitemap,
} | {model.kind: RowSitemap(model) for model in (Scheme, ResourceCentre, Initiative, Cluster, Institution)}
