"""What is done to a thread: its closing date, its summary so far, what became of its answers."""

from collections.abc import Mapping
from datetime import date, datetime

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from community.enums import UseMark
from community.models import Question
from community.permissions import NotAllowed
from community.services.threads.dates import check_day, closing_of

from .fields import LineField, PlainField

LONGEST_LINE = 300
_GREATEST = 2**31 - 1


class ThreadForm(forms.Form):
    """A change of a thread. ``version`` is the thread's as the person saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=_GREATEST)
    note = LineField(
        label=_("Why, in a line"),
        help_text=_("Members of the community can read it."),
        max_length=LONGEST_LINE,
        required=False,
    )

    def __init__(self, *args, question: Question, now: datetime, **kwargs) -> None:
        self.question, self.now = question, now
        super().__init__(*args, **kwargs)


class AnsweredForm(ThreadForm):
    """The asker closes the question."""

    note = LineField(
        label=_("What helped, in a line"),
        help_text=_("Only the moderators read it."),
        max_length=LONGEST_LINE,
        required=False,
    )


class UntilForm(ThreadForm):
    """More time, or time again."""

    until = forms.DateField(
        label=_("Answers until"),
        widget=forms.DateInput(attrs={"type": "date", "class": "w-s"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give the date as day, month and year, for example 2026-12-05.")},
    )
    field_order = ["until", "note"]
    #: Whether the day has to be later than the present one.
    is_more = True

    def clean_until(self) -> date:
        later_than = self.question.closes_at if self.is_more else None
        try:
            check_day(self.cleaned_data["until"], self.now, later_than=later_than)
        except NotAllowed as refusal:
            raise ValidationError(str(refusal), code="day") from refusal
        return self.cleaned_data["until"]


class ReopenForm(UntilForm):
    """Time again: any day ahead."""

    is_more = False


class SummaryForm(ThreadForm):
    """The summary so far."""

    note = None
    summary = PlainField(
        label=_("Summary so far"),
        help_text=_("It stands on top of the exchange, with your name and the day. Everybody who reads it sees this."),
        widget=forms.Textarea(attrs={"rows": 6}),
        max_length=settings.SUMMARY_MAX_LENGTH,
    )
    tell = forms.BooleanField(label=_("Mail it to those who follow the question"), required=False)


class UnpinForm(ThreadForm):
    """Takes the summary away."""

    note = None


class UseForm(forms.Form):
    """What became of an answer."""

    mark = forms.ChoiceField(
        label=_("Did you use this answer?"),
        choices=UseMark.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of the three."), "invalid_choice": _("Choose one of the three.")},
    )
    line = LineField(
        label=_("In a line, if you like"),
        help_text=_("Only moderators read the line; the mark is for everybody who reads this exchange."),
        max_length=LONGEST_LINE,
        required=False,
    )


#: By the name that comes with the form.
FORMS: dict[str, type[ThreadForm]] = {
    "extend": UntilForm,
    "close": ThreadForm,
    "reopen": ReopenForm,
    "answered": AnsweredForm,
    "summary": SummaryForm,
    "unpin": UnpinForm,
}


class ThreadForms:
    """The forms of one thread. ``posted`` names the one that was sent, with its ``data``.

    ``typed`` fills that form again without checking it, for somebody who was too late.
    """

    def __init__(
        self,
        question: Question,
        now: datetime,
        *,
        posted: str = "",
        data: Mapping | None = None,
        typed: Mapping | None = None,
    ) -> None:
        self.question, self.now = question, now
        self.posted, self._data, self._typed = posted, data, typed or {}

    def _make(self, name: str) -> ThreadForm:
        question = self.question
        initial = {"version": question.thread_version}
        if name in ("extend", "reopen"):
            initial["until"] = timezone.localdate(closing_of(question.community, max(self.now, self._from(name))))
        if name == "summary" and question.summary:
            initial["summary"] = question.summary.body
        data = self._data if name == self.posted else None
        if name == self.posted:
            initial |= {key: value for key, value in self._typed.items() if key != "version"}
        return FORMS[name](data, question=question, now=self.now, initial=initial, auto_id=f"thread-{name}-%s")

    def _from(self, name: str) -> datetime:
        return (self.question.closes_at if name == "extend" else None) or self.now

    @property
    def typed_note(self) -> str:
        """Return the line that somebody who was too late had typed, where its form is not offered any more."""
        return str(self._typed.get("note", ""))

    @property
    def sent(self) -> ThreadForm:
        """Return the form that was sent."""
        return getattr(self, self.posted)

    @cached_property
    def extend(self) -> ThreadForm:
        return self._make("extend")

    @cached_property
    def close(self) -> ThreadForm:
        return self._make("close")

    @cached_property
    def reopen(self) -> ThreadForm:
        return self._make("reopen")

    @cached_property
    def answered(self) -> ThreadForm:
        return self._make("answered")

    @cached_property
    def summary(self) -> ThreadForm:
        return self._make("summary")

    @cached_property
    def unpin(self) -> ThreadForm:
        return self._make("unpin")
