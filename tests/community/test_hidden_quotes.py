"""What an article quotes of a message that is hidden since: gone from its page and from the index, and back again."""

import pytest
from django.utils import timezone

from community.models import Quote
from community.services import moderation
from community.states import Action
from search.models import OutboxEntry
from search.registry import source_for
from tests.factories.community import ReasonFactory, make_moderator, released_question, released_reply
from tests.factories.pages import SolutionPageFactory

pytestmark = pytest.mark.django_db
WORDS = "In Chanderi the project paid first."


@pytest.mark.parametrize("what", ["reply", "question"])
def test_the_quote_of_a_hidden_reply_leaves_the_page_and_the_index_and_comes_back(client, what):
    question = released_question()
    reply = released_reply(question=question, body=WORDS)
    quote = {"text": WORDS, "reply": reply.pk, "revision": reply.released_revision_id, "attribution": "An agent"}
    page = SolutionPageFactory(experiences=[("quote", quote)])
    first, second = make_moderator(question.community), make_moderator(question.community)

    def seen() -> list[bool]:
        (document,) = source_for("solution").documents([f"solution:{page.pk}"])
        indexed = " ".join(part.body for part in document.parts)
        return [WORDS in text for text in (client.get(page.url).content.decode(), indexed)]

    assert seen() == [True, True]
    assert Quote.objects.get().reply == reply
    entry = OutboxEntry.objects.filter(key=f"solution:{page.pk}")
    before = entry.get().version
    doing = {"submission": {"reply": reply, "question": question}[what], "now": timezone.now()}
    version = doing["submission"].version
    reason = ReasonFactory(action=Action.HIDE)
    moderation.hide(**doing, moderator=first.user, version=version, reason=reason, message="")
    assert seen() == [False, False]
    assert entry.get().version > before
    moderation.restore(**doing, moderator=second.user, version=version + 1, note="It holds.")
    assert seen() == [True, True]
