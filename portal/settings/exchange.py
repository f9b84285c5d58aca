"""The exchange itself: how long a release is held, how long texts may be."""

from datetime import time

from . import env

#: Seconds between an approval and its release, during which it can be undone.
RELEASE_HOLD_SECONDS = env.RELEASE_HOLD_SECONDS
#: Longest title and body of a member's message, in characters.
TITLE_MAX_LENGTH = 160
BODY_MAX_LENGTH = 20_000
#: Days that a draft stays which nobody goes on with. Our decision: long enough for a season in the field.
DRAFT_DAYS = 90
#: Working hours until a moderator should have decided, by kind of submission (moderation notes, section 3.3); a
#: community may set its own.
DUE_HOURS = {"question": 24, "reply": 8, "membership": 16, "flag": 8}
#: The same for a kind that is not named above.
DUE_HOURS_OTHERWISE = 24
#: What a member can be trusted with, so that it goes out without a moderator; everything else is always checked first.
TRUSTED_KINDS = ("reply",)
#: The share of what trust approves that a moderator looks at afterwards (moderation notes, section 3.3).
TRUST_SAMPLED = 0.1
#: When moderators are expected to work: Monday (0) to Friday, in TIME_ZONE. Our decision, no rule stands behind it:
#: these are hours in which most offices are open, and a day of eight makes deadlines easy to reckon.
WORKING_DAYS = (0, 1, 2, 3, 4)
WORKING_DAY_OPENS = time(9, 30)
WORKING_DAY_CLOSES = time(17, 30)
#: How long an item that comes back stands first in the queue of the moderator who returned it, in hours.
PREFERRED_HOURS = 24
#: Days after the return: the reminders, and the lapse; the author is told that many days before it.
RETURNED_REMINDER_DAYS = (7, 21)
RETURNED_LAPSE_DAYS = 60
RETURNED_LAPSE_NOTICE_DAYS = 14
#: Nobody gets more than one mail about the queue in this time.
MODERATOR_MAIL_MINUTES = 60
#: Days for which a new member reads the welcome of a community on its page.
WELCOME_DAYS = 14
#: Days from a question's release until it takes no more answers (a community may set its own): the cycle of the UN
#: Solution Exchange was about as long. And the longest time ahead that a moderator may give.
ANSWER_DAYS = 15
MOST_ANSWER_DAYS = 90
#: A thread that closes within as many days is listed at the desk.
CLOSING_SOON_DAYS = 3
#: Longest summary that a moderator pins on a thread, in characters.
SUMMARY_MAX_LENGTH = 5_000
#: Days for which the link of an invitation opens the community.
INVITATION_DAYS = 14
#: Most invitations that one person sends in 24 hours, to one address of a community, and in one form. Our decision: a
#: lead who brings a circle along needs some dozens, and nobody should find a mailbox full of ours.
INVITATIONS_PER_DAY = 50
INVITATIONS_TO_ONE_ADDRESS = 3
INVITATIONS_AT_ONCE = 20
#: Longest time for which a member is suspended, in days.
SUSPENSION_MAX_DAYS = 366
#: Most that one account sends of each, and in how many seconds. Our decision: far above what anybody types. One address
#: may send five times as much, because offices share one. Tests turn it off.
THROTTLES_ARE_ON = True
THROTTLES = {
    "question": (10, 3600),
    "reply": (30, 3600),
    "flag": (20, 3600),
    "membership": (10, 3600),
    "me_too": (60, 3600),
    "appeal": (10, 3600),
}
