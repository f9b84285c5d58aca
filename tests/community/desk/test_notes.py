"""Notes that moderators keep for each other, on a message and on a member."""

import pytest
from django.urls import reverse
from django.utils import timezone

from community.models import Note
from community.permissions import NotAllowed
from community.services import communities, flags, moderation
from community.states import Action
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    MembershipFactory,
    make_member,
    make_moderator,
    pending_question,
    released_question,
    released_reply,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]


@pytest.fixture
def item(community):
    return pending_question(community=community)


def note(client, item, text="Asked the board by phone.", about="item"):
    return client.post(reverse("desk_note", args=[item.pk]), {"text": text, "about": about})


def shown(client, item) -> str:
    return client.get(reverse("desk_item", args=[item.pk])).content.decode()


def test_other_moderators_of_the_community_read_a_note_on_a_message(moderator, community, item):
    assert note(moderator, item).status_code == 302
    asha = sign_in(make_moderator(community, name="Asha").user)
    assert "Asked the board by phone." in shown(asha, item)


def test_a_note_on_the_author_stands_beside_each_message_of_theirs_in_this_community_alone(moderator, community):
    author = make_member(community)
    first, second = (pending_question(community=community, author=author) for _number in range(2))
    note(moderator, first, text="New to the trade.", about="author")
    assert "New to the trade." in shown(moderator, second)

    elsewhere = CommunityFactory()
    MembershipFactory(member=author, community=elsewhere)
    theirs = pending_question(community=elsewhere, author=author)
    assert "New to the trade." not in shown(sign_in(make_moderator(elsewhere).user), theirs)


def test_neither_the_author_nor_another_member_reads_a_note(moderator, community, item, client):
    note(moderator, item, text="Write to the board first.")
    note(moderator, item, text="Often in a hurry.", about="author")
    for person in (item.author, make_member(community)):
        reader = sign_in(person.user)
        for address in (reverse("my"), reverse("my_submission", args=[item.pk])):
            words = reader.get(address).content.decode()
            assert "Write to the board first." not in words
            assert "Often in a hurry." not in words


def test_who_moderates_elsewhere_or_no_more_writes_and_reads_none(community, item):
    stranger = sign_in(make_moderator(CommunityFactory()).user)
    assert note(stranger, item).status_code == 404

    former = make_moderator(community)
    communities.leave(membership=former.memberships.get(), now=timezone.now())
    with pytest.raises(NotAllowed):
        moderation.write_note(
            moderator=former.user, community=community, submission=item, text="Still here.", now=timezone.now()
        )
    assert not Note.objects.exists()


def test_who_wrote_a_note_takes_it_back_and_nobody_else_does(moderator, community, item):
    note(moderator, item)
    written = Note.objects.get()
    asha = sign_in(make_moderator(community, name="Asha").user)

    asha.post(reverse("desk_note_end", args=[written.pk]), {"item": item.pk})
    assert "Asked the board by phone." in shown(moderator, item)
    for _twice in range(2):
        moderator.post(reverse("desk_note_end", args=[written.pk]), {"item": item.pk})
    assert "Asked the board by phone." not in shown(moderator, item)
    assert Note.objects.get().ended_at is not None


def test_a_moderator_keeps_no_note_on_themselves(community, moderator):
    own = pending_question(community=community, author=moderator.user.member)
    answer = note(moderator, own, about="author")
    assert answer.status_code == 403
    assert "keep none on yourself" in answer.content.decode()


@pytest.mark.parametrize(
    ("text", "about"), [("", "item"), (" \n", "item"), ("Fine.", "everybody"), ("x" * 1001, "item")]
)
def test_a_note_that_cannot_be_kept_is_refused_beside_the_field_with_what_was_typed(moderator, item, text, about):
    answer = note(moderator, item, text=text, about=about)
    assert answer.status_code == 400
    assert answer.context["remark"].errors
    assert text.strip() in answer.content.decode()
    assert not Note.objects.exists()


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "नोट \u202e उल्टा", "a\x00b", "😀" * 500])
def test_hostile_text_is_shown_as_text(moderator, item, hostile):
    assert note(moderator, item, text=hostile).status_code in (302, 400)
    assert "<script>alert(1)" not in shown(moderator, item)


@pytest.mark.parametrize("back_to", ["", "x", "9" * 30, "-1"])
def test_a_forged_way_back_leads_to_the_queue(moderator, item, back_to):
    note(moderator, item)
    answer = moderator.post(reverse("desk_note_end", args=[Note.objects.get().pk]), {"item": back_to})
    assert answer.url == reverse("desk")


def test_a_note_changes_neither_the_item_nor_its_log(moderator, item):
    note(moderator, item)
    before = item.version
    item.refresh_from_db()
    assert item.version == before
    assert list(item.events.values_list("action", flat=True)) == [Action.SUBMIT]


def test_the_notes_on_a_member_go_with_the_member(moderator, item):
    note(moderator, item)
    note(moderator, item, text="Often in a hurry.", about="author")
    communities.anonymise(user=item.author.user, now=timezone.now())
    assert list(Note.objects.values_list("text", flat=True)) == ["Asked the board by phone."]


def test_a_note_beside_a_report_is_about_the_author_of_the_reported_message(moderator, community):
    reply = released_reply(question=released_question(community=community))
    reporter = make_member(community)
    case = flags.report(about=reply, member=reporter, why="harmful", words="", now=timezone.now()).flag
    assert note(moderator, case, text="Wrote the same before.", about="author").status_code == 302

    assert Note.objects.get().member == reply.author
    assert "Wrote the same before." in shown(moderator, case)
