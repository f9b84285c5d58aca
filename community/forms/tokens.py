"""A form that is sent twice is stored once: each form carries a word made for it and for its member."""

import secrets

from django import forms
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _


def new_token(member) -> str:
    """Return a random word that only ``member`` can send back."""
    nonce = secrets.token_urlsafe(16)
    return f"{nonce}.{_seal(member, nonce)}"


def _seal(member, nonce: str) -> str:
    return salted_hmac(f"community.form:{member.pk}", nonce, algorithm="sha256").hexdigest()[:32]


def is_token_of(member, token: str) -> bool:
    """Return whether ``token`` was made by ``new_token`` for ``member``."""
    nonce, _point, seal = token.partition(".")
    return len(token) <= 64 and constant_time_compare(seal, _seal(member, nonce))


class SentOnceForm(forms.Form):
    """A form with a word of its own; one that is not the member's is replaced, and the person looks again."""

    form_token = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, member, **kwargs) -> None:
        self.member = member
        self._foreign_token = False
        if data is not None and not is_token_of(member, data.get("form_token", "")):
            data = data.copy()
            data["form_token"] = new_token(member)
            self._foreign_token = True
        super().__init__(data, **kwargs)
        self.fields["form_token"].initial = new_token(member)

    def clean(self) -> dict:
        cleaned = super().clean()
        if self._foreign_token:
            self.add_error(
                None, _("This form was opened some time ago or by another account. Look through it and send it again.")
            )
        return cleaned
