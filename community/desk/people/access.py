"""Which communities' people somebody sees: those moderated; administrators see all."""

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from community.enums import Role
from community.models import Community
from community.permissions import Viewer, moderated_ids_shown, roles_shown


def communities_of(user: Viewer) -> list[Community]:
    """Return the communities whose members ``user`` sees, by name."""
    rows = Community.objects.all()
    return list(rows if user.is_superuser else rows.filter(pk__in=moderated_ids_shown(user)))


def community_at(request: HttpRequest, slug: str) -> tuple[Community, list[Community]]:
    """Return the community at ``slug`` and all that the person sees. Raises Http404 for any other."""
    shown = communities_of(request.user)
    community = next((each for each in shown if each.slug == slug), None)
    if community is None:
        raise Http404
    return community, shown


def leads(user: Viewer, community: Community) -> bool:
    """Return whether the page offers ``user`` what a lead does; the domain asks again."""
    return user.is_superuser or roles_shown(user).get(community.pk) == Role.LEAD


def crumbs(community: Community, *last: str) -> list[dict[str, str]]:
    """Return the way to a page about the people of ``community``."""
    home = [(reverse("wagtailadmin_home"), _("Home")), (reverse("members_home"), _("Members"))]
    own = [(reverse("members_of", args=[community.slug]), str(community))]
    return [{"url": url, "label": label} for url, label in [*home, *own, *(("", word) for word in last)]]
