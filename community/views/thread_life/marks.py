"""The marks on the answers of a thread, as its page shows them; a constant number of queries."""

from collections.abc import Iterable

from community.forms.threads import UseForm
from community.models import Member, Reply, ReplyUse
from community.services import threads

#: Most lines beside marks that moderators see on one page.
_MOST_LINES = 100


def add_marks(
    replies: Iterable[Reply], *, member: Member | None, moderates: bool, sent: tuple[int, UseForm] | None = None
) -> None:
    """Give each of ``replies`` its ``marks`` and ``use_lines``, and the form of ``member``, who has the problem.

    ``use_lines`` are what nobody has checked, for moderators. ``sent`` is the form that came back with an error.
    """
    marks = threads.uses_of(replies)
    rows = ReplyUse.objects.filter(reply__in=replies)
    own = {use.reply_id: use for use in rows.filter(member=member)} if member else {}
    lines: dict[int, list[ReplyUse]] = {}
    if moderates:
        for use in rows.exclude(line="").select_related("member").order_by("-marked_at")[:_MOST_LINES]:
            lines.setdefault(use.reply_id, []).append(use)
    for reply in replies:
        reply.marks, reply.use_lines, reply.own_use = marks.get(reply.pk), lines.get(reply.pk, []), own.get(reply.pk)
        reply.use_form = None
        if sent and sent[0] == reply.pk:
            reply.use_form = sent[1]
        elif member and reply.author_id != member.pk:
            use = reply.own_use
            initial = {"mark": use.mark, "line": use.line} if use else {}
            reply.use_form = UseForm(initial=initial, auto_id=f"use-{reply.pk}-%s")
