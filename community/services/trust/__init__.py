"""Members whose replies need not wait: trust is earned or given, used, and lost.

Held by (member, community, kind), one row for each time. Only replies can be trusted: questions always wait for a
moderator. Imports nothing of the moderation package, which asks here.
"""

from .earning import earn, is_earned
from .keeping import check_trustable, end, end_idle, give, lose, lose_by_reason, told_to, trust_for, undo

__all__ = [
    "check_trustable",
    "earn",
    "end",
    "end_idle",
    "give",
    "is_earned",
    "lose",
    "lose_by_reason",
    "told_to",
    "trust_for",
    "undo",
]
