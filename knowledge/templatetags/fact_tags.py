"""Facts as links: every term and every thing that a page names leads to its own page."""

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from wagtail.models import Page

from knowledge.sanitize import LINK_REL

register = template.Library()


@register.simple_tag
def link_to(thing) -> SafeString | str:
    """Return a link to ``thing``, a term or a registry entry; nothing where there is none that anybody may read."""
    if thing is None or not getattr(thing, "live", True):
        return ""
    return format_html('<a href="{}">{}</a>', thing.get_absolute_url(), thing)


@register.simple_tag
def links_to(things) -> SafeString | str:
    """Return links to each of ``things``, a manager, queryset or list, separated by commas."""
    found: Iterable = things.all() if hasattr(things, "all") else things or ()
    public = [thing for thing in found if getattr(thing, "live", True)]
    return format_html_join(", ", '<a href="{}">{}</a>', ((thing.get_absolute_url(), thing) for thing in public))


@register.simple_tag
def public_successor(thing):
    """Return what took the place of the withdrawn ``thing``; None where there is nothing that anybody may read."""
    successor = thing.successor
    if successor is None or not successor.live:
        return None
    return None if isinstance(successor, Page) and successor.get_view_restrictions() else successor


@register.simple_tag
def yes_no(value: bool | None) -> str:
    """Return the word for a fact that is true, false or not stated; nothing for the last."""
    if value is None:
        return ""
    return pgettext("fact", "Yes") if value else pgettext("fact", "No")


@register.simple_tag
def outside_links(addresses: str | None) -> SafeString:
    """Return links to the addresses on the lines of ``addresses``, one a line; what is no web address stays text."""
    links = []
    for line in str(addresses or "").splitlines():
        if address := line.strip():
            is_web = address.lower().startswith(("http://", "https://"))
            shape = '<a href="{0}" rel="{1}">{0}</a>' if is_web else "{0}"
            links.append(format_html(shape, address, LINK_REL))
    return format_html_join("\n", "{}", ((link,) for link in links))


@register.simple_tag
def years(start: int | None, end: int | None) -> str:
    """Return the span of years as far as it is stated."""
    if start and end:
        return f"{start}–{end}" if start != end else str(start)
    if start:
        return _("from %(year)s") % {"year": start}
    return _("until %(year)s") % {"year": end} if end else ""
