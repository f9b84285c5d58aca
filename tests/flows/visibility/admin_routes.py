"""The addresses of our own lists in the admin: the desk, the exchange, registries, lists, vocabularies, people.

A line says what a moderator of another community, an officer, an editor and an administrator get, in this order;
everybody without entry to the admin is sent to sign in. ``denied`` is Wagtail's way back to the admin's home page.
"""

from django.db.models import Model
from wagtail.models import Task

from community.models import (
    Community,
    DecisionTime,
    Delivery,
    Envelope,
    HoldingRule,
    Holiday,
    Invitation,
    Membership,
    ModerationEvent,
    ModerationReason,
    Note,
)
from knowledge import models
from knowledge.permissions import REFERENCE_LISTS, VOCABULARIES
from search.models import BestBet, Synonym

from .routes import Route
from .rules import Arguments, Outcomes, Row, only, staff
from .viewers import DECIDING
from .world import World

ORDER = ("other moderator", "officer", "editor", "administrator")
#: Who opens our lists: one of each kind of right.
LIST_VIEWERS = ("author", *ORDER)


def line(text: str) -> Outcomes:
    """Return the outcomes that a line of a table says."""
    return {"author": "login"} | dict(zip(ORDER, text.split(), strict=True))


def _waiting(world: World) -> list[tuple]:
    first = world.submissions["closed pending question"].pk
    return [(first,), *((each.pk,) for each in world.submissions.values() if each.pk != first)]


def _one_waiting(world: World) -> list[tuple]:
    return [(world.submissions["closed pending question"].pk,)]


def _author(world: World) -> list[tuple]:
    return [(world.users["author"].member.pk,)]


def _approved(world: World) -> list[tuple]:
    return [(world.submissions["closed approved question"].pk,)]


def _answered(world: World) -> list[tuple]:
    return [(world.released.slug,)]


def _decision(world: World, viewer: str) -> dict:
    return {"decision": "approve", "version": world.submissions["closed pending question"].version}


def _wish(world: World, viewer: str) -> dict:
    return {"do": "give_back"}


def _undo(world: World, viewer: str) -> dict:
    return {"version": world.submissions["closed approved question"].version}


def _closed(world: World) -> list[tuple]:
    return [(world.closed.slug,), (world.elsewhere.slug,)]


def _membership(world: World) -> list[tuple]:
    rows = Membership.objects.filter(community=world.closed).order_by("pk")
    return [(world.closed.slug, rows.first().pk), (world.closed.slug, rows.last().pk)]


def _invitation(world: World) -> list[tuple]:
    return [(world.elsewhere.slug, Invitation.objects.get().pk)]


_SEES_PEOPLE = DECIDING | {"administrator"}
_PEOPLE = only(_SEES_PEOPLE, "200", staff("404"))


def _remark(world: World, viewer: str) -> dict:
    return {"about": "item", "text": "Asked the board by phone."}


def _note(world: World) -> list[tuple]:
    item = world.submissions["closed pending question"]
    note, _new = Note.objects.get_or_create(
        community=item.community,
        submission=item,
        defaults={"text": "Kept.", "written_by": item.author, "written_at": item.submitted_at},
    )
    return [(note.pk,)]


_DECIDED = only(DECIDING, "on", staff("404"))

_READ_RECORDS = DECIDING | {"administrator"}
_RECORD = only(_READ_RECORDS, "200", staff("404"))

#: The desk is of those who decide; elsewhere an item does not exist.
DESK: dict[str, Row] = {
    "desk": Row(staff("200"), staff("405")),
    "desk_item": Row(
        only(DECIDING, "200", staff("404")),
        staff("405"),
        targets=_waiting,
        searchers=("moderator", "other moderator", "administrator"),
    ),
    "desk_decide": Row(staff("405"), _DECIDED, targets=_one_waiting, sent=_decision),
    "desk_undo": Row(staff("405"), _DECIDED, targets=_approved, sent=_undo),
    "desk_live": Row(staff("200"), staff("405"), queries=("?items=1,2&waiting=0", "?items=x,,%00&waiting=-1")),
    "desk_next": Row(staff("405"), staff("on")),
    "desk_bulk": Row(staff("405"), staff("200")),
    "desk_lease": Row(staff("405"), _DECIDED, targets=_one_waiting, sent=_wish),
    "desk_heartbeat": Row(staff("405"), only(DECIDING, "409", staff("404")), targets=_one_waiting),
    "desk_note": Row(staff("405"), _DECIDED, targets=_one_waiting, sent=_remark),
    "desk_note_end": Row(staff("405"), _DECIDED, targets=_note),
    "desk_afterwards": Row(staff("405"), _DECIDED, targets=_one_waiting),
    "desk_member": Row(_RECORD, only(_READ_RECORDS, "400", staff("404")), targets=_author),
    "compile_question": Row(staff("405"), _DECIDED, targets=_answered),
    "members_home": Row(only(frozenset({"other moderator"}), "on", staff("200")), staff("405")),
    "members_of": Row(_PEOPLE, staff("405"), targets=_closed, queries=("?q=a&role=lead", "?p=x&role=%00")),
    # Nothing is chosen: the page asks.
    "members_one": Row(_PEOPLE, only(_SEES_PEOPLE, "400", staff("404")), targets=_membership),
    # An empty form comes back with its error.
    "invitations_of": Row(_PEOPLE, _PEOPLE, targets=_closed, queries=("?p=x",)),
    "invitations_revoke": Row(
        staff("405"), only(frozenset({"other moderator", "administrator"}), "on", staff("404")), targets=_invitation
    ),
    "members_step_down": Row(staff("405"), only(_SEES_PEOPLE, "on", staff("404")), targets=_closed),
}


def _first(model: type[Model], **of) -> Arguments:
    def targets(world: World) -> list[tuple]:
        return [(model.objects.filter(**of).order_by("pk").first().pk,)]

    return targets


def _of_closed(model: type[Model], path: str) -> Arguments:
    def targets(world: World) -> list[tuple]:
        rows = model.objects.filter(**{path: world.closed}).order_by("pk")
        return [(rows.first().pk,), (rows.last().pk,)]

    return targets


_ADMINISTRATORS = only(frozenset({"administrator"}), "200", staff("denied"))
_EDITORS = only(frozenset({"editor", "administrator"}), "200", staff("denied"))
_LEADS = only(frozenset({"administrator", "lead"}), "200", staff("denied"))
_LOG = only(DECIDING | {"administrator"}, "200", staff("denied"))  # who moderates elsewhere has no row to read


def _known_only_to(outcomes: Outcomes) -> Outcomes:
    """Return the rule of one row: whom the list refuses does not learn that there is such a row."""
    return {viewer: "404" if outcome == "denied" else outcome for viewer, outcome in outcomes.items()}


#: The lists of the exchange, by namespace: rows of membership open them to leads and moderators.
EXCHANGE: dict[str, Row] = {
    "communities:index": Row(_LEADS),
    "communities:index_results": Row(_LEADS),
    "communities:add": Row(_ADMINISTRATORS),
    "communities:edit": Row(_LEADS, targets=_first(Community, name="Closed circle")),
    "holidays:index": Row(_LEADS),
    "holidays:index_results": Row(_LEADS),
    "holidays:add": Row(_LEADS),
    "holidays:edit": Row(_LEADS, targets=_first(Holiday)),
    "decision-times:index": Row(_LEADS),
    "decision-times:index_results": Row(_LEADS),
    "decision-times:add": Row(_LEADS),
    "decision-times:edit": Row(_LEADS, targets=_first(DecisionTime)),
    "holding-rules:index": Row(_LEADS),
    "holding-rules:index_results": Row(_LEADS),
    "holding-rules:add": Row(_LEADS),
    "holding-rules:edit": Row(_LEADS, targets=_first(HoldingRule)),
    "holding-rules:inspect": Row(_known_only_to(_LEADS), targets=_first(HoldingRule)),
    "reasons:index": Row(_ADMINISTRATORS),
    "reasons:index_results": Row(_ADMINISTRATORS),
    "reasons:add": Row(_ADMINISTRATORS),
    "reasons:edit": Row(_ADMINISTRATORS, targets=_first(ModerationReason)),
    "reasons:inspect": Row(_known_only_to(_ADMINISTRATORS), targets=_first(ModerationReason)),
    "moderation-log:index": Row(_LOG),
    "moderation-log:index_results": Row(_LOG),
    "moderation-log:inspect": Row(_known_only_to(_LOG), targets=_of_closed(ModerationEvent, "submission__community")),
    "deliveries:index": Row(_ADMINISTRATORS),
    "deliveries:index_results": Row(_ADMINISTRATORS),
    "deliveries:inspect": Row(_known_only_to(_ADMINISTRATORS), targets=_first(Delivery)),
    "mails:index": Row(_ADMINISTRATORS),
    "mails:index_results": Row(_ADMINISTRATORS),
    "mails:inspect": Row(_known_only_to(_ADMINISTRATORS), targets=_first(Envelope)),
    "search_index_report": Row(_EDITORS),
    "search_index_report_results": Row(_EDITORS),
}


#: Lists that editors keep: nobody else finds an entry. A name that begins with "choose:" is the chooser's.
_KEPT = {
    "list": "denied denied 200 200",
    "list_results": "denied denied 200 200",
    "add": "denied denied 200 200",
    "edit": "404 404 200 200",
    "delete": "404 404 200 200",
    "usage": "404 404 200 200",
    "history": "404 404 200 200",
    "history_results": "404 404 200 200",
    "choose:choose": "200 200 200 200",
    "choose:choose_results": "200 200 200 200",
    "choose:chosen": "200 200 200 200",
    "choose:chosen_multiple": "200 200 200 200",
    "choose:create": "denied denied 200 200",
}
_TERMS = _KEPT | {"delete": "404 404 denied 200"}
_REFERENCES = _KEPT | {"revisions_revert": "404 404 200 200", "revisions_compare": "404 404 200 200"}
#: Drafts of the registries; only administrators hide what was public.
_REGISTRIES = _REFERENCES | {
    "inspect": "404 404 200 200",
    "preview_on_add": "denied denied 200 200",
    "preview_on_edit": "404 404 200 200",
    "revisions_view": "404 404 200 200",
    "revisions_unschedule": "404 404 200 200",
    "unpublish": "404 404 denied 200",
    "lock": "404 404 405 405",
    "unlock": "404 404 405 405",
    "confirm_workflow_cancellation": "404 404 200 200",
    "workflow_history": "404 404 200 200",
    # None of them is in a workflow, so there is nothing to decide or to preview.
    "workflow_history_detail": "404 404 404 404",
    "workflow_action": "404 404 404 404",
    "collect_workflow_action_data": "404 404 404 404",
    "workflow_preview": "404 404 denied denied",
    "choose:chosen": "404 404 200 200",
}
#: What belongs to the officer's institution: to look at, not to change.
_LOOKED_AT = ("usage", "history", "history_results", "inspect", "revisions_view", "revisions_compare")
_LOOKED_AT += ("workflow_history",)
_UNTOUCHED = ("edit", "preview_on_edit", "revisions_revert", "revisions_unschedule", "confirm_workflow_cancellation")
_OWNED = (
    _REGISTRIES
    | dict.fromkeys(("list", "list_results"), "denied 200 200 200")
    | dict.fromkeys(_LOOKED_AT, "404 200 200 200")
    | dict.fromkeys(_UNTOUCHED, "404 denied 200 200")
    | dict.fromkeys(("lock", "unlock"), "404 denied 405 405")
    | {"delete": "404 denied 200 200", "unpublish": "404 denied denied 200"}
    | {"workflow_preview": "404 denied denied denied", "choose:chosen": "404 200 200 200"}
)
#: An update of the officer's scheme that waits for a second person: moderators and editors decide on it.
_UPDATES = dict.fromkeys(_REGISTRIES, "200 200 200 200") | {
    "add": "denied 200 200 200",
    "preview_on_add": "denied 200 200 200",
    "delete": "denied denied 200 200",
    "unpublish": "denied denied 200 200",
    "revisions_unschedule": "denied denied 200 200",
    "lock": "405 denied 405 405",
    "unlock": "denied denied denied 405",
    "workflow_action": "200 denied 200 200",
    "collect_workflow_action_data": "200 denied 200 200",
    "workflow_preview": "200 denied 200 200",
    "choose:create": "denied 200 200 200",
}

#: By model and name of the address.
SNIPPETS: dict[type[Model], dict[str, str]] = (
    dict.fromkeys((models.ResourceCentre, models.Initiative, models.Cluster), _REGISTRIES)
    | {models.Scheme: _OWNED, models.SchemeUpdate: _UPDATES}
    # An institution that is public is withdrawn, never deleted, and everybody may choose it.
    | {models.Institution: _OWNED | {"delete": "404 denied denied denied", "choose:chosen": "200 200 200 200"}}
    | dict.fromkeys(REFERENCE_LISTS, _REFERENCES)
    | dict.fromkeys(VOCABULARIES, _TERMS)
    | {Synonym: _KEPT, BestBet: _KEPT}
    | {models.Officer: _KEPT | {"delete": "404 404 denied denied"}}  # an office ends
)
#: What changes something when it is sent: whom the page refuses, the sending refuses too.
ACTING = frozenset(
    {"add", "edit", "delete", "revisions_revert", "unpublish", "lock", "unlock", "workflow_action", "choose:create"}
)


def viewers_of(model: type[Model]) -> tuple[str, ...]:
    """Return who opens the list of ``model``: one policy rules each group, so after its first two are enough."""
    followers = {*REFERENCE_LISTS[1:], *VOCABULARIES[1:], Synonym, BestBet}
    return ("other moderator", "editor") if model in followers else LIST_VIEWERS


def snippet_name(route: Route, model: type[Model]) -> str | None:
    """Return the name under which ``route`` stands in the table of ``model``; None where it belongs to another."""
    kind, _underscore, whose = route.namespace.partition("_")
    if whose != model._meta.label_lower.replace(".", "_"):
        return None
    return {"wagtailsnippets": route.name, "wagtailsnippetchoosers": f"choose:{route.name}"}.get(kind)


def snippet_of(world: World, model: type[Model]) -> dict[str, object]:
    """Return what is filled into the gaps of the addresses of ``model``: the row on which roles differ."""
    shelf = world.shelf
    chosen = {
        models.Scheme: shelf.entries["scheme"],
        models.SchemeUpdate: shelf.entries["waiting update"],
        models.Institution: shelf.institution,
        models.ResourceCentre: shelf.entries["resource_centre"],
        models.Initiative: shelf.entries["initiative"],
        models.Cluster: shelf.entries["cluster"],
    }
    row = chosen.get(model) or model.objects.order_by("pk")[0]
    filled: dict[str, object] = {"pk": row.pk, "task_id": Task.objects.order_by("pk")[0].pk}
    if hasattr(row, "save_revision"):
        revision = row.latest_revision or row.save_revision()
        filled |= dict.fromkeys(("revision_id", "revision_id_a", "revision_id_b"), revision.pk)
    if state := getattr(row, "current_workflow_state", None):
        task_state = state.current_task_state
        filled |= {"workflow_state_id": state.pk, "task_state_id": task_state.pk, "task_id": task_state.task_id}
        filled["action_name"] = "approve"
    return filled
