"""What a moderator changed: word by word, safe for any text, in bounded time, told to the author."""

import random
import time
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from community.models import Envelope, ModerationEvent
from community.permissions import NotAllowed
from community.services import moderation
from community.services.differences import ADDED, REMOVED, SAME, Piece, as_text, compare, editing_of, shortened
from community.services.revisions import Text
from tests.factories.community import make_member, moderator_of, pending_question

NOW = timezone.now()


def side(pieces, left_out) -> str:
    return "".join(piece.words for piece in pieces if piece.kind != left_out)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("", "New."),
        ("Old.", ""),
        ("To much smoke", "Too much smoke"),
        ("a b c d e", "a x c y e"),
        ("one\ntwo\nthree\n", "one\n2\nthree\nfour"),
        ("  lead\n\n\ntrail  ", "lead\ntrail"),
        ("<script>alert(1)</script> &amp;", "<b>&</b>"),
        ("धुआँ बहुत है", "धुआँ कम है"),
        ("e\u0301 \u202e x", "é x"),
    ],
)
def test_both_texts_can_be_read_from_the_pieces(before, after):
    pieces = compare(before, after)
    assert side(pieces, ADDED) == before
    assert side(pieces, REMOVED) == after


def test_only_the_changed_words_are_marked():
    assert compare("To much smoke\nin the shed.", "Too much smoke\nin the shed.") == (
        Piece(REMOVED, "To "),
        Piece(ADDED, "Too "),
        Piece(SAME, "much smoke\nin the shed."),
    )


WORDS = ["drain", "dye", "water", "tank", "the", "a", "of", "cost"]


def _shuffled(seed: int, size: int, sign: str) -> str:
    chance = random.Random(seed)
    return sign.join(chance.choice(WORDS) for _each in range(size))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a " * 50_000, "b a " * 25_000),
        ("a x " * 25_000, "a y " * 25_000),
        ("a\n" * 50_000, "a\nb\n" * 25_000),
        (_shuffled(1, 18_000, " "), _shuffled(2, 18_000, " ")),
        (_shuffled(3, 18_000, "\n"), _shuffled(4, 18_000, "\n")),
        ("x" * 100_000, "y" * 100_000),
        (" " * 100_000, "\n" * 100_000),
        ("\n".join("a x " * 40 for _each in range(600)), "\n".join("a y " * 40 for _each in range(600))),
    ],
    ids=["one word", "every second", "lines", "words", "short lines", "no spaces", "spaces", "many blocks"],
)
def test_hundred_kilobytes_of_hostile_text_take_bounded_time(before, after):
    began = time.process_time()
    pieces = compare(before, after)
    assert time.process_time() - began < 5
    assert side(pieces, ADDED) == before
    assert side(pieces, REMOVED) == after


def test_long_unchanged_stretches_are_cut_and_changes_are_not():
    pieces = compare(
        "same words " * 200 + "old " + "more words " * 200, "same words " * 200 + "new " + "more words " * 200
    )
    short = shortened(pieces)
    assert [piece.kind for piece in short] == [SAME, REMOVED, ADDED, SAME]
    assert sum(len(piece.words) for piece in short) < 300
    assert as_text(short).count("[taken out: old] [put in: new]") == 1


def amend(question, text: Text, **how):
    moderator = moderator_of(question)
    return moderation.approve(
        submission=question, moderator=moderator.user, version=question.version, now=NOW, amended=text, **how
    )


def released_sides(question) -> tuple[str, str]:
    moderation.release_due(now=NOW + timedelta(days=1))
    message = message_from_bytes(bytes(Envelope.objects.get(kind="notice").message), policy=policy.default)
    return message.get_body(("plain",)).get_content(), message.get_body(("html",)).get_content()


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "hi"])
def test_the_author_reads_every_changed_word_and_the_note_in_the_release_mail(community, language):
    author = make_member(community, mail_language=language)
    question = pending_question(community=community, author=author, body="To <b>much</b> smoke. Call 98100 00000.")
    text = Text(title=question.revision.title, body="Too <b>much</b> smoke.")
    amend(question, text, is_substantive=True, note="A phone number taken <out>.")
    plain, html = released_sides(question)
    assert "A phone number taken <out>." in plain
    assert "A phone number taken &lt;out&gt;." in html
    assert "98100 00000." in plain
    assert "<del" in html
    assert "<ins" in html
    assert "&lt;b&gt;much&lt;/b&gt;" in html
    assert f"/my/submissions/{question.pk}/" in plain


@pytest.mark.django_db
def test_an_unchanged_release_says_nothing_of_changes():
    question = pending_question()
    amend(question, Text.of(question.revision), is_substantive=True)
    plain, html = released_sides(question)
    assert "<ins" not in html
    assert "Your own words are kept" not in plain


@pytest.mark.django_db
def test_a_change_of_the_sense_needs_a_note_and_a_small_one_does_not():
    question = pending_question()
    other = Text(title="Other", body="Other")
    for note in ("", "   "):
        with pytest.raises(NotAllowed):
            amend(question, other, is_substantive=True, note=note)
    question.refresh_from_db()
    assert question.state == "pending"
    assert question.revisions.count() == 1
    amend(question, other)
    entry = ModerationEvent.objects.get(action="amend")
    assert (entry.is_substantive, entry.message) == (False, "")


@pytest.mark.django_db
def test_the_database_refuses_a_change_of_the_sense_without_words():
    event = pending_question().events.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        ModerationEvent.objects.create(
            submission_id=event.submission_id,
            number=9,
            action="amend",
            from_state="pending",
            to_state="pending",
            is_substantive=True,
            at=NOW,
        )


@pytest.mark.django_db
def test_what_is_compared_is_the_authors_last_wording_and_the_one_that_readers_see():
    question = pending_question(title="Smok", body="One.")
    amend(question, Text(title="Smoke", body="One."))
    question.refresh_from_db()
    moderation.undo_approval(
        submission=question, moderator=moderator_of(question).user, version=question.version, now=NOW
    )
    question.refresh_from_db()
    amend(question, Text(title="Smoke", body="One, two."), note="Added.")
    question.refresh_from_db()
    editing = editing_of(question)
    assert [str(change.label) for change in editing.changes] == ["Title", "Text"]
    assert [event.message for event in editing.notes] == ["", "Added."]

    question.revisions.filter(number=1).update(redacted_at=NOW, body="", title="")
    assert editing_of(question) is None, "what was blanked is compared with nothing"
