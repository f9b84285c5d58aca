"""The members of a community in the admin: who they are, what role each has, and who changed it."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from community.enums import Role
from community.models import Community, Membership, MembershipChange
from community.permissions import NotAllowed, current_membership
from community.services import communities

from .access import communities_of, community_at, crumbs, leads
from .forms import MembersFilterForm, RemovalForm, RoleForm

PAGE_SIZE = 50
NEWEST_CHANGES = 20


@require_safe
def members_home(request: HttpRequest) -> HttpResponse:
    """Lead to the members of the one community, or list those there are."""
    shown = communities_of(request.user)
    if len(shown) == 1:
        return redirect("members_of", shown[0].slug)
    context = {
        "communities": shown,
        "header_title": _("Members"),
        "header_icon": "group",
        "breadcrumbs_items": [],
    }
    return render(request, "community/desk/people/home.html", context)


@require_safe
def members_of(request: HttpRequest, slug: str) -> HttpResponse:
    """List the members, by name and role, with the newest changes."""
    community, shown = community_at(request, slug)
    form = MembersFilterForm(request.GET, auto_id="filter-%s")
    form.is_valid()
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    rows = community.memberships.current().select_related("member__state").order_by("member__name", "pk")
    if name := chosen.get("q"):
        rows = rows.filter(member__name__icontains=name)
    if role := chosen.get("role"):
        rows = rows.filter(role=role)
    own = current_membership(request.user, community)
    context = {
        "community": community,
        "communities": shown,
        "form": form,
        "chosen": chosen,
        "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p")),
        "changes": _changes(community)[:NEWEST_CHANGES],
        "leads": leads(request.user, community),
        "own": own if own and own.role != Role.MEMBER else None,
        "header_title": _("Members of %(name)s") % {"name": community},
        "header_icon": "group",
        "breadcrumbs_items": crumbs(community),
    }
    return render(request, "community/desk/people/members.html", context)


def _changes(community: Community):
    related = ("membership__member", "by__member")
    return MembershipChange.objects.filter(community=community).select_related(*related).order_by("-at", "-pk")


@require_http_methods(["GET", "HEAD", "POST"])
def members_one(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Show one membership with what was changed of it; a lead gives another role or removes."""
    community, _shown = community_at(request, slug)
    rows = community.memberships.filter(started_at__isnull=False).select_related("member__state", "community")
    membership = get_object_or_404(rows, pk=pk)
    wish = request.POST.get("do", "") if request.method == "POST" else ""
    role_form = RoleForm(request.POST if wish == "role" else None, initial={"role": membership.role}, prefix="role")
    removal_form = RemovalForm(request.POST if wish == "remove" else None, prefix="remove")
    posted: Form | None = {"role": role_form, "remove": removal_form}.get(wish)
    refusal, status = "", 200
    if request.method == "POST" and posted is None:
        refusal, status = _("Choose what to do."), 400
    elif posted is not None and posted.is_valid():
        try:
            return _act(request, community, membership, wish, posted)
        except NotAllowed as refused:
            refusal, status = str(refused), 403
            membership.refresh_from_db(fields=["role", "ended_at"])
    context = {
        "community": community,
        "membership": membership,
        "role_form": role_form,
        "removal_form": removal_form,
        "posted": posted,
        "refusal": refusal,
        "changes": _changes(community).filter(membership__member_id=membership.member_id)[:NEWEST_CHANGES],
        "can_change": leads(request.user, community) and membership.ended_at is None,
        "is_own": membership.member.user_id == request.user.pk,
        "header_title": str(membership.member),
        "header_icon": "user",
        "breadcrumbs_items": crumbs(community, str(membership.member)),
    }
    return render(request, "community/desk/people/member.html", context, status=status)


def _act(request: HttpRequest, community: Community, membership: Membership, wish: str, form: Form) -> HttpResponse:
    one = {"membership": membership, "by": request.user, "now": timezone.now(), "message": form.cleaned_data["message"]}
    if wish == "remove":
        communities.remove(**one)
        words = _("%(name)s is no longer a member and gets your words by mail.")
    else:
        communities.change_role(**one, role=form.cleaned_data["role"])
        words = _("Saved for %(name)s.")
    messages.success(request, words % {"name": membership.member})
    return redirect("members_of", community.slug)


@require_POST
def members_step_down(request: HttpRequest, slug: str) -> HttpResponse:
    """Let a moderator or lead become a member again, by themselves."""
    community, _shown = community_at(request, slug)
    membership = current_membership(request.user, community)
    try:
        if membership is None:
            raise NotAllowed(_("You do not moderate here any more."))
        communities.step_down(membership=membership, by=request.user, now=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
        return redirect("members_of", slug)
    messages.success(request, _("You stepped down. You stay a member of %(name)s.") % {"name": community})
    return redirect(community)
