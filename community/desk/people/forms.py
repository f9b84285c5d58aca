"""The forms of the members' pages in the admin."""

import re
from collections.abc import Sequence

from django import forms
from django.conf import settings
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


class InvitationsForm(forms.Form):
    """Addresses, one on each line, and the role for all of them."""

    addresses = PlainField(
        label=_("E-mail addresses, one on each line"),
        help_text=_("Each gets a mail with a link. Nobody is told which of them has an account."),
        max_length=settings.INVITATIONS_AT_ONCE * 260,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
    )
    role = forms.ChoiceField(label=_("Role"))

    def __init__(self, *args, roles: Sequence[Role], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(role.value, role.label) for role in roles]

    def clean_addresses(self) -> list[str]:
        typed = re.split(r"[\s,;]+", self.cleaned_data["addresses"])
        found = list(dict.fromkeys(each.lower() for each in typed if each))
        if not found:
            raise forms.ValidationError(_("Write at least one address."))
        if len(found) > settings.INVITATIONS_AT_ONCE:
            most = settings.INVITATIONS_AT_ONCE
            raise forms.ValidationError(_("At most %(most)d at once, please.") % {"most": most})
        return found
