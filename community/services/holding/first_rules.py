"""The rules that hold on the first day, everywhere; changed, ended and joined by others in the admin."""

from dataclasses import dataclass

from community.models.moderation.holding import HoldingCheck


@dataclass(frozen=True)
class FirstRule:
    """A rule as the portal brings it. Our decisions; administrators change them."""

    code: str
    looks_for: str
    number: int | None = None
    hours: int | None = None
    lines: str = ""


FIRST_RULES = (
    FirstRule("links", HoldingCheck.LINKS, number=2, lines="gov.in\nnic.in"),
    FirstRule(
        "words",
        HoldingCheck.WORDS,
        lines="bitcoin\ncrypto*\nguaranteed loan\nlottery\nwork from home\nघर बैठे कमाएँ\nगारंटीड लोन\nलॉटरी",
    ),
    FirstRule("personal-data", HoldingCheck.PERSONAL_DATA),
    FirstRule("first-post", HoldingCheck.FIRST_POST),
    FirstRule("rate", HoldingCheck.RATE, number=10, hours=24),
    FirstRule("duplicate", HoldingCheck.DUPLICATE, hours=24 * 30),
)
