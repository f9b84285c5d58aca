"""The mails about a thread: that it closed, to who asked; that an answer helped, to who wrote it."""

from datetime import datetime

from django.urls import reverse
from django.utils import translation

from community.models import Envelope, ReplyUse, ThreadEvent

from . import addresses, messages


def closed(*, event: ThreadEvent, now: datetime) -> Envelope:
    """Build the mail that tells an asker that the question takes no more answers. One for each closing."""
    question = event.question
    with translation.override(question.author.mail_language):
        path = reverse("reply_use", args=[question.slug])
    return messages.notice(
        key=f"closed:{event.pk}",
        member=question.author,
        template="thread_closed",
        context={
            "event": event,
            "question": question,
            "answers": question.replies.released().count(),
            "url": addresses.absolute(path),
        },
        now=now,
    )


def used(*, use: ReplyUse, now: datetime) -> Envelope:
    """Build the mail that tells who answered that the answer helped. Its key is the reply's: there is one, ever."""
    reply = use.reply
    with translation.override(reply.author.mail_language):
        path = reply.get_absolute_url()
    return messages.notice(
        key=f"used:{reply.pk}",
        member=reply.author,
        template="answer_used",
        context={
            "use": use,
            "question": reply.question,
            "is_asker": use.member_id == reply.question.author_id,
            "url": addresses.absolute(path),
        },
        now=now,
    )
