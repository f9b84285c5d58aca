"""Rules that hold in the admin: administrators keep those of all communities, leads their own."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.permissions import register_permission_policy

from community.models import HoldingRule
from community.viewsets import InspectView, KeptViewSet

from .deadlines import LedPolicy, OwnCommunitiesForm

#: How many of what a rule found its page shows.
LAST = 20


class HoldingRuleForm(OwnCommunitiesForm):
    """What a rule looks for stays once it stands: what it found would be counted under something else."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["looks_for"].disabled = True


class RulePageView(InspectView):
    """The page of a rule: what it asks, how often it held or would have held, and what it found last."""

    page_title = _("What it found")
    template_name = "community/desk/holding/rule.html"

    def get_context_data(self, **kwargs) -> dict:
        hits = self.object.hits
        counts = hits.aggregate(times=Count("pk", filter=Q(held=True)), tried=Count("pk", filter=Q(held=False)))
        last = list(hits.select_related("submission__community").order_by("-pk")[:LAST])
        for hit in last:
            hit.because = [{"check": self.object.looks_for, **hit.found}]
        return super().get_context_data(**kwargs) | {"rule": self.object, "last": last, **counts}


class HoldingRuleViewSet(KeptViewSet):
    model = HoldingRule
    name = "holding-rules"
    icon = "warning"
    menu_label = _("Rules that hold")
    menu_order = 22
    add_to_admin_menu = True
    addresses = frozenset({"index", "index_results", "add", "edit", "inspect"})
    inspect_view_class = RulePageView
    list_display = ["looks_for", "community", "mode", "number", "hours", "ended_at"]
    list_filter = ["looks_for", "mode", "community"]
    related = ("community",)
    edit_handler = ObjectList(
        [FieldPanel(name) for name in ("looks_for", "community", "number", "hours", "lines", "mode", "ended_at")],
        base_form_class=HoldingRuleForm,
    )


def register_policies() -> None:
    """Hand the policy to Wagtail's registry; called once, before the viewset is made."""
    register_permission_policy(HoldingRule, LedPolicy(HoldingRule))
