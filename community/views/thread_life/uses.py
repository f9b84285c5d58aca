"""What became of an answer: marked by who asked, and by members with the same problem."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from community.enums import UseMark
from community.forms.numbers import number_in
from community.forms.threads import UseForm
from community.models import Question, Reply
from community.permissions import NotAllowed
from community.services import threads
from community.visibility import Reader, readable

from ..access import member_required
from ..threads import question_for, thread_page

_LONGEST_NUMBER = 18  # digits


def _reply(request: HttpRequest, question: Question, reader: Reader) -> Reply | None:
    number = request.POST.get("reply", "")
    if number_in(number, _LONGEST_NUMBER) is None:
        return None
    return question.replies.listed().filter(readable(reader), pk=number).first()


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def reply_use(request: HttpRequest, slug: str) -> HttpResponse:
    """Mark an answer, or take the mark back; opened as a page, these are the question's answers."""
    question, reader = question_for(request, slug)
    if request.method != "POST":
        return redirect(f"{question.get_absolute_url()}#answers")
    reply = _reply(request, question, reader)
    if reply is None:
        messages.error(request, _("This answer is not shown any more."))
        return redirect(question)
    reply.question = question
    if "remove" in request.POST:
        if threads.unmark_use(reply=reply, member=request.member):
            messages.success(request, _("Your mark is taken back."))
        return redirect(reply)
    form = UseForm(request.POST, auto_id=f"use-{reply.pk}-%s")
    if not form.is_valid():
        return thread_page(request, question, reader, use_form=(reply.pk, form), problem=form)
    try:
        threads.mark_use(reply=reply, member=request.member, now=timezone.now(), **form.cleaned_data)
    except NotAllowed as refusal:
        messages.error(request, str(refusal))
    else:
        mark = UseMark(form.cleaned_data["mark"]).label
        messages.success(request, _("Noted: %(mark)s") % {"mark": mark})
    return redirect(reply)
