"""From exchange to article: the draft, and what publishing it means for the exchange."""

from .articles import (
    at_moment,
    bring_in_step,
    check_publishing,
    close_without_page,
    is_compiled,
    may_compile,
    reconcile,
    start_compilation,
)

__all__ = [
    "at_moment",
    "bring_in_step",
    "check_publishing",
    "close_without_page",
    "is_compiled",
    "may_compile",
    "reconcile",
    "start_compilation",
]
