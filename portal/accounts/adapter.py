"""How allauth behaves here."""

from types import SimpleNamespace
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Keeps the name that Wagtail shows in step with sign-up, and links in mails on the portal's own address."""

    def save_user(self, request: HttpRequest, user, form, commit: bool = True):
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit)

    def send_mail(self, template_prefix: str, email: str, context: dict) -> None:
        """Send a mail whose links lead to BASE_URL, whatever Host header the request came with."""
        asked, own = self.request.build_absolute_uri("/"), settings.BASE_URL.rstrip("/") + "/"
        safe = {
            name: own + value.removeprefix(asked) if isinstance(value, str) and value.startswith(asked) else value
            for name, value in context.items()
        }
        site = SimpleNamespace(name=settings.WAGTAIL_SITE_NAME, domain=urlsplit(own).netloc)
        super().send_mail(template_prefix, email, {**safe, "current_site": site})
