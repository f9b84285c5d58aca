"""Who may send anything in: members of the community, unless they are suspended or send too much at once.

One check that every service asks which takes something from a member.
"""

from .appealing import appeal, decide
from .checking import NotNow, Suspended, check_may_contribute, check_not_suspended
from .suspending import lift, suspend, why_not_suspend

__all__ = [
    "NotNow",
    "Suspended",
    "appeal",
    "check_may_contribute",
    "check_not_suspended",
    "decide",
    "lift",
    "suspend",
    "why_not_suspend",
]
