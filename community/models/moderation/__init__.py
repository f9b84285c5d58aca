"""What moderation keeps beside the submissions: its log, reasons, deadlines, appeals and trust."""

from .appeals import Appeal
from .deadlines import DecisionTime, Holiday, ModeratorNotice
from .log import ModerationEvent, ModerationReason
from .reasons import ReasonVersion
from .trust import AutomaticApproval, Trust

__all__ = [
    "Appeal",
    "AutomaticApproval",
    "DecisionTime",
    "Holiday",
    "ModerationEvent",
    "ModerationReason",
    "ModeratorNotice",
    "ReasonVersion",
    "Trust",
]
