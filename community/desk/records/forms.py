"""The forms of a member's record."""

from datetime import datetime, time, timedelta

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.forms.fields import LineField, PlainField
from community.models import Community

LINE_MAX_LENGTH = 300
REASON_MAX_LENGTH = 1000
#: What stands for the whole exchange among the communities.
EVERYWHERE = "everywhere"


class SuspendForm(forms.Form):
    """Suspends a member, in one of ``communities`` or everywhere, to the end of a day."""

    where = forms.ChoiceField(label=_("Where"))
    last_day = forms.DateField(
        label=_("Last day"),
        help_text=_("It ends by itself at the end of this day."),
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"required": _("Say on which day it ends.")},
    )
    reason = PlainField(
        label=_("Why, in words for the member"),
        help_text=_("They get it by mail, with the way to appeal."),
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Say why, in words for the member.")},
    )

    def __init__(self, *args, communities: list[Community], everywhere: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._communities = {community.slug: community for community in communities}
        choices = [(slug, str(community)) for slug, community in self._communities.items()]
        self.fields["where"].choices = [*choices, *([(EVERYWHERE, _("The whole exchange"))] if everywhere else [])]

    def clean_last_day(self):
        day, today = self.cleaned_data["last_day"], timezone.localdate()
        if not today <= day < today + timedelta(days=settings.SUSPENSION_MAX_DAYS):
            raise forms.ValidationError(
                _("Choose a day from today on, within %(days)d days.") % {"days": settings.SUSPENSION_MAX_DAYS}
            )
        return day

    @property
    def community(self) -> Community | None:
        """Return the community chosen, None for everywhere; call it on a valid form."""
        return self._communities.get(self.cleaned_data["where"])

    @property
    def ends_at(self) -> datetime:
        """Return the end of the day chosen; call it on a valid form."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["last_day"], time.max))


class LineForm(forms.Form):
    """One line that other moderators read."""

    note = LineField(
        label=_("Why, in one line"),
        max_length=LINE_MAX_LENGTH,
        error_messages={"required": _("Say why in one line.")},
    )


class AnswerForm(forms.Form):
    """The answer to the appeal of a suspension."""

    answer = PlainField(
        label=_("Your answer, for the member"),
        max_length=REASON_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Answer the member in a few words.")},
    )
