"""A member's profile, a suspension with its appeal, and leaving for good."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.forms.accounts import FirstProfileForm, LeaveForm, ProfileForm, SuspensionAppealForm
from community.models import Suspension
from community.permissions import NotAllowed, member_of
from community.services import communities, contributing

from .access import member_required
from .kept_forms import forget_kept, kept_fields


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def my_profile(request: HttpRequest) -> HttpResponse:
    """Change one's profile; an account without one makes it here first."""
    if member_of(request.user) is None:
        return _first_profile(request)
    member = request.user.member
    form = ProfileForm(request.POST) if request.method == "POST" else ProfileForm.for_member(member)
    if form.is_bound and form.is_valid():
        communities.change_profile(member=member, **form.cleaned_data)
        messages.success(request, _("Your profile is saved."))
        return redirect("my_profile")
    return render(request, "community/my_profile.html", {"form": form, "member": member})


def _first_profile(request: HttpRequest) -> HttpResponse:
    onward = request.POST.get("next") or request.GET.get("next") or ""
    form = FirstProfileForm(request.POST if request.method == "POST" else None, initial={"name": request.user.name})
    if form.is_bound and form.is_valid():
        form.signup(request, request.user)
        messages.success(request, _("Your profile is saved."))
        safe = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
        return redirect(onward if safe else "my")
    return render(request, "community/first_profile.html", {"form": form, "onward": onward})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
@reauthentication_required(allow_get=True)
def my_leave(request: HttpRequest) -> HttpResponse:
    """Close the account: contributions stay under "former member", nothing else does."""
    form = LeaveForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        communities.anonymise(user=request.user, now=timezone.now())
        logout(request)
        return render(request, "community/left.html")
    return render(request, "community/my_leave.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def my_suspension(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one's own suspension, and take its one appeal."""
    now = timezone.now()
    rows = Suspension.objects.select_related("community", "member")
    suspension = get_object_or_404(rows, pk=pk, member=request.member)
    data = request.POST if request.method == "POST" else None
    form = SuspensionAppealForm(data, initial=kept_fields(request))
    status = 200
    if form.is_bound and form.is_valid():
        text = form.cleaned_data["appeal"]
        try:
            contributing.appeal(suspension=suspension, member=request.member, text=text, now=now)
        except NotAllowed as refusal:
            form.add_error(None, str(refusal))
            status = refusal.status
            suspension.refresh_from_db()
        else:
            messages.success(request, _("Sent. Somebody else than who imposed it decides, and you get a mail."))
            return forget_kept(request, redirect(request.path), request.path)
    in_force = suspension.lifted_at is None and now < suspension.ends_at
    context = {"suspension": suspension, "form": form, "in_force": in_force}
    return render(request, "community/my_suspension.html", context, status=status)
