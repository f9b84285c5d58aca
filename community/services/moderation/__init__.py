"""Every change of a submission's state: this package is the only writer of ``state`` and of the log.

Each action is one compare-and-swap on the version, one log entry, and the rows of what follows, in one
transaction. Opening an item is a read and stays one.
"""

from .appeals import appeal, undecided_appeal, why_no_appeal
from .authoring import revise, submit, withdraw
from .automatic import look_at, to_look_at
from .deadlines import keep_deadlines
from .deciding import approve, decline, mark_spam, return_to_author, undo_approval
from .hiding import hide, may_restore, restore
from .leases import claim, free_items, give_back, renew, take, take_next, take_over
from .moves import Conflict, Held, is_barred, left_to_administrators
from .moving import move_to_community
from .notes import concerned, notes_on, notes_on_member, take_note_back, write_note
from .reasons import keep_words, words_for
from .releasing import release, release_due

__all__ = [
    "Conflict",
    "Held",
    "appeal",
    "approve",
    "claim",
    "concerned",
    "decline",
    "free_items",
    "give_back",
    "hide",
    "is_barred",
    "keep_deadlines",
    "keep_words",
    "left_to_administrators",
    "look_at",
    "mark_spam",
    "may_restore",
    "move_to_community",
    "notes_on",
    "notes_on_member",
    "release",
    "release_due",
    "renew",
    "restore",
    "return_to_author",
    "revise",
    "submit",
    "take",
    "take_next",
    "take_note_back",
    "take_over",
    "to_look_at",
    "undecided_appeal",
    "undo_approval",
    "why_no_appeal",
    "withdraw",
    "words_for",
    "write_note",
]
