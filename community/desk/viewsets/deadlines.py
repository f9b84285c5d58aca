"""Holidays and times to decide in the admin: administrators keep those of all communities, leads their own."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.viewsets.model import ModelViewSetGroup
from wagtail.permissions import register_permission_policy

from community.models import Community, DecisionTime, Holiday
from community.viewsets import KeptPolicy, KeptViewSet, led_community_ids


class LedPolicy(KeptPolicy):
    """Rows of a community: its lead adds and changes them. Nobody deletes."""

    possible = frozenset({"add", "change", "view"})

    def user_has_permission(self, user, action: str) -> bool:
        if action == "add" and user.is_active and led_community_ids(user):
            return True
        return super().user_has_permission(user, action)

    def opened_to(self, user) -> QuerySet:
        return self.model.objects.filter(community_id__in=led_community_ids(user))


class OwnCommunitiesForm(WagtailAdminModelForm):
    """Offers a lead the communities led; only administrators leave the choice empty or name another."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not self.for_user.is_superuser:
            field = self.fields["community"]
            field.queryset = Community.objects.filter(pk__in=led_community_ids(self.for_user))
            field.required = True
            field.help_text = ""


class HolidayViewSet(KeptViewSet):
    model = Holiday
    name = "holidays"
    icon = "date"
    menu_label = _("Holidays")
    addresses = frozenset({"index", "index_results", "add", "edit"})
    inspect_view_enabled = False
    list_display = ["name", "falls_on", "every_year", "community", "is_kept"]
    list_filter = ["community", "every_year"]
    related = ("community",)
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("falls_on", "every_year", "name", "name_hi", "community", "is_kept")],
        base_form_class=OwnCommunitiesForm,
    )


class DecisionTimeViewSet(KeptViewSet):
    model = DecisionTime
    name = "decision-times"
    icon = "time"
    menu_label = _("Times to decide")
    addresses = frozenset({"index", "index_results", "add", "edit"})
    inspect_view_enabled = False
    list_display = ["community", "kind", "hours"]
    list_filter = ["community", "kind"]
    related = ("community",)
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("community", "kind", "hours")], base_form_class=OwnCommunitiesForm
    )


class DeadlinesGroup(ModelViewSetGroup):
    """The entry of the menu for what deadlines rest on."""

    menu_label = _("Deadlines")
    menu_icon = "time"
    menu_order = 21
    items = (HolidayViewSet, DecisionTimeViewSet)


def register_policies() -> None:
    """Hand the policies to Wagtail's registry; called once, before the viewsets are made."""
    for model in (Holiday, DecisionTime):
        register_permission_policy(model, LedPolicy(model))
