"""One table: in each state, what each action of each person comes to. Whatever is not written down is refused."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from community.models import Membership, Question, Submission
from community.permissions import NotAllowed
from community.services import flags, moderation
from community.services.communities import requests
from community.services.revisions import Text
from community.states import Action, InvalidTransition, SubmissionState
from tests.factories.community import (
    CommunityFactory,
    MemberFactory,
    MembershipFactory,
    ReasonFactory,
    in_state,
    make_member,
    make_moderator,
    released_question,
    released_reply,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()

OK, IMPOSSIBLE, NOT_ALLOWED, HELD = "done", "impossible now", "not allowed", "held by another"

#: Which actions there are from each state; every other one is impossible, whoever asks.
POSSIBLE = {
    "draft": {"withdraw"},
    "pending": {
        "revise",
        "withdraw",
        "approve",
        "amend",
        "return",
        "decline",
        "spam",
        "take",
        "claim",
        "take over",
        "move",
    },
    "approved": {"undo", "withdraw", "release"},
    "returned": {"revise", "withdraw", "move"},
    "declined": {"appeal"},
    "withdrawn": set(),
    "spam": set(),
    "released": {"hide"},
    "hidden": {"restore"},
}
#: What is never done to a kind of item that has no readers. Neither ever rests in approved: what is approved is out.
NEVER = {
    "membership": {"amend", "hide", "restore", "move"},
    "flag": {"revise", "amend", "return", "spam", "appeal", "hide", "restore", "withdraw", "move"},
}
#: The states in which such an item can be, with those who report in the place of the author.
STATES_OF = {
    "membership": ("pending", "returned", "declined", "withdrawn", "spam", "released"),
    "flag": ("pending", "declined", "withdrawn", "released"),
}
AUTHORING = {"revise", "withdraw", "appeal"}
ACTIONS = sorted(set().union(*POSSIBLE.values()) - {"release"})

#: Who decides, where nobody else holds the item; and who may never.
DECIDING = ("moderator", "moderator who holds it", "lead")
HELD_UP = "moderator while another holds it"
NEVER_DECIDING = (
    *("author", "author who moderates", "member", "former moderator", "moderator of another community"),
    *("account without a profile", "visitor"),
)
ROLES = (*DECIDING, HELD_UP, "moderator who hid it", *NEVER_DECIDING)


def expected(state: str, action: str, role: str, kind: str = "question") -> str:
    """Return what the table says."""
    if action not in POSSIBLE[state]:
        return IMPOSSIBLE
    if action in NEVER.get(kind, ()):
        return NOT_ALLOWED
    if action in AUTHORING:
        return OK if role.startswith("author") else NOT_ALLOWED
    if role in NEVER_DECIDING:
        return NOT_ALLOWED
    if role == HELD_UP and state == "pending" and action != "take over":
        return HELD
    return NOT_ALLOWED if (role, action) == ("moderator who hid it", "restore") else OK


class People:
    """One account of each role around one item."""

    def __init__(self, item: Submission) -> None:
        community = item.community
        self.item = item
        self.other = make_moderator(community)
        self.hider = make_moderator(community)
        self.elsewhere = MembershipFactory(member=item.author).community
        self.accounts = {
            "moderator": make_moderator(community).user,
            "moderator who holds it": make_moderator(community).user,
            HELD_UP: make_moderator(community).user,
            "moderator who hid it": self.hider.user,
            "lead": make_member(community, role="lead").user,
            "author": item.author.user,
            "author who moderates": item.author.user,
            "member": make_member(community).user,
            "former moderator": MembershipFactory(community=community, moderator=True, ended_at=NOW).member.user,
            "moderator of another community": make_moderator(CommunityFactory()).user,
            "account without a profile": UserFactory(),
            "visitor": AnonymousUser(),
        }

    def play(self, role: str) -> None:
        """Bring about what the role says of the item."""
        if role == "author who moderates":
            Membership.objects.filter(member=self.item.author).update(role="moderator")
        holder = {"moderator who holds it": self.accounts[role], HELD_UP: self.other.user}.get(role)
        if holder and self.item.state == SubmissionState.PENDING:
            moderation.take(submission=self.item, moderator=holder, now=NOW)


@pytest.fixture
def reasons() -> dict[str, object]:
    return {action: ReasonFactory(action=action) for action in (Action.RETURN, Action.DECLINE, Action.HIDE)}


def calls(people: People, user, reasons: dict) -> dict[str, Callable[[], object]]:
    """Return each action as ``user`` would do it to the item with the version that is on the screen."""
    shown = {"submission": people.item, "version": people.item.version, "now": NOW}
    deciding = shown | {"moderator": user}
    lease = {"submission": people.item, "moderator": user, "now": NOW}
    text = Text(title="Other words", body="Other words.")
    upheld = {"reason": reasons[Action.HIDE]} if people.item.kind == "flag" else {}
    return {
        "revise": lambda: moderation.revise(**shown, author=user, text=text),
        "withdraw": lambda: moderation.withdraw(**shown, author=user),
        "appeal": lambda: moderation.appeal(**shown, author=user, text="My case differs."),
        "approve": lambda: moderation.approve(**deciding, **upheld),
        "amend": lambda: moderation.approve(**deciding, amended=text, **upheld),
        "undo": lambda: moderation.undo_approval(**deciding),
        "return": lambda: moderation.return_to_author(**deciding, reason=reasons[Action.RETURN], message=""),
        "decline": lambda: moderation.decline(**deciding, reason=reasons[Action.DECLINE], message=""),
        "spam": lambda: moderation.mark_spam(**deciding),
        "hide": lambda: moderation.hide(**deciding, reason=reasons[Action.HIDE], message=""),
        "restore": lambda: moderation.restore(**deciding, note="Checked."),
        "move": lambda: moderation.move_to_community(**deciding, to=people.elsewhere, note="It fits there."),
        "take": lambda: moderation.take(**lease),
        "claim": lambda: moderation.claim(**lease),
        "take over": lambda: moderation.take_over(**lease, holder_id=people.other.pk, note="On leave."),
    }


def outcome(call: Callable[[], object]) -> str:
    try:
        call()
    except moderation.Held:
        return HELD
    except InvalidTransition:
        return IMPOSSIBLE
    except NotAllowed:
        return NOT_ALLOWED
    return OK


def other_item_in(kind: str, state: str, reasons: dict) -> People:
    """Return the people around a request to join, or a report, in ``state``."""
    community = CommunityFactory(membership_vetted=True)
    if kind == "membership":
        asked = {"community": community, "text": "I help dyers.", "now": NOW}
        made = requests.ask_to_join(member=MemberFactory(), **asked)
    else:
        about = released_reply(question=released_question(community=community))
        reporter = make_member(community)
        report = flags.report(about=about, member=reporter, why="spam", words="", now=NOW)
        made = report.flag
        if state == SubmissionState.WITHDRAWN:
            flags.take_back(report=report, member=reporter, now=NOW)
    item = Submission.objects.get(pk=made.pk)
    act = {"submission": item, "version": item.version, "now": NOW}
    deciding = act | {"moderator": make_moderator(community).user}
    if state == SubmissionState.RELEASED:
        moderation.approve(**deciding, reason=reasons[Action.HIDE])
    elif state == SubmissionState.RETURNED:
        moderation.return_to_author(**deciding, reason=reasons[Action.RETURN], message="")
    elif state == SubmissionState.DECLINED:
        moderation.decline(**deciding, reason=reasons[Action.DECLINE], message="")
    elif state == SubmissionState.SPAM:
        moderation.mark_spam(**deciding)
    elif state == SubmissionState.WITHDRAWN and kind == "membership":
        moderation.withdraw(**act, author=item.author.user)
    people = People(Submission.objects.get(pk=item.pk))
    assert people.item.state == state
    return people


def item_in(state: str, reasons: dict) -> People:
    """Return the people around an item in ``state``."""
    if state == SubmissionState.DRAFT:
        author = make_member(CommunityFactory())
        community = author.memberships.get().community
        return People(Question.objects.create(kind="question", author=author, community=community))
    people = People(in_state(SubmissionState.RELEASED if state == SubmissionState.HIDDEN else state))
    if state == SubmissionState.HIDDEN:
        moderation.hide(
            submission=people.item,
            moderator=people.hider.user,
            version=people.item.version,
            reason=reasons[Action.HIDE],
            message="",
            now=NOW,
        )
        people.item.refresh_from_db()
    return people


class TakenBack(Exception):
    """Takes back what was tried, so that the next try finds the item as it was."""


def tried(people: People, role: str, action: str, reasons: dict) -> str:
    """Return what ``action`` of ``role`` comes to, and take it back. What is refused has to change nothing."""
    result = ""
    try:
        with transaction.atomic():
            people.play(role)
            before = Submission.objects.values().get(pk=people.item.pk)
            log = people.item.events.count()
            result = outcome(calls(people, people.accounts[role], reasons)[action])
            same = Submission.objects.values().get(pk=people.item.pk) == before and people.item.events.count() == log
            if result != OK and not same:
                result += ", and yet something changed"
            raise TakenBack
    except TakenBack:
        people.item.refresh_from_db()
    return result


@pytest.mark.parametrize("state", SubmissionState.values)
def test_each_action_of_each_person_comes_to_what_the_table_says(state, reasons):
    people = item_in(state, reasons)
    wrong = {}
    for role in ROLES:
        for action in ACTIONS:
            came_to = tried(people, role, action, reasons)
            if came_to != expected(state, action, role):
                wrong[role, action] = came_to
    assert wrong == {}


@pytest.mark.parametrize(("kind", "state"), [(kind, state) for kind, states in STATES_OF.items() for state in states])
def test_each_action_on_a_kind_without_readers_comes_to_what_the_table_says(kind, state):
    reasons = {
        action: ReasonFactory(action=action, kind="" if action == Action.HIDE else kind)
        for action in (Action.RETURN, Action.DECLINE, Action.HIDE)
    }
    people = other_item_in(kind, state, reasons)
    wrong = {}
    for role in ROLES:
        if role == "author who moderates" and kind == "membership":
            continue  # who asks to join has no role there
        for action in ACTIONS:
            came_to = tried(people, role, action, reasons)
            if came_to != expected(state, action, role, kind):
                wrong[role, action] = came_to
    assert wrong == {}


@pytest.mark.parametrize("kind", STATES_OF)
def test_what_has_no_readers_is_out_with_its_approval_and_waits_for_no_timer(kind, reasons):
    people = other_item_in(kind, "pending", {})
    item = people.item
    reason = {"reason": reasons[Action.HIDE]} if kind == "flag" else {}
    moderation.approve(submission=item, moderator=people.accounts["lead"], version=item.version, now=NOW, **reason)
    item.refresh_from_db()
    assert [entry.action for entry in item.events.all()] == [Action.SUBMIT, Action.APPROVE, Action.RELEASE]
    assert (item.state, item.release_at, item.open_key) == (SubmissionState.RELEASED, None, None)
    assert moderation.release(submission_id=item.pk, now=NOW) is None


@pytest.mark.parametrize("state", SubmissionState.values)
def test_the_timer_releases_what_was_approved_and_nothing_else(state, reasons):
    item = item_in(state, reasons).item
    done = moderation.release(submission_id=item.pk, now=NOW + timezone.timedelta(days=1))
    assert (done is not None) == ("release" in POSSIBLE[state])


@pytest.mark.parametrize("action", [name for name in ACTIONS if name not in ("take", "claim", "take over")])
def test_an_action_on_an_older_version_is_told_who_acted_since(action, reasons):
    state = next(state for state, possible in POSSIBLE.items() if action in possible and state != "draft")
    people = item_in(state, reasons)
    people.item.version -= 1
    user = people.accounts["author" if action in AUTHORING else "lead"]
    with pytest.raises(moderation.Conflict) as conflict:
        calls(people, user, reasons)[action]()
    assert conflict.value.event == people.item.events.last()
