"""How messages reach a member, what did reach, and the way to stop them from any mail."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from community.enums import DeliveryMode
from community.forms.subscriptions import SubscriptionForm
from community.mail.addresses import membership_of_token
from community.models import Submission
from community.services import communities
from community.visibility import Part, may_read, readable, reader_of

from .access import member_required

DELIVERIES_PER_PAGE = 25


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def my_subscriptions(request: HttpRequest) -> HttpResponse:
    """Show and change how each community's messages arrive."""
    memberships = list(request.member.memberships.current().select_related("community"))
    posted = request.POST.get("community", "") if request.method == "POST" else ""
    forms = []
    for membership in memberships:
        form = SubscriptionForm(request.POST if membership.community.slug == posted else None, membership=membership)
        if form.is_bound and form.is_valid():
            communities.change_delivery(
                membership=membership,
                mode=form.cleaned_data["delivery_mode"],
                wants_digest=form.cleaned_data["wants_digest"],
            )
            messages.success(request, _("Saved for %(name)s.") % {"name": membership.community})
            return redirect("my_subscriptions")
        forms.append(form)
    if request.method == "POST" and posted not in {membership.community.slug for membership in memberships}:
        messages.error(request, _("You are not a member of that community, so nothing was changed."))
        return redirect("my_subscriptions")
    form = next((form for form in forms if form.is_bound), None)
    return render(request, "community/my_subscriptions.html", {"forms": forms, "form": form})


@require_safe
@member_required
def my_deliveries(request: HttpRequest) -> HttpResponse:
    """List what the member was owed and what became of it."""
    rows = request.member.deliveries.select_related(
        "event__community",
        "event__page",
        "envelope",
        "event__submission__as_question__released_revision",
        "event__submission__as_reply__question__released_revision",
    ).defer("envelope__message")
    page = Paginator(rows.order_by("-created_at", "-pk"), DELIVERIES_PER_PAGE).get_page(request.GET.get("page"))
    reader = reader_of(request.user)
    about = {each.event.submission_id: each.event.submission for each in page if each.event.submission_id}
    found = set(Submission.objects.filter(readable(reader), pk__in=about).values_list("pk", flat=True))
    # One's own reply stays readable where its question was hidden; the list would name the question.
    visible = {pk for pk in found if may_read(reader, about[pk].thread, Part.TITLE)}
    items = [{"delivery": each, "visible": each.event.submission_id in visible} for each in page]
    return render(request, "community/my_deliveries.html", {"page_obj": page, "items": items})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the mails of one membership, without login or cookie (RFC 8058); only the POST acts."""
    membership = membership_of_token(token)
    if membership is None:
        return render(request, "community/unsubscribe_unknown.html", status=404)
    if request.method == "POST":
        communities.stop_mail(membership=membership)
    stopped = membership.delivery_mode == DeliveryMode.NONE and not membership.wants_digest
    return render(request, "community/unsubscribe.html", {"membership": membership, "stopped": stopped})
