"""The page of a member: whom it is for, what it shows of whom, and what it never shows."""

from unittest import mock

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from community.enums import Role
from community.models import Compilation, Contribution, Member, Quote, ReplyUse, Submission
from community.services import communities
from community.states import SubmissionState
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    MemberFactory,
    in_state,
    make_member,
    pending_reply,
    released_question,
    released_reply,
)
from tests.factories.knowledge import ThemeFactory
from tests.factories.pages import SolutionPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def asha(community):
    return make_member(community, name="आशा देवी", languages="Hindi, Odia", district="Panipat")


def page_of(client, member):
    return client.get(reverse("member_detail", args=[member.slug]))


# The address


def test_an_address_is_the_name_in_ascii_and_stays_when_the_name_changes():
    member = MemberFactory(name="Asha Rao")
    assert member.slug == "asha-rao"
    communities.change_profile(member=member, name="Asha Patel", themes=[])
    member.refresh_from_db()
    assert member.slug == "asha-rao"


@pytest.mark.parametrize("name", ["आशा देवी", "!!!", "<script>", "x" * 120, "ஆஷா", "../..", "😀"])
def test_every_name_gives_an_address_and_two_of_one_name_get_two(name):
    one, other = MemberFactory(name=name), MemberFactory(name=name)
    assert one.slug != other.slug
    for member in (one, other):
        assert member.slug.isascii()
        assert member.get_absolute_url() == f"/members/{member.slug}/"


def test_two_who_take_the_same_address_at_the_same_moment_both_come_in():
    MemberFactory(name="Asha")
    with mock.patch("community.models.members._free_slug", side_effect=["asha", "asha-2"]):
        assert MemberFactory(name="Asha").slug == "asha-2"


def test_another_broken_rule_is_not_taken_for_a_taken_address():
    member = MemberFactory()
    with pytest.raises(IntegrityError):
        MemberFactory(user=member.user)


# Who sees it


def test_visitors_sign_in_and_come_back(visitor, asha):
    response = page_of(visitor, asha)
    assert response.url.startswith(reverse("account_login"))
    assert "members" in response.url


def test_members_of_a_shared_community_see_each_other_and_strangers_do_not(member, asha):
    assert page_of(member, asha).status_code == 200
    stranger = sign_in(make_member(CommunityFactory()).user)
    response = page_of(stranger, asha)
    assert response.status_code == 404
    assert "आशा" not in response.content.decode()


def test_whoever_may_read_a_message_of_somebody_sees_the_page():
    opened = CommunityFactory(threads_public=True)
    author = make_member(opened)
    stranger = sign_in(make_member(CommunityFactory()).user)
    assert page_of(stranger, author).status_code == 404
    question = released_question(community=opened, author=author)
    assert page_of(stranger, author).status_code == 200
    Submission.objects.filter(pk=question.pk).update(state=SubmissionState.HIDDEN)
    assert page_of(stranger, author).status_code == 404


def test_an_unknown_address_and_one_that_may_not_be_seen_answer_the_same(member):
    stranger = make_member(CommunityFactory())
    texts = []
    for slug in ("nobody", stranger.slug):
        response = member.get(reverse("member_detail", args=[slug]))
        assert response.status_code == 404
        texts.append(response.content.decode().partition("<main")[2].partition("</main>")[0])
    assert "No page of a member here" in texts[0]
    assert texts[0] == texts[1]


def test_who_left_a_community_is_not_seen_by_it_any_more_unless_by_what_they_wrote(member, asha, community):
    communities.leave(membership=asha.memberships.get(), now=timezone.now())
    assert page_of(member, asha).status_code == 404


# What it shows


def test_the_page_shows_the_profile_and_is_no_place_for_search_engines(member, asha):
    asha.themes.add(ThemeFactory(name="Foundry sand"))
    page = page_of(member, asha).content.decode()
    for words in ("आशा देवी", "Hindi, Odia", "Panipat", "Foundry sand", "noindex", "January 2026"):
        assert words in page
    assert asha.user.email not in page


def test_ones_own_page_says_that_others_see_it_so_and_leads_to_the_profile(asha):
    page = page_of(sign_in(asha.user), asha).content.decode()
    assert "This is how others see you" in page
    assert reverse("my_profile") in page


def test_only_what_the_viewer_may_read_is_listed(member, asha, community):
    inside = released_question(community=community, author=asha, title="Readable by its circle")
    elsewhere = CommunityFactory()
    communities.join(member=asha, community=elsewhere, now=timezone.now())
    released_question(community=elsewhere, author=asha, title="Of another circle")
    answer = released_reply(question=released_question(community=community, title="Of somebody else"), author=asha)
    for state in SubmissionState:
        if state != SubmissionState.RELEASED:
            in_state(state, community=community, author=asha, title=f"Never {state}")
    page = page_of(member, asha).content.decode()
    assert inside.title in page
    assert answer.get_absolute_url() in page
    assert "Of another circle" not in page
    assert "Never" not in page


@pytest.mark.parametrize("role", Role.values)
def test_hidden_things_never_show_to_nobody_not_to_oneself_and_not_to_moderators(community, asha, role):
    question = released_question(community=community, title="Hidden thread")
    released_reply(question=question, author=asha)
    own = released_question(community=community, author=asha, title="Hidden question")
    for hidden in (question, own):
        Submission.objects.filter(pk=hidden.pk).update(state=SubmissionState.HIDDEN)
    for viewer in (make_member(community, role=role), asha):
        page = page_of(sign_in(viewer.user), asha).content.decode()
        assert "Hidden thread" not in page
        assert "Hidden question" not in page


def test_it_says_what_became_of_each(member, asha, community):
    question = released_question(community=community, author=asha)
    reply = released_reply(question=question)
    other = released_question(community=community)
    own_reply = released_reply(question=other, author=asha)
    pending_reply(question=question)
    pages = [SolutionPageFactory(title=title) for title in ("Tank of brick", "Shared drain", "Withdrawn")]
    now = timezone.now()
    Compilation.objects.create(
        question=question, page=pages[0], started_by=reply.author, started_at=now, published_at=now
    )
    Quote.objects.create(
        page=pages[1], block_id="00000000-0000-0000-0000-000000000001", reply=own_reply,
        revision=own_reply.released_revision, start=0, end=2, text_hash="x",
    )  # fmt: skip
    Contribution.objects.create(page=pages[1], member=asha, part="compiled")
    for each in (question, other):
        Compilation.objects.create(question=each, page=pages[2], started_by=asha, started_at=now, published_at=now)
    type(pages[2]).objects.filter(pk=pages[2].pk).update(withdrawn_at=now)

    ReplyUse.objects.create(reply=own_reply, member=other.author, mark="used", marked_at=now)

    response = page_of(member, asha)
    by_pk = {item["submission"].pk: item for item in response.context["items"]}
    assert by_pk[question.pk]["answers"] == 1
    assert [page.title for page in by_pk[question.pk]["written_up"]] == ["Tank of brick"]
    assert [page.title for page in by_pk[own_reply.pk]["quoted"]] == ["Shared drain"]
    text = response.content.decode()
    assert "1 answer" in text
    assert "Used by the asker" in text
    assert "Solutions they worked on" in text
    assert "Withdrawn" not in text


def test_the_page_makes_the_same_number_of_queries_with_many_contributions(member, asha, community):
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            page_of(member, asha)
        return len(seen)

    def fill() -> None:
        question = released_question(community=community, author=asha)
        released_reply(question=released_question(community=community), author=asha)
        page, now = SolutionPageFactory(), timezone.now()
        Compilation.objects.create(question=question, page=page, started_by=asha, started_at=now, published_at=now)
        Contribution.objects.create(page=page, member=asha, part="approved")

    fill()
    queries()
    few = queries()
    for _each in range(2):
        fill()
    assert queries() == few


def test_the_list_has_pages_and_takes_any_address(member, asha, community):
    with mock.patch("community.views.people.members.PAGE_SIZE", 1):
        for title in ("First", "Second"):
            released_question(community=community, author=asha, title=f"{title} question")
        assert "Second question" in page_of(member, asha).content.decode()
        address = reverse("member_detail", args=[asha.slug])
        assert "First question" in member.get(f"{address}?page=2").content.decode()
        for page in ("0", "x", "9" * 30, "%00"):
            assert member.get(f"{address}?page={page}").status_code == 200


def test_threads_lead_to_the_page_of_who_wrote_and_visitors_meet_no_link(member, visitor, asha, community):
    question = released_question(community=community, author=asha)
    reply = released_reply(question=question)
    page = member.get(question.get_absolute_url()).content.decode()
    assert f'href="{asha.get_absolute_url()}"' in page
    assert f'href="{reply.author.get_absolute_url()}"' in page
    type(community).objects.update(threads_public=True)
    assert "/members/" not in visitor.get(question.get_absolute_url()).content.decode()


def test_after_leaving_for_good_the_address_is_free_of_the_name_and_the_page_says_so(member, asha):
    address = asha.get_absolute_url()
    communities.anonymise(user=asha.user, now=timezone.now())
    response = member.get(address)
    assert response.status_code == 404
    assert "former member" in response.content.decode()
    gone = Member.objects.get(pk=asha.pk)
    assert (gone.slug, gone.get_absolute_url()) == (None, "")
