"""Nobody sends too much at once: by account from rows, by address as signing in; who clicks often sends once."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.cache.backends.locmem import LocMemCache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.forms.tokens import new_token
from community.models import MeToo, Reply, Submission
from community.services import contributing
from tests.at_once import at_once
from tests.conftest import sign_in
from tests.factories.community import make_member, pending_reply, released_question

NOW = timezone.now()
LIMITS = {"question": (2, 3600), "reply": (2, 3600), "me_too": (1, 3600), "appeal": (1, 3600), "flag": (1, 3600)}


@pytest.fixture
def question(db):
    return released_question()


@pytest.fixture
def member(question):
    return make_member(question.community)


@pytest.fixture
def limits(settings):
    settings.THROTTLES_ARE_ON = True
    settings.THROTTLES = settings.THROTTLES | LIMITS
    settings.ACCOUNT_RATE_LIMITS = {}
    cache.clear()
    yield settings
    cache.clear()


def answer(client: Client, question, member, **changes):
    data = {"body": "Typed words that stay.", "reply_kind": "experience", "form_token": new_token(member)} | changes
    return client.post(reverse("reply", args=[question.slug]), data)


@pytest.mark.django_db
def test_one_more_than_the_limit_is_refused_until_the_oldest_is_past_and_what_was_typed_stays(limits, question, member):
    client = sign_in(member.user)
    first = timezone.now() - timedelta(minutes=50)
    pending_reply(question=question, author=member, now=first)
    assert answer(client, question, member).status_code == 302
    refused = answer(client, question, member)
    assert refused.status_code == 429
    assert "Typed words that stay." in refused.content.decode()
    again = timezone.localtime(first + timedelta(hours=1))
    assert f"You can go on from {again:%H:%M}." in refused.content.decode()
    assert Reply.objects.filter(author=member).count() == 2
    assert answer(sign_in(make_member(question.community).user), question, member).status_code != 429


@pytest.mark.django_db
def test_what_is_longer_past_than_the_time_counts_no_more(limits, question, member):
    for _number in range(2):
        pending_reply(question=question, author=member, now=NOW)
    with pytest.raises(contributing.TooMany) as refused:
        contributing.check_throttle(member=member, what="reply", now=NOW + timedelta(minutes=59))
    assert refused.value.again_at == NOW + timedelta(hours=1)
    contributing.check_throttle(member=member, what="reply", now=NOW + timedelta(hours=1))
    contributing.check_throttle(member=member, what="question", now=NOW)


@pytest.mark.django_db
@pytest.mark.parametrize("what", ["question", "reply", "flag", "membership", "me_too", "appeal"])
def test_every_kind_is_counted_with_one_query(what, limits, member, django_assert_num_queries):
    with django_assert_num_queries(1):
        contributing.check_throttle(member=member, what=what, now=NOW)


@pytest.mark.django_db
def test_a_form_that_was_stored_shows_what_became_of_it_however_often_it_is_sent(limits, question, member):
    client, token = sign_in(member.user), new_token(member)
    pending_reply(question=question, author=member)
    answers = [answer(client, question, member, form_token=token).status_code for _number in range(3)]
    assert answers == [302, 302, 302]
    assert Reply.objects.filter(author=member).count() == 2


@pytest.mark.django_db
def test_me_too_says_why_it_was_not_taken(limits, question, member):
    client = sign_in(member.user)
    other = released_question(community=question.community)
    client.post(reverse("me_too", args=[question.slug]))
    page = client.post(reverse("me_too", args=[other.slug]), follow=True).content.decode()
    assert "You sent a lot in a short time." in page
    assert MeToo.objects.filter(member=member).count() == 1


@pytest.mark.django_db
def test_an_address_is_counted_over_its_accounts_and_the_proxys_word_counts_only_where_there_is_one(limits, question):
    limits.ACCOUNT_RATE_LIMITS = {"send_reply": "2/h/ip"}

    def send(forwarded: str) -> int:
        member = make_member(question.community)
        client = sign_in(member.user)
        client.defaults["HTTP_X_FORWARDED_FOR"] = forwarded
        return answer(client, question, member).status_code

    assert [send("1.1.1.1"), send("2.2.2.2"), send("3.3.3.3")] == [302, 302, 429], "what a visitor claims is ignored"
    limits.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert [send("9.9.9.9, 1.1.1.1"), send("1.1.1.1"), send("8.8.8.8, 1.1.1.1"), send("2.2.2.2")] == [
        302,
        302,
        429,
        302,
    ]


@pytest.mark.django_db
def test_without_a_cache_nobody_counts_addresses_and_writing_goes_on(limits, question, member, monkeypatch):
    limits.ACCOUNT_RATE_LIMITS = {"send_reply": "1/h/ip"}
    client = sign_in(member.user)
    monkeypatch.setattr(LocMemCache, "add", lambda *args, **kwargs: False)  # as portal.cache says without Redis
    assert answer(client, question, member).status_code == 302


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_fifty_clicks_at_the_same_moment_store_one_reply_and_one_me_too(limits, question, member):
    token = new_token(member)
    clients = [sign_in(member.user) for _number in range(50)]
    replies = at_once(*(lambda client=client: answer(client, question, member, form_token=token) for client in clients))
    assert {getattr(each, "status_code", each) for each in replies} == {302}
    assert Submission.objects.filter(author=member).count() == 1
    address = reverse("me_too", args=[question.slug])
    marks = at_once(*(lambda client=client: client.post(address) for client in clients))
    assert {getattr(each, "status_code", each) for each in marks} == {302}
    assert MeToo.objects.filter(member=member).count() == 1
