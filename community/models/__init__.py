"""What is asked: members, communities, submissions, moderation, mail, compiling."""

from .belonging import Invitation, MembershipChange
from .communities import Community, Membership
from .compiling import Compilation, Contribution, Quote
from .deliveries import Delivery, Envelope, Event
from .discussion import MeToo, Question, Reply
from .members import Member
from .moderation import (
    Appeal,
    AutomaticApproval,
    DecisionTime,
    Flag,
    FlagReport,
    HoldingHit,
    HoldingRule,
    Holiday,
    MembershipRequest,
    ModerationEvent,
    ModerationReason,
    ModeratorNotice,
    Note,
    ReasonVersion,
    Trust,
)
from .submissions import Revision, Submission
from .suspensions import Suspension
from .threads import ReplyUse, SummaryRevision, ThreadEvent
from .workflows import SolutionApprovalTask, compiler_ids
from .writing import Draft, DraftKind, KeptForm, Suggested

__all__ = [
    "Appeal",
    "AutomaticApproval",
    "Community",
    "Compilation",
    "Contribution",
    "DecisionTime",
    "Delivery",
    "Draft",
    "DraftKind",
    "Envelope",
    "Event",
    "Flag",
    "FlagReport",
    "HoldingHit",
    "HoldingRule",
    "Holiday",
    "Invitation",
    "KeptForm",
    "MeToo",
    "Member",
    "Membership",
    "MembershipChange",
    "MembershipRequest",
    "ModerationEvent",
    "ModerationReason",
    "ModeratorNotice",
    "Note",
    "Question",
    "Quote",
    "ReasonVersion",
    "Reply",
    "ReplyUse",
    "Revision",
    "SolutionApprovalTask",
    "Submission",
    "Suggested",
    "SummaryRevision",
    "Suspension",
    "ThreadEvent",
    "Trust",
    "compiler_ids",
]
