"""Drafts: newer words are never overwritten, what was sent leaves none, nobody stores without end."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from community.forms.tokens import new_token
from community.models import Draft, DraftKind, Member, Question
from community.services import discussion
from community.services.communities import anonymise
from community.services.revisions import Text
from community.services.writing import drafts
from community.services.writing.drafts import NotKept, Place
from community.services.writing.kept_forms import LONGEST
from tests.at_once import at_once
from tests.factories.community import CommunityFactory, make_member, pending_question
from tests.factories.knowledge import ThemeFactory

pytestmark = pytest.mark.django_db

WORDS = "Forty dyers share one drain and the water runs off unused."
HINDI = "हमारे रंगाई घर में पानी बर्बाद होता है, क्या करें?"


@pytest.fixture
def writer():
    return make_member(CommunityFactory())


def keep(writer: Member, place: Place, words: str = WORDS, *, step: int = 0, at: int = 0, **more) -> drafts.Saved:
    options = {"kind": DraftKind.QUESTION, "about": None, "fields": {"body": [words]}} | more
    return drafts.save(member=writer, place=place, step=step, now=timezone.now() + timedelta(seconds=at), **options)


def bodies(writer: Member) -> list[str]:
    return [draft.fields["body"][0] for draft in drafts.all_of(writer)]


def test_a_page_that_saves_again_and_again_keeps_one_draft_with_the_last_words(writer):
    place = Place.new()
    for number in range(5):
        keep(writer, place, f"{HINDI} {number}", step=number)
    assert bodies(writer) == [f"{HINDI} 4"]


def test_what_a_page_sent_earlier_and_arrives_later_changes_nothing(writer):
    place = Place.new()
    keep(writer, place, "the last words", step=9)
    for words in ("the words before", ""):
        keep(writer, place, words, step=8)
    assert bodies(writer) == ["the last words"]


def test_another_device_goes_on_with_the_draft_that_it_opened(writer):
    keep(writer, Place.new(), "from the phone")
    laptop = Place.new(drafts.found(member=writer, kind=DraftKind.QUESTION, about=None)[0])
    assert keep(writer, laptop, "from the laptop").newer is None
    assert keep(writer, laptop, "from the laptop again", step=1).newer is None
    assert bodies(writer) == ["from the laptop again"]


def test_words_that_a_window_did_not_see_are_not_overwritten_but_stand_beside(writer):
    keep(writer, Place.new(), "begun")
    begun = drafts.found(member=writer, kind=DraftKind.QUESTION, about=None)[0]
    phone, laptop = Place.new(begun), Place.new(begun)
    keep(writer, phone, "from the phone", at=1)
    late = keep(writer, laptop, "from the laptop", at=2)
    assert late.newer.fields == {"body": ["from the phone"]}
    keep(writer, laptop, "from the laptop, longer", step=1, at=3)
    keep(writer, phone, "from the phone, longer", step=1, at=4)
    assert bodies(writer) == ["from the phone, longer", "from the laptop, longer"]


def test_a_window_whose_draft_was_opened_and_changed_elsewhere_goes_on_beside_it(writer):
    phone = Place.new()
    keep(writer, phone, "from the phone")
    keep(writer, Place.new(Draft.objects.get()), "from the laptop", at=1)
    assert keep(writer, phone, "from the phone, longer", step=1, at=2).newer
    assert bodies(writer) == ["from the phone, longer", "from the laptop"]


def test_the_same_words_from_two_windows_make_no_second_draft(writer):
    keep(writer, Place.new(), "begun")
    begun = drafts.found(member=writer, kind=DraftKind.QUESTION, about=None)[0]
    for _window in range(2):
        keep(writer, Place.new(begun), "the same words")
    assert bodies(writer) == ["the same words"]


@pytest.mark.parametrize("words", ["", " \n\t"])
def test_an_empty_form_needs_no_draft_and_emptying_one_drops_it(writer, words):
    place = Place.new()
    assert keep(writer, place, words).draft is None
    keep(writer, place, WORDS)
    keep(writer, place, words)
    assert not Draft.objects.exists()


def test_sending_drops_the_draft_in_the_same_transaction_and_a_late_save_does_not_bring_it_back(writer):
    place, token = Place.new(), new_token(writer)
    keep(writer, place, form_token=token)
    kept_elsewhere = keep(writer, Place.new(), "another question").draft
    discussion.submit_question(
        author=writer,
        community=writer.memberships.get().community,
        text=Text(title="Our dye house wastes water", body=WORDS),
        themes=[ThemeFactory()],
        now=timezone.now(),
        form_token=token,
        draft=place,
    )
    keep(writer, place, form_token=token, step=1)
    assert list(Draft.objects.all()) == [kept_elsewhere]


def test_sending_leaves_what_another_window_has_saved_since(writer):
    keep(writer, Place.new(), "begun")
    begun = drafts.found(member=writer, kind=DraftKind.QUESTION, about=None)[0]
    here, there = Place.new(begun), Place.new(begun)
    keep(writer, there, "written meanwhile")
    drafts.sent(member=writer, place=here)
    assert bodies(writer) == ["written meanwhile"]


def test_a_change_that_is_the_text_as_it_stands_needs_no_draft(writer):
    own = pending_question(author=writer, community=writer.memberships.get().community)
    text = {"title": [own.revision.title], "body": [own.revision.body], "tried": [""]}
    change = {"kind": DraftKind.REVISION, "about": own}
    assert keep(writer, Place.new(), **change | {"fields": text}).draft is None
    assert keep(writer, Place.new(), **change | {"fields": text | {"body": ["Fifty dyers"]}}).draft


def test_a_draft_of_one_form_is_not_written_over_by_another(writer):
    place = Place.new()
    keep(writer, place, "a question")
    own = pending_question(author=writer, community=writer.memberships.get().community)
    keep(writer, place, "a change", kind=DraftKind.REVISION, about=own)
    assert sorted(bodies(writer)) == ["a change", "a question"]


def test_nobody_finds_or_drops_the_draft_of_another(writer):
    other = make_member(CommunityFactory())
    place = Place.new()
    keep(writer, place)
    assert drafts.found(member=other, kind=DraftKind.QUESTION, about=None) == []
    assert not drafts.throw_away(member=other, key=place.key)
    drafts.sent(member=other, place=place)
    keep(other, place, "of the other")
    assert bodies(writer) == [WORDS]
    assert drafts.throw_away(member=writer, key=place.key)
    assert bodies(other) == ["of the other"]


def test_what_is_too_long_or_one_too_many_is_refused_in_words_and_the_rest_stays(writer):
    for number in range(drafts.MOST):
        keep(writer, Place.new(), f"number {number}")
    with pytest.raises(NotKept, match="you have 30 drafts"):
        keep(writer, Place.new(), "one more")
    with pytest.raises(NotKept, match="Too long"):
        keep(writer, Place.new(), "x" * (LONGEST + 1))
    assert Draft.objects.count() == drafts.MOST


@pytest.mark.parametrize(
    "text", ["", "..", "a.1", "a.-1.b", "a.1.b" * 90, "a.99999999999.b", "<b>.1.x", "ключ.1.x", "a.१.b", "\x00.0.\x00"]
)
def test_a_place_that_no_page_of_ours_carried_is_a_new_one(text):
    place = Place.read(text)
    assert place.version == 0
    assert Place.read(str(place)) == place


def test_drafts_that_nobody_went_on_with_are_dropped_after_their_days(writer):
    keep(writer, Place.new(), "fresh")
    keep(writer, Place.new(), "old", at=-settings.DRAFT_DAYS * 86_400)
    assert drafts.drop_old(now=timezone.now()) == 1
    assert bodies(writer) == ["fresh"]


def test_who_leaves_for_good_leaves_no_draft(writer):
    keep(writer, Place.new())
    anonymise(user=writer.user, now=timezone.now())
    assert not Draft.objects.exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_window_that_saves_twice_at_the_same_moment_keeps_one_draft(writer):
    place = Place.new()
    outcomes = at_once(*(lambda number=number: keep(writer, place, f"{number}", step=number) for number in range(12)))
    assert not [each for each in outcomes if isinstance(each, Exception)]
    assert bodies(writer) == ["11"]


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_a_save_at_the_moment_of_sending_leaves_nothing_behind(writer):
    community, theme = writer.memberships.get().community, ThemeFactory()
    for _time in range(5):
        place, token = Place.new(), new_token(writer)
        keep(writer, place, form_token=token)

        def send(place=place, token=token) -> Question:
            return discussion.submit_question(
                author=writer,
                community=community,
                text=Text(title="Our dye house wastes water", body=WORDS),
                themes=[theme],
                now=timezone.now(),
                form_token=token,
                draft=place,
            )

        def save(place=place, token=token) -> drafts.Saved:
            return keep(writer, place, "a little more", step=1, form_token=token)

        outcomes = at_once(send, save)
        assert not [each for each in outcomes if isinstance(each, Exception)]
    assert not Draft.objects.exists()
