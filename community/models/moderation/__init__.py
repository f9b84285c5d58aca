"""What moderation keeps beside the submissions: its log, reasons, deadlines and appeals."""

from .appeals import Appeal
from .deadlines import DecisionTime, Holiday, ModeratorNotice
from .log import ModerationEvent, ModerationReason
from .reasons import ReasonVersion

__all__ = [
    "Appeal",
    "DecisionTime",
    "Holiday",
    "ModerationEvent",
    "ModerationReason",
    "ModeratorNotice",
    "ReasonVersion",
]
