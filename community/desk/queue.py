"""Which items the queue page lists, from its address, and what can be done to several of them at once."""

from datetime import datetime, timedelta
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from community.enums import SubmissionKind
from community.models import AutomaticApproval, Community, ModerationReason, Question, Submission
from community.models.moderation.holding import HoldingCheck
from community.permissions import Viewer, member_of, moderated_ids_shown
from community.states import Action, SubmissionState
from knowledge.models import Theme

#: How long an item has waited: the value in the address, in days.
AGES = (
    ("", _("Any")),
    ("1", _("Longer than a day")),
    ("3", _("Longer than three days")),
    ("7", _("Longer than a week")),
)
HELD = (
    ("", _("Any")),
    ("no", _("Held by none")),
    ("yes", _("Held by a rule")),
    *((check.value, check.label) for check in HoldingCheck),
)
WHOSE = (("", _("Everybody's")), ("free", _("Free")), ("mine", _("Mine")))
SHOWN = (("", _("Waiting")), ("overdue", _("Overdue")), ("hidden", _("Hidden")), ("afterwards", _("To look at")))


class ListingForm(forms.Form):
    """The filters of the queue page. What an address says beside them counts for nothing."""

    kind = forms.ChoiceField(label=_("Kind"), choices=[("", _("All kinds")), *SubmissionKind.choices], required=False)
    community = forms.ChoiceField(label=_("Community"), required=False)
    theme = forms.ChoiceField(label=_("Theme"), required=False)
    age = forms.ChoiceField(label=_("Waiting"), choices=AGES, required=False)
    held = forms.ChoiceField(label=_("Rules"), choices=HELD, required=False)
    whose = forms.ChoiceField(label=_("With"), choices=WHOSE, required=False)
    show = forms.ChoiceField(label=_("Show"), choices=SHOWN, required=False)

    def __init__(self, data: QueryDict, *, communities: list[Community]) -> None:
        super().__init__(data, auto_id="filter-%s")
        themes = Theme.objects.order_by("name").values_list("slug", "name", "name_hi")
        hindi = get_language() == "hi"
        labels = [(slug, (name_hi if hindi else "") or name) for slug, name, name_hi in themes]
        self.fields["theme"].choices = [("", _("All themes")), *sorted(labels, key=lambda pair: pair[1])]
        if len(communities) < 2:
            del self.fields["community"]
        else:
            choices = [(community.slug, str(community)) for community in communities]
            self.fields["community"].choices = [("", _("All communities")), *choices]


class Listing:
    """The queue as its address asks for it."""

    def __init__(self, params: QueryDict, user: Viewer, now: datetime) -> None:
        self.member, self.now = member_of(user), now
        communities = Community.objects.filter(pk__in=moderated_ids_shown(user))
        self.form = ListingForm(params, communities=list(communities))
        self.form.is_valid()
        self.chosen = {name: value for name, value in self.form.cleaned_data.items() if value}

    def apply(self, items: QuerySet[Submission]) -> QuerySet[Submission]:
        """Return those of ``items`` that are listed, in the order of the queue; the hidden ones newest first."""
        chosen = self.chosen
        if chosen.get("show") == "hidden":
            rows = items.filter(state=SubmissionState.HIDDEN).order_by("-released_at", "-pk")
        elif chosen.get("show") == "afterwards":
            drawn = AutomaticApproval.objects.to_look_at().exclude(submission__author=self.member)
            rows = items.filter(pk__in=drawn.values("submission_id")).order_by("pk")
        else:
            rows = items.waiting().yours_first(self.member, self.now)
        if chosen.get("show") == "overdue":
            rows = rows.filter(due_at__lte=self.now)
        if kind := chosen.get("kind"):
            rows = rows.filter(kind=kind)
        if community := chosen.get("community"):
            rows = rows.filter(community__slug=community)
        if theme := chosen.get("theme"):
            rows = rows.filter(Exists(_questions_about(theme)))
        if age := chosen.get("age"):
            rows = rows.filter(submitted_at__lte=self.now - timedelta(days=int(age)))
        if held := chosen.get("held"):
            rows = rows.filter(_held_by(held))
        if chosen.get("whose") == "mine":
            rows = rows.held_by(self.member, self.now)
        elif chosen.get("whose") == "free":
            rows = rows.free_for(None, self.now)
        return rows.with_holding(self.now)

    @property
    def query(self) -> str:
        """Return the filters as they stand in an address, each followed by an ampersand."""
        return "".join(f"{urlencode({name: value})}&" for name, value in self.chosen.items())

    @property
    def is_waiting(self) -> bool:
        """Return whether the items listed wait for a decision."""
        return self.chosen.get("show") not in ("hidden", "afterwards")


def _questions_about(slug: str) -> QuerySet[Question]:
    """Return the questions filed under the theme ``slug`` or one below it that the outer item is, or answers."""
    is_it = Q(pk=OuterRef("pk")) | Q(pk=OuterRef("as_reply__question_id"))
    return Question.objects.filter(is_it).filter(Q(themes__slug=slug) | Q(themes__parent__slug=slug))


def _held_by(held: str) -> Q:
    """Return what finds the items that a rule holds ("yes"), none does ("no"), or one of a kind of rule does."""
    if held in ("yes", "no"):
        return Q(held_because=[]) if held == "no" else ~Q(held_because=[])
    # What rules found is kept as JSON; both databases write it in this one way, and SQLite finds no part of it.
    written = Submission.objects.annotate(written=Cast("held_because", TextField()))
    return Q(pk__in=written.waiting().filter(written__contains=f'"check": "{held}"').order_by().values("pk"))


def _reason_label(reason: ModerationReason) -> str:
    """Return what a reason is for, and its name."""
    what = reason.get_action_display()
    return f"{reason.get_kind_display()}, {what}: {reason}" if reason.kind else f"{what}: {reason}"


class BulkForm(forms.Form):
    """What to do to the items that are ticked; returning and declining need one reason for all."""

    act = forms.ChoiceField(
        label=_("With those ticked"),
        choices=[
            ("approve", _("Approve")),
            ("return", _("Return to the author")),
            ("decline", _("Decline")),
            ("take", _("Take them")),
            ("give_back", _("Give them back")),
        ],
        error_messages={"required": _("Choose what to do."), "invalid_choice": _("Choose what to do.")},
    )
    reason = forms.ModelChoiceField(
        label=_("Reason, to return or decline"),
        queryset=ModerationReason.objects.none(),
        to_field_name="code",
        required=False,
        error_messages={"invalid_choice": _("This reason is no longer offered.")},
    )

    def __init__(self, *args, now: datetime, **kwargs) -> None:
        super().__init__(*args, auto_id="bulk-%s", **kwargs)
        for field in self.fields.values():
            field.widget.attrs["form"] = "several"
        offered = ModerationReason.objects.filter(action__in=(Action.RETURN, Action.DECLINE))
        reasons = self.fields["reason"]
        reasons.queryset = offered.exclude(ended_at__lte=now)
        reasons.label_from_instance = _reason_label

    def clean(self) -> dict:
        data = super().clean()
        act, reason = data.get("act"), data.get("reason")
        if act in (Action.RETURN, Action.DECLINE) and "reason" not in self.errors:
            if reason is None:
                self.add_error("reason", _("Choose a reason: the authors have to know why."))
            elif reason.action != act:
                self.add_error("reason", _("Choose a reason that belongs to what you do."))
        return data
