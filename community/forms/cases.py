"""What members write to moderators beside messages: why they want to join, what is wrong with a message."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.enums import DeliveryMode, FlagReason
from community.services.flags.reporting import LINE_MAX_LENGTH
from community.services.revisions import Text

from .discussion import RevisionForm
from .fields import LineField, PlainField

REQUEST_MAX_LENGTH = 2000


def request_field() -> PlainField:
    """Return the field of what somebody who wants to join says."""
    return PlainField(
        label=_("What do you do, and why do you want to join?"),
        help_text=_("Two or three sentences. The moderators of this community read it, nobody else."),
        widget=forms.Textarea(attrs={"rows": 5}),
        min_length=10,
        max_length=REQUEST_MAX_LENGTH,
        error_messages={"min_length": _("Say it in a sentence or more.")},
    )


class JoinForm(forms.Form):
    """A request to join, with the way in which messages are to arrive."""

    body = request_field()
    delivery_mode = forms.ChoiceField(
        label=_("How should messages reach you?"),
        choices=DeliveryMode.choices,
        initial=DeliveryMode.DAILY_SUMMARY,
        help_text=_("You can change it at any time."),
    )


class RequestRevisionForm(RevisionForm):
    """The next wording of a request to join."""

    body = request_field()

    @property
    def text(self) -> Text:
        """Return what was written, once the form is valid."""
        return Text(body=self.cleaned_data["body"])


class ReportForm(forms.Form):
    """Why somebody reports a message. ``reply`` is the number of the answer, blank for the question."""

    why = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=FlagReason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong."),
            "invalid_choice": _("Choose one of these."),
        },
    )
    words = LineField(
        label=_("In a line"),
        help_text=_("Which part, and why. Moderators alone read it, with your name."),
        max_length=LINE_MAX_LENGTH,
        required=False,
    )
    reply = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)

    def clean(self) -> dict:
        cleaned = super().clean()
        if cleaned.get("why") == FlagReason.OTHER and not cleaned.get("words") and "words" not in self.errors:
            self.add_error("words", _("Say in a line what is wrong."))
        return cleaned
