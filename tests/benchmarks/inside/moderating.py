"""A moderator's queue and decisions where little waits and where much does, beside the same long log."""

import time
import uuid

from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.models import ModerationEvent, Submission
from community.states import Action, SubmissionState
from knowledge.models import Theme
from tests.factories.community import CommunityFactory, make_member, make_moderator, pending_question
from tests.factories.users import UserFactory

#: What waits at the desk that is compared with.
_FEW = 20
_WARM_UP = 3
_AT_ONCE = 5_000
_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def moderate(times: int, many: int, log: int) -> dict[str, object]:
    """Return the seconds of ``times`` decisions and looks at the queue, by turns with 20 and ``many`` items waiting.

    ``log`` entries of earlier decisions stand in the log at least. ``queries`` are those of the queue page.
    """
    _write_log(log)
    # The second factor is asked for before the desk, and is no part of it.
    with override_settings(MFA_REQUIRED_FOR_STAFF=False):
        desks = {"few": Desk(_FEW + times + _WARM_UP), "many": Desk(many + times + _WARM_UP)}
        found: dict[str, dict[str, list[float]]] = {"decision": {}, "queue": {}}
        for turn in range(_WARM_UP + times):
            for name in desks if turn % 2 else reversed(desks):
                for what, act in (("decision", desks[name].decide), ("queue", desks[name].look)):
                    started = time.perf_counter()
                    act()
                    if turn >= _WARM_UP:
                        found[what].setdefault(name, []).append(time.perf_counter() - started)
        queries = {name: desk.queries() for name, desk in desks.items()}
    return found | {"queries": queries, "log": ModerationEvent.objects.count()}


class Desk:
    """A moderator of a community of its own, in which so many questions wait."""

    def __init__(self, waiting: int) -> None:
        mark = uuid.uuid4().hex[:12]
        community = CommunityFactory(slug=f"bench-{mark}")
        author = make_member(community, user=UserFactory(email=f"author-{mark}@example.org"))
        theme = Theme.objects.order_by("pk").first()
        for number in range(waiting):
            pending_question(community=community, author=author, title=f"Question {number}", themes=[theme])
        moderator = make_moderator(community, user=UserFactory(email=f"moderator-{mark}@example.org", moderator=True))
        self._client = Client(SERVER_NAME="localhost", headers={"x-forwarded-proto": "https"})
        self._client.force_login(moderator.user, backend=_BACKEND)
        self._waiting = Submission.objects.waiting().filter(community=community)

    def decide(self) -> None:
        """Approve the first item of the queue as its page does."""
        item = self._waiting.only("pk", "version").first()
        address = reverse("desk_decide", args=[item.pk])
        answer = self._client.post(address, {"version": item.version, "decision": "approve"}, secure=True)
        if answer.status_code != 302:
            raise LookupError(f"The decision was answered {answer.status_code}.")

    def look(self) -> None:
        """Open the queue page."""
        answer = self._client.get(reverse("desk"), secure=True)
        if answer.status_code != 200 or "Question " not in answer.content.decode():
            raise LookupError(f"The queue was answered {answer.status_code}.")

    def queries(self) -> int:
        """Return the queries of the queue page."""
        with CaptureQueriesContext(connection) as queries:
            self.look()
        return len(queries)


def _write_log(entries: int) -> None:
    """Write approvals of released messages into the log until it has so many entries."""
    missing = entries - ModerationEvent.objects.count()
    released = list(
        Submission.objects.filter(state=SubmissionState.RELEASED, events=None)
        .order_by("pk")
        .values_list("pk", "revision_id")[: max(missing, 0)]
    )
    now, rounds = timezone.now(), -(-max(missing, 0) // max(len(released), 1))
    rows = (
        ModerationEvent(
            submission_id=pk,
            number=number + 1,
            action=Action.APPROVE,
            from_state=SubmissionState.PENDING,
            to_state=SubmissionState.APPROVED,
            revision_before_id=revision,
            revision_after_id=revision,
            text_hash="",
            at=now,
        )
        for number in range(rounds)
        for pk, revision in released
    )
    ModerationEvent.objects.bulk_create(rows, batch_size=_AT_ONCE)
