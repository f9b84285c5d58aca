"""Rules that hold what comes in: nothing that they find goes out by trust, and the desk says what they found."""

from .checking import check
from .words import Line, held_words, personal_words

__all__ = ["Line", "check", "held_words", "personal_words"]
