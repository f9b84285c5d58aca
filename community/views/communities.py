"""The communities: what each is about, joining, leaving."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.enums import MODERATING_ROLES
from community.models import Community, Membership, Question
from community.permissions import NotAllowed, current_membership, member_of
from community.services import communities
from community.states import ThreadLife
from community.visibility import reader_of
from knowledge.sanitize import render_markdown

from .access import member_required

NEWEST_QUESTIONS = 10


@require_safe
def community_list(request: HttpRequest) -> HttpResponse:
    """List the communities, with those of the member marked."""
    present = Q(memberships__ended_at=None, memberships__started_at__isnull=False)
    rows = Community.objects.annotate(member_count=Count("memberships", filter=present)).prefetch_related("themes")
    return render(
        request, "community/community_list.html", {"communities": rows, "joined": reader_of(request.user).communities}
    )


@require_safe
def community_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a community: what it is about, its rules, its newest questions, the way in."""
    community = get_object_or_404(Community.objects.prefetch_related("themes"), slug=slug)
    memberships = community.memberships.current()
    membership = current_membership(request.user, community)
    questions = Question.objects.released().filter(community=community)
    context = {
        "community": community,
        "membership": membership,
        "member_count": memberships.count(),
        "figures": questions.aggregate(asked=Count("pk"), written_up=Count("pk", filter=Q(life=ThreadLife.COMPILED))),
        "moderators": memberships.filter(role__in=MODERATING_ROLES)
        .select_related("member__state")
        .order_by("role", "member__name"),
        "welcome_html": _welcome(community, membership),
        "questions": Question.objects.listed().with_answers().filter(community=community)[:NEWEST_QUESTIONS],
        "is_member_of_portal": member_of(request.user) is not None,
    }
    return render(request, "community/community_detail.html", context)


def _welcome(community: Community, membership: Membership | None) -> str:
    """Return the welcome as sanitized HTML for who came lately, an empty text for everybody else."""
    if membership is None or membership.started_at < timezone.now() - timedelta(days=settings.WELCOME_DAYS):
        return ""
    return render_markdown(community.localized_welcome)


def _back(request: HttpRequest, community: Community) -> HttpResponse:
    onward = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(onward, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        return redirect(onward)
    return redirect(community)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def community_join(request: HttpRequest, slug: str) -> HttpResponse:
    """Let the member into a community, at once; opened as a page, this is the community's."""
    community = get_object_or_404(Community, slug=slug)
    if request.method == "POST":
        communities.join(member=request.member, community=community, now=timezone.now())
        messages.success(request, _("Welcome to %(name)s. Choose how its messages reach you.") % {"name": community})
    return _back(request, community)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def community_leave(request: HttpRequest, slug: str) -> HttpResponse:
    """End the member's time in a community; what they wrote stays."""
    community = get_object_or_404(Community, slug=slug)
    membership = current_membership(request.user, community)
    if request.method == "POST" and membership is not None:
        try:
            communities.leave(membership=membership, now=timezone.now())
        except NotAllowed as refusal:
            messages.error(request, str(refusal))
            return _back(request, community)
        messages.success(request, _("You left %(name)s. What you wrote there stays.") % {"name": community})
    return _back(request, community)
