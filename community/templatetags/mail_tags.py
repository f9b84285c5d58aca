"""What the templates of mails need: whole addresses, excerpts, a budget of weight."""

from collections.abc import Sequence

from django import template
from django.conf import settings
from django.template.defaultfilters import truncatechars_html
from django.utils.safestring import SafeString, mark_safe

from community.services.differences import Piece, as_text, shortened
from knowledge.sanitize import plain_text

register = template.Library()

#: Bytes of members' text in the HTML side of one mail; the text side has all of it.
HTML_BUDGET = 30_000
#: Most items in the HTML side of a daily or weekly mail.
MOST_ITEMS = 40


@register.filter
def absolute(path: str | None) -> str:
    """Return the whole address of a path of the portal; an address that is whole already stays."""
    path = path or "/"
    return path if path.startswith(("http://", "https://")) else settings.BASE_URL.rstrip("/") + path


@register.filter
def excerpt(html: str) -> str:
    """Return the beginning of sanitized HTML as one line of plain text."""
    words = " ".join(plain_text(html).split())
    return words if len(words) <= 160 else words[:160].rsplit(" ", 1)[0] + " …"


@register.filter
def within_budget(html: str, items: int = 1) -> SafeString:
    """Return sanitized HTML cut to its share of a mail's weight, with its elements closed."""
    share = HTML_BUDGET // max(1, min(items, MOST_ITEMS))
    weight = len(html.encode())
    if weight <= share:
        return mark_safe(html)
    return mark_safe(truncatechars_html(html, max(80, share * len(html) // weight)))


@register.filter
def change_text(pieces: Sequence[Piece]) -> str:
    """Return the pieces of a change as plain text, the long unchanged stretches cut."""
    return as_text(shortened(pieces))


@register.filter
def change_excerpt(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces of a change that the HTML side of a mail has room for."""
    kept, room = [], HTML_BUDGET // 3
    for piece in shortened(pieces):
        kept.append(piece if len(piece.words) <= room else Piece(piece.kind, piece.words[:room] + " …"))
        room -= len(piece.words)
        if room <= 0:
            break
    return kept


@register.filter
def first_items(items: list) -> list:
    """Return the items that the HTML side of a mail shows."""
    return list(items)[:MOST_ITEMS]
