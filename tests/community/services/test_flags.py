"""Reports of released messages: one case, many who report, a decision by somebody who has no part in it."""

import pytest
from django.utils import timezone

from community.enums import FlagOutcome
from community.mail.reading import read_message
from community.models import Envelope, Flag, FlagReport, Membership, ModerationEvent, ModeratorNotice, Submission, Trust
from community.permissions import NotAllowed
from community.services import flags, moderation
from community.states import Action, InvalidTransition, SubmissionState
from tests.at_once import at_once
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    make_member,
    make_moderator,
    pending_question,
    released_question,
    released_reply,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()
LATER = NOW + timezone.timedelta(hours=1)


@pytest.fixture
def reply():
    return released_reply(question=released_question())


def reported(about, *, member=None, why="harmful", words="", now=NOW) -> FlagReport:
    member = member or make_member(about.community)
    return flags.report(about=about, member=member, why=why, words=words, now=now)


def uphold(case: Flag, *, moderator=None, message="", now=LATER):
    case = Submission.objects.get(pk=case.pk)
    return moderation.approve(
        submission=case,
        moderator=(moderator or make_moderator(case.community)).user,
        version=case.version,
        reason=ReasonFactory(action=Action.HIDE),
        message=message,
        now=now,
    )


def leave_it(case: Flag, *, moderator=None, message="", now=LATER, **reason):
    case = Submission.objects.get(pk=case.pk)
    return moderation.decline(
        submission=case,
        moderator=(moderator or make_moderator(case.community)).user,
        version=case.version,
        reason=ReasonFactory(action=Action.DECLINE, kind="flag", **reason),
        message=message,
        now=now,
    )


def mails_to(member, case) -> list[str]:
    return [
        read_message(mail.message).text
        for mail in Envelope.objects.filter(member=member, key__startswith=f"n:flag:{case.pk}:")
    ]


# One case


def test_two_flags_by_two_people_make_one_case(reply):
    first, second = reported(reply, words="Acid burns."), reported(reply, why="spam")
    assert first.flag == second.flag
    assert Flag.objects.get().reports.count() == 2
    assert Flag.objects.get().state == SubmissionState.PENDING


def test_who_reports_twice_changes_the_report(reply):
    member = make_member(reply.community)
    reported(reply, member=member, words="Wrong.")
    again = reported(reply, member=member, why="insult", words="  Rude,\n too. ")
    assert FlagReport.objects.get() == again
    assert (again.why, again.words) == ("insult", "Rude, too.")


def test_the_database_refuses_a_second_open_case_of_a_message(reply):
    case = reported(reply).flag
    assert Submission.objects.get(pk=case.pk).open_key == f"flag:{reply.pk}"
    with pytest.raises(Exception, match=r"(?i)unique"):
        Flag.objects.create(
            kind="flag", author=case.author, community=case.community, about=reply, open_key=f"flag:{reply.pk}"
        )


def test_after_a_decision_a_new_report_opens_a_new_case(reply):
    first = reported(reply).flag
    leave_it(first)
    second = reported(reply, now=LATER).flag
    assert second != first
    first.refresh_from_db()
    assert (first.state, first.outcome, first.open_key) == ("declined", FlagOutcome.NOT_UPHELD, None)
    assert second.state == SubmissionState.PENDING


def test_a_question_and_its_answer_have_cases_of_their_own(reply):
    assert reported(reply).flag != reported(reply.question).flag


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_report_at_the_same_moment_make_one_case_with_two_reports():
    reply = released_reply(question=released_question())
    members = [make_member(reply.community) for _each in range(8)]

    outcomes = at_once(*[lambda member=member: reported(reply, member=member) for member in members])

    assert {outcome.flag_id for outcome in outcomes} == {Flag.objects.get().pk}
    assert FlagReport.objects.count() == 8
    assert ModerationEvent.objects.filter(submission=Flag.objects.get(), action=Action.SUBMIT).count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(4))
def test_reporting_deciding_and_hiding_at_the_same_moment_leaves_nobody_without_an_answer(round_):
    reply = released_reply(question=released_question())
    case = reported(reply).flag
    members = [make_member(reply.community) for _each in range(3)]
    judge, hider = make_moderator(reply.community), make_moderator(reply.community)
    version = Submission.objects.get(pk=reply.pk).version
    reason = ReasonFactory(action=Action.HIDE)
    hiding = {"submission": reply, "moderator": hider.user, "version": version, "reason": reason}

    outcomes = at_once(
        lambda: uphold(case, moderator=judge),
        lambda: moderation.hide(**hiding, message="", now=LATER),
        *[lambda member=member: reported(reply, member=member) for member in members],
    )

    allowed = (moderation.Conflict, InvalidTransition, NotAllowed)
    assert [each for each in outcomes if isinstance(each, Exception) and not isinstance(each, allowed)] == []
    reply.refresh_from_db()
    assert reply.state == SubmissionState.HIDDEN
    assert not Flag.objects.filter(state=SubmissionState.PENDING).exists()
    for report in FlagReport.objects.all():
        assert len(mails_to(report.member, report.flag)) == 1


# Who may report


def test_only_what_is_out_can_be_reported():
    waiting = pending_question()
    with pytest.raises(NotAllowed):
        reported(waiting)
    assert not Flag.objects.exists()


def test_nobody_reports_their_own_message(reply):
    with pytest.raises(NotAllowed, match="own"):
        reported(reply, member=reply.author)


def test_only_who_can_read_a_message_reports_it(reply):
    with pytest.raises(NotAllowed):
        reported(reply, member=make_member(CommunityFactory()))


def test_a_case_itself_is_not_reported(reply):
    case = reported(reply).flag
    leave_it(case)
    with pytest.raises(NotAllowed):
        reported(case, member=make_moderator(reply.community))


# The decision


def test_a_flag_on_approved_content_never_reopens_the_old_approval(reply):
    before = list(reply.events.values_list("pk", flat=True))
    version = reply.version
    reported(reply)
    reply.refresh_from_db()
    assert list(reply.events.values_list("pk", flat=True)) == before
    assert (reply.state, reply.version) == (SubmissionState.RELEASED, version)

    leave_it(Flag.objects.get())
    reply.refresh_from_db()
    assert list(reply.events.values_list("pk", flat=True)) == before

    uphold(reported(reply, now=LATER).flag)
    reply.refresh_from_db()
    added = reply.events.exclude(pk__in=before)
    assert [event.action for event in added] == [Action.HIDE]
    assert reply.state == SubmissionState.HIDDEN


def test_upheld_the_message_is_hidden_in_the_same_step_and_its_author_told_why(reply):
    case = reported(reply).flag
    moderator = make_moderator(reply.community)
    done = uphold(case, moderator=moderator, message="It names a neighbour.")
    reply.refresh_from_db()
    assert reply.state == SubmissionState.HIDDEN
    assert (done.state, done.released_at) == (SubmissionState.RELEASED, LATER)
    assert [event.action for event in done.events.all()] == ["submit", "approve", "release"]
    told = Envelope.objects.get(key=f"n:decision:{reply.events.last().pk}")
    assert told.member == reply.author
    assert "It names a neighbour." in read_message(told.message).text
    assert reply.events.last().actor == moderator.user


def test_without_a_reason_for_hiding_nothing_is_upheld(reply):
    case = Submission.objects.get(pk=reported(reply).flag_id)
    moderator = make_moderator(reply.community).user
    with pytest.raises(NotAllowed, match="Open it"):
        moderation.approve(submission=case, moderator=moderator, version=case.version, now=LATER)
    with pytest.raises(InvalidTransition):
        moderation.approve(
            submission=case, moderator=moderator, version=case.version, reason=ReasonFactory(), now=LATER
        )
    reply.refresh_from_db()
    case.refresh_from_db()
    assert (reply.state, case.state) == (SubmissionState.RELEASED, SubmissionState.PENDING)


def test_upheld_the_author_is_trusted_no_more_with_this_kind(reply):
    Trust.objects.create(
        member=reply.author,
        community=reply.community,
        kind="reply",
        submission=reply,
        started_at=NOW,
        last_at=NOW,
    )
    uphold(reported(reply).flag)
    assert Trust.objects.get().ended_because == "flag"


def test_not_upheld_nothing_happens_to_the_message_and_its_author_hears_nothing(reply):
    before = Envelope.objects.filter(member=reply.author).count()
    leave_it(reported(reply).flag)
    reply.refresh_from_db()
    assert reply.state == SubmissionState.RELEASED
    assert Envelope.objects.filter(member=reply.author).count() == before


@pytest.mark.parametrize("decide", [uphold, leave_it])
def test_each_who_reported_is_told_the_outcome_exactly_once(reply, decide):
    people = [reported(reply).member, reported(reply).member]
    back = reported(reply)
    flags.take_back(report=back, member=back.member, now=NOW)
    case = Flag.objects.get()
    decide(case)
    for member in people:
        assert len(mails_to(member, case)) == 1
    assert not mails_to(back.member, case)
    assert Envelope.objects.filter(key__startswith=f"n:flag:{case.pk}:").count() == 2


def test_each_reads_the_outcome_in_their_own_language_and_no_name_of_the_others(reply):
    first = make_member(reply.community, name="Asha Kumari")
    second = make_member(reply.community, name="Bharat Lal", mail_language="hi")
    for member in (first, second):
        reported(reply, member=member)
    case = Flag.objects.get()
    leave_it(case, text="{name}, it stays.", text_hi="{name}, यह रहेगा।")
    assert "Asha Kumari, it stays." in mails_to(first, case)[0]
    assert "Bharat Lal, यह रहेगा।" in mails_to(second, case)[0]
    assert "Asha" not in mails_to(second, case)[0]


def test_nobody_who_has_a_part_in_it_decides():
    community = CommunityFactory()
    author, first, second = (make_moderator(community) for _each in range(3))
    reply = released_reply(question=released_question(community=community), author=author)
    for member in (first, second):
        reported(reply, member=member)
    case = Flag.objects.get()
    for involved in (author, first, second):
        for decide in (uphold, leave_it):
            with pytest.raises(NotAllowed):
                decide(case, moderator=involved)
        with pytest.raises(NotAllowed):
            moderation.take(submission=Submission.objects.get(pk=case.pk), moderator=involved.user, now=NOW)
        assert moderation.take_next(moderator=involved.user, now=NOW) is None
    assert not ModeratorNotice.objects.filter(submission=case, recipient=author.user).exists()
    assert uphold(case).state == SubmissionState.RELEASED


def test_where_everybody_has_a_part_in_it_an_administrator_decides():
    community = CommunityFactory()
    author = make_moderator(community)
    reply = released_reply(question=released_question(community=community), author=author)
    case = reported(reply).flag
    Membership.objects.filter(community=community).exclude(member=author).update(role="member")
    administrator = make_member(CommunityFactory(), user=UserFactory(superuser=True))
    assert uphold(case, moderator=administrator).state == SubmissionState.RELEASED


@pytest.mark.parametrize("action", [Action.RETURN, Action.MARK_SPAM, Action.AMEND])
def test_what_is_never_done_to_a_report_is_refused_in_words(reply, action):
    case = Submission.objects.get(pk=reported(reply).flag_id)
    act = {"submission": case, "moderator": make_moderator(reply.community).user, "version": case.version, "now": NOW}
    calls = {
        Action.RETURN: lambda: moderation.return_to_author(**act, reason=ReasonFactory(kind="flag"), message=""),
        Action.MARK_SPAM: lambda: moderation.mark_spam(**act),
        Action.AMEND: lambda: moderation.approve(**act, amended=moderation_text(), reason=ReasonFactory(action="hide")),
    }
    with pytest.raises(NotAllowed, match="open it"):
        calls[action]()


def moderation_text():
    from community.services.revisions import Text

    return Text(body="Other words.")


def test_reasons_of_another_kind_are_refused(reply):
    case = Submission.objects.get(pk=reported(reply).flag_id)
    act = {"moderator": make_moderator(reply.community).user, "message": "", "now": NOW}
    with pytest.raises(NotAllowed):
        moderation.decline(submission=case, version=case.version, reason=ReasonFactory(action="decline"), **act)
    question = pending_question(community=reply.community)
    with pytest.raises(NotAllowed):
        moderation.decline(submission=question, version=1, reason=ReasonFactory(action="decline", kind="flag"), **act)


# Ends without a decision


def test_a_message_that_is_hidden_meanwhile_closes_its_case_and_all_are_told(reply):
    report = reported(reply)
    reply.refresh_from_db()
    moderation.hide(
        submission=reply,
        moderator=make_moderator(reply.community).user,
        version=reply.version,
        reason=ReasonFactory(action=Action.HIDE),
        message="",
        now=LATER,
    )
    case = Flag.objects.get()
    assert (case.state, case.outcome) == (SubmissionState.WITHDRAWN, FlagOutcome.SETTLED)
    assert case.events.last().actor is None
    assert len(mails_to(report.member, case)) == 1


def test_the_last_report_taken_back_withdraws_the_case(reply):
    first, second = reported(reply), reported(reply)
    flags.take_back(report=first, member=first.member, now=NOW)
    case = Flag.objects.get()
    assert (case.state, case.author) == (SubmissionState.PENDING, second.member)
    flags.take_back(report=second, member=second.member, now=NOW)
    case.refresh_from_db()
    assert (case.state, case.outcome) == (SubmissionState.WITHDRAWN, "")
    assert not Envelope.objects.filter(key__startswith="n:flag:").exists()
    assert reported(reply, member=first.member).flag != case


def test_a_report_is_taken_back_by_who_made_it_and_only_while_it_waits(reply):
    report = reported(reply)
    with pytest.raises(NotAllowed):
        flags.take_back(report=report, member=make_member(reply.community), now=NOW)
    leave_it(report.flag)
    with pytest.raises(NotAllowed, match="decided"):
        flags.take_back(report=report, member=report.member, now=NOW)


def test_the_case_is_not_withdrawn_as_a_message(reply):
    report = reported(reply)
    reported(reply)
    case = Submission.objects.get(pk=report.flag_id)
    with pytest.raises(NotAllowed):
        moderation.withdraw(submission=case, author=report.member.user, version=case.version, now=NOW)


# Deadlines


def test_each_who_waits_for_an_answer_gets_one_apology(reply):
    people = [reported(reply).member, reported(reply).member]
    case = Submission.objects.get(pk=Flag.objects.get().pk)
    for _sweep in range(2):
        moderation.keep_deadlines(now=case.long_overdue_at)
    for member in people:
        mail = Envelope.objects.get(member=member, key__startswith=f"n:apology:{case.pk}")
        text = read_message(mail.message).text
        assert "You reported a message" in text
        assert "/my/reports/" in text
