"""People: who holds an office for which institution."""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, HelpPanel, ObjectList
from wagtail.admin.ui.components import Component
from wagtail.permissions import policy_registry
from wagtail.snippets.views.snippets import SnippetViewSetGroup

from knowledge.models import Institution, Officer, SchemeUpdate
from knowledge.panels import row
from knowledge.services.offices import accounts_to_appoint, end_office, refresh_derived_groups, start_office

from .guarded import GuardedViewSet


class OfficerForm(WagtailAdminModelForm):
    """Begins an office, or ends one: account and institution never change in between. Saves through the services."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in ("user", "institution", "since"):
                self.fields[name].disabled = True
        else:
            self.fields["user"].queryset = accounts_to_appoint()
            self.fields["until"].disabled = True
            self.fields["until"].help_text = _("Given when the office ends.")

    def clean(self) -> dict:
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", ValidationError(_("An office cannot end before it starts.")))
        return cleaned

    def save(self, commit: bool = True) -> Officer:
        now, cleaned = timezone.now(), self.cleaned_data
        if not self.instance.pk:
            office = start_office(
                user=cleaned["user"], institution=cleaned["institution"], since=cleaned["since"], now=now
            )
            self.instance.pk = office.pk
            self.instance._state.adding = False
        elif cleaned.get("until"):
            end_office(office=self.instance, until=cleaned["until"], now=now)
        else:
            super().save(commit)
            refresh_derived_groups(now=now)
        return self.instance


class OfficerViewSet(GuardedViewSet):
    model = Officer
    icon = "user"
    menu_label = _("Officers")
    list_display = ["user", "institution", "since", "until"]
    list_filter = ["institution"]
    list_export = ["user", "institution", "since", "until"]
    search_fields = ["user__name", "user__email", "institution__name", "institution__short_name"]
    search_backend_name = None
    ordering = "-since"

    def get_edit_handler(self):
        return ObjectList(
            [
                HelpPanel(
                    _("An officer posts updates of the institution's schemes. To end an office, give its last moment.")
                ),
                FieldPanel("user"),
                FieldPanel("institution"),
                row("since", "until"),
            ],
            base_form_class=OfficerForm,
        ).bind_to_model(self.model)


class OfficesPanel(Component):
    """On the first page of the admin: for whom an officer speaks, and the way to post an update."""

    name = "offices"
    order = 50
    template_name = "knowledge/admin/offices_panel.html"

    def __init__(self, institutions: QuerySet[Institution]) -> None:
        self.institutions = institutions

    def get_context_data(self, parent_context: dict) -> dict:
        user, updates = parent_context["request"].user, SchemeUpdate.snippet_viewset
        return {
            "institutions": self.institutions,
            "can_post": policy_registry.get_by_type(SchemeUpdate).user_has_permission(user, "add"),
            "add_url": reverse(updates.get_url_name("add")),
            "list_url": reverse(updates.get_url_name("list")),
        }


class PeopleGroup(SnippetViewSetGroup):
    menu_label = _("People")
    menu_name = "people"
    menu_icon = "group"
    menu_order = 230
    items = (OfficerViewSet,)
