"""Every change of a submission's state: this package is the only writer of ``state`` and of the log.

Each action is one compare-and-swap on the version, one log entry, and the rows of what follows, in one
transaction. Opening an item is a read and stays one.
"""

from .authoring import revise, submit, withdraw
from .deadlines import due_at
from .deciding import approve, decline, return_to_author, undo_approval
from .moves import Conflict
from .releasing import release, release_due

__all__ = [
    "Conflict",
    "approve",
    "decline",
    "due_at",
    "release",
    "release_due",
    "return_to_author",
    "revise",
    "submit",
    "undo_approval",
    "withdraw",
]
