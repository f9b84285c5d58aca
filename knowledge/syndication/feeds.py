"""Atom feeds: new solutions, and what the owners of schemes say has changed."""

from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext_lazy as _

from knowledge.models import KnowledgePage, SchemeUpdate
from knowledge.views.rows import current_pages

MOST_ENTRIES = 30


class SolutionsFeed(Feed):
    """The newest solutions, in the language of the address."""

    feed_type = Atom1Feed
    title = _("New solutions")
    subtitle = _("Problems of clusters and what solved them, compiled from the exchange and from public papers.")

    def get_object(self, request: HttpRequest) -> HttpRequest:
        return request

    def link(self, request: HttpRequest) -> str:
        return request.path.removesuffix("feed/")

    def items(self, request: HttpRequest) -> list[KnowledgePage]:
        pages = current_pages().filter(solutionpage__isnull=False).prefetch_related("themes")
        found = list(pages.order_by("-first_published_at", "-pk")[:MOST_ENTRIES])
        for page in found:
            page.address = page.get_url(request) or "/"
        return found

    def item_title(self, page: KnowledgePage) -> str:
        return page.title

    def item_description(self, page: KnowledgePage) -> str:
        return page.summary

    def item_link(self, page: KnowledgePage) -> str:
        return page.address

    def item_pubdate(self, page: KnowledgePage) -> datetime | None:
        return page.first_published_at

    def item_updateddate(self, page: KnowledgePage) -> datetime | None:
        return page.last_published_at

    def item_categories(self, page: KnowledgePage) -> list[str]:
        return [theme.localized_name for theme in page.themes.all()]


class SchemeUpdatesFeed(Feed):
    """What the owners of schemes posted; ``?scheme=<slug>`` narrows it to one scheme."""

    feed_type = Atom1Feed
    title = _("Schemes: what changed")
    subtitle = _("Posted by the ministry or agency that owns the scheme.")

    def get_object(self, request: HttpRequest) -> str:
        return request.GET.get("scheme", "")

    def link(self, scheme: str) -> str:
        return reverse("scheme_updates")

    def items(self, scheme: str) -> list[SchemeUpdate]:
        updates = SchemeUpdate.objects.public().select_related("scheme", "institution")
        if scheme:
            updates = updates.filter(scheme__slug=scheme if scheme.isprintable() else "")
        return list(updates[:MOST_ENTRIES])

    def item_title(self, update: SchemeUpdate) -> str:
        return f"{update.scheme.short_label}: {update.title}"

    def item_description(self, update: SchemeUpdate) -> str:
        return update.what_changed

    def item_author_name(self, update: SchemeUpdate) -> str:
        return update.institution.name

    def item_pubdate(self, update: SchemeUpdate) -> datetime | None:
        return update.first_published_at

    def item_updateddate(self, update: SchemeUpdate) -> datetime | None:
        return update.last_published_at
