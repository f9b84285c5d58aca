"""The exchange in the admin: communities and roles to edit, reasons to word, and what is only ever read.

What a person may do to a row the rows decide: a lead acts in the communities led, a moderator reads the log of the
communities moderated, everything else needs Django's permission, which administrators have.
"""

from collections.abc import Iterable

from django import forms
from django.db.models import Exists, Model, OuterRef, Q, QuerySet
from django.http import Http404
from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup
from wagtail.permissions import register_permission_policy

from community.enums import Role, SubmissionKind
from community.models import Community, Delivery, Envelope, Flag, ModerationEvent, ModerationReason, Question, Reply
from community.permissions import member_of, moderated_ids_shown, roles_shown
from knowledge.permissions import RowPolicy

from .desk.viewsets import reasons


def led_community_ids(user) -> set[int]:
    """Return the communities that ``user`` leads."""
    return {community for community, role in roles_shown(user).items() if role == Role.LEAD}


class KeptPolicy(RowPolicy):
    """Rows on which others rest: nobody deletes them; ``possible`` names what can be done at all."""

    possible = frozenset({"view"})

    def has_by_permission(self, user, action: str) -> bool:
        return action in self.possible and super().has_by_permission(user, action)

    def allows(self, action: str, instance: Model) -> bool:
        return action in self.possible

    def rows_for(self, user, action: str) -> QuerySet:
        rows = super().rows_for(user, action)
        return self.opened_to(user) if action in self.possible - {"add"} else rows

    def opened_to(self, user) -> QuerySet:
        """Return the rows that rows of membership open to ``user``."""
        return self.model._default_manager.none()

    def instances_user_has_any_permission_for(self, user, actions: Iterable[str]) -> QuerySet:
        return super().instances_user_has_any_permission_for(user, self.possible.intersection(actions))


class CommunityPolicy(KeptPolicy):
    """A lead edits the community; administrators make new ones."""

    possible = frozenset({"add", "change", "view"})

    def opened_to(self, user) -> QuerySet:
        return Community.objects.filter(pk__in=led_community_ids(user))


class LogPolicy(KeptPolicy):
    """A moderator reads the log of the communities moderated, but for reports in which they have a part."""

    def opened_to(self, user) -> QuerySet:
        involved = Flag.objects.filter(pk=OuterRef("submission_id")).involving(member_of(user))
        read = ModerationEvent.objects.exclude(Q(submission__kind=SubmissionKind.FLAG) & Exists(involved))
        return read.filter(submission__community_id__in=moderated_ids_shown(user))


class ReasonPolicy(KeptPolicy):
    """Reasons are ended, not deleted: the log names them."""

    possible = frozenset({"add", "change", "view"})


def register_policies() -> None:
    """Hand each model's policy to Wagtail's registry; called once, before any viewset is made."""
    register_permission_policy(Community, CommunityPolicy(Community))
    register_permission_policy(ModerationReason, ReasonPolicy(ModerationReason))
    register_permission_policy(ModerationEvent, LogPolicy(ModerationEvent))
    for model in (Delivery, Envelope):
        register_permission_policy(model, KeptPolicy(model))


class OwnObject:
    """Finds only objects to which the person may do what the view does; others do not exist."""

    object_action = "view"

    def get_object(self, queryset=None) -> Model:
        instance = super().get_object(queryset)
        if not self.user_has_permission_for_instance(self.object_action, instance):
            raise Http404
        return instance


class IndexView(generic.IndexView):
    any_permission_required = ["add", "change", "view"]

    def get_base_queryset(self) -> QuerySet:
        opened = self.permission_policy.instances_user_has_any_permission_for(self.request.user, ["change", "view"])
        return super().get_base_queryset().filter(pk__in=opened.order_by().values("pk"))


class EditView(OwnObject, generic.EditView):
    object_action = "change"


class InspectView(OwnObject, generic.InspectView):
    any_permission_required = ["view"]


class KeptViewSet(ModelViewSet):
    """A list of rows that are kept. ``addresses`` names the views there are."""

    addresses = frozenset({"index", "index_results", "inspect"})
    inspect_view_enabled = True
    copy_view_enabled = False
    add_to_reference_index = False
    form_fields = []
    index_view_class = IndexView
    edit_view_class = EditView
    inspect_view_class = InspectView
    list_per_page = 50
    #: What the list shows of other rows.
    related: tuple[str, ...] = ()

    def get_common_view_kwargs(self, **kwargs) -> dict:
        names = {"history_url_name": None, "usage_url_name": None, "delete_url_name": None}
        if "add" not in self.addresses:
            names["add_url_name"] = None
        if "edit" not in self.addresses:
            names["edit_url_name"] = None
        return super().get_common_view_kwargs(**kwargs) | names

    def get_index_view_kwargs(self, **kwargs) -> dict:
        queryset = self.model._default_manager.select_related(*self.related)
        return super().get_index_view_kwargs(**kwargs) | {"queryset": queryset}

    def get_urlpatterns(self) -> list[URLPattern]:
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in self.addresses]


class FixedNameForm(WagtailAdminModelForm):
    """Fixes the name in the address or in the log once the row stands."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for name in ("slug", "code"):
            if name in self.fields and self.instance.pk:
                self.fields[name].disabled = True
                self.fields[name].help_text = _("Fixed, because others rest on it.")


class CommunityForm(FixedNameForm):
    """Asks again before everybody may read what was written for members alone, and the other way round."""

    opens_old = forms.BooleanField(label=_("Yes, change who may read the messages that are there"), required=False)

    def clean(self) -> dict:
        data = super().clean()
        opens = data.get("threads_public", False)
        if self.instance.pk and opens != self.instance.threads_were_public and not data.get("opens_old"):
            counted = {
                "questions": Question.objects.released().filter(community=self.instance).count(),
                "replies": Reply.objects.released().filter(community=self.instance).count(),
            }
            opening = _(
                "This opens what is there (questions: %(questions)d, answers: %(replies)d) to everybody, search "
                "engines too. Their authors wrote for members. Tick the box if that is agreed with them."
            )
            closing = _(
                "This takes what is there (questions: %(questions)d, answers: %(replies)d) from everybody who is not "
                "a member. What others have copied stays with them. Tick the box if that is meant."
            )
            self.add_error("opens_old", (opening if opens else closing) % counted)
        return data


class CommunityViewSet(KeptViewSet):
    model = Community
    name = "communities"
    icon = "group"
    menu_label = _("Communities")
    addresses = frozenset({"index", "index_results", "add", "edit"})
    inspect_view_enabled = False
    list_display = ["name", "threads_public", "created_at"]
    edit_handler = ObjectList(
        [
            FieldPanel(name)
            for name in (
                *("slug", "name", "name_hi", "about", "about_hi", "rules", "rules_hi", "welcome", "welcome_hi"),
                *("themes", "threads_public", "opens_old", "answer_days", "membership_vetted"),
            )
        ],
        base_form_class=CommunityForm,
    )


class ReasonAddView(reasons.KeepsWords, generic.CreateView):
    pass


class ReasonEditView(reasons.KeepsWords, EditView):
    pass


class ReasonHistoryView(reasons.ShowsWordings, InspectView):
    pass


class ReasonViewSet(KeptViewSet):
    model = ModerationReason
    name = "reasons"
    icon = "comment"
    menu_label = _("Reasons")
    addresses = frozenset({"index", "index_results", "add", "edit", "inspect"})
    add_view_class = ReasonAddView
    edit_view_class = ReasonEditView
    inspect_view_class = ReasonHistoryView
    list_display = ["name", "action", "kind", "code", reasons.USES, "order", "ended_at"]
    list_filter = ["action", "kind"]
    edit_handler = ObjectList(reasons.panels(), base_form_class=FixedNameForm)

    def get_index_view_kwargs(self, **kwargs) -> dict:
        shown = super().get_index_view_kwargs(**kwargs)
        return shown | {"queryset": reasons.with_uses(shown["queryset"])}


class LogViewSet(KeptViewSet):
    model = ModerationEvent
    name = "moderation-log"
    icon = "history"
    menu_label = _("Moderation log")
    list_display = ["submission", "number", "action", "actor", "reason", "to_state", "at"]
    list_filter = ["action", "to_state"]
    ordering = "-pk"
    related = ("submission", "actor", "reason")
    list_export = [
        "submission_id",
        "number",
        "action",
        "from_state",
        "to_state",
        "actor",
        "reason",
        "message",
        "note",
        "text_hash",
        "at",
    ]
    inspect_view_fields = [
        "submission",
        "number",
        "actor",
        "action",
        "from_state",
        "to_state",
        "reason",
        "reason_version",
        "message",
        "note",
        "text_hash",
        "at",
    ]


class DeliveryViewSet(KeptViewSet):
    model = Delivery
    name = "deliveries"
    icon = "list-ul"
    menu_label = _("Deliveries")
    list_display = ["member", "event", "mode", "state", "reason", "created_at"]
    list_filter = ["state", "mode", "reason"]
    ordering = "-pk"
    related = ("member", "event")
    inspect_view_fields = ["member", "event", "mode", "state", "reason", "envelope", "created_at"]


class EnvelopeViewSet(KeptViewSet):
    model = Envelope
    name = "mails"
    icon = "mail"
    menu_label = _("Mails")
    list_display = ["subject", "address", "kind", "state", "built_at", "handed_over_at", "ambiguous_at"]
    list_filter = {"state": ["exact"], "kind": ["exact"], "ambiguous_at": ["isnull"]}
    ordering = "-pk"
    inspect_view_fields = [
        "key",
        "subject",
        "address",
        "kind",
        "mode",
        "period",
        "message_id",
        "state",
        "attempts",
        "built_at",
        "next_attempt_at",
        "sending_at",
        "handed_over_at",
        "ambiguous_at",
        "error",
    ]


class ExchangeGroup(ModelViewSetGroup):
    """One entry of the menu for all of them; each shows to those who may look into it."""

    menu_label = _("Exchange")
    menu_icon = "group"
    menu_order = 20
    items = (CommunityViewSet, ReasonViewSet, LogViewSet, DeliveryViewSet, EnvelopeViewSet)
