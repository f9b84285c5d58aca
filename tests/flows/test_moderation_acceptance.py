"""What other systems got wrong in moderation, held here through the real views, sweeps and mails.

One test for each row of other people's bugs. The rows that are held elsewhere: two who decide at once
(``tests/browser/test_two_moderators.py``, ``tests/community/test_moderation_interleavings.py``), what nobody may see
before release (``test_visibility_everywhere.py``), hide, restore, hide (``tests/community/services/test_hiding.py``),
escalation without newer items (``tests/community/services/moderation``).
"""

import re
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.urls import reverse
from django.utils import timezone

from community import tasks
from community.models import Envelope, ModerationEvent, Submission
from community.states import Action, SubmissionState
from tests.conftest import sign_in
from tests.factories.community import (
    ReasonFactory,
    in_state,
    make_moderator,
    pending_question,
    pending_reply,
    released_question,
)
from tests.flows.first_day import make_roots

pytestmark = pytest.mark.django_db
WORDS = "Say in which town the drain is."
#: Everything the clock starts without being told what to work on.
SWEEPS = ("release_due", "fan_out_due", "build_due_envelopes", "hand_over_due", "keep_deadlines", "tidy")


@pytest.fixture(autouse=True)
def site(db):
    make_roots()


@pytest.fixture
def asha(community):
    return sign_in(make_moderator(community, name="Asha").user)


def sweep() -> None:
    for name in SWEEPS:
        getattr(tasks, name)()


def decide(client, item: Submission, decision: str, **data):
    item.refresh_from_db()
    sent = {"decision": decision, "version": item.version, **data}
    return client.post(reverse("desk_decide", args=[item.pk]), sent)


def mails_to_author(item: Submission) -> list:
    rows = Envelope.objects.filter(member=item.author).order_by("pk")
    return [message_from_bytes(bytes(row.message), policy=policy.default) for row in rows]


def addresses_in(mail) -> list[str]:
    """Return the paths of the links in the text side, which is all that some phones show."""
    found = re.findall(r"https?://[^/\s]+(/\S*)", mail.get_body(("plain",)).get_content())
    return [path for path in found if path.startswith("/my/submissions/")]


@pytest.mark.parametrize("decision", ["return", "decline"])
def test_the_author_is_told_once_with_the_reason_and_a_link_that_works(asha, community, decision):
    item = pending_question(community=community)
    reason = ReasonFactory(action=decision, code="say-where", name="Add the place")
    first = decide(asha, item, decision, reason=reason.code, message=WORDS)
    version = item.version
    again = asha.post(
        reverse("desk_decide", args=[item.pk]),
        {"decision": decision, "version": version, "reason": reason.code, "message": WORDS},
    )
    sweep(), sweep()

    assert (first.status_code, again.status_code) == (302, 409)
    (mail,) = mails_to_author(item)
    assert WORDS in mail.get_body(("plain",)).get_content()
    author = sign_in(item.author.user)
    assert addresses_in(mail)
    for address in addresses_in(mail):
        page = author.get(address)
        assert page.status_code == 200
        assert WORDS in page.content.decode()


def test_the_author_is_told_once_of_a_change_and_of_hiding(asha, community, settings):
    settings.RELEASE_HOLD_SECONDS = 0
    item = pending_question(community=community, title="Forty dyers", body="It hurts.")
    decide(asha, item, "amend", title="Forty dyers", body="It hurts the eyes.", tried="", note="Made clearer.")
    sweep(), sweep()
    (told,) = mails_to_author(item)
    assert "Made clearer." in told.get_body(("plain",)).get_content()

    reason = ReasonFactory(action=Action.HIDE, code="names-a-firm")
    decide(asha, item, "hide", reason=reason.code, message="It names a firm.")
    sweep(), sweep()
    mails = mails_to_author(item)
    assert len(mails) == 2
    assert "It names a firm." in mails[1].get_body(("plain",)).get_content()
    for address in addresses_in(mails[1]):
        assert sign_in(item.author.user).get(address).status_code == 200


@pytest.mark.parametrize("decision", ["approve", "amend", "return", "decline", "spam"])
def test_every_decision_at_the_desk_records_who_and_when(asha, community, decision):
    item = pending_question(community=community)
    data = {"title": "A title", "body": "Another text.", "tried": ""} if decision == "amend" else {}
    if decision in ("return", "decline"):
        data = {"reason": ReasonFactory(action=decision).code, "message": ""}
    before = timezone.now()
    assert decide(asha, item, decision, **data).status_code == 302

    entries = ModerationEvent.objects.filter(submission=item, number__gt=1)
    assert entries
    for entry in entries:
        assert entry.actor == asha.user
        assert before <= entry.at <= timezone.now()


def test_undoing_hiding_and_restoring_record_who_and_when(asha, community, settings):
    item = pending_question(community=community)
    decide(asha, item, "approve")
    item.refresh_from_db()
    asha.post(reverse("desk_undo", args=[item.pk]), {"version": item.version})
    settings.RELEASE_HOLD_SECONDS = 0
    decide(asha, item, "approve")
    sweep()
    decide(asha, item, "hide", reason=ReasonFactory(action=Action.HIDE).code, message="")
    bilal = sign_in(make_moderator(community, name="Bilal").user)
    decide(bilal, item, "restore", note="It names nobody.")

    by = dict(ModerationEvent.objects.filter(submission=item).values_list("action", "actor"))
    assert by[Action.UNDO] == by[Action.HIDE] == asha.user.pk
    assert by[Action.RESTORE] == bilal.user.pk
    assert by[Action.RELEASE] is None, "the timer"


def test_nothing_that_waits_is_deleted_by_age_and_each_thing_has_a_screen(asha, community):
    long_ago = timezone.now() - timedelta(days=800)
    question = released_question(community=community)
    waiting = [
        pending_question(community=community, now=long_ago),
        pending_reply(question=question, now=long_ago),
        in_state(SubmissionState.RETURNED, community=community),
    ]
    Submission.objects.filter(pk=waiting[2].pk).update(remind_at=long_ago)
    for _day in range(3):
        sweep()

    queue = asha.get(reverse("desk")).content.decode()
    for item in waiting:
        item.refresh_from_db()
        assert sign_in(item.author.user).get(reverse("my_submission", args=[item.pk])).status_code == 200
        assert asha.get(reverse("desk_item", args=[item.pk])).status_code == 200
        if item.state == SubmissionState.PENDING:
            assert reverse("desk_item", args=[item.pk]) in queue
    assert [item.state for item in waiting[:2]] == [SubmissionState.PENDING] * 2


@pytest.mark.parametrize(
    ("name", "state"),
    [
        ("my_submission", SubmissionState.PENDING),
        ("my_submission", SubmissionState.RETURNED),
        ("my_submission", SubmissionState.DECLINED),
        ("desk_item", SubmissionState.PENDING),
        ("desk_item", SubmissionState.APPROVED),
    ],
)
def test_a_program_that_opens_each_link_of_a_mail_changes_nothing(asha, community, name, state):
    item = in_state(state, community=community)
    client = sign_in(item.author.user) if name == "my_submission" else asha
    before = Submission.objects.filter(pk=item.pk).values().get()
    for _twice in range(2):
        assert client.get(reverse(name, args=[item.pk])).status_code == 200
        assert client.head(reverse(name, args=[item.pk])).status_code == 200
    assert Submission.objects.filter(pk=item.pk).values().get() == before


def test_deciding_on_one_answer_claims_no_other_and_giving_back_or_deciding_frees_the_lease(asha, community):
    question = released_question(community=community)
    first, second = (pending_reply(question=question) for _number in range(2))
    asha.post(reverse("desk_lease", args=[first.pk]), {"do": "take"})
    second.refresh_from_db()
    assert second.lease_holder is None

    asha.post(reverse("desk_lease", args=[first.pk]), {"do": "give_back"})
    first.refresh_from_db()
    assert first.lease_holder is None

    asha.post(reverse("desk_lease", args=[first.pk]), {"do": "take"})
    decide(asha, first, "approve")
    for item in (first, second):
        item.refresh_from_db()
        assert item.lease_holder is None
    assert second.state == SubmissionState.PENDING
