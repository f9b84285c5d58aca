"""The whole loop: from a sign-up to the article that a visitor finds, through the real views, tasks and mail."""

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

from community.enums import Role
from community.models import Community, Membership, Question, Reply, Submission
from community.services import bootstrap, communities
from community.states import ThreadLife
from knowledge.models import SolutionPage
from knowledge.services.bootstrap import bootstrap as bootstrap_site
from search.registry import get_engine
from tests.conftest import sign_in
from tests.factories.community import MembershipFactory, released_question
from tests.factories.knowledge import StateFactory, ThemeFactory

from .people import Person, sweep

PASSWORD = "a very long password 7351"
TITLE = "Effluent from parboiling rice blackens the canal"


@pytest.fixture
def community(db, settings) -> Community:
    settings.RELEASE_HOLD_SECONDS = 0
    get_engine().clear()
    bootstrap_site(now=timezone.now())
    ThemeFactory(slug="environment", name="Environment")
    StateFactory(slug="west-bengal", name="West Bengal")
    bootstrap.bootstrap(
        [{"slug": "green", "name": "Green clusters", "about": "Water and air.", "themes": ["environment"]}]
    )
    return Community.objects.get()


def moderator_of(community: Community) -> Person:
    """Return a moderator at the browser, signed in."""
    membership = MembershipFactory(community=community, delivery_mode="none")
    communities.change_role(membership=membership, role=Role.MODERATOR, by=None, now=membership.started_at)
    person = Person(membership.member.user.email)
    person.client = sign_in(membership.member.user)
    return person


def join(email: str, name: str, community: Community, mode: str = "as_sent") -> Person:
    """Sign up, confirm the address from the mail, join the community, choose how messages arrive."""
    person = Person(email).open(reverse("account_signup"))
    person.send("password1", email=email, password1=PASSWORD, name=name, occupation="cda", consent="on")
    sweep(1)
    person.open(person.link_in_last_mail("/accounts/confirm-email/"))
    if person.page.find("form", action=lambda action: action and "confirm-email" in action):
        person.press("Confirm")
    if "_auth_user_id" not in person.client.session:
        person.open(reverse("account_login")).send("password", login=email, password=PASSWORD)
    assert "_auth_user_id" in person.client.session
    person.open(reverse("community_detail", args=[community.slug])).press("Join")
    membership = Membership.objects.current().get(member__user__email=email)
    communities.change_delivery(membership=membership, mode=mode, wants_digest=False)
    return person


def decide(moderator: Person, submission: Submission, decision: str, **details) -> Person:
    """Take a decision on the desk, as the form there stands."""
    moderator.open(reverse("desk_item", args=[submission.pk]))
    submission.refresh_from_db()
    address = reverse("desk_decide", args=[submission.pk])
    data = {"decision": decision, "version": submission.version, **details}
    return moderator._show(moderator.client.post(address, data, follow=True))


def finished(page: SolutionPage) -> dict:
    """Return what the compiler's editor posts: the draft with its quotes, finished."""
    draft = SolutionPage.objects.get(pk=page.pk).get_latest_revision_as_object()
    quotes = [("quote", dict(block.value)) for block in draft.experiences if block.block_type == "quote"]
    people = [("contributor", dict(block.value)) for block in draft.contributors]
    return nested_form_data(
        {
            "title": "Settle parboiling water before it leaves the mill",
            "slug": "settle-parboiling-water",
            "summary": "Two tanks in a row let the mill use its water again.",
            "subject": "Effluent of rice mills",
            "problem": draft.problem,
            "solution": streamfield([("step", {"title": "Build two tanks", "text": rich_text("<p>In a row.</p>")})]),
            "experiences": streamfield(quotes),
            "contributors": streamfield(people),
            "themes": [theme.pk for theme in draft.themes.all()],
            "states": [state.pk for state in draft.states.all()],
            "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": ""},
            "action-submit": "1",
        }
    )


def test_from_sign_up_to_the_article_that_a_visitor_finds(community):
    moderator, second = moderator_of(community), moderator_of(community)
    asker = join("asker@example.org", "Asha", community)
    expert = join("expert@example.org", "Bharat", community)
    reader = join("reader@example.org", "Chitra", community, mode="daily_summary")
    visitor = Person()

    # Ask
    asker.open(reverse("ask")).send(
        "body",
        title=TITLE,
        body="Forty mills let hot starch water into one canal. The board has sent notices.",
        tried="A lime pit, which filled in a week.",
        themes=["environment", "", ""],
        state="west-bengal",
    )
    question = Question.objects.get()
    assert asker.sees("with a moderator")
    assert not visitor.open("/search/", q="parboiling").sees(TITLE)
    assert visitor.open("/questions/").response.status_code == 200
    assert not visitor.sees(TITLE)

    # Return, and the same item comes back
    decide(moderator, question, "return", reason="add-place-or-sector", message="Say which district.")
    sweep()
    assert "Say which district." in asker.mails()[-1].get_body(("plain",)).get_content()
    asker.open(asker.link_in_last_mail("/my/submissions/"))
    asker.send("version", body="Forty mills in Bardhaman let hot starch water into one canal.")
    question.refresh_from_db()
    assert (Question.objects.count(), question.state, question.revision.number) == (1, "pending", 2)

    # Approve; members get it
    decide(moderator, question, "approve")
    assert not [mail for mail in expert.mails() if "List-Id" in mail]
    sweep()
    question.refresh_from_db()
    assert question.state == "released"
    mail = expert.mails()[-1]
    assert TITLE in mail["Subject"]
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert not [mail for mail in reader.mails() if "List-Id" in mail], "hers comes tomorrow morning"
    assert visitor.open(question.get_absolute_url()).sees(TITLE)
    assert not visitor.sees("Bardhaman")

    # Reply, moderated too
    expert.open(question.get_absolute_url()).send(
        "reply_kind",
        body="We built two settling tanks in a row; the mill uses the water again.",
        reply_kind="experience",
    )
    reply = Reply.objects.get()
    assert not asker.open(question.get_absolute_url()).sees("two settling tanks")
    decide(moderator, reply, "approve")
    sweep()
    assert asker.open(question.get_absolute_url()).sees("two settling tanks")
    answer = asker.mails()[-1]
    assert f"<question.{question.pk}@" in answer["References"]
    reader.open(question.get_absolute_url()).press("I have this problem too")

    # Compile, and a second person approves
    moderator._show(moderator.client.post(reverse("compile_question", args=[question.slug]), follow=True))
    page = SolutionPage.objects.get()
    editor = reverse("wagtailadmin_pages:edit", args=[page.pk])
    moderator._show(moderator.client.post(editor, finished(page), follow=True))
    page.refresh_from_db()
    state = page.current_workflow_task_state
    assert state, moderator.page.get_text(" ", strip=True)[:2000]
    approval = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, "approve", state.pk])
    moderator.client.post(approval, {})
    assert not Page.objects.get(pk=page.pk).live, "the one who compiled does not approve"
    second.client.post(approval, {})
    page.refresh_from_db()
    question.refresh_from_db()
    assert page.live
    assert question.life == ThreadLife.COMPILED

    # Told, linked both ways, found
    sweep()
    for follower in (asker, expert):
        assert "settle-parboiling-water" in follower.mails()[-1].get_body(("plain",)).get_content()
    visitor.open("/search/", q="how do rice mills clean the water after parboiling?")
    assert visitor.page.select_one('main a[href$="/solutions/settle-parboiling-water/"]')
    visitor.open("/solutions/settle-parboiling-water/")
    assert visitor.sees("We built two settling tanks in a row")
    assert visitor.page.select_one(f'main a[href*="{question.get_absolute_url()}"]')
    assert visitor.open(question.get_absolute_url()).page.select_one('main a[href$="/settle-parboiling-water/"]')
    assert not visitor.client.cookies, "a visitor gets no cookie"


def test_one_click_in_the_mail_stops_exactly_that_subscription(community):
    member = join("member@example.org", "Member", community)
    other = MembershipFactory(member__user__email="other@example.org", community=community).member
    released_question(community=community, author=other)
    sweep()
    stop = member.mails()[-1]["List-Unsubscribe"].strip("<>").split("://", 1)[1].split("/", 1)[1]
    mail_scanner = Person()
    mail_scanner.open(f"/{stop}")
    membership = Membership.objects.get(member__user__email=member.email)
    assert membership.delivery_mode == "as_sent", "looking at the page changes nothing"
    answer = mail_scanner.client.post(f"/{stop}", {"List-Unsubscribe": "One-Click"})
    membership.refresh_from_db()
    assert answer.status_code == 200
    assert membership.delivery_mode == "none"
    assert Membership.objects.get(member=other).delivery_mode == "as_sent"
