"""The demonstration's mailbox: every mail that the portal sent, readable in the browser."""

from django.conf import settings
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe
from django.views.static import serve

from community.mail.reading import read_message
from community.models import Envelope

MAILS_PER_PAGE = 25


@require_safe
def outbox(request: HttpRequest) -> HttpResponse:
    """List the mails, newest first."""
    mails = Envelope.objects.select_related("member").defer("message").order_by("-built_at", "-pk")
    page = Paginator(mails, MAILS_PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/outbox.html", {"page_obj": page})


@require_safe
def outbox_mail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one mail: headers, text and HTML side."""
    envelope = get_object_or_404(Envelope.objects.select_related("member"), pk=pk)
    return render(request, "portal/outbox_mail.html", {"envelope": envelope, "mail": read_message(envelope.message)})


@require_safe
def media(request: HttpRequest, path: str) -> FileResponse:
    """Serve an uploaded file; the demonstration has no web server in front."""
    return serve(request, path, document_root=settings.MEDIA_ROOT)
