"""Requests to join and reports, in the states that they know: of them nobody but two sides ever learns anything."""

from datetime import timedelta

from django.db.models import F
from django.urls import reverse

from community.models import MembershipRequest, Submission
from community.services import communities, flags
from community.services.communities import requests
from community.states import SubmissionState

from .markers import COMMON_WORD, Secret, word_for
from .submissions import Writer
from .viewers import DECIDING

S = SubmissionState
_MODERATOR = frozenset({"moderator"})


def write_other_kinds(world, writer: Writer) -> None:
    """Put them into the closed community, those that are out too: nowhere may they show."""
    for state in (S.DECLINED, S.WITHDRAWN, S.RELEASED, S.RETURNED):
        _request(world, writer, "former member", state)
    _request(world, writer, "other member", S.PENDING)
    for state, name in ((S.PENDING, "closed released question"), (S.DECLINED, "closed released reply")):
        _report(world, writer, state, world.submissions[name])
    _report(world, writer, S.RELEASED, world.submissions["open released reply"], by="author")


def _request(world, writer: Writer, viewer: str, state: str) -> MembershipRequest:
    name = f"request {state}"
    member = world.users[viewer].member
    if (waiting := requests.open_request(member=member, community=world.closed)) is not None:
        raise AssertionError(f"{waiting} is open still")
    made = requests.ask_to_join(
        member=member,
        community=world.closed,
        text=f"{COMMON_WORD} {word_for(f'{name}: body')} is what I do.",
        now=writer.now - timedelta(hours=3),
    )
    writer.bring(made, state)
    if state == S.RELEASED:
        communities.leave(membership=member.memberships.current().get(community=world.closed), now=writer.now)
    made.refresh_from_db()
    assert made.state == state
    shown = ((frozenset({viewer}), reverse("my_submission", args=[made.pk])), (_MODERATOR, _desk(made)))
    world.secrets.add(Secret(f"{name}: body", DECIDING | {viewer}, shown))
    world.submissions[name] = made
    return made


def _report(world, writer: Writer, state: str, about: Submission, by: str = "member") -> None:
    name = f"report {state}"
    made = flags.report(
        about=about,
        member=world.users[by].member,
        why="harmful",
        words=f"{COMMON_WORD} {word_for(f'{name}: words')}",
        now=writer.now,
    )
    case = Submission.objects.get(pk=made.flag_id)
    if state == S.RELEASED:  # without hiding what it is about: others look for that
        out = {"released_revision": F("revision"), "released_at": writer.now, "open_key": None}
        Submission.objects.filter(pk=case.pk).update(state=state, **out)
    else:
        writer.bring(case, state)
    shown = ((frozenset({by}), reverse("my_reports")), (_MODERATOR, _desk(case)))
    world.secrets.add(Secret(f"{name}: words", DECIDING | {by}, shown))
    world.submissions[name] = case


def _desk(item: Submission) -> str:
    return reverse("desk_item", args=[item.pk])
