"""Whatever arrives: a clear message, what was typed is kept, nothing is lost, nothing stored twice, and never a 500."""

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from community.enums import DeliveryMode
from community.forms.tokens import new_token
from community.models import Compilation, KeptForm, Member, Membership, MeToo, Question, Reply, Revision, Submission
from community.services import bootstrap, moderation
from community.states import Action, SubmissionState
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    ReasonFactory,
    make_member,
    make_moderator,
    pending_question,
    pending_reply,
    released,
    released_question,
    released_reply,
)
from tests.factories.knowledge import ThemeFactory
from tests.factories.pages import SolutionIndexPageFactory
from tests.own_index import own_index

from .first_day import make_roots

pytestmark = pytest.mark.django_db

TITLE = "Our dye house wastes water"
BODY = "Forty dyers share one drain and the water runs off unused."
SCRIPT = "<script>alert(1)</script>"
IMAGE = '<img src=x onerror="alert(2)">'

#: What a form refuses: the sign that tells the text apart, and the text.
REFUSED = {
    "over-long": ("x" * 60, "x" * 30_000),
    "empty": ("", ""),
    "blank": ("", " \n\t \u200b"),
    "NUL": ("before", "before\x00after, long enough to be a sentence of its own"),
    "binary": ("PNG", "\x00\x01PNG\ufffd\ufffd\x7f, long enough to be a sentence of its own"),
    "broken UTF-8": ("caf", "caf\ufffd, long enough to be a sentence of its own"),
}
#: What a form takes, as text: it says nothing to a browser wherever it is shown.
TAKEN = {
    "script": f"{SCRIPT} is what I typed in a sentence",
    "HTML": f'{IMAGE}<b style="color:red">Bold</b> is what I typed in a sentence',
    "an address that is a script": "[Look at this address](javascript:alert(3)) for a longer answer",
    "an address on another site": "[Look here](https://elsewhere.example/) ![](https://elsewhere.example/x.png) please",
    "turned reading direction": "Right\u202eleft\u202c is what I typed, in a sentence",
    "Hindi": "हमारे रंगाई घर में पानी बर्बाद होता है, क्या करें?",
}


@dataclass(frozen=True)
class Door:
    """A form of the site: where it is sent, as whom, what is right in it, and which of its fields are texts."""

    address: str
    client: Client
    data: dict
    texts: tuple[str, ...]

    def send(self, **changes) -> HttpResponse:
        return self.client.post(self.address, {**self.data, **changes})


@pytest.fixture(autouse=True)
def house(db, tmp_path) -> Iterator[None]:
    """Make the roots and the groups, and an index of its own that holds nothing."""
    make_roots()
    with own_index(tmp_path):
        yield


@pytest.fixture
def theme(community):
    theme = ThemeFactory()
    community.themes.add(theme)
    return theme


@pytest.fixture
def thread(community, theme) -> Question:
    return released_question(community=community, themes=[theme])


@pytest.fixture
def door(member, moderator, community, theme, thread) -> Callable[[str], Door]:
    """Return a callable that opens a door by its name."""
    author = member.user.member
    token = new_token(author)

    def open_door(name: str) -> Door:
        if name == "ask":
            data = {"title": TITLE, "body": BODY, "themes": [theme.slug], "suggestions_seen": "1", "form_token": token}
            return Door(reverse("ask"), member, data, ("title", "body"))
        if name == "reply":
            data = {"body": BODY, "reply_kind": "advice", "form_token": token}
            return Door(reverse("reply", args=[thread.slug]), member, data, ("body",))
        if name == "revise":
            own = pending_question(community=community, author=author, themes=[theme])
            data = {"version": own.version, "title": TITLE, "body": BODY, "tried": ""}
            return Door(reverse("my_submission", args=[own.pk]), member, data, ("title", "body"))
        if name == "profile":
            data = {"name": "Asha", "occupation": "cda", "mail_language": "en", "organisation": "Dyers"}
            return Door(reverse("my_profile"), member, data, ("name",))
        if name == "amend":
            item = pending_question(community=community, themes=[theme])
            data = {"decision": "amend", "version": item.version, "title": TITLE, "body": BODY, "tried": ""}
            return Door(reverse("desk_decide", args=[item.pk]), moderator, data, ("title", "body"))
        assert name == "return"
        item = pending_question(community=community, themes=[theme])
        data = {"decision": "return", "version": item.version, "reason": ReasonFactory().code, "message": "Say where."}
        return Door(reverse("desk_decide", args=[item.pk]), moderator, data, ("message",))

    return open_door


def everything() -> tuple:
    """Return what a form could have changed: rows of messages, their states and texts, the profiles."""
    return (
        list(Submission.objects.order_by("pk").values("pk", "state", "version", "revision_id")),
        Revision.objects.count(),
        list(Member.objects.order_by("pk").values("name", "organisation", "occupation")),
        list(Membership.objects.order_by("pk").values("role", "delivery_mode", "ended_at")),
    )


def says_nothing_to_a_browser(page: str) -> bool:
    """Return whether nothing of what somebody typed became an element, an attribute or an address of the page."""
    markup = re.sub(r"<textarea.*?</textarea>", "", page, flags=re.DOTALL)
    bad = (SCRIPT, "<img src=x", 'onerror="', 'href="javascript:', 'src="https://elsewhere')
    return not any(sign in markup for sign in bad)


FORMS = ["ask", "reply", "revise", "profile", "amend", "return"]
FIELDS = [("ask", "title"), ("ask", "body"), ("ask", "tried"), ("reply", "body"), ("revise", "title")]
FIELDS += [("revise", "body"), ("profile", "name"), ("profile", "organisation"), ("amend", "title"), ("amend", "body")]
FIELDS += [("return", "message")]
#: Texts that may be left out.
OPTIONAL = {("ask", "tried"), ("profile", "organisation"), ("return", "message")}


REFUSALS = [
    (name, field, what)
    for name, field in FIELDS
    for what, (sign, _text) in REFUSED.items()
    if sign or (name, field) not in OPTIONAL
]


@pytest.mark.parametrize(("name", "field", "what"), REFUSALS)
def test_a_text_that_cannot_be_taken_is_refused_beside_its_field_and_kept(door, name, field, what):
    sign, text = REFUSED[what]
    opened = door(name)
    before = everything()
    answer = opened.send(**{field: text})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert everything() == before
    assert "There is a problem" in page
    assert "What you typed is kept." in page
    if sign:
        assert sign in page
    other = next((given for key, given in opened.data.items() if key in opened.texts and key != field), "")
    assert html.escape(other) in page


@pytest.mark.parametrize("what", TAKEN)
@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_markup_is_taken_as_text_and_says_nothing_to_a_browser(door, moderator, name, field, what):
    opened = door(name)
    answer = opened.client.post(opened.address, {**opened.data, field: TAKEN[what]}, follow=True)
    assert answer.status_code == 200
    assert "There is a problem" not in answer.content.decode()
    assert says_nothing_to_a_browser(answer.content.decode())
    last = Submission.objects.order_by("pk").last()
    assert says_nothing_to_a_browser(moderator.get(reverse("desk_item", args=[last.pk])).content.decode())


def test_what_was_typed_as_markup_is_text_on_every_page_that_shows_it(community, theme, member, visitor):
    community.threads_public = True
    community.save()
    nasty = "\n\n".join(TAKEN.values())
    question = released(pending_question(community=community, themes=[theme], title=f"{SCRIPT} {IMAGE}", body=nasty))
    reply = released_reply(question=question, body=nasty)
    pages = [question.get_absolute_url(), "/questions/", community.get_absolute_url(), theme.get_absolute_url()]
    pages += [f"/search/?q={SCRIPT}", f"/search/suggest/?q={SCRIPT}"]
    for where in pages:
        for client in (visitor, member):
            answer = client.get(where)
            assert answer.status_code in (200, 302), where
            assert says_nothing_to_a_browser(answer.content.decode()), where
    shown = visitor.get(question.get_absolute_url()).content.decode()
    assert html.escape(SCRIPT) in shown
    assert reply.text.body == nasty, "stored as typed"


# Forged fields


def test_a_forged_field_says_nothing(door, member, community):
    elsewhere = make_member(CommunityFactory())
    forged = {"author": elsewhere.pk, "state_": "released", "kind": "reply", "version": 9, "life": "compiled"}
    forged |= {"released_at": "2020-01-01", "slug": "mine", "is_sample": "on", "is_superuser": "on", "role": "lead"}
    for name in FORMS:
        opened = door(name)
        changes = {key: value for key, value in forged.items() if key not in opened.data}
        assert opened.send(**changes).status_code in (200, 302)
    question = Question.objects.filter(author=member.user.member).order_by("pk").first()
    assert (question.state, question.life, question.slug) == (SubmissionState.PENDING, "open", None)
    assert Submission.objects.filter(author=elsewhere).count() == 0
    member.user.refresh_from_db()
    assert not member.user.is_superuser
    assert set(Membership.objects.filter(member=member.user.member).values_list("role", flat=True)) == {"member"}


@pytest.mark.parametrize(
    ("name", "field", "value"),
    [
        ("ask", "themes", "no-such-theme"),
        ("ask", "themes", "\x00"),
        ("ask", "themes", "1"),
        ("ask", "state", "no-such-state"),
        ("ask", "sector", "' OR 1=1 --"),
        ("ask", "community", "no-such-community"),
        ("ask", "needed_on", "31 February"),
        ("ask", "needed_on", "0000-00-00"),
        ("ask", "form_token", "forged"),
        ("reply", "reply_kind", "verdict"),
        ("reply", "form_token", "x" * 10_000),
        ("revise", "version", "x"),
        ("revise", "version", "9" * 40),
        ("revise", "version", "-1"),
        ("profile", "occupation", "emperor"),
        ("profile", "themes", "no-such-theme"),
        ("profile", "mail_language", "xx"),
        ("amend", "version", ""),
        ("return", "reason", "no-such-reason"),
        ("return", "reason", "\x00"),
    ],
)
def test_a_value_that_does_not_exist_is_refused_and_the_texts_are_kept(door, name, field, value):
    opened = door(name)
    before = everything()
    answer = opened.send(**{field: value})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert everything() == before
    assert "There is a problem" in page
    for text in opened.texts:
        assert html.escape(str(opened.data[text])) in page


def test_another_communitys_slug_in_a_form_changes_nothing_there(door, member):
    other = CommunityFactory()
    before = everything()
    answer = door("ask").send(community=other.slug)
    assert "There is a problem" in answer.content.decode()
    assert TITLE in answer.content.decode()
    data = {"community": other.slug, f"{other.slug}-delivery_mode": DeliveryMode.NONE}
    refused = member.post(reverse("my_subscriptions"), data, follow=True)
    assert "not a member of that community" in refused.content.decode()
    assert everything() == before


def test_an_item_of_another_community_or_another_member_does_not_exist(member, moderator, theme):
    foreign = released_question(community=CommunityFactory(), themes=[theme])
    released_reply(question=foreign)
    item = pending_reply(question=foreign)
    before = everything()
    assert "Join the community first" in _answer(member, foreign).content.decode()
    for name in ("my_submission", "my_submission_withdraw"):
        assert member.post(reverse(name, args=[item.pk]), {"version": 1, "body": BODY}).status_code == 404
    for name in ("desk_decide", "desk_undo"):
        data = {"decision": "approve", "version": item.version}
        assert moderator.post(reverse(name, args=[item.pk]), data).status_code == 404
    assert moderator.post(reverse("compile_question", args=[foreign.slug])).status_code == 404
    assert everything() == before
    assert not Compilation.objects.exists()


def _answer(client: Client, question: Question) -> HttpResponse:
    data = {"body": BODY, "reply_kind": "advice", "form_token": new_token(client.user.member)}
    answer = client.post(reverse("reply", args=[question.slug]), data)
    assert BODY in answer.content.decode()
    return answer


def test_a_reason_of_the_other_decision_is_refused(door):
    opened = door("return")
    before = everything()
    assert "There is a problem" in opened.send(reason=ReasonFactory(action=Action.DECLINE).code).content.decode()
    assert everything() == before


# The same form twice


@pytest.mark.parametrize(("name", "model"), [("ask", Question), ("reply", Reply)])
def test_a_form_that_is_sent_twice_is_stored_once(door, name, model):
    opened = door(name)
    before = model.objects.count()
    first, second = opened.send(), opened.send(body=f"{BODY} Again.")
    assert model.objects.count() == before + 1
    assert first.url == second.url


def test_whatever_is_pressed_twice_is_done_once(member, moderator, community, thread):
    item = pending_question(community=community)
    own = pending_question(community=community, author=member.user.member)
    released_reply(question=thread)
    SolutionIndexPageFactory()
    bootstrap.ensure_approval()
    other = CommunityFactory()
    outcomes = []
    for _ in range(2):
        member.post(reverse("community_join", args=[other.slug]))
        member.post(reverse("me_too", args=[thread.slug]))
        outcomes.append(member.post(reverse("my_submission_withdraw", args=[own.pk]), {"version": own.version}))
        decision = {"decision": "approve", "version": item.version}
        outcomes.append(moderator.post(reverse("desk_decide", args=[item.pk]), decision))
        moderator.post(reverse("compile_question", args=[thread.slug]))
    assert Membership.objects.filter(member=member.user.member, community=other).count() == 1
    assert MeToo.objects.filter(question=thread).count() == 1
    assert Compilation.objects.filter(question=thread).count() == 1
    assert [outcome.status_code for outcome in outcomes] == [302, 302, 302, 409]
    assert item.events.filter(action=Action.APPROVE).count() == 1
    assert own.events.filter(action=Action.WITHDRAW).count() == 1


def test_a_moderator_who_is_too_late_keeps_the_text_and_learns_who_was_first(door, community):
    opened = door("return")
    item = Submission.objects.order_by("pk").last()
    first = make_moderator(community, name="Mohini").user
    moderation.approve(submission=item, moderator=first, version=item.version, now=timezone.now())
    answer = opened.send(message="Please say in which town.")
    assert answer.status_code == 409
    assert "Please say in which town." in answer.content.decode()
    assert str(first) in answer.content.decode()


# The login ended in the middle of writing


@pytest.mark.parametrize("name", ["ask", "reply", "revise"])
def test_what_was_written_when_the_login_ended_stands_in_the_form_again_in_that_browser_only(door, name):
    opened, elsewhere = door(name), Client()
    page = {"ask": opened.address, "revise": opened.address}.get(name, opened.address.removesuffix("reply/"))
    text = "What I wrote for an hour, and what nobody else has."
    before = everything()
    Session.objects.all().delete()
    refused = opened.send(body=text)
    assert refused.url.startswith(reverse("account_login"))
    assert everything() == before
    for client in (opened.client, elsewhere):
        client.force_login(opened.client.user, backend="allauth.account.auth_backends.AuthenticationBackend")
    again = opened.client.get(page).content.decode()
    assert text in again
    assert "What you wrote is here again" in again
    assert text not in elsewhere.get(page).content.decode()
    assert everything() == before, "kept, and not sent"
    Door(opened.address, opened.client, opened.data, ()).send(body=text)
    assert Revision.objects.filter(body=text).count() == 1
    assert not KeptForm.objects.exists()
    assert "What you wrote is here again" not in opened.client.get(page).content.decode()
    assert sign_in(opened.client.user).get(page).status_code == 200
