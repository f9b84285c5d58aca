"""How things look on every page: stamps, badges, amounts, addresses. Only ``other_language`` reads the database."""

import unicodedata
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from django import template
from django.conf import settings
from django.forms import BooleanField, BoundField, Field
from django.template.defaultfilters import date as format_date
from django.urls import translate_url
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from knowledge.enums import Outcome
from search.kinds import KINDS

register = template.Library()

#: Printing blocks on a field of 20 by 20: first those of the kinds, named as in ``search.kinds``, then the marks.
STAMPS = {
    "solution": '<path d="M10 1.5 18.5 10 10 18.5 1.5 10ZM4 4h12v12H4Z" fill="none" stroke="currentColor"'
    ' stroke-width="1.8"/><circle cx="10" cy="10" r="1.8"/>',
    "case": '<path d="M12 1c4 3 6 7 5 11-1 4-4.5 7-8 7-3.5 0-6-2.5-6-5.5C3 10 6 8 8.5 8.5c2 .4 3 2 2.5 3.5-.4 1.2-1.6'
    ' 1.6-2.6 1.2 1.6 1.8 5.4.6 6.1-3C15 7 14 4 12 1Z"/>',
    "practice": '<ellipse cx="10" cy="4.5" rx="2.3" ry="3.5"/><ellipse cx="10" cy="15.5" rx="2.3" ry="3.5"/><ellipse'
    ' cx="4.5" cy="10" rx="3.5" ry="2.3"/><ellipse cx="15.5" cy="10" rx="3.5" ry="2.3"/><path d="m4 4 3 3m9-3-3 3M4'
    ' 16l3-3m9 3-3-3" stroke="currentColor" stroke-width="2"/>',
    "scheme": '<path fill-rule="evenodd" d="m10 0 10 10-10 10L0 10Zm0 4.5L4.5 10l5.5 5.5 5.5-5.5Z"/><path'
    ' d="m10 7 3 3-3 3-3-3Z"/>',
    "centre": '<path d="M2 19V9c0-4 4-5 8-8 4 3 8 4 8 8v10h-5v-6c0-2-1.5-2.5-3-4-1.5 1.5-3 2-3 4v6Z"/>',
    "initiative": '<path d="m2 8 8-6 8 6M2 13.5l8-6 8 6M2 19l8-6 8 6" fill="none" stroke="currentColor"'
    ' stroke-width="2.4"/>',
    "cluster": '<circle cx="10" cy="10" r="2.6"/><circle cx="10" cy="3" r="2"/><circle cx="10" cy="17" r="2"/><circle'
    ' cx="4" cy="6.5" r="2"/><circle cx="16" cy="6.5" r="2"/><circle cx="4" cy="13.5" r="2"/><circle cx="16" cy="13.5"'
    ' r="2"/>',
    "question": '<path d="M5.5 7a4.5 4.5 0 1 1 7 3.6C10.8 11.8 10 12.5 10 14" fill="none" stroke="currentColor"'
    ' stroke-width="2.6"/><circle cx="10" cy="17.6" r="1.8"/>',
    "reply": '<path d="M2 3h16v11H9l-4 4v-4H2Z" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "theme": '<path d="M2 2h7v7H2Zm9 9h7v7h-7Z"/><path d="M12 3h5v5h-5ZM3 12h5v5H3Z" fill="none" stroke="currentColor"'
    ' stroke-width="2"/>',
    "institution": '<path d="M10 1 1 6.5h18ZM3 8h3v8H3Zm5.5 0h3v8h-3ZM14 8h3v8h-3ZM1 17.500h18V20H1Z"/>',
    "word": '<path d="M3 2h12l2 2v14H5l-2-2Z" fill="none" stroke="currentColor" stroke-width="2.2"/><path'
    ' d="M6.500 6.500h7v2h-7Zm0 4.500h5v2h-5Z"/>',
    "figure": '<path d="M2 11h4v8H2Zm6-5h4v13H8Zm6-5h4v18h-4Z"/>',
    "tick": '<path d="m3 10.5 4.5 5L17 4.5" fill="none" stroke="currentColor" stroke-width="3"/>',
    "half": '<path fill-rule="evenodd" d="M10 1a9 9 0 1 1 0 18 9 9 0 0 1 0-18Zm0 3v12a6 6 0 0 0 0-12Z"/>',
    "cross": '<path d="m4 4 12 12m0-12L4 16" stroke="currentColor" stroke-width="3"/>',
    "clock": '<circle cx="10" cy="10" r="7.5" fill="none" stroke="currentColor" stroke-width="2.5"/><path d="M10'
    ' 5.5V10l3 2.5" fill="none" stroke="currentColor" stroke-width="2.2"/>',
    "query": '<circle cx="10" cy="10" r="8" fill="none" stroke="currentColor" stroke-width="2" stroke-dasharray="3'
    ' 2.5"/><circle cx="10" cy="10" r="2"/>',
}
OUTCOME_BADGES = {
    Outcome.WORKED: ("good", "tick"),
    Outcome.PARTLY: ("warn", "half"),
    Outcome.FAILED: ("bad", "cross"),
    Outcome.UNKNOWN: ("none", "query"),
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Return the stamp ``name`` as an inline picture; an unknown name gives the dotted ring."""
    drawing = STAMPS.get(name, STAMPS["query"])
    return format_html('<svg viewBox="0 0 20 20" fill="currentColor" aria-hidden="true">{}</svg>', mark_safe(drawing))


@register.simple_tag
def badge(tone: str, stamp: str, words: str) -> SafeString:
    """Return a badge. ``tone`` is good, warn, bad, info or none; shape and words say the same without colour."""
    return format_html('<span class="badge is-{}">{}{}</span>', tone, icon(stamp), words)


@register.simple_tag
def outcome(value: str | None) -> SafeString | str:
    """Return the badge of an outcome, a value of ``knowledge.enums.Outcome``; nothing where there is none."""
    if value not in Outcome.values:
        return ""
    return badge(*OUTCOME_BADGES[Outcome(value)], Outcome(value).label)


@register.simple_tag
def freshness(item) -> SafeString:
    """Return how old the facts of ``item`` are; only a named person's check makes the badge green.

    ``item`` has ``as_of``, ``verified_at`` and ``verified_by_id``, as ``knowledge.models.base.DatedFacts``.
    """
    verified_at = getattr(item, "verified_at", None)
    if verified_at and getattr(item, "verified_by_id", None):
        day = format_date(timezone.localtime(verified_at), "j M Y")
        return badge("good", "tick", _("Verified by the owner on %(day)s") % {"day": day})
    as_of = getattr(item, "as_of", None)
    if as_of:
        return badge("none", "query", _("Facts of %(year)s, not verified since") % {"year": as_of})
    return badge("none", "query", _("Year of the facts not stated, not verified"))


@register.simple_tag
def kind_name(kind: str) -> str:
    """Return the word for one thing of ``kind``, a value of ``kind=`` in an address."""
    return KINDS[kind].label if kind in KINDS else kind


@register.simple_tag
def kind_stamp(kind: str) -> str:
    """Return the name of the stamp of ``kind``, which is also the name of its colour."""
    return KINDS[kind].icon if kind in KINDS else "query"


@register.filter
def error_words(field: BoundField) -> list[str]:
    """Return what is wrong with ``field``, the same words for the summary and for the field.

    Django's own "This field is required." says nothing in a summary, so it becomes a sentence with the label.
    """
    words = []
    for error in field.errors.as_data():
        if error.code == "required" and error.message == Field.default_error_messages["required"]:
            asked = _("Choose: %(label)s") if field.use_fieldset else _("Fill in: %(label)s")
            if isinstance(field.field, BooleanField):
                asked = _("Tick: %(label)s")
            words.append(asked % {"label": field.label})
        else:
            words.extend(error.messages)
    return words


@register.simple_tag
def bar(value: float, most: float) -> SafeString:
    """Return the line of a bar chart: ``value`` as a share of ``most``. The number itself stands beside it as text."""
    share = round(100 * min(max(value or 0, 0), most) / most, 1) if most else 0
    return format_html('<svg aria-hidden="true"><rect width="{}%" height="100%"/></svg>', max(share, 0.5))


@register.filter
def lines(text: str | None) -> list[str]:
    """Return the lines of ``text`` that hold something: a column of the kind "one on each line" as a list."""
    return [line.strip() for line in str(text or "").splitlines() if line.strip()]


@register.filter
def inr(amount) -> str:
    """Return an amount of rupees as India writes it: 1500000 is ₹15,00,000. What is no number stays as it is."""
    try:
        number = Decimal(str(amount))
    except InvalidOperation:
        return "" if amount is None else str(amount)
    if not number.is_finite():
        return str(amount)
    sign, (whole, _point, paise) = "-" if number < 0 else "", f"{abs(number):f}".partition(".")
    head, last = whole[:-3], whole[-3:]
    pairs = []
    while head:
        head, pair = head[:-2], head[-2:]
        pairs.insert(0, pair)
    paise = paise.rstrip("0")
    return f"{sign}₹{','.join([*pairs, last])}" + (f".{paise.ljust(2, '0')}" if paise else "")


def _syllables(word: str) -> Iterator[str]:
    """Yield the letters of ``word`` with the signs that hang on them, a Devanagari conjunct in one piece."""
    piece = ""
    for sign in word:
        joined = piece.endswith("\N{DEVANAGARI SIGN VIRAMA}")
        if piece and not joined and not unicodedata.category(sign).startswith("M"):
            yield piece
            piece = ""
        piece += sign
    if piece:
        yield piece


@register.filter
def initials(name: str | None) -> str:
    """Return up to two letters for the square beside a person: of two words in Latin, of one in other scripts."""
    words = [word for word in str(name or "").split() if word[0].isalnum()]
    if not words:
        return "?"
    if not words[0][0].isascii():
        return next(_syllables(words[0]))
    return "".join(word[0] for word in words[:2]).upper() if len(words) > 1 else words[0][:2].upper()


@register.simple_tag
def localized(path: str) -> str:
    """Return the address of ``path``, written without language, in the reader's language."""
    language = get_language() or settings.LANGUAGE_CODE
    return path if language == settings.LANGUAGE_CODE else f"/{language}{path}"


@register.simple_tag(takes_context=True)
def other_language(context: template.Context, language: str) -> str:
    """Return the address of this page in ``language``, or of the home page where it does not exist in it.

    A view may settle it by ``translation_url`` in its context. A Wagtail page, as ``page`` in the context, costs
    one query; every other address is translated by the URL conf.
    """
    if context.get("translation_url"):
        return context["translation_url"]
    home = "/" if language == settings.LANGUAGE_CODE else f"/{language}/"
    request, page = context.get("request"), context.get("page")
    if hasattr(page, "get_translations") and page.pk:
        translation = page.get_translations().live().filter(locale__language_code=language).first()
        return (translation and translation.get_url(request)) or home
    if request is None or getattr(request, "resolver_match", None) is None:
        return home
    address = request.get_full_path() if request.method == "GET" else request.path
    translated = translate_url(address, language)
    return home if translated == address else translated


@register.simple_tag(takes_context=True)
def nav_link(context: template.Context, address: str, words: str) -> SafeString:
    """Return a link of the main menu, marked as current on its own page and on the pages below it."""
    here = getattr(context.get("request"), "path", "")
    current = "page" if here == address else "true" if here.startswith(address) else ""
    mark = format_html(' aria-current="{}"', current) if current else ""
    return format_html('<a href="{}"{}>{}</a>', address, mark, words)


@register.simple_tag
def page_numbers(number: int, count: int) -> list[int | None]:
    """Return the page numbers to offer on page ``number`` of ``count``; None is a gap."""
    near = {1, count, *range(max(number - 1, 1), min(number + 1, count) + 1)}
    offered: list[int | None] = []
    for page in sorted(near):
        if offered and page - offered[-1] > 1:
            offered.append(None if page - offered[-1] > 2 else page - 1)
        offered.append(page)
    return offered
