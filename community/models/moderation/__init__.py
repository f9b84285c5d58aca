"""What moderation keeps beside the submissions: its log, reasons, deadlines, appeals, trust and rules that hold."""

from .appeals import Appeal
from .deadlines import DecisionTime, Holiday, ModeratorNotice
from .flags import Flag, FlagReport
from .holding import HoldingHit, HoldingRule
from .log import ModerationEvent, ModerationReason
from .notes import Note
from .reasons import ReasonVersion
from .requests import MembershipRequest
from .trust import AutomaticApproval, Trust

__all__ = [
    "Appeal",
    "AutomaticApproval",
    "DecisionTime",
    "Flag",
    "FlagReport",
    "HoldingHit",
    "HoldingRule",
    "Holiday",
    "MembershipRequest",
    "ModerationEvent",
    "ModerationReason",
    "ModeratorNotice",
    "Note",
    "ReasonVersion",
    "Trust",
]
