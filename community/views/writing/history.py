"""What became of one's own message, entry by entry, with what each change of its text changed."""

from dataclasses import dataclass

from community.models import ModerationEvent, Submission
from community.services.differences import Change, changes_between
from community.states import LEASE_ACTIONS, Action, SubmissionState

#: Newest entries that are shown, and newest changes that are compared: a page must not grow with its history.
MOST_ENTRIES = 100
MOST_COMPARED = 12
#: What a moderator does to a text that is on its way out, which can still be taken back.
_HELD_BACK = (Action.AMEND, Action.APPROVE)


@dataclass(frozen=True)
class Entry:
    """An entry of the log as its author reads it: what happened, the words as sent, what changed in the text."""

    event: ModerationEvent
    message: str = ""
    changes: tuple[Change, ...] = ()


def history_of(submission: Submission) -> list[Entry]:
    """Return the log as its author reads it, oldest first: an approval that was taken back left no trace.

    While an approval can be taken back, its author reads nothing of what was changed for it.
    """
    related = ("reason", "reason_version", "revision_before", "revision_after")
    newest = submission.events.exclude(action__in=LEASE_ACTIONS).select_related(*related).order_by("-number")
    events: list[ModerationEvent] = []
    for event in reversed(newest[:MOST_ENTRIES]):
        if event.action == Action.UNDO:
            events = [each for each in events if each.action != Action.APPROVE]
        else:
            events.append(event)
    told = [each for each in events if submission.state != SubmissionState.APPROVED or each.action not in _HELD_BACK]
    compared = {each.pk for each in [each for each in told if _changed(each)][-MOST_COMPARED:]}
    return [
        Entry(
            event,
            event.message if event in told else "",
            changes_between(event.revision_before, event.revision_after) if event.pk in compared else (),
        )
        for event in events
    ]


def _changed(event: ModerationEvent) -> bool:
    """Return whether the entry has two texts to compare; blanked ones are compared with nothing."""
    before, after = event.revision_before, event.revision_after
    return bool(before and after and before != after and not before.redacted_at and not after.redacted_at)
