"""Credits of somebody who leaves for good: the name goes out of what was compiled, in every edition of it.

Readers meet it no more from the moment of leaving (``knowledge.blocks`` asks who has left); this takes the copies out
of the rows too, so that no editor's form brings the name back.
"""

import json

from django.db.models import Q
from wagtail.models import Revision

from community.models import Compilation, Contribution, Member, Quote, Reply
from knowledge.models import SolutionPage
from search.indexing import schedule_index

#: What stands in the rows; pages translate it when they show it.
FORMER = "Former member"
_FIELDS = ("experiences", "contributors")


def forget(*, member: Member) -> None:
    """Take the name of ``member`` out of the live content, the drafts and the old editions that credit it.

    The editions stay the same rows with the same dates, so that approvals hold. Copies of a page that credit somebody
    without a row here keep the words; they are not shown.
    """
    took_part = Q(question__author=member) | Q(question__replies__author=member) | Q(started_by=member)
    numbers = set(Compilation.objects.filter(took_part).values_list("page_id", flat=True))
    numbers |= set(Contribution.objects.filter(member=member).values_list("page_id", flat=True))
    numbers |= set(Quote.objects.filter(reply__author=member).values_list("page_id", flat=True))
    replies = set(Reply.objects.filter(author=member).values_list("pk", flat=True)) if numbers else set()
    for page in SolutionPage.objects.filter(pk__in=numbers).order_by("pk"):
        _forget_in(page, member.pk, replies)
        schedule_index("solution", page.pk)


def _forget_in(page: SolutionPage, member: int, replies: set[int]) -> None:
    changed = {}
    for name in _FIELDS:
        blocks = list(getattr(page, name).raw_data)
        if _without(blocks, member, replies):
            changed[name] = blocks
    if changed:  # past the signals: nothing is published by it
        SolutionPage.objects.filter(pk=page.pk).update(**changed)
    for revision in Revision.page_revisions.filter(object_id=str(page.pk)).only("pk", "content").iterator(50):
        content, touched = revision.content, False
        for name in _FIELDS:
            blocks = json.loads(content.get(name) or "[]")
            if _without(blocks, member, replies):
                content[name], touched = json.dumps(blocks), True
        if touched:
            Revision.objects.filter(pk=revision.pk).update(content=content)


def _without(blocks: list[dict], member: int, replies: set[int]) -> bool:
    """Take the member out of raw blocks in place; return whether there was anything to take out."""
    touched = False
    for block in blocks:
        value = block["value"]
        if block["type"] == "contributor" and value.get("member") == member:
            value["name"], value["place"], touched = FORMER, "", True
        elif block["type"] == "quote" and value.get("reply") in replies:
            value["attribution"], touched = FORMER, True
    return touched
