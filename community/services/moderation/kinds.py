"""What differs between the kinds of the queue: one entry for each, in one registry.

Everything else is the same for all: the table of states, the log, leases, deadlines, returning, appealing. Another
kind joins so: a value of ``SubmissionKind``, a subclass of ``Submission`` whose link to it has the ``related_name``
``as_<kind>`` and that says its ``thread`` and ``own_title``, mails where the words of the others do not fit it, and
``register(Kind(…))`` from the ``ready()`` of its app. Nobody but its author and the community's moderators knows of
it, in whatever state, unless it also stands in ``enums.READ_KINDS``.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from community.models import Member, ModerationEvent, ModerationReason, Submission
from community.permissions import NotAllowed, Viewer
from community.services import notices
from community.states import Action


@dataclass(frozen=True)
class Approval:
    """Who approved what is released, and why where the kind asks for a reason. A timer knows of neither."""

    moderator: Viewer | None = None
    reason: ModerationReason | None = None
    message: str = ""


def _by_its_title(submission: Submission) -> str:
    return submission.own_title


def _its_author(submission: Submission) -> list[Member]:
    return [submission.author]


def _nobody(submission: Submission, member: Member) -> str:
    return ""


def _nothing(submission: Submission) -> None:
    return None


@dataclass(frozen=True)
class Kind:
    """One kind: its name in ``SubmissionKind`` and what it does in its own way.

    ``release`` is called in the transaction of the release. ``is_held`` says whether an approval waits for
    RELEASE_HOLD_SECONDS and can be undone until then; otherwise approving releases at once. ``refused`` names what is
    never done to this kind, with the words for whoever tries. ``approval_reason`` names the reasons of which an
    approval needs one. ``reasons`` is the ``kind`` of the reasons for returning and declining. ``bars`` says why a
    member decides on an item no more than its author does; ``people`` are those who sent it in: where they are several
    (``is_joint``), words that are not for one of them alone name none. ``tell`` writes the
    mails of a decision, in place of the one to the author. ``locks`` names a row that is locked before the item.
    """

    value: str
    release: Callable[[Submission, Approval, datetime], None]
    heading: Callable[[Submission], str] = _by_its_title
    is_held: bool = True
    refused: Mapping[Action, str | Promise] = field(default_factory=dict)
    approval_reason: Action | None = None
    reasons: str = ""
    #: The fields of a revision that its author writes.
    fields: tuple[str, ...] = ("body",)
    mail: str = "submission"
    open_key: Callable[[Submission], str | None] = _nothing
    bars: Callable[[Submission, Member], str] = _nobody
    people: Callable[[Submission], Iterable[Member]] = _its_author
    is_joint: bool = False
    #: What the desk says once an action is done, with %(title)s, where the words for messages do not fit.
    says: Mapping[Action, str | Promise] = field(default_factory=dict)
    tell: Callable[[ModerationEvent, datetime], None] | None = None
    locks: Callable[[Submission], QuerySet | None] = _nothing

    @property
    def hold(self) -> timedelta:
        """Return how long an approval waits before it goes out."""
        return timedelta(seconds=settings.RELEASE_HOLD_SECONDS) if self.is_held else timedelta()


_KINDS: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add ``kind``; called from ``AppConfig.ready()``. Registered again, the later entry counts."""
    _KINDS[kind.value] = kind


def kind_of(submission: Submission) -> Kind:
    """Return what is particular to the kind of ``submission``."""
    return _KINDS[submission.kind]


def all_kinds() -> list[Kind]:
    """Return every kind, in the order in which they joined."""
    return list(_KINDS.values())


def check_action(submission: Submission, action: Action) -> None:
    """Raise NotAllowed where ``action`` is never done to this kind of item."""
    if words := why_never(submission, action):
        raise NotAllowed(words)


def why_never(submission: Submission, action: Action) -> str:
    """Return why ``action`` is never done to this kind of item, in words for whoever tries; empty where it is."""
    return str(kind_of(submission).refused.get(action, ""))


def allowed_actions(submission: Submission) -> frozenset[str]:
    """Return the actions that this kind of item knows, whatever its state."""
    return frozenset(Action.values) - frozenset(kind_of(submission).refused)


def tell(event: ModerationEvent, now: datetime) -> None:
    """Write the mails on what ``event`` decided: to its author, or to whom the kind says."""
    kind = kind_of(event.submission)
    if kind.tell is None:
        notices.tell_author(event=event, mail=kind.mail, now=now)
    else:
        kind.tell(event, now)


def reasons_for(submission: Submission, action: Action) -> str:
    """Return the ``kind`` of the reasons for ``action``: what is hidden is always a message."""
    return "" if action == Action.HIDE else kind_of(submission).reasons


def check_reason(submission: Submission, reason: ModerationReason) -> None:
    """Raise NotAllowed where ``reason`` was written for another kind of item."""
    if reason.kind != reasons_for(submission, reason.action):
        raise NotAllowed(_("This reason was written for something else. Choose one that fits."))
