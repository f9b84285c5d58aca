"""Closed lists of the exchange."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Occupation(TextChoices):
    """What a member does."""

    CDA = "cda", _("Cluster development agent")
    EXPERT = "expert", _("Expert")
    ASSOCIATION_OFFICER = "association_officer", _("Officer of an association")
    OFFICIAL = "official", _("Official")
    RESEARCHER = "researcher", _("Researcher")
    OTHER = "other", _("Other")


class Role(TextChoices):
    """A member's role in one community. A lead is a moderator who also edits the community and its roles."""

    MEMBER = "member", _("Member")
    MODERATOR = "moderator", _("Moderator")
    LEAD = "lead", _("Lead")


#: Roles that decide on submissions.
MODERATING_ROLES = (Role.MODERATOR, Role.LEAD)


class MembershipChangeKind(TextChoices):
    """What became of a membership."""

    JOINED = "joined", _("joined")
    INVITED = "invited", _("came by an invitation")
    ROLE = "role", _("got another role")
    STEPPED_DOWN = "stepped_down", _("stepped down")
    LEFT = "left", _("left")
    REMOVED = "removed", _("was removed")


class DeliveryMode(TextChoices):
    """How a member gets what a community releases."""

    AS_SENT = "as_sent", _("Each message as it is released")
    DAILY = "daily", _("Once a day, in full")
    DAILY_SUMMARY = "daily_summary", _("Once a day, titles and one line")
    WEEKLY_SUMMARY = "weekly_summary", _("Once a week, titles and one line")
    NONE = "none", _("No mail; I read on the site")


class SubmissionKind(TextChoices):
    """What is submitted. Later kinds join here."""

    QUESTION = "question", _("Question")
    REPLY = "reply", _("Reply")
    MEMBERSHIP = "membership", _("Membership request")
    FLAG = "flag", _("Report")


#: Kinds that have readers once they are released. Of every other one nobody but its author and the community's
#: moderators ever knows.
READ_KINDS = (SubmissionKind.QUESTION, SubmissionKind.REPLY)


class FlagReason(TextChoices):
    """Why somebody reports a message that is out."""

    HARMFUL = "harmful", _("Wrong, or following it could do harm")
    ADVERTISING = "advertising", _("Advertising")
    PERSONAL_DATA = "personal_data", _("Names a private person, a number or an address")
    INSULT = "insult", _("Insults somebody")
    SPAM = "spam", _("Spam")
    OTHER = "other", _("Something else")


class FlagOutcome(TextChoices):
    """What came of the reports of a message."""

    UPHELD = "upheld", _("The message is hidden")
    NOT_UPHELD = "not_upheld", _("The message stays")
    SETTLED = "settled", _("The message was hidden meanwhile")


class LeaseKind(TextChoices):
    """How a moderator holds an item: while it is open, or put aside as one's own for longer."""

    AUTO = "auto", _("while it is open")
    CLAIMED = "claimed", _("claimed")


class NoticeCause(TextChoices):
    """Why moderators are told of an item, from the least grave on."""

    ARRIVED = "arrived", _("New")
    HALF = "half", _("Half of the time is over")
    OVERDUE = "overdue", _("Overdue")
    LONG_OVERDUE = "long_overdue", _("Long overdue")
    UNATTENDED = "unattended", _("No moderator")


class AppealOutcome(TextChoices):
    """How an appeal ended."""

    STANDS = "stands", _("the decision stands")
    OVERTURNED = "overturned", _("overturned")


class ReplyKind(TextChoices):
    """What a reply gives."""

    EXPERIENCE = "experience", _("Experience: I did or saw this")
    REFERENCE = "reference", _("Reference: where to look")
    ADVICE = "advice", _("Advice")


class UseMark(TextChoices):
    """What became of an answer with a member who has the problem."""

    USED = "used", _("Used")
    PARTLY = "partly", _("Partly used")
    NOT_HERE = "not_here", _("Does not fit here")


class EventKind(TextChoices):
    """What happened that members are told of."""

    QUESTION_RELEASED = "question_released", _("Question released")
    REPLY_RELEASED = "reply_released", _("Reply released")
    QUESTION_COMPILED = "question_compiled", _("Question written up")
    SUMMARY_POSTED = "summary_posted", _("Summary of an exchange")
    SCHEME_UPDATED = "scheme_updated", _("Scheme updated")
    ANNOUNCED = "announced", _("Announcement")


class EventScope(TextChoices):
    """Whose subscribers an event is for."""

    COMMUNITY = "community", _("Community")
    THREAD = "thread", _("Followers of a thread")
    SCHEME = "scheme", _("Followers of a scheme")
    ANNOUNCEMENT = "announcement", _("Everybody")


class DeliveryState(TextChoices):
    """Where a delivery stands."""

    PENDING = "pending", _("Waiting")
    ENVELOPED = "enveloped", _("In a mail")
    SENT = "sent", _("Sent")
    SKIPPED = "skipped", _("Not sent")


class SkipReason(TextChoices):
    """Why a delivery was not sent."""

    MODE_NONE = "mode_none", _("You chose no mail")
    LEFT = "left", _("You left the community")
    NOT_VISIBLE = "not_visible", _("The message is no longer visible")
    OWN_MESSAGE = "own_message", _("Your own message")
    NO_ADDRESS = "no_address", _("No verified address")


class EnvelopeKind(TextChoices):
    """What sort of mail an envelope holds."""

    AS_SENT = "as_sent", _("Message as sent")
    SUMMARY = "summary", _("Daily or weekly mail")
    NOTICE = "notice", _("Notice about your own message")
    MODERATOR = "moderator", _("Notice to those who moderate")
    ACCOUNT = "account", _("Account or admin mail")


class EnvelopeState(TextChoices):
    """Where a mail stands between its row and the transport."""

    BUILT = "built", _("Waiting to be handed over")
    SENDING = "sending", _("Being handed over")
    SENT = "sent", _("Handed over")
    AMBIGUOUS = "ambiguous", _("Perhaps handed over")
    FAILED = "failed", _("Refused")
    DROPPED = "dropped", _("Dropped before sending")
