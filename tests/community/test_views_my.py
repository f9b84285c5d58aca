"""A member's own pages: own messages with their history, changing, withdrawing, subscriptions, profile, leaving."""

import pytest
from django.urls import reverse
from django.utils import timezone

from community.enums import DeliveryMode
from community.models import Member, Membership, Submission
from community.services import distribution, moderation
from community.states import SubmissionState
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    approved,
    in_state,
    make_member,
    moderator_of,
    pending_question,
    pending_reply,
    released_question,
    released_reply,
)
from tests.factories.knowledge import StateFactory, ThemeFactory
from tests.factories.users import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db

PAGES = ["my", "my_subscriptions", "my_deliveries", "my_profile", "my_leave"]
BODY = "Forty dyers share one drain, as I said."


@pytest.fixture
def own(member, community):
    """Return a pending question of ``member``."""
    return pending_question(community=community, author=member.user.member)


def wording(submission, **changes) -> dict:
    revision = submission.revision
    return {"title": revision.title, "body": BODY, "version": submission.version} | changes


@pytest.mark.parametrize("name", PAGES)
def test_visitors_sign_in_first_and_come_back(visitor, name):
    answer = visitor.get(reverse(name))
    assert answer.status_code == 302
    assert answer.url.startswith(reverse("account_login"))
    assert "next=" in answer.url


@pytest.mark.parametrize("name", PAGES)
def test_members_open_their_pages(member, name):
    assert member.get(reverse(name)).status_code == 200


@pytest.mark.parametrize("name", ["my", "my_deliveries"])
@pytest.mark.parametrize("page", ["0", "x", "-1", "9999999999999999999999", "\x00", ""])
def test_a_page_number_that_is_none_gives_a_page(member, own, name, page):
    assert member.get(reverse(name), {"page": page}).status_code == 200


def test_what_needs_the_member_stands_before_what_waits(member, community):
    author = member.user.member
    in_state("returned", community=community, author=author, title="The returned question")
    pending_question(community=community, author=author, title="The waiting question")
    text = member.get(reverse("my")).content.decode()
    assert text.index("The returned question") < text.index("The waiting question")
    assert "Usually decided by" in text


def test_late_decisions_are_apologised_for(member, own):
    Submission.objects.filter(pk=own.pk).update(due_at=timezone.now() - timezone.timedelta(hours=1))
    assert "This took longer than we promised" in member.get(reverse("my")).content.decode()


def test_my_page_costs_the_same_queries_whatever_its_length(member, community, own, django_assert_max_num_queries):
    with django_assert_max_num_queries(15):
        member.get(reverse("my"))
    for _number in range(4):
        pending_question(community=community, author=member.user.member)
        released_question(community=community, author=member.user.member)
    with django_assert_max_num_queries(15):
        member.get(reverse("my"))


# One message


@pytest.mark.parametrize("who", ["moderator", "other"])
@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ["my_submission", "my_submission_withdraw"])
def test_anothers_message_is_as_missing_as_none(request, community, own, who, method, name):
    client = sign_in(make_member(community).user) if who == "other" else request.getfixturevalue(who)
    assert getattr(client, method)(reverse(name, args=[own.pk])).status_code == 404
    assert getattr(client, method)(reverse(name, args=[10**18])).status_code == 404
    own.refresh_from_db()
    assert own.state == SubmissionState.PENDING


def test_the_message_of_a_return_is_shown_and_the_same_item_goes_back(member, community):
    question = in_state("returned", community=community, author=member.user.member)
    address = reverse("my_submission", args=[question.pk])
    assert "Please take out the phone number" in member.get(address).content.decode()
    answer = member.post(address, wording(question), follow=True)
    question.refresh_from_db()
    assert question.state == SubmissionState.PENDING
    assert question.revision.body == BODY
    assert "You sent it in again" in answer.content.decode()


def test_a_waiting_answer_can_be_changed(member, community):
    reply = pending_reply(question=released_question(community=community), author=member.user.member)
    member.post(reverse("my_submission", args=[reply.pk]), {"body": BODY, "version": reply.version})
    reply.refresh_from_db()
    assert reply.revision.body == BODY


@pytest.mark.parametrize("changes", [{"title": "x"}, {"body": "\x00"}, {"body": "y" * 20_001}, {"version": "x"}])
def test_a_bad_wording_changes_nothing_and_is_kept(member, own, changes):
    answer = member.post(reverse("my_submission", args=[own.pk]), wording(own, **changes))
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    own.refresh_from_db()
    assert own.revision.number == 1


def test_who_was_overtaken_by_a_moderator_is_told_and_keeps_the_text(member, own):
    approved(own)
    form = wording(own, version=1)
    answer = member.post(reverse("my_submission", args=[own.pk]), form)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Meanwhile this was approved at" in text
    assert BODY in text


def test_an_approval_that_was_taken_back_leaves_no_trace(member, own):
    approved(own)
    moderation.undo_approval(submission=own, moderator=moderator_of(own).user, version=own.version, now=timezone.now())
    assert "approved" not in member.get(reverse("my_submission", args=[own.pk])).content.decode()


def test_the_log_names_no_moderator(member, community):
    question = in_state("declined", community=community, author=member.user.member)
    text = member.get(reverse("my_submission", args=[question.pk])).content.decode()
    assert moderator_of(question).name not in text
    assert "Why it was not released" in text


def test_a_waiting_message_can_be_withdrawn_once(member, own):
    address = reverse("my_submission_withdraw", args=[own.pk])
    member.get(address)
    own.refresh_from_db()
    assert own.state == SubmissionState.PENDING, "reading withdraws nothing"
    member.post(address, {"version": own.version})
    own.refresh_from_db()
    assert own.state == SubmissionState.WITHDRAWN
    answer = member.post(address, {"version": own.version}, follow=True)
    assert "Not withdrawn" in answer.content.decode()


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "٣"])
def test_a_forged_version_withdraws_nothing(member, own, version):
    member.post(reverse("my_submission_withdraw", args=[own.pk]), {"version": version})
    own.refresh_from_db()
    assert own.state == SubmissionState.PENDING


def test_a_wording_sent_after_the_login_ended_stands_in_the_form_again(member, own):
    address = reverse("my_submission", args=[own.pk])
    member.logout()
    assert member.post(address, wording(own)).url.startswith(reverse("account_login"))
    member.force_login(member.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    text = member.get(address).content.decode()
    assert BODY in text
    assert "What you wrote is here again" in text
    own.refresh_from_db()
    assert own.revision.number == 1


# Subscriptions and deliveries


def test_a_delivery_mode_is_changed_for_one_community_alone(member, community):
    other = CommunityFactory()
    Membership.objects.create(
        member=member.user.member, community=other, requested_at=timezone.now(), started_at=timezone.now()
    )
    slug = community.slug
    member.post(reverse("my_subscriptions"), {"community": slug, f"{slug}-delivery_mode": "none"})
    modes = dict(member.user.member.memberships.values_list("community__slug", "delivery_mode"))
    assert modes == {slug: DeliveryMode.NONE, other.slug: DeliveryMode.DAILY_SUMMARY}


def test_an_unknown_mode_is_refused_beside_the_field(member, community):
    slug = community.slug
    answer = member.post(reverse("my_subscriptions"), {"community": slug, f"{slug}-delivery_mode": "hourly"})
    assert "There is a problem" in answer.content.decode()
    assert Membership.objects.get(member=member.user.member).delivery_mode == DeliveryMode.AS_SENT


@pytest.mark.parametrize("slug", ["", "none", "\x00"])
def test_another_communitys_subscription_is_nobodys(member, slug):
    answer = member.post(reverse("my_subscriptions"), {"community": slug, "delivery_mode": "none"}, follow=True)
    assert "nothing was changed" in answer.content.decode()


def test_deliveries_say_what_became_of_each(member, community):
    question = released_question(community=community, title="What stops the smoke of our kilns")
    own = released_reply(question=question, author=member.user.member)
    for submission in (question, own):
        event = submission.distribution_events.get()
        distribution.fan_out(event_id=event.pk, now=timezone.now())
    text = member.get(reverse("my_deliveries")).content.decode()
    assert "What stops the smoke of our kilns" in text
    assert "Your own message" in text


def test_a_delivery_of_a_hidden_message_shows_no_words(member, community):
    question = released_question(community=community, title="What stops the smoke of our kilns")
    distribution.fan_out(event_id=question.distribution_events.get().pk, now=timezone.now())
    Submission.objects.filter(pk=question.pk).update(state=SubmissionState.HIDDEN)
    text = member.get(reverse("my_deliveries")).content.decode()
    assert "smoke" not in text
    assert "A message that you can no longer read" in text


# Profile


def test_a_profile_is_changed_with_the_accounts_name(member):
    state, theme = StateFactory(), ThemeFactory()
    member.post(
        reverse("my_profile"),
        {
            "name": "Asha Rao",
            "occupation": "expert",
            "state": state.slug,
            "themes": [theme.slug],
            "mail_language": "hi",
        },
    )
    asha = Member.objects.get(user=member.user)
    assert (asha.name, asha.occupation, asha.state, asha.mail_language) == ("Asha Rao", "expert", state, "hi")
    assert list(asha.themes.all()) == [theme]
    assert asha.user.name == "Asha Rao"


@pytest.mark.parametrize("changes", [{"name": ""}, {"name": "\x00"}, {"occupation": "king"}, {"state": "atlantis"}])
def test_a_bad_profile_changes_nothing(member, changes):
    before = member.user.member.name
    form = {"name": "Asha", "occupation": "cda", "mail_language": "en"} | changes
    answer = member.post(reverse("my_profile"), form)
    assert "There is a problem" in answer.content.decode()
    assert Member.objects.get(user=member.user).name == before


def test_an_account_without_a_profile_makes_one_and_goes_on():
    client = sign_in(UserFactory())
    address = reverse("my_profile")
    assert "Complete your profile" in client.get(address, {"next": "/ask/"}).content.decode()
    form = {"name": "Asha", "occupation": "official", "consent": "on"}
    assert client.post(address, form | {"next": "/ask/"}).url == "/ask/"
    assert Member.objects.get(user=client.user).occupation == "official"


def test_nobody_is_sent_to_another_site():
    client = sign_in(UserFactory())
    form = {"name": "Asha", "occupation": "official", "consent": "on", "next": "https://elsewhere.example/"}
    assert client.post(reverse("my_profile"), form).url == reverse("my")


# Leaving


def test_leaving_needs_the_box_and_a_fresh_sign_in(member):
    assert member.post(reverse("my_leave"), {"sure": "on"}).url.startswith(reverse("account_reauthenticate"))
    member.user.refresh_from_db()
    assert member.user.is_active


def test_leaving_takes_the_name_off_and_keeps_the_words(member, community, client):
    question = released_question(community=community, author=member.user.member)
    client.post(reverse("account_login"), {"login": member.user.email, "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    assert "There is a problem" in client.post(reverse("my_leave")).content.decode()
    answer = client.post(reverse("my_leave"), {"sure": "on"})
    assert "You have left" in answer.content.decode()
    gone = Member.objects.get(user=member.user)
    assert str(gone) == "Former member"
    reader = sign_in(make_member(community).user)
    question.refresh_from_db()
    assert "Former member" in reader.get(question.get_absolute_url()).content.decode()


def test_reasons_that_ended_are_still_named_in_the_history(member, own):
    reason = ReasonFactory(ended_at=timezone.now(), name="Personal data")
    moderator = moderator_of(own).user
    moderation.return_to_author(
        submission=own, moderator=moderator, version=own.version, reason=reason, message="Shorter.", now=timezone.now()
    )
    text = member.get(reverse("my_submission", args=[own.pk])).content.decode()
    assert "Personal data" in text
    assert "Shorter." in text
