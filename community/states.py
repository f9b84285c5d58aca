"""The states of a member's submission and of a thread, and which action leads from which to which.

The table is the whole rule; ``community.services.moderation`` is the only writer. Imports nothing of ours.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SubmissionState(TextChoices):
    """Where a submission stands."""

    DRAFT = "draft", _("Draft")
    PENDING = "pending", _("With a moderator")
    APPROVED = "approved", _("Approved, going out soon")
    RETURNED = "returned", _("Returned to you")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    SPAM = "spam", _("Spam")
    RELEASED = "released", _("Released")
    HIDDEN = "hidden", _("Hidden")


class Action(TextChoices):
    """What can be done to a submission."""

    SUBMIT = "submit", _("sent in")
    EDIT = "edit", _("changed by the author")
    AMEND = "amend", _("changed by a moderator")
    APPROVE = "approve", _("approved")
    UNDO = "undo", _("approval undone")
    RELEASE = "release", _("released")
    RETURN = "return", _("returned to the author")
    RESUBMIT = "resubmit", _("sent in again")
    DECLINE = "decline", _("declined")
    MARK_SPAM = "mark_spam", _("marked as spam")
    APPEAL = "appeal", _("appealed")
    WITHDRAW = "withdraw", _("withdrawn by the author")
    LAPSE = "lapse", _("lapsed")
    HIDE = "hide", _("hidden")
    RESTORE = "restore", _("restored")
    CLAIM = "claim", _("claimed")
    TAKE_OVER = "take_over", _("taken over")
    MOVE = "move", _("moved to another community")


_S, _A = SubmissionState, Action

#: (state, action) → state. A pair that is missing is forbidden.
TRANSITIONS: dict[tuple[SubmissionState, Action], SubmissionState] = {
    (_S.DRAFT, _A.SUBMIT): _S.PENDING,
    (_S.DRAFT, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.PENDING, _A.EDIT): _S.PENDING,
    (_S.PENDING, _A.AMEND): _S.PENDING,
    (_S.PENDING, _A.APPROVE): _S.APPROVED,
    (_S.PENDING, _A.RETURN): _S.RETURNED,
    (_S.PENDING, _A.DECLINE): _S.DECLINED,
    (_S.PENDING, _A.MARK_SPAM): _S.SPAM,
    (_S.PENDING, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.APPROVED, _A.RELEASE): _S.RELEASED,
    (_S.APPROVED, _A.UNDO): _S.PENDING,
    (_S.APPROVED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.RETURNED, _A.RESUBMIT): _S.PENDING,
    (_S.RETURNED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.RETURNED, _A.LAPSE): _S.WITHDRAWN,
    (_S.DECLINED, _A.APPEAL): _S.PENDING,
    (_S.RELEASED, _A.HIDE): _S.HIDDEN,
    (_S.HIDDEN, _A.RESTORE): _S.RELEASED,
    (_S.PENDING, _A.CLAIM): _S.PENDING,
    (_S.PENDING, _A.TAKE_OVER): _S.PENDING,
    (_S.PENDING, _A.MOVE): _S.PENDING,
    (_S.RETURNED, _A.MOVE): _S.RETURNED,
}

#: What only moderators read of in the log: who holds an item, which says nothing of the message.
LEASE_ACTIONS = frozenset({_A.CLAIM, _A.TAKE_OVER})

#: States in which nobody but the author and the moderators may know of a submission.
UNRELEASED_STATES = frozenset(_S) - {_S.RELEASED}
#: States in which the author may still change the text.
EDITABLE_STATES = frozenset({_S.PENDING, _S.RETURNED})
#: States in which something is still to come.
OPEN_STATES = frozenset({_S.PENDING, _S.APPROVED, _S.RETURNED})


class ThreadLife(TextChoices):
    """Life of a released question, apart from its moderation."""

    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    COMPILED = "compiled", _("Written up")


class ThreadAction(TextChoices):
    """What can be done to the thread of a released question; the words are those of its history."""

    START = "start", _("open for answers")
    EXTEND = "extend", _("given more time")
    CLOSE = "close", _("closed by a moderator")
    ANSWER = "answer", _("closed by the asker, as answered")
    EXPIRE = "expire", _("closed at its date")
    REOPEN = "reopen", _("reopened")
    WRITE_UP = "write_up", _("written up")
    TAKE_BACK = "take_back", _("write-up taken back")
    SUMMARISE = "summarise", _("summary pinned")
    UNPIN = "unpin", _("summary unpinned")


_L, _T = ThreadLife, ThreadAction

#: (life, action) → life. A pair that is missing is forbidden; ``community.services.threads`` is the only writer.
THREAD_TRANSITIONS: dict[tuple[ThreadLife, ThreadAction], ThreadLife] = {
    (_L.OPEN, _T.START): _L.OPEN,
    (_L.OPEN, _T.EXTEND): _L.OPEN,
    (_L.OPEN, _T.CLOSE): _L.CLOSED,
    (_L.OPEN, _T.ANSWER): _L.CLOSED,
    (_L.OPEN, _T.EXPIRE): _L.CLOSED,
    (_L.OPEN, _T.WRITE_UP): _L.COMPILED,
    (_L.CLOSED, _T.REOPEN): _L.OPEN,
    (_L.CLOSED, _T.WRITE_UP): _L.COMPILED,
    (_L.COMPILED, _T.REOPEN): _L.OPEN,
    (_L.COMPILED, _T.TAKE_BACK): _L.CLOSED,
    **{(life, action): life for life in _L for action in (_T.SUMMARISE, _T.UNPIN)},
}
#: What only moderators of the community do, and what only the asker does; nobody but the portal does the rest.
MODERATORS_THREAD_ACTIONS = frozenset({_T.EXTEND, _T.CLOSE, _T.REOPEN, _T.SUMMARISE, _T.UNPIN})
ASKERS_THREAD_ACTIONS = frozenset({_T.ANSWER})


class InvalidTransition(Exception):
    """The action is not possible from the state the thing is in."""

    def __init__(self, state: str, action: str) -> None:
        super().__init__(f"{action} is not possible from {state}")
        self.state, self.action = state, action


def next_state(state: str, action: str) -> SubmissionState:
    """Return the state that ``action`` leads to from ``state``. Raises InvalidTransition."""
    try:
        return TRANSITIONS[SubmissionState(state), Action(action)]
    except KeyError:
        raise InvalidTransition(state, action) from None


def next_life(life: str, action: str) -> ThreadLife:
    """Return the life of a thread that ``action`` leads to from ``life``. Raises InvalidTransition."""
    try:
        return THREAD_TRANSITIONS[ThreadLife(life), ThreadAction(action)]
    except KeyError:
        raise InvalidTransition(life, action) from None
