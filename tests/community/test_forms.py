"""Forms make input honest: what is wrong is said beside the field, what was typed is kept."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.utils import timezone

from community.forms.accounts import ProfileForm, SignupForm
from community.forms.discussion import AskForm, ReplyForm
from community.forms.tokens import is_token_of, new_token
from community.models import Member
from tests.factories.community import CommunityFactory, MemberFactory, make_member
from tests.factories.knowledge import SectorFactory, StateFactory, ThemeFactory
from tests.factories.users import UserFactory

pytestmark = pytest.mark.django_db

TITLE = "Our dye house wastes water"
BODY = "Forty dyers share one drain and the water runs off unused."


@pytest.fixture
def theme():
    return ThemeFactory()


@pytest.fixture
def author(theme):
    community = CommunityFactory()
    community.themes.add(theme)
    return make_member(community)


def posted(**values) -> QueryDict:
    data = QueryDict(mutable=True)
    for name, value in values.items():
        data.setlist(name, value if isinstance(value, list) else [value])
    return data


def ask_form(author: Member, **changes) -> AskForm:
    """Return the form as ``author`` would send it, with ``changes``."""
    communities = [row.community for row in author.memberships.current()]
    themes = [theme.slug for community in communities for theme in community.themes.all()][:1]
    values = {"title": TITLE, "body": BODY, "themes": themes, "form_token": new_token(author)} | changes
    return AskForm(posted(**values), member=author, communities=communities)


def test_a_complete_question_is_valid(author, theme):
    form = ask_form(author, state=StateFactory().slug, sector=SectorFactory().slug)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["themes"] == [theme]
    assert form.text.title == TITLE


@pytest.mark.parametrize("field", ["title", "body", "themes"])
def test_what_is_needed_is_asked_for(author, field):
    form = ask_form(author, **{field: ""})
    assert not form.is_valid()
    assert field in form.errors


@pytest.mark.parametrize("value", ["   \n\t ", "\u200b", "\ufeff \x07"])
def test_a_title_of_nothing_visible_is_refused(author, value):
    form = ask_form(author, title=value)
    assert "title" in form.errors


@pytest.mark.parametrize(("field", "length"), [("title", 161), ("body", 20_001), ("tried", 20_001)])
def test_a_text_that_is_too_long_is_refused_and_kept(author, field, length):
    form = ask_form(author, **{field: "x" * length})
    assert field in form.errors
    assert form[field].value() == "x" * length


@pytest.mark.parametrize("value", ["half\x00way through a file", "broken \ufffd letters in a line", "\x00" * 40])
@pytest.mark.parametrize("field", ["title", "body", "tried"])
def test_nul_and_broken_utf8_are_refused_beside_the_field(author, field, value):
    form = ask_form(author, **{field: value})
    assert "cannot be read" in form.errors[field][0]


def test_signs_without_a_shape_are_taken_out_and_line_ends_made_one(author):
    form = ask_form(author, title="Our\x07 dye\u202e house\n wastes  water", body="One line of text.\r\nTwo\x1b lines.")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["title"] == "Our dye house wastes water"
    assert form.cleaned_data["body"] == "One line of text.\nTwo lines."


def test_markup_and_hindi_stay_as_typed(author):
    title, body = "<script>alert(1)</script> क्या करें?", "<b>हमारे रंगाई घर</b> में पानी बहुत बह जाता है। {{ 7|add:7 }}"
    form = ask_form(author, title=title, body=body)
    assert form.is_valid(), form.errors
    assert form.text.title == title
    assert form.text.body == body


@pytest.mark.parametrize("slug", ["no-such-theme", "\x00", "1' OR '1'='1", "9" * 500])
@pytest.mark.parametrize("field", ["themes", "state", "sector", "community"])
def test_a_term_that_does_not_exist_is_refused_beside_its_field(author, field, slug):
    form = ask_form(author, **{field: [slug]})
    assert not form.is_valid()
    assert field in form.errors


def test_more_than_three_themes_are_refused(author):
    form = ask_form(author, themes=[ThemeFactory().slug for _number in range(4)])
    assert "themes" in form.errors


def test_the_order_of_themes_is_kept_and_a_theme_named_twice_counts_once(author):
    first, second = ThemeFactory(), ThemeFactory()
    form = ask_form(author, themes=[second.slug, first.slug, second.slug])
    assert form.is_valid(), form.errors
    assert form.cleaned_data["themes"] == [second, first]


def test_another_communitys_slug_is_refused(author):
    form = ask_form(author, community=CommunityFactory().slug)
    assert "community" in form.errors


def test_without_a_choice_the_root_of_the_first_theme_names_the_community(author, theme):
    other = CommunityFactory()
    root = ThemeFactory()
    other.themes.add(root)
    narrower = ThemeFactory(parent=root)
    communities = [author.memberships.get().community, other]
    data = posted(title=TITLE, body=BODY, themes=[narrower.slug, theme.slug], form_token=new_token(author))
    form = AskForm(data, member=author, communities=communities)
    assert form.is_valid(), form.errors
    assert form.cleaned_data["community"] == other


def test_a_theme_of_no_community_of_mine_asks_for_the_community(author):
    communities = [author.memberships.get().community, CommunityFactory()]
    data = posted(title=TITLE, body=BODY, themes=[ThemeFactory().slug], form_token=new_token(author))
    form = AskForm(data, member=author, communities=communities)
    assert "community" in form.errors


@pytest.mark.parametrize("days", [0, -1, -4000, 365 * 40])
def test_a_day_that_has_passed_or_is_far_off_is_refused(author, days):
    form = ask_form(author, needed_on=(timezone.localdate() + timedelta(days=days)).isoformat())
    assert "needed_on" in form.errors


@pytest.mark.parametrize("value", ["soon", "2026-13-40", "\x00", "0000-00-00"])
def test_what_is_no_day_is_refused(author, value):
    assert "needed_on" in ask_form(author, needed_on=value).errors


def test_tomorrow_is_soon_enough(author):
    tomorrow = timezone.localdate() + timedelta(days=1)
    form = ask_form(author, needed_on=tomorrow.isoformat())
    assert form.is_valid(), form.errors
    assert form.cleaned_data["needed_on"] == tomorrow


@pytest.mark.parametrize("token", ["", "forged", "a.b", "x" * 500, "\x00"])
def test_a_forged_token_is_replaced_and_the_person_asked_to_look_again(author, token):
    form = ask_form(author, form_token=token)
    assert not form.is_valid()
    assert is_token_of(author, form["form_token"].value())
    assert form["title"].value() == TITLE


def test_another_members_token_is_refused(author):
    form = ask_form(author, form_token=new_token(MemberFactory()))
    assert not form.is_valid()


def test_a_reply_of_an_unknown_kind_is_refused(author):
    form = ReplyForm(posted(body=BODY, reply_kind="order", form_token=new_token(author)), member=author)
    assert "reply_kind" in form.errors


def test_signing_up_needs_the_consent_to_the_licence():
    form = SignupForm(posted(name="Asha", occupation="cda"))
    assert "consent" in form.errors


def test_signing_up_makes_the_profile(rf):
    user, state = UserFactory(name=""), StateFactory()
    form = SignupForm(
        posted(
            name=" Asha  Rao ", occupation="expert", organisation="", state=state.slug, district="Kurnool", consent="on"
        )
    )
    assert form.is_valid(), form.errors
    form.signup(rf.post("/"), user)
    member = Member.objects.get(user=user)
    assert (member.name, member.occupation, member.state, member.district) == ("Asha Rao", "expert", state, "Kurnool")
    assert member.licence_accepted_at is not None


def test_a_profile_keeps_the_themes_in_it():
    member, theme = MemberFactory(), ThemeFactory()
    member.themes.add(theme)
    assert f'value="{theme.slug}"' in str(ProfileForm.for_member(member)["themes"])
    assert "checked" in str(ProfileForm.for_member(member)["themes"])
