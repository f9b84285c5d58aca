"""Hooks into Wagtail's admin: the report of what is not in the search index."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks

from .upkeep.report import SearchIndexMenuItem, SearchIndexReport


@hooks.register("register_admin_urls")
def serve_report() -> list:
    """Give the report its addresses."""
    return [
        path("reports/search-index/", SearchIndexReport.as_view(), name="search_index_report"),
        path(
            "reports/search-index/results/",
            SearchIndexReport.as_view(results_only=True),
            name="search_index_report_results",
        ),
    ]


@hooks.register("register_reports_menu_item")
def lead_to_report() -> SearchIndexMenuItem:
    """List the report among Wagtail's."""
    return SearchIndexMenuItem(
        _("Search index"), reverse("search_index_report"), name="search-index", icon_name="search", order=1200
    )
