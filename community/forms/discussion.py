"""What members write: questions, replies, and their next wording."""

from datetime import date

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from community.enums import ReplyKind
from community.models import Community, Member
from community.services.revisions import Text
from knowledge.models import Theme

from . import looked
from .fields import LineField, PlainField, SeveralSelects, SlugChoiceField, ThemesField, sector_field, state_field
from .tokens import SentOnceForm

MOST_THEMES = 3
APPEAL_MAX_LENGTH = 2000
_LATEST_NEED = 2  # years


def title_field() -> LineField:
    """Return the field of a question's title."""
    return LineField(
        label=_("Your question in one line"),
        help_text=_("As you would say it to a colleague. Everybody can read this line."),
        min_length=10,
        max_length=settings.TITLE_MAX_LENGTH,
        error_messages={"min_length": _("Say it in ten letters or more.")},
    )


def problem_field() -> PlainField:
    """Return the field of a question's text."""
    return PlainField(
        label=_("What goes wrong?"),
        help_text=_("Who is affected, where, since when. Leave out names and account numbers."),
        widget=forms.Textarea(attrs={"rows": 6}),
        min_length=20,
        max_length=settings.BODY_MAX_LENGTH,
        error_messages={"min_length": _("Say what goes wrong, in a sentence or more.")},
    )


def tried_field() -> PlainField:
    """Return the field of what was tried."""
    return PlainField(
        label=_("What have you tried?"),
        widget=forms.Textarea(attrs={"class": "short", "rows": 3}),
        required=False,
        max_length=settings.BODY_MAX_LENGTH,
    )


def answer_field() -> PlainField:
    """Return the field of a reply's text."""
    return PlainField(
        label=_("What would you do, or what did you do?"),
        help_text=_(
            "Say where, when and what came of it. A failure helps as much as a success. "
            "You can use *stars* for emphasis and start lines with - for a list."
        ),
        widget=forms.Textarea(attrs={"rows": 6}),
        min_length=10,
        max_length=settings.BODY_MAX_LENGTH,
        error_messages={"min_length": _("Say it in a sentence or more.")},
    )


class AskForm(SentOnceForm):
    """A question. Which communities are offered depends on ``member``; without a choice the first theme decides."""

    title = title_field()
    body = problem_field()
    tried = tried_field()
    themes = ThemesField(
        label=_("Themes"),
        help_text=_("One to three; the first is the main one."),
        most=MOST_THEMES,
        widget=SeveralSelects(labels=[_("First theme"), _("Second theme"), _("Third theme")]),
    )
    community = SlugChoiceField(
        Community.objects.none(),
        label=_("Community"),
        help_text=_("Its members get the question."),
        required=False,
        empty_label=_("The one of the first theme"),
    )
    state = state_field()
    sector = sector_field()
    needed_on = forms.DateField(
        label=_("When do you need an answer?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "class": "w-s"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("Give the date as day, month and year, for example 2026-12-05.")},
    )
    suggestions_seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1)

    def __init__(self, data=None, *, member: Member, communities: list[Community], **kwargs) -> None:
        super().__init__(data, member=member, **kwargs)
        self.communities = communities
        field = self.fields["community"]
        field.queryset = Community.objects.filter(pk__in=[community.pk for community in communities])
        if len(communities) == 1:
            field.widget = field.hidden_widget()
        self.fields["needed_on"].widget.attrs["min"] = timezone.localdate().isoformat()

    def clean_needed_on(self) -> date | None:
        day, today = self.cleaned_data["needed_on"], timezone.localdate()
        if day is None:
            return None
        if day <= today:
            raise ValidationError(
                _("The date has passed. Choose a day after %(today)s."),
                code="past",
                params={"today": date_format(today, "j F Y")},
            )
        if day.year > today.year + _LATEST_NEED:
            raise ValidationError(_("Choose a day within the next two years."), code="too_far")
        return day

    def clean(self) -> dict:
        cleaned = super().clean()
        try:
            cleaned["looked"] = self._looked()
        except ValidationError as error:
            self.add_error(None, error)
        if "community" in cleaned and cleaned["community"] is None and cleaned.get("themes"):
            cleaned["community"] = self._community_of(cleaned["themes"][0])
            if cleaned["community"] is None:
                self.add_error("community", _("Choose the community that should get the question."))
        return cleaned

    def _looked(self) -> list[looked.Looked]:
        """Return the suggestions that stood beside the form, with what the asker did with them."""
        lists = {name: self.data.getlist(name) for name in looked.NAMES}
        return looked.checked([one for _seal, one in looked.looked(**lists, member=self.member, now=timezone.now())])

    def _community_of(self, theme: Theme) -> Community | None:
        """Return the community to which ``theme`` belongs by the root of its branch, or the only one there is."""
        if len(self.communities) == 1:
            return self.communities[0]
        root = theme.root
        return next((each for each in self.communities if root in each.themes.all()), None)

    @property
    def text(self) -> Text:
        """Return what was written, once the form is valid."""
        cleaned = self.cleaned_data
        return Text(title=cleaned["title"], body=cleaned["body"], tried=cleaned["tried"])


class ReplyForm(SentOnceForm):
    """An answer to a question."""

    body = answer_field()
    reply_kind = forms.ChoiceField(
        label=_("What do you give?"), choices=ReplyKind.choices, initial=ReplyKind.EXPERIENCE, widget=forms.RadioSelect
    )

    @property
    def text(self) -> Text:
        """Return what was written, once the form is valid."""
        return Text(body=self.cleaned_data["body"])


class RevisionForm(forms.Form):
    """The next wording of a message that is not out yet. ``version`` is the item's as its author saw it."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)


class AppealForm(RevisionForm):
    """What an author says against a decline."""

    appeal = PlainField(
        label=_("Why should it be decided otherwise?"),
        help_text=_("Another moderator reads this beside your text and the first decision."),
        max_length=APPEAL_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say in a sentence why the decision is wrong.")},
    )


class QuestionRevisionForm(RevisionForm):
    """The next wording of a question."""

    title = title_field()
    body = problem_field()
    tried = tried_field()

    @property
    def text(self) -> Text:
        """Return what was written, once the form is valid."""
        cleaned = self.cleaned_data
        return Text(title=cleaned["title"], body=cleaned["body"], tried=cleaned["tried"])


class ReplyRevisionForm(RevisionForm):
    """The next wording of a reply."""

    body = answer_field()

    @property
    def text(self) -> Text:
        """Return what was written, once the form is valid."""
        return Text(body=self.cleaned_data["body"])
