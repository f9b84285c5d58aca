"""How allauth behaves here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Keeps the name that Wagtail shows in step with what was given at sign-up."""

    def save_user(self, request: HttpRequest, user, form, commit: bool = True):
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)
