"""The page behind the link of an invitation: a GET shows it, the button accepts it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from community.models import Invitation
from community.permissions import NotAllowed
from community.services import communities
from community.services.communities import invitations
from community.views.access import member_required


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """Show who invites into what, with the button, or why the link opens nothing."""
    found = invitations.found(secret)
    if found is None:
        return render(request, "community/invitation_unknown.html", status=404)
    if request.method == "POST":
        return _accept(request, found, secret=secret)
    return _show(request, found)


def _show(request: HttpRequest, found: Invitation, refusal: str = "", status: int = 200) -> HttpResponse:
    closed = invitations.why_closed(found, timezone.now())
    user = request.user
    context = {
        "invitation": found,
        "community": found.community,
        "by": getattr(found.by, "member", None),
        "closed": closed,
        "refusal": refusal if refusal != closed else "",
        "is_theirs": user.is_authenticated and invitations.is_for(found, user),
        "is_done": user.is_authenticated and found.accepted_by_id == user.pk,
    }
    return render(request, "community/invitation.html", context, status=status)


@member_required
def _accept(request: HttpRequest, found: Invitation, *, secret: str) -> HttpResponse:
    try:
        membership = communities.invitations.accept(secret=secret, member=request.member, now=timezone.now())
    except NotAllowed as refusal:
        found.refresh_from_db()
        return _show(request, found, refusal=str(refusal), status=403)
    words = _("You are in %(name)s. Your role: %(role)s.")
    messages.success(request, words % {"name": found.community, "role": membership.get_role_display()})
    return redirect(found.community)
