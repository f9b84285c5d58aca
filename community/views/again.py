"""A text that was withdrawn or has lapsed, as the beginning of a new message. Reading it changes nothing."""

from django.http import HttpRequest
from django.urls import reverse

from community.enums import SubmissionKind
from community.forms.numbers import number_in
from community.models import Submission
from community.permissions import member_of
from community.states import SubmissionState
from knowledge.models import Theme


def again_address(submission: Submission) -> str:
    """Return where the author can send the text in anew; an empty text while it is not over, or nothing takes it."""
    if submission.state != SubmissionState.WITHDRAWN:
        return ""
    if submission.kind == SubmissionKind.QUESTION:
        return f"{reverse('ask')}?from={submission.pk}"
    if submission.kind == SubmissionKind.MEMBERSHIP:
        return f"{reverse('community_join', args=[submission.community.slug])}?from={submission.pk}"
    question = submission.thread
    if not question.takes_replies:
        return ""
    return f"{question.get_absolute_url()}?from={submission.pk}#reply"


def again_fields(request: HttpRequest, kind: str) -> dict[str, object]:
    """Return what the own text that ``?from=`` names puts into an empty form; nothing for what is not one's own."""
    number = request.GET.get("from", "")
    member = member_of(request.user)
    if member is None or number_in(number) is None:
        return {}
    own = Submission.objects.select_related(
        "revision", "community", "as_question__state_of_india", "as_question__sector", "as_reply"
    )
    submission = own.filter(pk=number, author=member, kind=kind, state=SubmissionState.WITHDRAWN).first()
    if submission is None or submission.revision is None:
        return {}
    text = submission.revision
    if kind == SubmissionKind.MEMBERSHIP:
        return {"body": text.body}
    if kind == SubmissionKind.REPLY:
        return {"body": text.body, "reply_kind": submission.as_reply.reply_kind}
    question = submission.as_question
    return {
        "title": text.title,
        "body": text.body,
        "tried": text.tried,
        "themes": list(Theme.objects.filter(questions=question).order_by("pk").values_list("slug", flat=True)),
        "community": submission.community.slug,
        "state": question.state_of_india.slug if question.state_of_india else "",
        "sector": question.sector.slug if question.sector else "",
    }
