"""Scheme updates: the officer's form, and the approval."""

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.permissions import policy_registry
from wagtail.snippets.action_menu import ActionMenuItem, PublishMenuItem
from wagtail.snippets.views import snippets

from knowledge.models import Scheme, SchemeUpdate
from knowledge.panels import row
from knowledge.services.scheme_updates import attribute, may_publish, schemes_open_to

from .guarded import GuardedViewSet


class SchemeUpdateForm(WagtailAdminModelForm):
    """Offers the schemes the person may post for; the server says for which institution and by whom."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        scheme = self.fields["scheme"]
        scheme.error_messages["invalid_choice"] = _(
            "You can post updates only for schemes of an institution where you hold an office now."
        )
        if self.instance.pk:
            scheme.disabled = True
            scheme.queryset = Scheme.objects.filter(pk=self.instance.scheme_id)
            scheme.help_text = _("An update stays with its scheme.")
        else:
            scheme.queryset = schemes_open_to(self.for_user, now=timezone.now())

    def clean(self) -> dict:
        cleaned = super().clean()
        if not self.instance.pk and cleaned.get("scheme"):
            self.instance.scheme = cleaned["scheme"]
            try:
                attribute(self.instance, by=self.for_user, now=timezone.now())
            except ValidationError as error:
                self.add_error(None, error)
        return cleaned


class DirectOrHandedIn:
    """Publishes where the person may do so for this institution, and hands in to a second person where not."""

    def form_valid(self, form: SchemeUpdateForm) -> HttpResponse:
        update = form.instance
        if self.action == "publish" and not may_publish(self.request.user, update.institution, now=timezone.now()):
            self.action = "submit"
            messages.info(self.request, _("A second person checks this update before it is published."))
        return super().form_valid(form)


class CreateView(DirectOrHandedIn, snippets.CreateView):
    pass


class EditView(DirectOrHandedIn, snippets.EditView):
    """Decides on what was read, not on a copy of it that the decider has just saved under their own name."""

    def is_valid(self, form: SchemeUpdateForm) -> bool:
        if self.action == "workflow-action" and self.is_out_of_date:
            self.produced_error_message = _("Somebody has changed the text since you opened it. Read it again first.")
            return False
        return super().is_valid(form)

    def save_instance(self) -> SchemeUpdate:
        if self.action == "workflow-action" and not self.form.has_changed():
            self.new_revision = self.object.latest_revision
            return self.object
        update = super().save_instance()
        if self.object.workflow_in_progress:
            # What waits is the new version: whoever decides next decides on that.
            state = self.object.current_workflow_task_state
            state.revision = self.new_revision
            state.save(update_fields=["revision"])
        return update

    def workflow_action_action(self) -> HttpResponse | None:
        if self.workflow_action_is_valid():
            return super().workflow_action_action()
        messages.warning(self.request, _("You changed the text, so your changes are saved and somebody else decides."))
        return redirect(self.get_edit_url())


class BackToTheList:
    """After a decision the object may no longer be open to who decided, so the way leads back to the list."""

    def get_redirect_url(self) -> str:
        return reverse(SchemeUpdate.snippet_viewset.get_url_name("list"))


class WorkflowActionView(BackToTheList, snippets.WorkflowActionView):
    pass


class CollectWorkflowActionDataView(BackToTheList, snippets.CollectWorkflowActionDataView):
    pass


class PublishOwnUpdateMenuItem(PublishMenuItem):
    """The button of officers whose institution may post directly; editors have Wagtail's own."""

    def is_shown(self, context: dict) -> bool:
        if super().is_shown(context) or context.get("locked_for_user"):
            return False
        user, policy = context["request"].user, policy_registry.get_by_type(SchemeUpdate)
        instance = context.get("instance")
        if instance and instance.pk:
            return policy.user_has_permission_for_instance(user, "publish", instance)
        return policy.user_has_permission(user, "publish")


def put_handing_in_first(items: list[ActionMenuItem], request: HttpRequest, context: dict) -> None:
    """Make the button an officer came for the first one: publish where they may, else hand in."""
    if context["model"] is not SchemeUpdate or request.user.has_perm("knowledge.change_schemeupdate"):
        return
    order = {"approve": 0, "action-publish": 1, "action-submit": 2}
    items.sort(key=lambda item: order.get(item.name, 10))


class SchemeUpdateViewSet(GuardedViewSet):
    model = SchemeUpdate
    icon = "rotate"
    menu_label = _("Scheme updates")
    add_view_class = CreateView
    edit_view_class = EditView
    workflow_action_view_class = WorkflowActionView
    collect_workflow_action_data_view_class = CollectWorkflowActionDataView
    inspect_view_enabled = True
    inspect_view_fields = [
        "scheme",
        "institution",
        "title",
        "what_changed",
        "effective_on",
        "source_reference",
        "source_url",
        "posted_by",
        "created_at",
        "first_published_at",
    ]
    list_display = ["title", "scheme", "institution", "effective_on", "first_published_at"]
    list_filter = ["institution", "live"]
    list_export = [
        "title",
        "scheme",
        "institution",
        "effective_on",
        "source_reference",
        "source_url",
        "live",
        "first_published_at",
    ]
    search_fields = ["title", "what_changed", "source_reference"]
    search_backend_name = None
    ordering = "-created_at"

    def get_edit_handler(self):
        return ObjectList(
            [
                HelpPanel(_("Say what changed, from when, and which order says so. It appears on the scheme's page.")),
                FieldPanel("scheme", widget=forms.Select),
                FieldPanel("title"),
                FieldPanel("what_changed"),
                FieldPanel("effective_on"),
                row("source_reference", "source_url"),
            ],
            base_form_class=SchemeUpdateForm,
        ).bind_to_model(self.model)
