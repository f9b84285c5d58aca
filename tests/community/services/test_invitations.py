"""Invitations: who may send them, what the link opens, for whom and how long."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from community.enums import Role
from community.mail.reading import read_message
from community.models import Community, Envelope, Invitation, Membership, MembershipChange
from community.permissions import NotAllowed
from community.services import communities
from community.services.communities import invitations
from tests.at_once import at_once
from tests.factories.community import CommunityFactory, MemberFactory, make_member, make_moderator
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def lead(community):
    return make_member(community, role=Role.LEAD, name="Leela")


def invite(community, by, address="asha@example.org", role=Role.MEMBER, now=NOW):
    return invitations.invite(community=community, address=address, role=role, by=by.user, now=now)


def somebody(address="asha@example.org"):
    return MemberFactory(user=UserFactory(email=address))


def accept(secret, member, now=NOW):
    return invitations.accept(secret=secret, member=member, now=now)


@pytest.mark.parametrize(
    ("inviter", "may"),
    [
        ("lead", set(Role)),
        ("administrator", set(Role)),
        ("moderator", {Role.MEMBER}),
        ("member", set()),
        ("other", set()),
    ],
)
def test_who_may_invite_to_which_role(community, inviter, may):
    user = {
        "lead": lambda: make_member(community, role=Role.LEAD).user,
        "administrator": lambda: UserFactory(superuser=True),
        "moderator": lambda: make_moderator(community).user,
        "member": lambda: make_member(community).user,
        "other": lambda: make_member(CommunityFactory(), role=Role.LEAD).user,
    }[inviter]()
    for role in Role:
        address = f"{role}@example.org"
        if role in may:
            invitations.invite(community=community, address=address, role=role, by=user, now=NOW)
        else:
            with pytest.raises(NotAllowed):
                invitations.invite(community=community, address=address, role=role, by=user, now=NOW)
    assert {Role(row.role) for row in Invitation.objects.all()} == may
    assert Envelope.objects.count() == len(may)


def test_the_mail_holds_the_link_and_the_row_only_its_hash(community, lead):
    invitation, secret = invite(community, lead, address=" Asha@Example.ORG ")
    assert invitation.address == "asha@example.org"
    mail = Envelope.objects.get()
    assert mail.address == "asha@example.org"
    assert f"/invitations/{secret}/" in read_message(bytes(mail.message)).text
    assert secret not in "".join(str(value) for value in vars(invitation).values())
    assert invitation.expires_at == NOW + timedelta(days=14)


def test_an_address_with_an_account_and_one_without_get_the_same_mail(community, lead):
    somebody("known@example.org")
    texts = []
    for address in ("known@example.org", "stranger@example.org"):
        invitation, secret = invite(community, lead, address=address)
        mail = Envelope.objects.get(key=f"n:invitation:{invitation.pk}")
        texts.append((mail.subject, mail.member, read_message(bytes(mail.message)).text.replace(secret, "")))
    assert texts[0] == texts[1]


def test_a_new_invitation_revokes_the_older_and_only_the_newest_link_opens(community, lead):
    _first, old = invite(community, lead)
    _second, new = invite(community, lead)
    member = somebody()
    with pytest.raises(NotAllowed, match="newer one"):
        accept(old, member)
    assert accept(new, member).community == community


def test_mails_are_limited_for_who_invites_and_for_the_address(community, lead, settings):
    settings.INVITATIONS_PER_DAY = 4
    for _each in range(3):
        invite(community, lead)
    with pytest.raises(NotAllowed, match="This address"):
        invite(community, lead)
    invite(community, lead, address="ravi@example.org")
    with pytest.raises(NotAllowed, match="tomorrow"):
        invite(community, lead, address="mina@example.org")
    invite(community, lead, address="mina@example.org", now=NOW + timedelta(days=1, minutes=1))


def test_accepting_brings_in_at_once_with_the_role_and_twice_is_once(community, lead):
    _row, secret = invite(community, lead, role=Role.MODERATOR)
    member = somebody()
    membership = accept(secret, member)
    assert accept(secret, member) == membership
    assert membership.role == Role.MODERATOR
    assert Group.objects.get(name="Moderators").user_set.filter(pk=member.user_id).exists()
    kinds = list(MembershipChange.objects.order_by("pk").values_list("kind", "by", "role_after"))
    assert kinds == [("invited", lead.user_id, "member"), ("role", lead.user_id, "moderator")]
    row = Invitation.objects.get()
    assert (row.accepted_at, row.accepted_by) == (NOW, member.user)


def test_a_member_becomes_a_moderator_by_it_and_a_lead_stays_one(community, lead):
    member = make_member(community)
    _row, secret = invite(community, lead, address=member.user.email, role=Role.MODERATOR)
    assert accept(secret, member).role == Role.MODERATOR
    _row, secret = invite(community, lead, address=lead.user.email, role=Role.MODERATOR)
    assert accept(secret, lead).role == Role.LEAD


def test_only_an_account_with_the_confirmed_address_accepts(community, lead):
    _row, secret = invite(community, lead)
    stranger, unconfirmed = somebody("other@example.org"), somebody()
    unconfirmed.user.emailaddress_set.update(verified=False)
    for member in (stranger, unconfirmed):
        with pytest.raises(NotAllowed, match="another address"):
            accept(secret, member)
    unconfirmed.user.emailaddress_set.update(verified=True, email="ASHA@example.org")
    assert accept(secret, unconfirmed)


@pytest.mark.parametrize("secret", ["", "forged", "\x00", "ना", "x" * 5000])
def test_a_forged_link_opens_nothing(community, secret):
    with pytest.raises(NotAllowed, match="no invitation"):
        accept(secret, somebody())


def test_an_expired_or_revoked_link_opens_nothing(community, lead):
    member = somebody()
    row, secret = invite(community, lead)
    with pytest.raises(NotAllowed, match="expired"):
        accept(secret, member, now=row.expires_at)
    invitations.revoke(invitation=row, by=lead.user, now=NOW)
    invitations.revoke(invitation=row, by=lead.user, now=NOW)
    with pytest.raises(NotAllowed, match="taken back"):
        accept(secret, member)
    assert not Membership.objects.filter(member=member).exists()


def test_who_left_or_was_removed_does_not_come_back_by_a_used_link(community, lead):
    _row, secret = invite(community, lead)
    member = somebody()
    communities.leave(membership=accept(secret, member), now=NOW)
    with pytest.raises(NotAllowed, match="used already"):
        accept(secret, member)


def test_who_is_removed_cannot_come_back_by_a_link_that_waits(community, lead):
    member = make_member(community)
    _row, secret = invite(community, lead, address=member.user.email, role=Role.MODERATOR)
    membership = Membership.objects.get(member=member)
    communities.remove(membership=membership, by=lead.user, message="x", now=NOW)
    with pytest.raises(NotAllowed, match="taken back"):
        accept(secret, member)


def test_links_of_somebody_who_lost_the_role_open_nothing_and_a_lead_who_moderates_on_invites_members(community, lead):
    moderator = make_moderator(community)
    other = make_member(community, role=Role.LEAD)
    links = {
        "by moderator": invite(community, moderator, address="a@example.org")[1],
        "by lead": invite(community, lead, address="b@example.org")[1],
        "moderator by lead": invite(community, lead, address="c@example.org", role=Role.MODERATOR)[1],
    }
    for who, role in ((moderator, Role.MEMBER), (lead, Role.MODERATOR)):
        membership = Membership.objects.get(member=who)
        communities.change_role(membership=membership, role=role, by=other.user, message="x", now=NOW)
    for name, address in (("by moderator", "a@example.org"), ("moderator by lead", "c@example.org")):
        with pytest.raises(NotAllowed, match="taken back"):
            accept(links[name], somebody(address))
    assert accept(links["by lead"], somebody("b@example.org"))


def test_a_moderator_revokes_invitations_of_members_only(community, lead):
    moderator = make_moderator(community)
    for_member, _secret = invite(community, lead, address="a@example.org")
    for_moderator, _secret = invite(community, lead, address="b@example.org", role=Role.MODERATOR)
    with pytest.raises(NotAllowed):
        invitations.revoke(invitation=for_moderator, by=moderator.user, now=NOW)
    assert invitations.revoke(invitation=for_member, by=moderator.user, now=NOW).revoked_at == NOW
    with pytest.raises(NotAllowed):
        invitations.revoke(invitation=for_member, by=make_member(community).user, now=NOW)


def test_leaving_for_good_takes_the_address_out_of_what_was_accepted(community, lead):
    _row, secret = invite(community, lead)
    member = somebody()
    accept(secret, member)
    communities.anonymise(user=member.user, now=NOW)
    assert Invitation.objects.get().address == f"former-member-{member.user_id}@portal.invalid"


def test_whoever_comes_by_invitation_is_welcomed(community, lead):
    Community.objects.filter(pk=community.pk).update(welcome="नमस्ते")
    _row, secret = invite(community, lead)
    accept(secret, somebody())
    assert Envelope.objects.filter(key__startswith="n:welcome:").count() == 1


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_are_one_membership():
    community = CommunityFactory()
    _row, secret = invite(community, make_member(community, role=Role.LEAD), role=Role.MODERATOR)
    member = somebody()
    outcomes = at_once(*[lambda: accept(secret, member)] * 12)
    assert {outcome.pk for outcome in outcomes} == {Membership.objects.get(member=member).pk}
    assert MembershipChange.objects.filter(membership__member=member).count() == 2


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_two_invitations_of_one_address_at_once_leave_one_link_that_opens():
    community = CommunityFactory()
    leads = [make_member(community, role=Role.LEAD) for _each in range(2)]
    outcomes = at_once(*(lambda who=who: invite(community, who)[1] for who in leads))
    assert all(isinstance(secret, str) for secret in outcomes)
    assert Invitation.objects.waiting().count() == 1
