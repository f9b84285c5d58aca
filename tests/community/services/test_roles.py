"""Roles, removal and stepping down: who may, what follows, and what is kept of it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.enums import MembershipChangeKind, Role
from community.models import Appeal, Community, Envelope, Membership, MembershipChange, Submission
from community.permissions import NotAllowed, current_membership
from community.services import communities, moderation
from community.states import SubmissionState
from tests.at_once import at_once
from tests.factories.community import (
    CommunityFactory,
    MemberFactory,
    in_state,
    make_member,
    make_moderator,
    pending_question,
)
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def membership_of(member, community):
    return Membership.objects.get(member=member, community=community, ended_at=None)


def make_lead(community):
    return make_member(community, role=Role.LEAD)


@pytest.mark.parametrize("before", Role.values)
@pytest.mark.parametrize("after", Role.values)
def test_each_change_of_role_is_kept_with_who_did_it_and_mailed_once(community, before, after):
    lead, membership = make_lead(community), membership_of(make_member(community, role=before), community)
    communities.change_role(membership=membership, role=after, by=lead.user, message="Thank you.", now=NOW)
    membership.refresh_from_db()
    assert membership.role == after
    changes = list(MembershipChange.objects.filter(membership=membership))
    mails = Envelope.objects.filter(key__startswith="n:membership:")
    if before == after:
        assert not changes
        assert not mails.exists()
        return
    (change,) = changes
    assert (change.kind, change.role_before, change.role_after) == (MembershipChangeKind.ROLE, before, after)
    assert (change.by, change.message, change.at) == (lead.user, "Thank you.", NOW)
    assert mails.get().member == membership.member
    assert b"Thank you." in bytes(mails.get().message)


def test_taking_a_role_away_needs_a_word_and_giving_one_does_not(community):
    lead, moderator = make_lead(community), make_moderator(community)
    membership = membership_of(moderator, community)
    with pytest.raises(NotAllowed, match="Say why"):
        communities.change_role(membership=membership, role=Role.MEMBER, by=lead.user, message="  ", now=NOW)
    communities.change_role(membership=membership, role=Role.LEAD, by=lead.user, now=NOW)
    membership.refresh_from_db()
    assert membership.role == Role.LEAD


def test_a_lead_removes_with_a_word_and_nobody_else_removes(community):
    lead, moderator = make_lead(community), make_moderator(community)
    membership = membership_of(make_member(community), community)
    strangers = (moderator.user, make_lead(CommunityFactory()).user, membership.member.user, UserFactory())
    for refused in strangers:
        with pytest.raises(NotAllowed):
            communities.remove(membership=membership, by=refused, message="Go.", now=NOW)
    with pytest.raises(NotAllowed, match="Say why"):
        communities.remove(membership=membership, by=lead.user, message="", now=NOW)
    with pytest.raises(NotAllowed, match="yourself"):
        communities.remove(membership=membership_of(lead, community), by=lead.user, message="x", now=NOW)
    communities.remove(membership=membership, by=lead.user, message="नियम पढ़िए।", now=NOW)
    membership.refresh_from_db()
    assert membership.ended_at == NOW
    change = membership.changes.get()
    assert (change.kind, change.role_before, change.role_after) == (MembershipChangeKind.REMOVED, Role.MEMBER, "")
    with pytest.raises(NotAllowed, match="no longer a member"):
        communities.remove(membership=membership, by=lead.user, message="Again", now=NOW)
    assert Envelope.objects.filter(key__startswith="n:membership:").count() == 1


def test_an_administrator_removes_whoever_is_there(community):
    lead = make_lead(community)
    communities.remove(
        membership=membership_of(lead, community), by=UserFactory(superuser=True), message="Asked for.", now=NOW
    )
    assert not community.memberships.current().exists()


def test_a_role_lost_a_second_ago_changes_nothing_more(community):
    first, second = make_lead(community), make_lead(community)
    target = membership_of(make_member(community), community)
    assert current_membership(first.user, community).role == Role.LEAD
    communities.change_role(
        membership=membership_of(first, community), role=Role.MEMBER, by=second.user, message="Rest.", now=NOW
    )
    with pytest.raises(NotAllowed, match="Only a lead"):
        communities.change_role(membership=target, role=Role.LEAD, by=first.user, now=NOW)
    with pytest.raises(NotAllowed, match="Only a lead"):
        communities.remove(membership=target, by=first.user, message="x", now=NOW)
    target.refresh_from_db()
    assert (target.role, target.ended_at) == (Role.MEMBER, None)


def test_the_last_lead_neither_steps_down_nor_leaves_nor_lowers_themselves(community):
    lead = membership_of(make_lead(community), community)
    user = lead.member.user
    for attempt in (
        lambda: communities.step_down(membership=lead, by=user, now=NOW),
        lambda: communities.leave(membership=lead, now=NOW),
        lambda: communities.change_role(membership=lead, role=Role.MEMBER, by=user, now=NOW),
        lambda: communities.change_role(membership=lead, role=Role.MODERATOR, by=user, now=NOW),
    ):
        with pytest.raises(NotAllowed, match="needs a lead"):
            attempt()
    make_lead(community)
    communities.step_down(membership=lead, by=user, now=NOW)
    lead.refresh_from_db()
    assert lead.role == Role.MEMBER


def test_the_last_lead_is_not_held_back_from_leaving_for_good(community):
    lead = make_lead(community)
    communities.anonymise(user=lead.user, now=NOW)
    assert not community.memberships.current().exists()


def test_only_who_moderates_steps_down_and_only_for_themselves(community):
    moderator, member = make_moderator(community), make_member(community)
    with pytest.raises(NotAllowed):
        communities.step_down(membership=membership_of(moderator, community), by=member.user, now=NOW)
    with pytest.raises(NotAllowed):
        communities.step_down(membership=membership_of(member, community), by=member.user, now=NOW)
    communities.step_down(membership=membership_of(moderator, community), by=moderator.user, now=NOW)
    change = MembershipChange.objects.get()
    assert change.kind == MembershipChangeKind.STEPPED_DOWN
    assert not Envelope.objects.filter(key__startswith="n:membership:").exists(), "nobody writes to themselves"


def _ends(how, membership, lead):
    if how == "step down":
        communities.step_down(membership=membership, by=membership.member.user, now=NOW)
    elif how == "leave":
        communities.leave(membership=membership, now=NOW)
    elif how == "removed":
        communities.remove(membership=membership, by=lead.user, message="x", now=NOW)
    elif how == "lowered":
        communities.change_role(membership=membership, role=Role.MEMBER, by=lead.user, message="x", now=NOW)
    else:
        communities.anonymise(user=membership.member.user, now=NOW)


@pytest.mark.parametrize("how", ["step down", "leave", "removed", "lowered", "for good"])
def test_however_moderating_ends_what_was_held_is_free_and_appeals_pass_on(community, how):
    lead = make_member(community, role=Role.LEAD, name="A lead")  # decides: the first by name
    others = {make_moderator(community), make_moderator(community)}
    declined = in_state(SubmissionState.DECLINED, community=community)
    assert declined.events.order_by("-number").first().actor == lead.user
    moderation.appeal(submission=declined, author=declined.author.user, version=declined.version, text="No.", now=NOW)
    appeal = Appeal.objects.get()
    asked = appeal.assigned_to
    assert asked in others
    elsewhere = pending_question(community=CommunityFactory())
    item = pending_question(community=community)
    moderation.claim(submission=item, moderator=asked.user, now=NOW)
    Submission.objects.filter(pk=item.pk).update(preferred_moderator=asked, preferred_until=NOW + timedelta(hours=9))
    Submission.objects.filter(pk=elsewhere.pk).update(preferred_moderator=asked, lease_holder=asked)

    _ends(how, membership_of(asked, community), lead)

    item.refresh_from_db()
    assert (item.lease_holder, item.lease_kind, item.preferred_moderator) == (None, "", None)
    appeal.refresh_from_db()
    assert {appeal.assigned_to} == others - {asked}
    declined.refresh_from_db()
    assert declined.preferred_moderator == appeal.assigned_to
    elsewhere.refresh_from_db()
    assert elsewhere.preferred_moderator == asked, "what they hold in other communities stays theirs"


def test_joining_and_leaving_are_kept_too(community):
    member = MemberFactory()
    membership = communities.join(member=member, community=community, now=NOW)
    communities.join(member=member, community=community, now=NOW)
    communities.leave(membership=membership, now=NOW)
    kinds = list(MembershipChange.objects.order_by("pk").values_list("kind", "by", "role_before", "role_after"))
    assert kinds == [("joined", member.user_id, "", Role.MEMBER), ("left", member.user_id, Role.MEMBER, "")]


# The welcome


def test_whoever_joins_is_welcomed_once_in_their_language(community):
    Community.objects.filter(pk=community.pk).update(welcome="Read the **rules** first.", welcome_hi="**नमस्ते**")
    community.refresh_from_db()
    english, hindi = MemberFactory(), MemberFactory(mail_language="hi")
    for member in (english, hindi, hindi):
        communities.join(member=member, community=community, now=NOW)
    mails = {mail.member_id: mail for mail in Envelope.objects.filter(key__startswith="n:welcome:")}
    assert len(mails) == Envelope.objects.count() == 2
    assert b"<strong>rules</strong>" in bytes(mails[english.pk].message)
    assert mails[english.pk].subject == f"Welcome to {community.name}"
    assert "List-Unsubscribe" not in bytes(mails[english.pk].message).decode()
    assert b"Content-Language: hi" in bytes(mails[hindi.pk].message)


def test_where_there_are_no_words_of_welcome_there_is_no_mail(community):
    communities.join(member=MemberFactory(), community=community, now=NOW)
    assert not Envelope.objects.exists()


def test_hostile_words_of_welcome_are_shown_and_not_obeyed(community):
    Community.objects.filter(pk=community.pk).update(welcome="<script>alert(1)</script> [x](javascript:alert(1))")
    community.refresh_from_db()
    communities.join(member=MemberFactory(), community=community, now=NOW)
    message = bytes(Envelope.objects.get().message).decode()
    assert "<script>alert" not in message.partition("text/html")[2]
    assert 'href="javascript' not in message


# At the same moment


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_step_down_at_the_same_moment_one_stays():
    community = CommunityFactory()
    leads = [membership_of(make_lead(community), community) for _each in range(2)]

    def down(membership):
        return lambda: communities.step_down(membership=membership, by=membership.member.user, now=NOW)

    outcomes = at_once(*(down(each) for each in leads))
    assert sorted(isinstance(each, NotAllowed) for each in outcomes) == [False, True]
    assert community.memberships.current().filter(role=Role.LEAD).count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_two_leads_who_remove_each_other_one_stays():
    community = CommunityFactory()
    one, other = (membership_of(make_lead(community), community) for _each in range(2))

    def remove(target, by):
        return lambda: communities.remove(membership=target, by=by.member.user, message="x", now=NOW)

    outcomes = at_once(remove(one, other), remove(other, one))
    assert sum(isinstance(each, NotAllowed) for each in outcomes) == 1
    assert community.memberships.current().filter(role=Role.LEAD).count() == 1
