"""The doors of Wagtail's admin: signing in and out is allauth's, the account page changes the name alone."""

from allauth.account.views import logout
from django import forms
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.account import AccountView, BaseSettingsPanel, NameEmailSettingsPanel


@never_cache
def sign_in(request: HttpRequest) -> HttpResponse:
    """Send somebody to allauth's sign-in, with the way back; somebody signed in without entry is told so."""
    if request.user.is_authenticated and not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    home = reverse("wagtailadmin_home")
    way_back = request.GET.get("next") or (home if request.path.startswith(home) else "")
    return redirect(reverse("account_login") + (f"?{urlencode({'next': way_back})}" if way_back else ""))


#: Signing out of the admin is signing out.
sign_out = never_cache(logout)


def nothing_here(request: HttpRequest) -> HttpResponse:
    """Stand in the place of Wagtail's page that fails on purpose."""
    raise Http404


class NameForm(forms.ModelForm):
    class Meta:
        model = get_user_model()
        fields = ["name"]


class NameSettingsPanel(BaseSettingsPanel):
    """The name; address, password and second factor have their own pages outside the admin."""

    name = "name"
    title = _("Name")
    order = 100
    form_class = NameForm


class NameOnlyAccountView(AccountView):
    """Wagtail's account page for an account that has one name and its address elsewhere."""

    def get_panels(self) -> list[BaseSettingsPanel]:
        panels = super().get_panels()
        return [
            NameSettingsPanel(panel.request, panel.user, panel.profile)
            if isinstance(panel, NameEmailSettingsPanel)
            else panel
            for panel in panels
        ]


account = never_cache(require_admin_access(NameOnlyAccountView.as_view()))
