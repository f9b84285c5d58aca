"""An Atom feed of any search: the newest of what everybody may see."""

from dataclasses import replace
from datetime import date, datetime

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from search import query
from search.documents import Hit, SearchCriteria, SearchUnavailable
from search.kinds import KINDS
from search.registry import labels

from .forms import FIRST_YEAR, SearchForm, address, one_line
from .views import RETRY_AFTER

MOST_ENTRIES = 30
#: Seconds for which a reader, or a cache on the way, need not ask again.
MAX_AGE = 300


class Atom(Atom1Feed):
    """Atom whose own date stands still while nothing is in it, so that it counts as unchanged."""

    def latest_post_date(self) -> datetime:
        if self.items:
            return super().latest_post_date()
        return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


class SearchFeed(Feed):
    """The results of a query string for a visitor without account, whoever asks; what has no date is no news."""

    feed_type = Atom

    def get_object(self, request: HttpRequest) -> SearchCriteria:
        return SearchForm(request.GET).criteria()

    def title(self, criteria: SearchCriteria) -> str:
        return _("Search: %(words)s") % {"words": criteria.text} if criteria.text else _("Newest entries")

    def subtitle(self, criteria: SearchCriteria) -> str:
        return _("The newest first, of what everybody may read.")

    def link(self, criteria: SearchCriteria) -> str:
        return reverse("search") + address(criteria, sort="newest")

    def feed_url(self, criteria: SearchCriteria) -> str:
        return reverse("search_feed") + address(criteria, sort="relevance")

    def items(self, criteria: SearchCriteria) -> list[Hit]:
        asked = replace(criteria, sort="newest", page=1, page_size=MOST_ENTRIES)
        if asked.published_from is None:
            asked = replace(asked, published_from=date(FIRST_YEAR, 1, 1))
        results = query.find(asked)
        self.words = labels("theme", dict.fromkeys(theme for hit in results.hits for theme in hit.themes))
        return [] if results.relaxed else list(results.hits)

    def item_title(self, hit: Hit) -> str:
        return one_line(hit.title)

    def item_description(self, hit: Hit) -> str:
        return one_line(hit.snippet_html)

    def item_link(self, hit: Hit) -> str:
        return hit.url

    def item_pubdate(self, hit: Hit) -> datetime | None:
        return hit.published_at

    def item_updateddate(self, hit: Hit) -> datetime | None:
        return max(filter(None, (hit.published_at, hit.verified_at)))

    def item_categories(self, hit: Hit) -> list[str]:
        kind = KINDS.get(hit.kind)
        return [*([str(kind.label)] if kind else []), *(self.words[theme] for theme in hit.themes)]


@require_safe
@conditional_page
def search_feed(request: HttpRequest) -> HttpResponse:
    """Answer with the feed of the query string; the tag of its content tells a reader who has it already."""
    try:
        response = SearchFeed()(request)
    except SearchUnavailable:
        response = HttpResponse(_("Search does not answer right now"), status=503, content_type="text/plain")
        response["Retry-After"] = str(RETRY_AFTER)
        patch_cache_control(response, no_store=True)
        return response
    # The date of the newest entry says nothing of one that was withdrawn; the tag does.
    del response["Last-Modified"]
    patch_cache_control(response, public=True, max_age=MAX_AGE)
    return response
