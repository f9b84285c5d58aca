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


#: from → possible next.
THREAD_TRANSITIONS: dict[ThreadLife, frozenset[ThreadLife]] = {
    ThreadLife.OPEN: frozenset({ThreadLife.CLOSED, ThreadLife.COMPILED}),
    ThreadLife.CLOSED: frozenset({ThreadLife.OPEN, ThreadLife.COMPILED}),
    ThreadLife.COMPILED: frozenset({ThreadLife.OPEN, ThreadLife.CLOSED}),
}


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
