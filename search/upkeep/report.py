"""The report "Search index": what waits for the index and what it refused, with the reasons. Reading only."""

from typing import Any

import django_filters
from django.db.models import Case, F, QuerySet, TextChoices, Value, When
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views.reports import ReportView

from search.models import OutboxEntry

#: Who keeps the words of search may also see what it lacks.
PERMISSION = "search.change_synonym"


class Condition(TextChoices):
    """Why an entry is not in the index yet."""

    REFUSED = "refused", _("Refused")
    WAITING = "waiting", _("Waiting")


def waiting() -> QuerySet[OutboxEntry]:
    """Return what an index has not taken yet, the refused ones first."""
    refused = When(attempts__gt=0, then=Value(Condition.REFUSED.value))
    entries = OutboxEntry.objects.pending().annotate(condition=Case(refused, default=Value(Condition.WAITING.value)))
    return entries.order_by("condition", F("updated_at").desc())


class ConditionFilter(WagtailFilterSet):
    condition = django_filters.ChoiceFilter(choices=Condition.choices, label=_("State"))

    class Meta:
        model = OutboxEntry
        fields = ["engine"]


class SearchIndexReport(ReportView):
    """List the entries; nobody changes them here, because each is tried again by itself."""

    index_url_name = "search_index_report"
    index_results_url_name = "search_index_report_results"
    page_title = header_title = _("Search index")
    header_icon = "search"
    model = OutboxEntry
    permission_required = PERMISSION
    filterset_class = ConditionFilter
    list_export = ["engine", "key", "condition", "error", "attempts", "updated_at", "next_attempt_at"]
    is_searchable = False
    columns = [
        Column("key", label=_("Entry")),
        Column("state", label=_("State"), accessor=lambda entry: Condition(entry.condition).label),
        Column("error", label=_("Reason")),
        Column("attempts", label=_("Attempts")),
        DateColumn("updated_at", label=_("Changed")),
        DateColumn("next_attempt_at", label=_("Next attempt")),
        Column("engine", label=_("Index")),
    ]

    def get_base_queryset(self) -> QuerySet[OutboxEntry]:
        return waiting()

    def user_has_permission(self, permission: str) -> bool:
        return self.request.user.has_perm(permission)

    def get_context_data(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(*args, **kwargs) | {"no_results_message": _("Everything is in the index.")}


class SearchIndexMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return request.user.has_perm(PERMISSION)
