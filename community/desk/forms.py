"""The forms of the desk: one for each decision, all with the version that the moderator looked at."""

from datetime import datetime

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from community.forms.fields import LineField, PlainField
from community.models import Community, Membership, ModerationReason, Submission
from community.models.moderation.merge_fields import ANSWER, names_in
from community.services import moderation
from community.services.answers import answer_at, offered_answers
from community.services.moderation import kinds
from community.services.revisions import Text
from community.states import Action

MESSAGE_MAX_LENGTH = 2000
NOTE_MAX_LENGTH = 600
LINE_MAX_LENGTH = 300
REMARK_MAX_LENGTH = 1000
ADDRESS_MAX_LENGTH = 500


class VersionForm(forms.Form):
    """The version that was on the screen: whoever acts on an older one is told who acted since."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)


class NoteForm(VersionForm):
    """One line that other moderators read in the log."""

    note = LineField(
        label=_("Why, in one line"),
        help_text=_("Other moderators read it in the log; the author does not."),
        max_length=LINE_MAX_LENGTH,
        error_messages={"required": _("Say why in one line: the log keeps it.")},
    )


class MoveForm(NoteForm):
    """Another community for a question, and why in one line."""

    community = forms.ModelChoiceField(
        label=_("To which community"),
        queryset=Community.objects.none(),
        to_field_name="slug",
        help_text=_("One of those to which its author belongs."),
        error_messages={"required": _("Choose a community."), "invalid_choice": _("Choose a community.")},
    )
    field_order = ("community", "note")

    def __init__(self, *args, item: Submission, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        current = Membership.objects.current().filter(member_id=item.author_id).exclude(community=item.community_id)
        self.fields["community"].queryset = Community.objects.filter(pk__in=current.values("community_id"))

    @property
    def is_possible(self) -> bool:
        """Return whether there is another community to choose."""
        return self.fields["community"].queryset.exists()


class RemarkForm(forms.Form):
    """A note for other moderators, on the message or on its author."""

    text = PlainField(
        label=_("Write a note"),
        max_length=REMARK_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("Write a line first.")},
    )
    about = forms.ChoiceField(
        label=_("About"), choices=[("item", _("this message")), ("author", _("its author"))], initial="item"
    )


class AmendForm(VersionForm):
    """A moderator's own wording. Replies have a body alone."""

    title = LineField(label=_("Title"), max_length=settings.TITLE_MAX_LENGTH)
    body = PlainField(label=_("Text"), max_length=settings.BODY_MAX_LENGTH, widget=forms.Textarea(attrs={"rows": 12}))
    tried = PlainField(
        label=_("What was tried"),
        max_length=settings.BODY_MAX_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    is_substantive = forms.TypedChoiceField(
        label=_("What kind of change is it?"),
        choices=[
            ("", _("Minor: spelling, form, personal data taken out. The sense is the same.")),
            ("yes", _("Substantive: it says something else than before, or less.")),
        ],
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
    )
    note = PlainField(
        label=_("What you changed, for the author"),
        help_text=_("The author gets it with every word that was taken out or put in. A substantive change needs it."),
        max_length=NOTE_MAX_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, item: Submission, **kwargs) -> None:
        revision = item.revision
        kwargs.setdefault("initial", {}).update(title=revision.title, body=revision.body, tried=revision.tried)
        super().__init__(*args, **kwargs)
        for name in {"title", "tried"} - set(kinds.kind_of(item).fields):
            del self.fields[name]

    def clean(self) -> dict:
        data = super().clean()
        if data.get("is_substantive") and not data.get("note") and "note" not in self.errors:
            self.add_error("note", _("Say in a line what you changed in the sense, and why: the author reads it."))
        return data

    def text(self) -> Text:
        """Return the wording; call it on a valid form."""
        data = self.cleaned_data
        return Text(body=data["body"], title=data.get("title", ""), tried=data.get("tried", ""))


class ReasonSelect(forms.Select):
    """A list of reasons; each option carries the words that the author reads, for the script that fills them in."""

    item: Submission

    def create_option(self, name, value, label, selected, index, subindex=None, attrs=None):
        option = super().create_option(name, value, label, selected, index, subindex=subindex, attrs=attrs)
        if reason := getattr(value, "instance", None):
            option["attrs"]["data-text"] = moderation.words_for(reason, self.item)
        return option


class ReasonForm(VersionForm):
    """A reason and the words for the author; left blank, the reason's own words are sent."""

    reason = forms.ModelChoiceField(
        label=_("Reason"),
        queryset=ModerationReason.objects.none(),
        to_field_name="code",
        widget=ReasonSelect,
        error_messages={"required": _("Choose a reason: the author has to know why.")},
    )
    message = PlainField(
        label=_("What the author reads"),
        help_text=_("Left blank, the words of the reason are sent."),
        max_length=MESSAGE_MAX_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
    )

    def __init__(self, *args, action: Action, item: Submission, now: datetime, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = offered(action, item, now)
        self.fields["reason"].widget.item = self.item = item

    @property
    def wordings(self) -> list[tuple[ModerationReason, str]]:
        """Return each reason that is offered with what this author would read."""
        return [(reason, moderation.words_for(reason, self.item)) for reason in self.fields["reason"].queryset]


class DeclineForm(ReasonForm):
    """A decline may name what answers the message already: one of those offered, or an address."""

    pick = LineField(label=_("Answered already by"), required=False, max_length=ADDRESS_MAX_LENGTH)
    answer = LineField(
        label=_("Or the address of what answers it"),
        help_text=_("A solution, question, page or entry here. The author gets the link; {answer} stands for it."),
        required=False,
        max_length=ADDRESS_MAX_LENGTH,
    )

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.found = offered_answers(self.item)
        if self.found:
            picks = [(hit.url, hit.title) for hit in self.found]
            self.fields["pick"].widget = forms.RadioSelect(choices=[("", _("None of these")), *picks])
        else:
            del self.fields["pick"]

    def clean(self) -> dict:
        data = super().clean()
        address = data.get("answer") or data.pop("pick", "")
        data.pop("pick", None)
        reason, typed = data.get("reason"), data.get("message")
        data["answer"] = answer_at(address) if address else None
        if address and data["answer"] is None:
            self.add_error("answer", _("There is nothing public at this address. Copy it from the page that answers."))
        elif reason and not address and "answer" not in self.errors:
            needed = ANSWER in names_in(typed) if typed else reason.needs_answer
            if needed:
                self.add_error("answer", _("These words name what answers it already: give its address."))
        return data


class SpamForm(VersionForm):
    """Marks an item as spam, and others that the same author has waiting in the community where they are ticked."""

    also = forms.MultipleChoiceField(
        label=_("Mark these of the same author too"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args, others: list[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["also"].choices = others
        if not others:
            del self.fields["also"]


def offered(action: Action, item: Submission, now: datetime):
    """Return the reasons that are offered for ``action`` on ``item`` now."""
    reasons = ModerationReason.objects.filter(action=action, kind=kinds.reasons_for(item, action))
    return reasons.exclude(ended_at__lte=now)
