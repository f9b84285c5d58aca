"""Why a message is held, in the reader's language: made when it is shown, from what the rule found."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from community.models.moderation.holding import HoldingCheck

_KINDS = {
    "phone": gettext_lazy("a phone number"),
    "mail": gettext_lazy("a mail address"),
    "upi": gettext_lazy("an address for payments"),
    "pan": gettext_lazy("a PAN"),
    "aadhaar": gettext_lazy("an Aadhaar number"),
    "card": gettext_lazy("the number of a bank card"),
    "account": gettext_lazy("a bank account"),
}


@dataclass(frozen=True)
class Line:
    """One reason why a message is held. ``like`` is the number of the message that it is like."""

    words: str
    like: int | None = None


def held_words(held_because: list) -> list[Line]:
    """Return why a message is held; what nobody knows any more is left out."""
    return [line for line in map(_line, held_because) if line]


def personal_words(held_because: list) -> str:
    """Return the personal data that holds a message, for its author; empty where there is none."""
    for held in held_because:
        if isinstance(held, dict) and held.get("check") == HoldingCheck.PERSONAL_DATA:
            return _personal(held)
    return ""


def _personal(held: dict) -> str:
    return ", ".join(f"{_KINDS[what]} ({text})" for what, text in held.get("found", []) if what in _KINDS)


def _line(held: object) -> Line | None:
    if not isinstance(held, dict):
        return None
    found = held.get("found", [])
    match held.get("check"):
        case HoldingCheck.LINKS:
            number = held.get("number", 0)
            words = ngettext("%(number)d link: %(hosts)s", "%(number)d links: %(hosts)s", number)
            return Line(words % {"number": number, "hosts": ", ".join(found)})
        case HoldingCheck.WORDS:
            return Line(_("Words: %(words)s") % {"words": ", ".join(found)})
        case HoldingCheck.PERSONAL_DATA:
            return Line(_("Personal data: %(found)s") % {"found": _personal(held)})
        case HoldingCheck.FIRST_POST:
            return Line(_("First message in this community"))
        case HoldingCheck.RATE:
            number, hours = held.get("number", 0), held.get("hours") or 1
            words = ngettext(
                "More than %(limit)d messages within %(hours)d hour",
                "More than %(limit)d messages within %(hours)d hours",
                hours,
            )
            return Line(words % {"limit": number - 1, "hours": hours})
        case HoldingCheck.DUPLICATE:
            own = _("Nearly the same as another message of this member (%(percent)d %%)")
            others = _("Nearly the same as a message of somebody else (%(percent)d %%)")
            words = own if held.get("is_own") else others
            return Line(words % {"percent": held.get("percent", 0)}, like=held.get("of"))
    return None
