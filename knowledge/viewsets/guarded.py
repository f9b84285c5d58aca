"""The base of every viewset here: each address below a listing asks the policy about the very object it shows.

Wagtail's generic views ask most questions of the model alone and fetch the object by the number in the address. Here
the object is looked up first, by its policy: what a person may not see does not exist for them, whatever address
they type. A new address of a later Wagtail that is not named below stops the start.
"""

from functools import wraps

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern
from wagtail.admin.filters import WagtailFilterSet
from wagtail.models import DraftStateMixin, TaskState
from wagtail.permissions import policy_registry
from wagtail.snippets.bulk_actions.delete import DeleteBulkAction
from wagtail.snippets.views import chooser, snippets

from knowledge.models.base import RegistryEntry

#: What a person must be allowed to do to the object, by the name of the address.
OBJECT_ACTIONS = {
    "edit": "change",
    "preview_on_edit": "change",
    "revisions_revert": "change",
    "lock": "change",
    "unlock": "change",
    "confirm_workflow_cancellation": "change",
    "unpublish": "publish",
    "revisions_unschedule": "publish",
    "delete": "delete",
    "usage": "view",
    "history": "view",
    "history_results": "view",
    "inspect": "view",
    "revisions_view": "view",
    "revisions_compare": "view",
    "workflow_action": "view",
    "collect_workflow_action_data": "view",
    "workflow_history": "view",
    "workflow_history_detail": "view",
    "workflow_preview": "view",
}
#: Addresses without an object: Wagtail asks the policy of the model, and the listing shows what one may see.
MODEL_ADDRESSES = frozenset({"list", "list_results", "add", "preview_on_add"})


def visible(model: type[models.Model], user) -> models.QuerySet:
    """Return the objects of ``model`` that ``user`` may look at on the editors' side, drafts too."""
    return policy_registry.get_by_type(model).instances_user_has_any_permission_for(user, ["view"])


def choosable(model: type[models.Model], user) -> models.QuerySet:
    """Return what a chooser offers: to editors all, to others what the public may read and what is their own."""
    own = visible(model, user)
    if policy_registry.get_by_type(model).has_by_permission(user, "change"):
        return own
    if not issubclass(model, DraftStateMixin):
        return model.objects.all()
    if not issubclass(model, RegistryEntry):
        return own
    return model.objects.filter(
        models.Q(pk__in=model.objects.current().values("pk")) | models.Q(pk__in=own.order_by().values("pk"))
    )


def _find(queryset: models.QuerySet, key: str) -> models.Model:
    """Return the row with the key of an address; 404 where there is none or the key is no number."""
    key = unquote(str(key))
    if not (key.isascii() and key.isdigit() and len(key) < 19):
        raise Http404
    return get_object_or_404(queryset, pk=key)


def guarded(pattern: URLPattern, model: type[models.Model]) -> URLPattern:
    """Return ``pattern`` with a view that asks the policy of its object first; a POST is one transaction."""
    view, action = pattern.callback, OBJECT_ACTIONS.get(pattern.name)
    if action is None and pattern.name not in MODEL_ADDRESSES:
        raise LookupError(f"No rule says who may open {pattern.name} of {model._meta.label}.")

    @wraps(view)
    def ask_first(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if action:
            instance = _find(visible(model, request.user), kwargs["pk"])
            policy = policy_registry.get_by_type(model)
            if not policy.user_has_permission_for_instance(request.user, action, instance):
                raise PermissionDenied
            if "task_state_id" in kwargs:
                _find(TaskState.objects.for_instance(instance), kwargs["task_state_id"])
        if request.method in ("GET", "HEAD", "OPTIONS"):
            return view(request, *args, **kwargs)
        with transaction.atomic():
            return view(request, *args, **kwargs)

    pattern.callback = ask_first
    return pattern


class GuardedFilterSet(WagtailFilterSet):
    """Filters that offer only what the person may choose: the names in them are names of things too."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for offered in self.filters.values():
            if isinstance(getattr(offered, "queryset", None), models.QuerySet):
                offered.queryset = choosable(offered.queryset.model, self.request.user)


class IndexView(snippets.IndexView):
    """A listing whose filters and buttons ask the policies."""

    base_filterset_class = GuardedFilterSet

    def get_delete_url(self, instance: models.Model) -> str | None:
        return super().get_delete_url(instance) if self.user_has_permission_for_instance("delete", instance) else None


class UsageView(snippets.UsageView):
    permission_required = "view"


class HistoryView(snippets.HistoryView):
    any_permission_required = ["view"]


class PreviewRevisionView(snippets.PreviewRevisionView):
    permission_required = "view"


class RevisionsCompareView(snippets.RevisionsCompareView):
    permission_required = "view"


class WorkflowHistoryView(snippets.WorkflowHistoryView):
    permission_required = "view"


class WorkflowHistoryDetailView(snippets.WorkflowHistoryDetailView):
    permission_required = "view"


class ChoosableObjects:
    """Lists only what the person may choose."""

    def get_object_list(self) -> models.QuerySet:
        return choosable(self.model_class, self.request.user)


class ChooseView(ChoosableObjects, chooser.ChooseView):
    pass


class ChooseResultsView(ChoosableObjects, chooser.ChooseResultsView):
    pass


class ChosenView(chooser.SnippetChosenView):
    def get_object(self, pk: str) -> models.Model:
        return _find(choosable(self.model_class, self.request.user), pk)


class ChosenMultipleView(chooser.SnippetChosenMultipleView):
    def get_objects(self, pks: list[str]) -> models.QuerySet:
        keys = [key for key in pks if key.isascii() and key.isdigit() and len(key) < 19]
        return choosable(self.model_class, self.request.user).filter(pk__in=keys)


class GuardedChooserViewSet(chooser.SnippetChooserViewSet):
    choose_view_class = ChooseView
    choose_results_view_class = ChooseResultsView
    chosen_view_class = ChosenView
    chosen_multiple_view_class = ChosenMultipleView


class GuardedViewSet(snippets.SnippetViewSet):
    """A snippet viewset ruled by the object's policy; nothing is copied, because one thing has one record."""

    copy_view_enabled = False
    add_to_admin_menu = False
    list_per_page = 50
    index_view_class = IndexView
    usage_view_class = UsageView
    history_view_class = HistoryView
    revisions_view_class = PreviewRevisionView
    revisions_compare_view_class = RevisionsCompareView
    workflow_history_view_class = WorkflowHistoryView
    workflow_history_detail_view_class = WorkflowHistoryDetailView
    chooser_viewset_class = GuardedChooserViewSet

    def get_queryset(self, request: HttpRequest) -> models.QuerySet:
        return visible(self.model, request.user)

    def get_urlpatterns(self) -> list[URLPattern]:
        return [guarded(pattern, self.model) for pattern in super().get_urlpatterns()]


class GuardedDeleteBulkAction(DeleteBulkAction):
    """Deletes what one may delete, and does not name to a person what they may not see."""

    @classmethod
    def get_queryset(cls, model: type[models.Model], object_ids) -> list[models.Model]:
        keys = [key for key in map(str, object_ids) if key.isascii() and key.isdigit() and len(key) < 19]
        return super().get_queryset(model, keys)

    def get_actionable_objects(self) -> tuple[list[models.Model], dict]:
        objects, refused = super().get_actionable_objects()
        seen = set(visible(self.model, self.request.user).values_list("pk", flat=True))
        kept = [item for item in refused["items_with_no_access"] if item.pk in seen]
        return objects, {**refused, "items_with_no_access": kept}
