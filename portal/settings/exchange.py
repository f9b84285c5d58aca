"""The exchange itself: how long a release is held, how long texts may be."""

from . import env

#: Seconds between an approval and its release, during which it can be undone.
RELEASE_HOLD_SECONDS = env.RELEASE_HOLD_SECONDS
#: Longest title and body of a member's message, in characters.
TITLE_MAX_LENGTH = 160
BODY_MAX_LENGTH = 20_000
#: Hours until a moderator should have decided, by kind of submission (moderation notes, section 3.3).
DUE_HOURS = {"question": 24, "reply": 8}
