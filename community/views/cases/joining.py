"""Joining a community: at once, or by a request that its moderators decide on."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.enums import SubmissionKind
from community.forms.cases import JoinForm
from community.models import Community
from community.permissions import NotAllowed, current_membership
from community.services import contributing
from community.services.communities import requests

from ..access import check_throttles, member_required
from ..again import again_fields
from ..kept_forms import forget_kept, kept_fields
from ..words import expected_decision


def back_to(request: HttpRequest, community: Community) -> HttpResponse:
    """Send the browser to where it came from, where that is a page of ours, else to the community's page."""
    onward = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(onward)
    return redirect(community)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def community_join(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the member into a community at once, or take a request where its moderators decide who joins.

    Opened as a page, this is the form of the request, or the community's page.
    """
    community = get_object_or_404(Community, slug=slug)
    vetted = community.membership_vetted and current_membership(request.user, community) is None
    waiting = requests.open_request(member=request.member, community=community) if vetted else None
    if waiting is not None:
        return redirect("my_submission", pk=waiting.pk)
    if request.method != "POST":
        return _ask(request, community) if vetted else back_to(request, community)
    if vetted:
        return _send(request, community)
    requests.come_in(member=request.member, community=community, now=timezone.now())
    messages.success(request, _("Welcome to %(name)s. Choose how its messages reach you.") % {"name": community})
    return back_to(request, community)


def _ask(request: HttpRequest, community: Community) -> HttpResponse:
    kept = kept_fields(request)
    again = again_fields(request, SubmissionKind.MEMBERSHIP)
    return _page(request, community, JoinForm(initial=again | kept), kept=bool(kept))


def _send(request: HttpRequest, community: Community) -> HttpResponse:
    if "discard" in request.POST:
        return forget_kept(request, redirect(request.path), request.path)
    # The button of another page sends no form yet: it leads to it.
    form = JoinForm(request.POST if "body" in request.POST else None)
    if not form.is_valid():
        return _page(request, community, form)
    try:
        check_throttles(request, "membership")
        made = requests.ask_to_join(
            member=request.member,
            community=community,
            text=form.cleaned_data["body"],
            delivery_mode=form.cleaned_data["delivery_mode"],
            now=timezone.now(),
        )
    except contributing.NotNow as refusal:
        form.add_error(None, str(refusal))
        return _page(request, community, form, status=refusal.status)
    except NotAllowed as refusal:
        messages.info(request, str(refusal))
        return redirect(community)
    messages.success(request, _("Your request is with the moderators. %s") % expected_decision(made))
    return forget_kept(request, redirect("my_submission", pk=made.pk), request.path)


def _page(
    request: HttpRequest, community: Community, form: JoinForm, *, kept: bool = False, status: int = 200
) -> HttpResponse:
    context = {"community": community, "form": form, "kept": kept}
    return render(request, "community/community_join.html", context, status=status)
