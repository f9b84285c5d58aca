"""Notes that moderators write for each other, from the page of an item."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from community.forms.numbers import LONGEST_KEY, number_in
from community.models import Note
from community.permissions import NotAllowed, moderated_ids_shown
from community.services import moderation

from . import reading
from .decisions import Forms
from .forms import RemarkForm
from .views import show_item


@require_POST
def desk_note(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep a note on an item or on its author; what was typed stays where it is refused."""
    now = timezone.now()
    item = get_object_or_404(reading.items_of(request.user), pk=pk)
    form = RemarkForm(request.POST, auto_id="remark-%s")
    if not form.is_valid():
        return show_item(request, item, Forms(item, now), status=400, remark=form)
    on_author = form.cleaned_data["about"] == "author"
    try:
        moderation.write_note(
            moderator=request.user,
            community=item.community,
            text=form.cleaned_data["text"],
            submission=None if on_author else item,
            member=moderation.concerned(item) if on_author else None,
            now=now,
        )
    except NotAllowed as refusal:
        return show_item(request, item, Forms(item, now), status=403, refusal=str(refusal), remark=form)
    messages.success(request, _("Noted. Moderators of this community read it, nobody else."))
    return redirect("desk_item", pk=pk)


@require_POST
def desk_note_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back a note that one wrote, and go back to where one was."""
    note = get_object_or_404(Note, pk=pk, community_id__in=moderated_ids_shown(request.user))
    try:
        moderation.take_note_back(note=note, moderator=request.user, now=timezone.now())
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The note is taken back."))
    item = number_in(request.POST.get("item", ""), LONGEST_KEY)
    return redirect("desk") if item is None else redirect("desk_item", pk=item)
