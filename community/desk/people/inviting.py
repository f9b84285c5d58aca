"""Inviting people into a community, several at once, and what waits to be accepted."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.core.validators import validate_email
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from community.models import Community, Invitation
from community.permissions import NotAllowed
from community.services.communities import invitations

from .access import community_at, crumbs
from .forms import InvitationsForm

PAGE_SIZE = 50
LONGEST_ADDRESS = 254


@dataclass(frozen=True)
class Outcome:
    """What became of one line: ``words`` say why it was not done."""

    address: str
    words: str = ""

    @property
    def done(self) -> bool:
        return not self.words


@require_http_methods(["GET", "HEAD", "POST"])
def invitations_of(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the form and what waits; invite each address of the form, and keep those that could not be."""
    community, _shown = community_at(request, slug)
    roles = invitations.roles_to_give(request.user, community)
    form = InvitationsForm(request.POST if request.method == "POST" else None, roles=roles)
    outcomes: list[Outcome] = []
    if form.is_bound and form.is_valid():
        role = form.cleaned_data["role"]
        outcomes = [_invite(request, community, address, role) for address in form.cleaned_data["addresses"]]
        done, left = sum(each.done for each in outcomes), [each.address for each in outcomes if not each.done]
        if not left:
            words = ngettext("%(number)d invitation is on its way.", "%(number)d invitations are on their way.", done)
            messages.success(request, words % {"number": done})
            return redirect("invitations_of", slug)
        form = InvitationsForm(initial={"addresses": "\n".join(left), "role": role}, roles=roles)
    context = {
        "community": community,
        "form": form,
        "outcomes": outcomes,
        "page": Paginator(invitations.waiting_of(community), PAGE_SIZE).get_page(request.GET.get("p")),
        "roles": roles,
        "now": timezone.now(),
        "header_title": _("Invitations"),
        "header_icon": "mail",
        "breadcrumbs_items": crumbs(community, _("Invitations")),
    }
    return render(request, "community/desk/people/invitations.html", context)


def _invite(request: HttpRequest, community: Community, address: str, role: str) -> Outcome:
    try:
        if len(address) > LONGEST_ADDRESS:
            raise ValidationError("")
        validate_email(address)
    except ValidationError:
        return Outcome(address, _("This is no e-mail address."))
    try:
        invitations.invite(community=community, address=address, role=role, by=request.user, now=timezone.now())
    except NotAllowed as refusal:
        return Outcome(address, str(refusal))
    return Outcome(address)


@require_POST
def invitations_revoke(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take an invitation back."""
    community, _shown = community_at(request, slug)
    invitation = get_object_or_404(Invitation, pk=pk, community=community)
    try:
        invitations.revoke(invitation=invitation, by=request.user, now=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Taken back. The link opens nothing any more."))
    return redirect("invitations_of", slug)
