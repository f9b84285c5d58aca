"""Is a quote what it says? Words of a released reply, as readers were shown it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from community.quoting import QuoteRefused, find_quote
from community.services import moderation
from community.services.revisions import Text
from tests.factories.community import make_moderator, pending_reply, released_question, released_reply

pytestmark = pytest.mark.django_db


@pytest.fixture
def moderator(community):
    return make_moderator(community)


@pytest.fixture
def question(community, moderator):
    question = released_question(community=community)
    released_reply(question=question, body="In Chanderi the project\npaid *first*.")
    released_reply(question=question, body="Let two members do it.")
    return question


def test_a_quote_may_be_shortened_and_broken_into_other_lines(question):
    reply = question.replies.order_by("pk").first()
    found = find_quote(text="Chanderi  the project paid", reply=reply.pk, revision=reply.released_revision_id)
    assert reply.released_revision.body[found.start : found.end] == "Chanderi the project\npaid"


@pytest.mark.parametrize("text", ["In Chanderi the project never paid", "", "   "])
def test_words_that_do_not_stand_in_the_reply_are_refused(question, text):
    reply = question.replies.order_by("pk").first()
    with pytest.raises(QuoteRefused):
        find_quote(text=text, reply=reply.pk, revision=reply.released_revision_id)


def test_what_a_moderator_took_out_before_the_release_cannot_be_quoted(question, moderator):
    reply = pending_reply(question=question, body="Call me on 12345.")
    first = reply.revision_id
    moderation.approve(
        submission=reply,
        moderator=moderator.user,
        version=reply.version,
        amended=Text(body="Write to me."),
        now=timezone.now() - timedelta(hours=1),
    )
    moderation.release_due(now=timezone.now())
    with pytest.raises(QuoteRefused):
        find_quote(text="Call me on 12345.", reply=reply.pk, revision=first)


def test_unreleased_foreign_and_unknown_replies_cannot_be_quoted(question):
    pending = pending_reply(question=question, body="Not yet.")
    shown, other = question.replies.released().order_by("pk")
    for reply, revision in [
        (pending.pk, pending.revision_id),
        (shown.pk, other.released_revision_id),
        (question.pk, question.released_revision_id),
        (10**30, 10**30),
        (0, 0),
    ]:
        with pytest.raises(QuoteRefused):
            find_quote(text="Not yet.", reply=reply, revision=revision)
