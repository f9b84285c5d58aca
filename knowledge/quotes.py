"""Who checks a quote: the block knows no reply, so the check is filled in from above."""

from collections.abc import Callable

#: Takes the words, the number of the reply and of its revision; returns what is wrong with them, or an empty text.
QuoteCheck = Callable[[str, int, int], str]

_checks: list[QuoteCheck] = []


def register_quote_check(check: QuoteCheck) -> None:
    """Add a check that every quote has to pass; called in ``AppConfig.ready()``."""
    if check not in _checks:
        _checks.append(check)


def problem_with(*, text: str, reply: int, revision: int) -> str:
    """Return what speaks against the quote, in words for the person who entered it, or an empty text."""
    return next((str(problem) for check in _checks if (problem := check(text, reply, revision))), "")
