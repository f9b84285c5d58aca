"""The decisions on what waits and on what is out: the form each takes and the service each calls."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from community.enums import READ_KINDS
from community.models import Submission
from community.permissions import NotAllowed, Viewer
from community.services import moderation
from community.states import Action, InvalidTransition

from .forms import AmendForm, DeclineForm, MoveForm, NoteForm, ReasonForm, SpamForm, VersionForm
from .reading import heading_of, waiting_of_author


@dataclass(frozen=True)
class Decision:
    """A button of the desk: its name in the form, what it does, and what is said when it is done."""

    name: str
    action: Action
    act: Callable[[Submission, Viewer, forms.Form, datetime], Submission]
    says: str
    #: Whether the item stays on the screen afterwards, as it was none of the queue.
    stays: bool = False


def _approve(item: Submission, moderator: Viewer, form: forms.Form, now: datetime) -> Submission:
    return moderation.approve(submission=item, moderator=moderator, version=form.cleaned_data["version"], now=now)


def _trust(item: Submission, moderator: Viewer, form: forms.Form, now: datetime) -> Submission:
    version = form.cleaned_data["version"]
    return moderation.approve(submission=item, moderator=moderator, version=version, trusts=True, now=now)


def _amend(item: Submission, moderator: Viewer, form: AmendForm, now: datetime) -> Submission:
    return moderation.approve(
        submission=item,
        moderator=moderator,
        version=form.cleaned_data["version"],
        amended=form.text(),
        is_substantive=form.cleaned_data["is_substantive"],
        note=form.cleaned_data["note"],
        now=now,
    )


def _uphold(item: Submission, moderator: Viewer, form: ReasonForm, now: datetime) -> Submission:
    return moderation.approve(submission=item, moderator=moderator, now=now, **form.cleaned_data)


def _return(item: Submission, moderator: Viewer, form: ReasonForm, now: datetime) -> Submission:
    return moderation.return_to_author(submission=item, moderator=moderator, now=now, **form.cleaned_data)


def _mark_spam(item: Submission, moderator: Viewer, form: SpamForm, now: datetime) -> Submission:
    """Mark the item and each that was ticked, one after the other; the form keeps what was left out and why."""
    marked = moderation.mark_spam(submission=item, moderator=moderator, version=form.cleaned_data["version"], now=now)
    form.left_out = []
    for chosen in form.cleaned_data.get("also", ()):
        pk, _dot, version = chosen.partition(".")
        other = waiting_of_author(item).filter(pk=pk).first()
        if other is None:  # decided by somebody else since the form was checked
            continue
        try:
            moderation.mark_spam(submission=other, moderator=moderator, version=int(version), now=now)
        except (moderation.Conflict, InvalidTransition, NotAllowed):
            form.left_out.append(
                _("Not marked, because it changed meanwhile: %(title)s") % {"title": heading_of(other)}
            )
    return marked


def _decline(item: Submission, moderator: Viewer, form: DeclineForm, now: datetime) -> Submission:
    return moderation.decline(submission=item, moderator=moderator, now=now, **form.cleaned_data)


def _hide(item: Submission, moderator: Viewer, form: ReasonForm, now: datetime) -> Submission:
    return moderation.hide(submission=item, moderator=moderator, now=now, **form.cleaned_data)


def _move(item: Submission, moderator: Viewer, form: MoveForm, now: datetime) -> Submission:
    data = form.cleaned_data
    return moderation.move_to_community(
        submission=item,
        moderator=moderator,
        version=data["version"],
        to=data["community"],
        note=data["note"],
        now=now,
    )


def _restore(item: Submission, moderator: Viewer, form: NoteForm, now: datetime) -> Submission:
    return moderation.restore(submission=item, moderator=moderator, now=now, **form.cleaned_data)


DECISIONS = {
    decision.name: decision
    for decision in (
        Decision("approve", Action.APPROVE, _approve, _("Approved: %(title)s")),
        Decision("uphold", Action.APPROVE, _uphold, _("Hidden, and all who reported it are told: %(title)s")),
        Decision(
            "trust",
            Action.APPROVE,
            _trust,
            _("Approved, and what this author answers here goes out unread from now on: %(title)s"),
        ),
        Decision("amend", Action.AMEND, _amend, _("Edited and approved: %(title)s")),
        Decision("return", Action.RETURN, _return, _("Returned to the author: %(title)s")),
        Decision("decline", Action.DECLINE, _decline, _("Declined: %(title)s")),
        Decision("spam", Action.MARK_SPAM, _mark_spam, _("Marked as spam: %(title)s")),
        Decision("move", Action.MOVE, _move, _("Moved to the other community, with its clock: %(title)s")),
        Decision("hide", Action.HIDE, _hide, _("Hidden, and the author is told: %(title)s"), stays=True),
        Decision("restore", Action.RESTORE, _restore, _("Restored; nobody was mailed: %(title)s"), stays=True),
    )
}


class Forms:
    """The forms of one item. ``decision`` names the one that was sent, with its ``data``.

    ``typed`` fills that form again without checking it, for a moderator who was too late.
    """

    def __init__(
        self,
        item: Submission,
        now: datetime,
        decision: str = "",
        data: Mapping | None = None,
        typed: Mapping | None = None,
    ) -> None:
        self.item, self.now, self.decision, self._data, self._typed = item, now, decision, data, typed

    def _options(self, name: str) -> dict:
        options = {"auto_id": f"{name}-%s", "initial": {"version": self.item.version}}
        if name == self.decision and self._data is not None:
            options["data"] = self._data
        return options

    def _with_typed(self, name: str, form: forms.Form) -> forms.Form:
        if name == self.decision and self._typed is not None:
            for field in form.fields:
                if field != "version" and field in self._typed:
                    form.initial[field] = self._typed[field]
        return form

    @cached_property
    def approve(self) -> VersionForm:
        name = "trust" if self.decision == "trust" else "approve"
        return VersionForm(**self._options(name))

    @cached_property
    def amend(self) -> AmendForm:
        return self._with_typed("amend", AmendForm(item=self.item, **self._options("amend")))

    def _reason_form(
        self,
        name: str,
        action: Action,
        form_class: type[ReasonForm] = ReasonForm,
        about: Submission | None = None,
    ) -> ReasonForm:
        form = form_class(action=action, item=about or self.item, now=self.now, **self._options(name))
        return self._with_typed(name, form)

    @cached_property
    def returning(self) -> ReasonForm:
        return self._reason_form("return", Action.RETURN)

    @cached_property
    def declining(self) -> ReasonForm:
        form_class = DeclineForm if self.item.kind in READ_KINDS else ReasonForm
        return self._reason_form("decline", Action.DECLINE, form_class)

    @cached_property
    def upholding(self) -> ReasonForm:
        """Return the form that upholds a report; its words are for the author of the reported message."""
        return self._reason_form("uphold", Action.HIDE, about=getattr(self.item.concrete, "about", None))

    @cached_property
    def spam(self) -> SpamForm:
        others = [(f"{other.pk}.{other.version}", heading_of(other)) for other in waiting_of_author(self.item)]
        return SpamForm(others=others, **self._options("spam"))

    @cached_property
    def moving(self) -> MoveForm:
        return self._with_typed("move", MoveForm(item=self.item, **self._options("move")))

    @cached_property
    def hiding(self) -> ReasonForm:
        return self._reason_form("hide", Action.HIDE)

    @cached_property
    def restoring(self) -> NoteForm:
        return self._with_typed("restore", NoteForm(**self._options("restore")))

    @property
    def posted(self) -> forms.Form:
        """Return the form that was sent."""
        by_name = {
            "trust": "approve",
            "uphold": "upholding",
            "return": "returning",
            "decline": "declining",
            "move": "moving",
            "hide": "hiding",
            "restore": "restoring",
        }
        return getattr(self, by_name.get(self.decision, self.decision))

    @property
    def typed(self) -> Mapping:
        """Return what came with the form that was sent, whether it was checked or not."""
        return (self._data if self._typed is None else self._typed) or {}

    def typed_words(self) -> str:
        """Return the words that the moderator typed into the form that was sent, one after the other."""
        typed = self._typed or {}
        return "\n\n".join(
            typed[name] for name in ("title", "body", "tried", "note", "message", "answer") if typed.get(name)
        )
