"""Communities and the list of questions: open to read, joined at once."""

import pytest
from django.urls import reverse

from community.enums import Role
from community.models import Community, Membership, Submission
from community.states import SubmissionState
from tests.conftest import sign_in
from tests.factories.community import CommunityFactory, MemberFactory, in_state, make_member, released_question
from tests.factories.knowledge import SectorFactory, StateFactory, ThemeFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def newcomer():
    """Return a client of a member who is in no community."""
    return sign_in(MemberFactory().user)


def test_joining_takes_effect_at_once_and_twice_is_once(newcomer, community):
    address = reverse("community_join", args=[community.slug])
    newcomer.get(address)
    assert not Membership.objects.exists(), "reading joins nothing"
    newcomer.post(address)
    newcomer.post(address)
    membership = Membership.objects.current().get()
    assert membership.member == newcomer.user.member


def test_leaving_ends_the_membership_and_keeps_its_row(member, community):
    member.post(reverse("community_leave", args=[community.slug]))
    assert not Membership.objects.current().filter(member=member.user.member).exists()
    assert Membership.objects.filter(member=member.user.member).exists()


def test_after_joining_one_comes_back_to_where_one_was_but_never_to_another_site(newcomer, community):
    address = reverse("community_join", args=[community.slug])
    assert newcomer.post(address, {"next": "/ask/"}).url == "/ask/"
    for onward in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", "\x00"):
        assert newcomer.post(address, {"next": onward}).url == community.get_absolute_url()


@pytest.mark.parametrize("name", ["community_join", "community_leave"])
def test_visitors_sign_in_first(visitor, community, name):
    assert visitor.post(reverse(name, args=[community.slug])).url.startswith(reverse("account_login"))


@pytest.mark.parametrize("name", ["community_detail", "community_join", "community_leave"])
def test_a_community_that_does_not_exist_is_404(member, name):
    assert member.get(reverse(name, args=["none"])).status_code == 404


def test_the_moderators_names_are_for_members(visitor, member, moderator, community):
    name = moderator.user.member.name
    assert name not in visitor.get(community.get_absolute_url()).content.decode()
    assert name in member.get(community.get_absolute_url()).content.decode()


def test_a_newcomer_reads_the_welcome_and_an_old_member_does_not(newcomer, member, visitor, community):
    Community.objects.filter(pk=community.pk).update(welcome="Read the **rules** <b>first</b>.")
    newcomer.post(reverse("community_join", args=[community.slug]))
    page = newcomer.get(community.get_absolute_url()).content.decode()
    assert "<strong>rules</strong> &lt;b&gt;first" in page
    for other in (member, visitor):
        assert "<strong>rules</strong>" not in other.get(community.get_absolute_url()).content.decode()


def test_rules_stand_one_by_one_in_the_readers_language_with_an_anchor_each(visitor, community):
    Community.objects.filter(pk=community.pk).update(
        rules="1. Be kind\n\n2) No <script>ads</script>\n", rules_hi="दयालु रहें"
    )
    page = visitor.get(community.get_absolute_url()).content.decode()
    assert 'id="rules"' in page
    assert '<li id="rule-1">Be kind</li><li id="rule-2">No &lt;script&gt;ads&lt;/script&gt;</li>' in page
    assert '<li id="rule-1">दयालु रहें</li>' in visitor.get(f"/hi{community.get_absolute_url()}").content.decode()


def test_the_page_names_the_lead_first_and_counts(member, moderator, community):
    make_member(community, role=Role.LEAD, name="Zarina")
    released_question(community=community)
    response = member.get(community.get_absolute_url())
    assert [row.member.name for row in response.context["moderators"]] == ["Zarina", moderator.user.member.name]
    assert response.context["figures"] == {"asked": 1, "written_up": 0}


def test_the_last_lead_is_told_why_leaving_is_refused(community):
    lead = sign_in(make_member(community, role=Role.LEAD).user)
    lead.post(reverse("community_leave", args=[community.slug]))
    assert "A community needs a lead" in lead.get(community.get_absolute_url()).content.decode()
    assert Membership.objects.current().filter(member=lead.user.member).exists()


def test_pages_of_communities_cost_the_same_queries_whatever_the_rows(
    visitor, community, django_assert_max_num_queries
):
    for _number in range(4):
        make_member(community)
        released_question(community=community)
        CommunityFactory()
    for address in (reverse("community_list"), community.get_absolute_url(), reverse("question_list")):
        with django_assert_max_num_queries(15):
            assert visitor.get(address).status_code == 200


# The list of questions


@pytest.mark.parametrize("state", [state for state in SubmissionState if state != SubmissionState.RELEASED])
def test_only_released_questions_are_listed(visitor, moderator, community, state):
    if state == SubmissionState.HIDDEN:
        question = released_question(community=community, title="Nobody may know of this")
        Submission.objects.filter(pk=question.pk).update(state=state)
    else:
        in_state(state, community=community, title="Nobody may know of this")
    for address in (reverse("question_list"), community.get_absolute_url()):
        assert "Nobody may know of this" not in visitor.get(address).content.decode()


def test_filters_narrow_the_list(visitor, community):
    theme, sector, state = ThemeFactory(), SectorFactory(), StateFactory()
    terms = {"themes": [theme], "sector": sector, "state_of_india": state}
    released_question(community=community, title="Within the filter", **terms)
    released_question(community=community, title="Outside of it")
    for filters in ({"theme": theme.slug}, {"sector": sector.slug}, {"state": state.slug}, {"q": "within"}):
        text = visitor.get(reverse("question_list"), filters).content.decode()
        assert "Within the filter" in text
        assert "Outside of it" not in text
    text = visitor.get(reverse("question_list"), {"life": "closed"}).content.decode()
    assert "No question fits all of this" in text


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "page=-5", "page=99999999999999999999", "page=%00", "theme=none", "theme=%00", "life=%ff",
     "state=" + "x" * 5000, "q=%00%ff'\"()*", "sort=%00", "sector=1%27%20OR%201=1"],
)  # fmt: skip
def test_whatever_stands_in_the_address_a_list_comes_back(visitor, community, query):
    released_question(community=community)
    assert visitor.get(f"{reverse('question_list')}?{query}").status_code == 200


def test_hindi_pages_exist(visitor, community):
    for address in ("/hi/questions/", "/hi/ask/", "/hi/communities/", f"/hi/communities/{community.slug}/"):
        assert visitor.get(address).status_code == 200
