"""The front door: what is new, what waits, what changed, where things are."""

from django.http import HttpRequest
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from knowledge.models import Scheme, SchemeUpdate

from .rows import current_pages, page_row, with_badges
from .series import state_map
from .themes import top_themes

NEW_PAGES = 3
#: Offered under the search field; each finds something in the starting content.
QUERIES = (_("working capital"), _("common facility centre"), _("dyeing"), _("self-help groups"))
SCHEMES_SHOWN = 3


def home_context(request: HttpRequest | None = None) -> dict[str, object]:
    """Return what the home page shows; every number is counted from rows."""
    updates = SchemeUpdate.objects.public().select_related("scheme", "institution")[:SCHEMES_SHOWN]
    newest = with_badges(current_pages().filter(solutionpage__isnull=False)).prefetch_related("states")[:NEW_PAGES]
    context: dict[str, object] = {
        "queries": QUERIES,
        "hide_search": True,  # the search of the page itself stands in its place
        "translation_url": "/" if get_language() == "hi" else "/hi/",  # known without asking for it
        "new_pages": [page_row(page, request) for page in newest],
        "updates": list(updates),
        "themes": top_themes(),
        "map": state_map(),
    }
    if not context["updates"]:
        context["schemes"] = (
            Scheme.objects.current().filter(verified_at=None).order_by("-as_of", "name")[:SCHEMES_SHOWN]
        )
    return context
