"""Who may send anything in: members of the community, unless they are suspended or send too much at once.

One check that every service asks which takes something from a member.
"""

from .appealing import appeal, decide
from .checking import NotNow, Suspended, check_may_contribute, check_not_suspended
from .suspending import lift, suspend, why_not_suspend
from .throttles import TooMany, check_throttle, was_sent

__all__ = [
    "NotNow",
    "Suspended",
    "TooMany",
    "appeal",
    "check_may_contribute",
    "check_not_suspended",
    "check_throttle",
    "decide",
    "lift",
    "suspend",
    "was_sent",
    "why_not_suspend",
]
