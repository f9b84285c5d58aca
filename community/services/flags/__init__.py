"""Reports of messages that are out: one case for each message, many who report it, each told what came of it."""

from .deciding import FLAG, settle
from .reporting import report, take_back, why_not

__all__ = ["FLAG", "report", "settle", "take_back", "why_not"]
