"""More time, closing, reopening, the summary so far: by moderators, on the thread's own page, and by who asked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from community.forms.threads import ThreadForm, ThreadForms
from community.models import Question
from community.permissions import NotAllowed, Viewer
from community.services import threads
from community.states import InvalidTransition

from ..access import member_required
from ..kept_forms import forget_kept
from ..threads import question_for, thread_page


@dataclass(frozen=True)
class Doing:
    """What a form asks for: the service that does it, and what is said when it is done."""

    act: Callable[[Question, Viewer, Mapping, datetime], Question]
    says: str


def _extend(question: Question, user: Viewer, sent: Mapping, now: datetime) -> Question:
    return threads.extend(question=question, moderator=user, now=now, **sent)


def _close(question: Question, user: Viewer, sent: Mapping, now: datetime) -> Question:
    return threads.close(question=question, moderator=user, now=now, **sent)


def _reopen(question: Question, user: Viewer, sent: Mapping, now: datetime) -> Question:
    return threads.reopen(question=question, moderator=user, now=now, **sent)


def _answered(question: Question, user: Viewer, sent: Mapping, now: datetime) -> Question:
    return threads.answered(question=question, asker=user, now=now, **sent)


def _pin(question: Question, user: Viewer, sent: Mapping, now: datetime) -> Question:
    return threads.pin_summary(
        question=question, moderator=user, version=sent["version"], body=sent["summary"], tell=sent["tell"], now=now
    )


def _unpin(question: Question, user: Viewer, sent: Mapping, now: datetime) -> Question:
    return threads.unpin_summary(question=question, moderator=user, now=now, **sent)


DOINGS = {
    "extend": Doing(_extend, gettext_lazy("There is more time for answers.")),
    "close": Doing(_close, gettext_lazy("Closed. Who asked is told.")),
    "reopen": Doing(_reopen, gettext_lazy("Reopened: it takes answers again.")),
    "answered": Doing(_answered, gettext_lazy("Closed as answered. Thank you.")),
    "summary": Doing(_pin, gettext_lazy("The summary stands on top of the exchange.")),
    "unpin": Doing(_unpin, gettext_lazy("The summary is taken away; its wordings are kept.")),
}


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def thread_act(request: HttpRequest, slug: str) -> HttpResponse:
    """Do to the thread what the button says; opened as a page, this is the question's."""
    question, reader = question_for(request, slug)
    page = question.get_absolute_url()
    if request.method != "POST":
        return redirect(page)
    name = request.POST.get("action", "")
    doing = DOINGS.get(name)
    if doing is None:
        messages.error(request, _("Choose what to do."))
        return redirect(page)
    now = timezone.now()
    forms = ThreadForms(question, now, posted=name, data=request.POST)
    form: ThreadForm = forms.sent
    if not form.is_valid():
        return thread_page(request, question, reader, thread_forms=forms, problem=form)
    try:
        doing.act(question, request.user, form.cleaned_data, now)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return thread_page(request, question, reader, thread_forms=forms, problem=form, status=403)
    except (threads.ThreadConflict, InvalidTransition) as conflict:
        question, reader = question_for(request, slug)
        event = getattr(conflict, "event", None) or next(iter(threads.history_of(question, everything=True)), None)
        typed = ThreadForms(question, now, posted=name, typed=request.POST.dict())
        return thread_page(request, question, reader, thread_forms=typed, thread_conflict=event, status=409)
    messages.success(request, doing.says)
    return forget_kept(request, redirect(page), page)
