"""The communities: what each is about, and leaving one; joining stands in ``cases``."""

from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from community.enums import MODERATING_ROLES
from community.models import Community, Membership, Question
from community.permissions import NotAllowed, current_membership, member_of
from community.services import communities
from community.services.communities import requests
from community.states import ThreadLife
from community.visibility import reader_of
from knowledge.sanitize import render_markdown

from .access import member_required
from .cases.joining import back_to

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
    member = member_of(request.user)
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
        "is_member_of_portal": member is not None,
        "asked": requests.last_request(member=member, community=community) if member and not membership else None,
    }
    return render(request, "community/community_detail.html", context)


def _welcome(community: Community, membership: Membership | None) -> str:
    """Return the welcome as sanitized HTML for who came lately, an empty text for everybody else."""
    if membership is None or membership.started_at < timezone.now() - timedelta(days=settings.WELCOME_DAYS):
        return ""
    return render_markdown(community.localized_welcome)


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
            return back_to(request, community)
        messages.success(request, _("You left %(name)s. What you wrote there stays.") % {"name": community})
    return back_to(request, community)
