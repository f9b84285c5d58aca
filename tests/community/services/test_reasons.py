"""Reasons: their words are kept in versions, filled for one author, and frozen in the log."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation

from community.mail.addresses import rule_address
from community.models import Envelope, ModerationEvent, ReasonVersion
from community.services import moderation
from community.states import Action
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    make_member,
    moderator_of,
    pending_question,
    pending_reply,
    released_question,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def give_back(submission, reason, message="") -> ModerationEvent:
    moderation.return_to_author(
        submission=submission,
        moderator=moderator_of(submission).user,
        version=submission.version,
        reason=reason,
        message=message,
        now=NOW,
    )
    return submission.events.last()


def test_an_entry_of_the_log_keeps_the_wording_it_was_given_with():
    reason = ReasonFactory(name="Place", text="Say where.")
    first = give_back(pending_question(), reason)
    reason.name, reason.text = "Place and trade", "Say where, and what you make."
    reason.save()
    editor = make_member(CommunityFactory()).user
    moderation.keep_words(reason=reason, by=editor, now=NOW + timedelta(hours=1))

    second = give_back(pending_question(), reason)

    assert [event.reason_version.number for event in (first, second)] == [1, 2]
    assert [event.message for event in (first, second)] == ["Say where.", "Say where, and what you make."]
    assert [event.reason_name for event in (first, second)] == ["Place", "Place and trade"]
    assert ReasonVersion.objects.get(reason=reason, number=1).text == "Say where."
    assert ReasonVersion.objects.get(reason=reason, number=2).made_by == editor


def test_saving_the_same_words_makes_no_version():
    reason = ReasonFactory()
    first = moderation.keep_words(reason=reason, by=None, now=NOW)
    assert moderation.keep_words(reason=reason, by=None, now=NOW) == first
    with pytest.raises(IntegrityError), transaction.atomic():
        ReasonVersion.objects.create(reason=reason, number=1, name="x", text="x", made_at=NOW)


def test_the_order_and_the_end_of_a_reason_are_no_words():
    reason = ReasonFactory()
    moderation.keep_words(reason=reason, by=None, now=NOW)
    reason.order, reason.ended_at = 7, NOW
    reason.save()
    moderation.keep_words(reason=reason, by=None, now=NOW)
    assert reason.versions.count() == 1


@pytest.mark.parametrize("language", ["en", "hi"])
def test_words_are_filled_in_the_authors_language(language):
    community = CommunityFactory(rules="Be kind.")
    author = make_member(community, name="Meena", mail_language=language)
    question = pending_question(community=community, author=author, title="Who cleans the drain?")
    words = "{name} | {title} | {community} | {rules} | {link}"
    reason = ReasonFactory(text=f"EN {words}", text_hi=f"HI {words}")

    with translation.override("hi" if language == "en" else "en"):
        message = give_back(question, reason).message

    prefix = "/hi" if language == "hi" else ""
    assert message == (
        f"{language.upper()} Meena | Who cleans the drain? | {community.name} | "
        f"http://localhost{prefix}/communities/{community.slug}/#rules | "
        f"http://localhost{prefix}/my/submissions/{question.pk}/"
    )


def test_hostile_values_stay_text_in_the_mail():
    author = make_member(CommunityFactory(), name="<script>x</script>{title}")
    question = pending_question(author=author, community=author.memberships.get().community, title="{link}<b>&")
    event = give_back(question, ReasonFactory(text="{name} {title}"))
    assert event.message == "<script>x</script>{title} {link}<b>&"
    html = bytes(Envelope.objects.get().message).decode()
    assert "<script>" not in html.partition("text/html")[2]


def test_what_a_moderator_typed_is_sent_as_typed():
    event = give_back(pending_question(), ReasonFactory(text="{name}"), message="  Use {braces} and {name}.  ")
    assert event.message == "Use {braces} and {name}."


def test_a_reply_is_called_by_the_title_of_its_question():
    question = released_question(title="Who cleans the drain?")
    event = give_back(pending_reply(question=question), ReasonFactory(text="About {title}"))
    assert event.message == "About Who cleans the drain?"


@pytest.mark.parametrize(
    ("link", "rules", "language", "ends"),
    [
        ("", "Be kind.", "en", "/communities/dyers/#rules"),
        ("", "", "en", "/moderation/"),
        ("", "", "hi", "/hi/moderation/"),
        ("#rules", "", "hi", "/hi/communities/dyers/#rules"),
        ("/licence/#quoting", "", "hi", "/hi/licence/#quoting"),
        ("/hi/licence/", "", "hi", "/hi/licence/"),
        ("https://example.org/rule?a=1#b", "x", "hi", "https://example.org/rule?a=1#b"),
    ],
)
def test_the_rule_has_an_address_in_the_readers_language(link, rules, language, ends):
    community = CommunityFactory(slug="dyers", rules=rules)
    with translation.override(language):
        address = rule_address(link, community)
    assert address == (ends if ends.startswith("https") else f"http://localhost{ends}")


@pytest.mark.parametrize("action", ["return", "decline"])
def test_the_rule_stands_in_the_mail_on_both_sides(action):
    question = pending_question()
    reason = ReasonFactory(action=action, rule_link="https://example.org/rule-7")
    decide = moderation.return_to_author if action == Action.RETURN else moderation.decline
    decide(submission=question, moderator=moderator_of(question).user, version=1, reason=reason, message="No.", now=NOW)
    assert bytes(Envelope.objects.get().message).decode().count("https://example.org/rule-7") == 2


@pytest.mark.parametrize(
    "link",
    ["javascript:alert(1)", "//evil.example", "rules", "https://a b", "/x\\y", '/"onclick=', "data:x", "/a\u202eb"],
)
def test_a_rule_is_an_address_or_nothing(link):
    with pytest.raises(ValidationError) as refused:
        ReasonFactory.build(rule_link=link).full_clean(validate_unique=False)
    assert "rule_link" in refused.value.message_dict


@pytest.mark.parametrize("field", ["text", "text_hi"])
def test_an_unknown_field_or_a_field_out_of_place_is_refused_beside_the_words(field):
    for words in ("Dear {nobody}", "Dear {name", "See {answer}"):
        with pytest.raises(ValidationError) as refused:
            ReasonFactory.build(**{field: words}).full_clean(validate_unique=False)
        assert field in refused.value.message_dict
    ReasonFactory.build(action=Action.DECLINE, **{field: "See {answer}"}).full_clean(validate_unique=False)
