"""Joining and the profile: what allauth's sign-up shows beside e-mail and password, and what can be changed later."""

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.enums import Occupation
from community.models import Member
from community.services.communities import register_member

from .fields import LineField, PlainField, ThemesField, state_field

SUSPENSION_APPEAL_MAX_LENGTH = 2000


def _name_field() -> LineField:
    return LineField(
        label=_("Name as shown"),
        help_text=_("Members see it beside what you write. It can be your role."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


def _organisation_field() -> LineField:
    return LineField(
        label=_("Organisation"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


def _district_field() -> LineField:
    return LineField(label=_("District"), required=False, max_length=60)


def _consent_field() -> forms.BooleanField:
    return forms.BooleanField(
        label=_("I agree: what I write may be quoted in a public solution and reused with credit (CC BY 4.0)"),
        error_messages={"required": _("Tick the licence: without it nothing that you write could be used.")},
    )


class SignupForm(forms.Form):
    """What a new member says of themselves, with consent to the licence of contributions."""

    field_order = ["email", "password1", "name", "occupation", "organisation", "state", "district", "consent"]

    name = _name_field()
    occupation = forms.ChoiceField(label=_("What I do"), choices=Occupation.choices)
    organisation = _organisation_field()
    state = state_field()
    district = _district_field()
    consent = _consent_field()

    def signup(self, request, user) -> None:
        """Give the new account its public profile."""
        given = {name: self.cleaned_data[name] for name in ("name", "occupation", "organisation", "state", "district")}
        register_member(user=user, now=timezone.now(), **given)


class ProfileForm(forms.Form):
    """A member's own words about themselves."""

    name = _name_field()
    occupation = forms.ChoiceField(label=_("What I do"), choices=Occupation.choices)
    organisation = _organisation_field()
    state = state_field()
    district = _district_field()
    themes = ThemesField(label=_("Themes I know"), required=False, widget=forms.CheckboxSelectMultiple)
    languages = LineField(
        label=_("Languages"), help_text=_("For example Odia, Hindi, English."), required=False, max_length=120
    )
    mail_language = forms.ChoiceField(label=_("Language of mails"), choices=settings.LANGUAGES)

    @classmethod
    def for_member(cls, member: Member) -> "ProfileForm":
        """Return the form as it stands for ``member``."""
        return cls(
            initial={
                "name": member.name,
                "occupation": member.occupation,
                "organisation": member.organisation,
                "state": member.state,
                "district": member.district,
                "themes": list(member.themes.all()),
                "languages": member.languages,
                "mail_language": member.mail_language,
            }
        )


class FirstProfileForm(SignupForm):
    """The profile of an account that was made without one, for example in the admin."""


class LeaveForm(forms.Form):
    """Leaving for good."""

    sure = forms.BooleanField(
        label=_("Yes, take my name off everything and close my account for good"),
        error_messages={"required": _("Tick the box if you are sure.")},
    )


class SuspensionAppealForm(forms.Form):
    """What a suspended member says against it."""

    appeal = PlainField(
        label=_("What speaks against it?"),
        help_text=_("You can appeal once. Somebody else than who imposed it reads this and answers you."),
        max_length=SUSPENSION_APPEAL_MAX_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": _("Say in a sentence what speaks against it.")},
    )
