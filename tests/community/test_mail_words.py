"""Every mail reads well in both sides, says why it came and how to stop it, and is light."""

from email import message_from_bytes, policy

import pytest
from django.utils import timezone

from community.enums import DeliveryMode
from community.mail import messages
from community.models import Delivery, Envelope
from community.services import distribution
from tests.factories.community import (
    CommunityFactory,
    MembershipFactory,
    in_state,
    make_member,
    released_question,
    released_reply,
)
from tests.factories.pages import SolutionPageFactory

pytestmark = pytest.mark.django_db

HEAVIEST = 60_000
HOSTILE = "Tanks & <b>bold</b>\r\nBcc: everybody@example.org"


def sides(envelope: Envelope) -> tuple:
    message = message_from_bytes(bytes(envelope.message), policy=policy.default)
    return (
        message,
        message.get_body(("plain",)).get_content(),
        message.get_body(("html",)).get_content(),
    )


def deliveries_of(member, *submissions) -> list[Delivery]:
    for submission in submissions:
        distribution.fan_out(event_id=submission.distribution_events.get().pk, now=timezone.now())
    return list(distribution.whole(Delivery.objects.filter(member=member).order_by("pk")))


@pytest.mark.parametrize("kind", ["question", "reply"])
def test_a_message_as_sent_has_its_words_its_reason_and_its_stop_link_on_both_sides(community, kind):
    reader = make_member(community)
    question = released_question(community=community, body="Forty dyers & one drain.", tried="A pump.")
    submission = question if kind == "question" else released_reply(question=question, body="Forty dyers & one drain.")
    message, text, html = sides(messages.as_sent(delivery=deliveries_of(reader, submission)[0], now=timezone.now()))
    assert "Forty dyers & one drain." in text
    assert "Forty dyers &amp; one drain." in html
    for side in (text, html):
        assert question.author.name in side or kind == "reply"
        assert f"http://localhost/questions/{question.slug or ''}" in side
        assert "/mail/stop/" in side
        assert "You get this because" in side
        assert 'href="/' not in side, "links are whole"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_no_header_can_be_put_into_a_subject(community):
    reader = make_member(community)
    question = released_question(community=community, title=HOSTILE)
    message, _text, html = sides(messages.as_sent(delivery=deliveries_of(reader, question)[0], now=timezone.now()))
    assert message["Bcc"] is None
    assert "Tanks & <b>bold</b>" in message["Subject"], "a subject is text"
    assert "<b>bold</b>" not in html


@pytest.mark.parametrize("mode", [DeliveryMode.DAILY, DeliveryMode.DAILY_SUMMARY, DeliveryMode.WEEKLY_SUMMARY])
def test_a_daily_or_weekly_mail_holds_every_message_and_a_stop_link_for_each_community(mode):
    first, second = CommunityFactory(name="First circle"), CommunityFactory(name="Second circle")
    reader = make_member(first, mode=mode)
    MembershipFactory(member=reader, community=second, delivery_mode=mode)
    questions = [
        released_question(community=first, title="How to dry lac"),
        released_question(community=second, title="Who tests water", body="Our wells are salty. " * 20),
    ]
    deliveries = deliveries_of(reader, *questions)
    envelope = messages.summary(member=reader, mode=mode, period="p", deliveries=deliveries, now=timezone.now())
    message, text, html = sides(envelope)
    for side in (text, html):
        for words in ("First circle", "Second circle", "How to dry lac", "Who tests water"):
            assert words in side
        assert side.count("/mail/stop/") == 2
        assert ("Our wells are salty. " * 15 in side) == (mode == DeliveryMode.DAILY)
    assert message["Subject"] == "How to dry lac, and one more message"


def test_the_html_side_stays_light_and_the_text_side_whole(community):
    reader = make_member(community, mode=DeliveryMode.DAILY)
    body = "हमारे कुएँ खारे हैं। " * 900
    questions = [released_question(community=community, body=body) for _number in range(3)]
    deliveries = deliveries_of(reader, *questions)
    envelope = messages.summary(
        member=reader, mode=DeliveryMode.DAILY, period="p", deliveries=deliveries * 30, now=timezone.now()
    )
    _message, text, html = sides(envelope)
    assert len(html.encode()) < HEAVIEST
    assert text.count("हमारे कुएँ खारे हैं।") == 900 * 90


@pytest.mark.parametrize("language", ["en", "hi"])
@pytest.mark.parametrize("state", ["released", "returned", "declined"])
def test_the_author_is_told_what_became_of_a_message(community, state, language):
    author = make_member(community, mail_language=language)
    in_state(state, community=community, author=author, title="How to dry <lac>")
    _message, text, html = sides(Envelope.objects.get(kind="notice", member=author))
    assert "How to dry <lac>" in text
    assert "How to dry &lt;lac&gt;" in html
    for side in (text, html):
        assert ("Please take out the phone number" in side) == (state != "released")
        assert ("/my/submissions/" in side) == (state != "released")
        assert (f"http://localhost{'/hi' * (language == 'hi')}/questions/" in side) == (state == "released")
        assert "/mail/stop/" not in side, "it is no subscription"


def test_followers_learn_where_their_question_is_written_up(community):
    page = SolutionPageFactory(title="Lac dries in the shade")
    question = released_question(community=community)
    event = distribution.record_compiled(question=question, page_id=page.pk, now=timezone.now())
    distribution.fan_out(event_id=event.pk, now=timezone.now())
    delivery = distribution.whole(Delivery.objects.filter(event=event, member=question.author)).get()
    message, text, html = sides(messages.as_sent(delivery=delivery, now=timezone.now()))
    for side in (text, html):
        assert "Lac dries in the shade" in side
        assert f"http://localhost{page.url}" in side
        assert "/mail/stop/" in side
    assert message["Subject"].startswith(f"[{community}] Written up:")


def test_samples_are_called_samples_in_mails_too(community):
    reader = make_member(community)
    question = released_question(community=community, author=make_member(community, is_sample=True))
    _message, text, html = sides(messages.as_sent(delivery=deliveries_of(reader, question)[0], now=timezone.now()))
    for side in (text, html):
        assert "roles, not persons" in side
