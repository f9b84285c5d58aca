"""Freezing texts: what a member typed becomes a revision that never changes."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Max

from community.models import Member, Revision, Submission
from knowledge.sanitize import RENDERER_VERSION, render_markdown


@dataclass(frozen=True)
class Text:
    """What a member writes: Markdown as typed. Replies have no title and nothing tried."""

    body: str
    title: str = ""
    tried: str = ""

    @property
    def hash(self) -> str:
        """Return the SHA-256 of the three texts in hexadecimal."""
        joined = "\x1f".join((self.title, self.body, self.tried))
        return hashlib.sha256(joined.encode()).hexdigest()

    @classmethod
    def of(cls, revision: Revision) -> "Text":
        """Return the text of ``revision``."""
        return cls(body=revision.body, title=revision.title, tried=revision.tried)


def freeze(*, submission: Submission, text: Text, made_by: Member, now: datetime) -> Revision:
    """Write ``text`` as the next revision of ``submission``. The caller holds the submission's lock."""
    last = submission.revisions.aggregate(last=Max("number"))["last"] or 0
    return Revision.objects.create(
        submission_id=submission.pk,
        number=last + 1,
        title=text.title,
        body=text.body,
        tried=text.tried,
        body_html=render_markdown(text.body),
        tried_html=render_markdown(text.tried),
        renderer_version=RENDERER_VERSION,
        text_hash=text.hash,
        made_by=made_by,
        made_at=now,
    )
