"""Drafts: saved while they are typed, found again on another device, dropped when they are sent.

Two windows on the same draft never overwrite each other: the one that did not see the newer words saves beside them.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from community.models import Draft, DraftKind, Member, Submission

from .kept_forms import LONGEST, length_of

#: Most drafts of one member: more would be a store of files.
MOST = 30
_PLACE = re.compile(r"([A-Za-z0-9_-]{1,24})\.([0-9]{1,9})\.([A-Za-z0-9_-]{1,24})")
_TEXTS = ("title", "body", "tried")
Fields = dict[str, list[str]]


class NotKept(Exception):
    """The draft was not saved; the words say why."""


@dataclass(frozen=True)
class Place:
    """Where an opened page writes: the draft's ``key``, the version it showed (0 for none), and the page's own name."""

    key: str
    version: int
    page: str

    @classmethod
    def new(cls, draft: Draft | None = None) -> "Place":
        """Return the place of a page that is being opened, with ``draft`` in its form or an empty one."""
        key, page = secrets.token_urlsafe(12), secrets.token_urlsafe(12)
        return cls(draft.key, draft.version, page) if draft else cls(key, 0, page)

    @classmethod
    def read(cls, text: str) -> "Place":
        """Return the place that a form carried; a new one where that is none."""
        parts = _PLACE.fullmatch(text)
        return cls(parts[1], int(parts[2]), parts[3]) if parts else cls.new()

    def __str__(self) -> str:
        return f"{self.key}.{self.version}.{self.page}"


@dataclass(frozen=True)
class Saved:
    """What became of a save: the draft (None where nothing was to be kept) and the ``newer`` one it stands beside."""

    draft: Draft | None
    newer: Draft | None = None


@transaction.atomic
def save(
    *,
    member: Member,
    kind: str,
    about: Submission | None,
    place: Place,
    fields: Fields,
    now: datetime,
    step: int = 0,
    form_token: str = "",
) -> Saved:
    """Keep ``fields`` as the member's draft for ``kind`` and ``about``.

    What is empty, was sent with ``form_token`` or is the text that stands needs no draft; an older step of the same
    page changes nothing. Raises NotKept (too long, too many).
    """
    if length_of(fields) > LONGEST:
        raise NotKept(_("Too long to be kept as a draft. Your text is still here; copy it."))
    _lock(member)
    rows = Draft.objects.filter(member=member)
    others = rows.exclude(kind=kind, about=about) if about else rows.exclude(kind=kind)
    if others.filter(key__in={place.key, place.page}).exists():
        place = Place.new()
    row = rows.filter(key=place.key).first() or rows.filter(key=place.page).first()
    needless = _is_needless(member, kind, about, fields, form_token)
    newer = None
    if row and row.page != place.page and row.version != place.version:
        if needless or row.fields == fields:
            return Saved(row)
        row, newer = rows.filter(key=place.page).first(), row
    if row and row.page == place.page and step < row.step:
        return Saved(row, newer)
    if needless:
        if row:
            row.delete()
        return Saved(None)
    if row is None:
        if rows.count() >= MOST:
            raise NotKept(_("Not saved: you have %(most)d drafts. Throw one away on “My page” first.") % {"most": MOST})
        row = Draft(member=member, kind=kind, about=about, key=place.page if newer else place.key, version=0)
    row.fields, row.page, row.step, row.saved_at = fields, place.page, step, now
    row.version += 1
    row.save()
    return Saved(row, newer)


def _lock(member: Member) -> None:
    """Let one save or sending of ``member`` happen at a time: a late save must not keep again what was sent."""
    list(Member.objects.select_for_update(no_key=True).filter(pk=member.pk).values_list("pk"))


def _is_needless(member: Member, kind: str, about: Submission | None, fields: Fields, form_token: str) -> bool:
    typed = {name: fields[name][-1].replace("\r\n", "\n").strip() for name in _TEXTS if fields.get(name)}
    if not any(typed.values()):
        return True
    if form_token and Submission.objects.filter(form_token=form_token, author=member).exists():
        return True
    if kind != DraftKind.REVISION:
        return False
    text = Submission.objects.select_related("revision").get(pk=about.pk).revision
    return all(words == getattr(text, name) for name, words in typed.items())


def found(*, member: Member, kind: str, about: Submission | None) -> list[Draft]:
    """Return the member's drafts for a form, the newest first. A read only."""
    return list(Draft.objects.filter(member=member, kind=kind, about=about).order_by("-saved_at", "-pk"))


def all_of(member: Member) -> list[Draft]:
    """Return every draft of ``member`` with what it is about, the newest first; at most ``MOST``."""
    rows = Draft.objects.filter(member=member).select_related(
        "about__revision", "about__as_question__released_revision", "about__as_reply__question__released_revision"
    )
    return list(rows.order_by("-saved_at", "-pk"))


def sent(*, member: Member, place: Place | None) -> None:
    """Drop what was typed at ``place``: it has been sent. What another window saved since stays.

    Called in the transaction that stores what was sent.
    """
    if place is None:
        return
    _lock(member)
    for draft in Draft.objects.filter(member=member, key__in={place.key, place.page}):
        if draft.page == place.page or draft.version == place.version:
            draft.delete()


def throw_away(*, member: Member, key: str) -> bool:
    """Drop a draft at its writer's wish; return whether there was one."""
    deleted, _rows = Draft.objects.filter(member=member, key=key).delete()
    return bool(deleted)


def drop_old(*, now: datetime) -> int:
    """Drop what was not changed for ``settings.DRAFT_DAYS`` days; return how many."""
    deleted, _rows = Draft.objects.filter(saved_at__lte=now - timedelta(days=settings.DRAFT_DAYS)).delete()
    return deleted
