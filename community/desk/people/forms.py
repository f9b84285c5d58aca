"""The forms of the members' pages in the admin."""

from django import forms
from django.utils.translation import gettext_lazy as _

from community.enums import Role
from community.forms.fields import LineField, PlainField

MESSAGE_MAX_LENGTH = 2000
SEARCH_MAX_LENGTH = 120


class MembersFilterForm(forms.Form):
    """Which members are listed."""

    q = LineField(label=_("Name"), required=False, max_length=SEARCH_MAX_LENGTH)
    role = forms.ChoiceField(label=_("Role"), choices=[("", _("All roles")), *Role.choices], required=False)


def _message_field(**kwargs) -> PlainField:
    return PlainField(
        label=_("Why, in words for the person"),
        max_length=MESSAGE_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        **kwargs,
    )


class RoleForm(forms.Form):
    """Another role. The words may be missing where nothing is taken away."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
    message = _message_field(
        required=False, help_text=_("They get it once by mail. Needed where somebody moderates no more.")
    )


class RemovalForm(forms.Form):
    """Taking somebody out of the community."""

    message = _message_field(help_text=_("They get it once by mail. What they wrote stays."))
