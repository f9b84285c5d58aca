"""Joining: the form that allauth's sign-up shows beside e-mail and password."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from community.enums import Occupation
from community.services.communities import register_member


class SignupForm(forms.Form):
    """Name, occupation, and consent to the licence of contributions."""

    name = forms.CharField(label=_("Name as shown"), max_length=120)
    occupation = forms.ChoiceField(label=_("What I do"), choices=Occupation.choices)
    consent = forms.BooleanField(label=_("I agree that what I write may be reused with credit (CC BY 4.0)."))

    def signup(self, request, user) -> None:
        """Give the new account its public profile."""
        register_member(
            user=user,
            name=self.cleaned_data["name"],
            occupation=self.cleaned_data["occupation"],
            now=timezone.now(),
        )
