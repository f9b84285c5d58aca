"""The thread of a released question: until when it takes answers, its summary so far, what became of its answers.

This package is the only writer of ``life``, of the closing date and of the thread's history.
"""

from .dates import closing_of
from .life import answered, close, close_due, extend, reopen, start, take_back, write_up
from .moves import ThreadConflict
from .standing import closed_without_answer, closing_soon, history_of
from .summaries import pin_summary, unpin_summary
from .uses import Uses, drop_uses, mark_use, may_mark, unmark_use, uses_of

__all__ = [
    "ThreadConflict",
    "Uses",
    "answered",
    "close",
    "close_due",
    "closed_without_answer",
    "closing_of",
    "closing_soon",
    "drop_uses",
    "extend",
    "history_of",
    "mark_use",
    "may_mark",
    "pin_summary",
    "reopen",
    "start",
    "take_back",
    "unmark_use",
    "unpin_summary",
    "uses_of",
    "write_up",
]
