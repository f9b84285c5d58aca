"""Who is told of what waits too long: each level once for each item, whatever else arrives or fails."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from community.enums import EnvelopeKind, NoticeCause, Role
from community.mail import deadlines as mail_of_deadlines
from community.mail.reading import read_message
from community.models import Envelope, Membership, ModeratorNotice, Submission
from community.services import communities, moderation
from community.services.moderation.deadlines import escalating, telling
from community.states import SubmissionState
from tests.factories.community import (
    approved,
    in_state,
    make_member,
    make_moderator,
    pending_question,
    pending_reply,
    released_question,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def at(text: str) -> datetime:
    return timezone.make_aware(datetime.fromisoformat(text))


MONDAY = at("2026-11-23 10:00")
HALF, DUE, LATE = at("2026-11-24 14:00"), at("2026-11-26 10:00"), at("2026-11-27 14:00")


@pytest.fixture
def people(community):
    """Return a moderator, a lead and an administrator."""
    moderator = make_moderator(community, name="Moderator")
    lead = make_member(community, role=Role.LEAD, name="Lead")
    return {"moderator": moderator.user, "lead": lead.user, "administrator": UserFactory(superuser=True)}


def mails(kind=EnvelopeKind.MODERATOR, **of) -> list[tuple[str, str]]:
    """Return whom mails went to, and their subjects, in the order of their making."""
    return list(Envelope.objects.filter(kind=kind, **of).order_by("pk").values_list("address", "subject"))


def new_mails(since: int, kind=EnvelopeKind.MODERATOR) -> set[str]:
    return {address for address, _subject in mails(kind)[since:]}


def sweep(now) -> None:
    moderation.keep_deadlines(now=now)


def test_an_overdue_item_keeps_escalating_even_if_no_newer_item_arrives(community, people):
    question = pending_question(community=community, now=MONDAY)
    moderator, lead = people["moderator"].email, people["lead"].email
    sweep(MONDAY)
    assert new_mails(0) == {moderator, lead}
    for now, level, told in [(HALF, 1, {moderator, lead}), (DUE, 2, {moderator, lead}), (LATE, 3, {lead})]:
        before = len(mails())
        sweep(now - MINUTE)
        assert len(mails()) == before, "not a minute too early"
        sweep(now)
        question.refresh_from_db()
        assert question.escalation_level == level
        assert new_mails(before) == told
    assert mails(EnvelopeKind.NOTICE)[0][0] == question.author.user.email
    for days in range(400):
        sweep(LATE + timedelta(days=days))
    assert len(mails()) == 7
    assert len(mails(EnvelopeKind.NOTICE)) == 1
    question.refresh_from_db()
    assert question.state == SubmissionState.PENDING, "nothing that waits is ever ended by its age"


def test_the_apology_comes_once_with_a_link_to_the_item(community, people):
    question = pending_question(community=community, title="Smoke of our kilns", now=MONDAY)
    sweep(LATE)
    envelope = Envelope.objects.get(kind=EnvelopeKind.NOTICE)
    text = bytes(envelope.message).decode()
    assert "We are late, and we are sorry: Smoke of our kilns" in envelope.subject
    assert f"/my/submissions/{question.pk}/" in text
    assert "our fault" in text


def test_a_late_sweep_tells_each_person_the_gravest_thing_once(community, people):
    pending_question(community=community, now=MONDAY)
    sweep(LATE + timedelta(days=30))
    causes = dict(mails())
    assert causes[people["lead"].email].startswith("Long overdue:")
    assert causes[people["moderator"].email].startswith("Overdue:")
    assert len(mails()) == 2


def test_what_comes_within_an_hour_is_told_in_one_mail(community, people):
    first = pending_question(community=community, title="First question", now=MONDAY)
    sweep(MONDAY + MINUTE)
    assert len(mails()) == 2
    later = []
    for number in range(3):
        question = pending_question(community=community, title="question", now=MONDAY + (5 + number) * MINUTE)
        later.append(question.pk)
        sweep(MONDAY + (5 + number) * MINUTE)
    assert len(mails()) == 2, "not a second one within the hour"
    sweep(MONDAY + 61 * MINUTE)
    assert len(mails()) == 4
    text = bytes(Envelope.objects.filter(kind=EnvelopeKind.MODERATOR).latest("pk").message).decode()
    assert all(f"/admin/moderation/{pk}/" in text for pk in later)
    assert f"/admin/moderation/{first.pk}/" not in text
    assert "question" not in text.replace("Question", ""), "no word of what nobody has approved"


def test_what_was_decided_before_the_mail_is_left_out_and_makes_no_mail_alone(community, people):
    first = pending_question(community=community, now=MONDAY)
    approved(first, MONDAY)
    sweep(MONDAY + MINUTE)
    assert mails() == []
    assert not ModeratorNotice.objects.filter(settled_at=None).exists()


def test_a_long_queue_makes_a_mail_that_can_be_read(community, people, monkeypatch):
    monkeypatch.setattr(mail_of_deadlines, "MOST_LINES", 2)
    for _ in range(5):
        pending_question(community=community, now=MONDAY)
    sweep(MONDAY + MINUTE)
    envelope = Envelope.objects.filter(kind=EnvelopeKind.MODERATOR).first()
    text = read_message(envelope.message).text
    assert envelope.subject.endswith("and 4 more")
    assert "5 things wait for you." in text
    assert text.count("/admin/moderation/") == 2 + 2, "two items, and twice the desk"
    assert "3 more stand on the desk" in text
    assert not ModeratorNotice.objects.filter(settled_at=None).exists()


def test_where_nobody_leads_and_nobody_administers_the_moderators_are_told(community):
    moderator = make_moderator(community)
    pending_question(community=community, now=MONDAY)
    sweep(LATE)
    assert mails() == [(moderator.user.email, f"Long overdue: Question ({community})")]


def test_nobody_is_told_of_an_own_message_or_of_a_community_left(community, people):
    own = make_moderator(community)
    pending_question(community=community, author=own, now=MONDAY)
    membership = Membership.objects.get(member=people["moderator"].member)
    communities.change_role(membership=membership, role=Role.MEMBER, by=None, now=MONDAY)
    sweep(MONDAY + MINUTE)
    assert [address for address, _subject in mails()] == [people["lead"].email]


def test_a_mail_to_moderators_links_to_pages_and_names_both_kinds(community, people):
    question = released_question(community=community, title="What stops the smoke", now=MONDAY)
    reply = pending_reply(question=question, now=MONDAY)
    sweep(MONDAY + MINUTE)
    envelope = Envelope.objects.filter(kind=EnvelopeKind.MODERATOR).first()
    text = bytes(envelope.message).decode()
    assert f"/admin/moderation/{reply.pk}/" in text
    assert "Answer to:" in text
    assert "What stops the smoke" in text, "the question is released"
    assert envelope.subject == f"For you to check: Reply ({community})"
    assert "settling tank" not in text, "the words of a message stay on the desk"


def test_an_item_whose_moderator_left_has_a_speaker_again_within_a_sweep(community):
    administrator = UserFactory(superuser=True)
    moderator = make_moderator(community)
    question = pending_question(community=community, now=MONDAY)
    Submission.objects.filter(pk=question.pk).update(
        lease_holder=moderator, lease_until=MONDAY + 24 * HOUR, preferred_moderator=moderator
    )
    sweep(MONDAY + MINUTE)
    assert [address for address, _subject in mails()] == [moderator.user.email]
    communities.leave(membership=moderator.memberships.get(), now=MONDAY + HOUR)
    sweep(MONDAY + HOUR)
    question.refresh_from_db()
    assert (question.lease_holder, question.lease_until, question.preferred_moderator) == (None, None, None)
    assert mails()[1:] == [(administrator.email, f"Nobody moderates {community}")]
    community.refresh_from_db()
    assert community.unattended_since == MONDAY + HOUR

    for hours in range(2, 6):
        sweep(MONDAY + hours * HOUR)
    assert len(mails()) == 2, "told once"

    sweep(HALF)
    assert mails()[2][0] == administrator.email, "where nobody moderates, the levels go to the administrators"
    new = make_moderator(community)
    sweep(HALF + MINUTE)
    community.refresh_from_db()
    assert community.unattended_since is None
    sweep(DUE)
    assert [address for address, _subject in mails()[3:]] == [new.user.email]


def test_an_appeal_is_told_to_who_may_decide_on_it_and_not_to_who_declined(community):
    administrator, decliner = UserFactory(superuser=True), make_moderator(community)
    question = in_state(SubmissionState.DECLINED, community=community, now=MONDAY)
    sweep(MONDAY)
    moderation.appeal(
        submission=question, author=question.author.user, version=question.version, text="It is not.", now=MONDAY + HOUR
    )
    sweep(MONDAY + HOUR)
    assert [address for address, _subject in mails()] == [administrator.email]
    other = make_moderator(community)
    sweep(HALF + HOUR)
    assert [address for address, _subject in mails()[1:]] == [other.user.email]
    assert decliner.user.email not in new_mails(0)


def test_a_lease_of_who_still_moderates_stays(community, people):
    question = pending_question(community=community, now=MONDAY)
    holder = people["moderator"].member
    Submission.objects.filter(pk=question.pk).update(lease_holder=holder, lease_until=MONDAY + HOUR)
    sweep(MONDAY + MINUTE)
    question.refresh_from_db()
    assert question.lease_holder == holder


def test_a_community_without_messages_needs_no_moderator_yet(community):
    UserFactory(superuser=True)
    sweep(MONDAY)
    assert mails() == []


def test_an_administrator_without_a_profile_gets_the_mail_too(community):
    administrator = UserFactory(superuser=True)
    pending_question(community=community, now=MONDAY)
    sweep(MONDAY + MINUTE)
    assert {address for address, _subject in mails()} == {administrator.email}
    assert Envelope.objects.get(kind=EnvelopeKind.MODERATOR).member is None


@pytest.mark.parametrize("where", ["tell_moderator", "apologise"])
def test_a_sweep_that_dies_before_its_commit_sends_nothing_twice_and_forgets_nothing(
    community, people, monkeypatch, where
):
    question = pending_question(community=community, now=MONDAY)
    notices = telling.notices
    step, built = getattr(notices, where), []

    def deadly(**values):
        built.append(step(**values))
        raise KeyboardInterrupt

    monkeypatch.setattr(notices, where, deadly)
    with pytest.raises(KeyboardInterrupt):
        sweep(LATE)
    assert built, "it died after the mail was written"
    monkeypatch.undo()
    for minutes in range(3):
        sweep(LATE + minutes * MINUTE)
    question.refresh_from_db()
    assert question.escalation_level == 3
    assert len(mails()) == 2
    assert len(mails(EnvelopeKind.NOTICE)) == 1


def test_a_sweep_looks_at_what_is_due_only(community, people, django_assert_max_num_queries):
    for _ in range(3):
        pending_question(community=community, now=MONDAY)
    sweep(MONDAY)
    with django_assert_max_num_queries(10):
        sweep(MONDAY + MINUTE)


def test_a_level_that_another_process_has_just_reached_is_not_reached_again(community, people):
    question = pending_question(community=community, now=MONDAY)
    assert escalating.escalate(submission_id=question.pk, now=HALF) == 1
    assert escalating.escalate(submission_id=question.pk, now=HALF) is None
    assert question.moderator_notices.filter(cause=NoticeCause.HALF).count() == 2
