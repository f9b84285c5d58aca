"""Who has left for good is a former member in everything that the portal sends: pages, search, mails, the admin."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from wagtail.models import Revision

from community.enums import DeliveryMode, ReplyKind, Role
from community.mail.reading import read_message
from community.models import Compilation, Envelope, Invitation, Membership
from community.services import communities, compiling, distribution, handover
from community.services.communities import invitations
from knowledge.models import SolutionPage
from search.models import OutboxEntry
from search.registry import source_for
from tests.conftest import sign_in
from tests.factories.community import (
    CommunityFactory,
    make_member,
    make_moderator,
    pending_reply,
    released_question,
    released_reply,
)
from tests.factories.pages import SolutionIndexPageFactory, SolutionPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]
NAME, WORKPLACE = "Asha Vishwakarma", "Chanderi Dyers Guild"
WORDS = "We built a settling tank and it paid in two years."


@pytest.fixture
def asha(community):
    return make_member(community, name=NAME, organisation=WORKPLACE, mode=DeliveryMode.NONE)


@pytest.fixture
def exchange(community, asha):
    """Return a question of Asha's, and a reply of hers to somebody else's question."""
    own = released_question(community=community, author=asha)
    released_reply(question=own, author=make_member(community, mode=DeliveryMode.NONE))
    other = released_question(community=community, title="Where does the sludge go?")
    return own, released_reply(question=other, author=asha, body=WORDS)


def leaves(member, now=None):
    communities.anonymise(user=member.user, now=now or timezone.now())


def assert_nameless(text, *, says=True):
    for trace in (NAME, "Asha", "asha-vishwakarma", WORKPLACE, "Dyers"):
        assert trace not in text
    assert not says or "Former member" in text


def test_threads_and_pages_of_the_community(member, moderator, exchange, asha, community):
    own, reply = exchange
    before = member.get(own.get_absolute_url()).content.decode()
    assert NAME in before
    assert WORKPLACE in before
    leaves(asha)
    for question in (own, reply.question):
        assert_nameless(member.get(question.get_absolute_url()).content.decode())
    assert_nameless(member.get(community.get_absolute_url()).content.decode(), says=False)
    assert_nameless(moderator.get(reverse("desk_item", args=[reply.pk])).content.decode())
    assert_nameless(moderator.get(reverse("members_of", args=[community.slug])).content.decode())
    row = Membership.objects.get(member=asha)
    assert_nameless(moderator.get(reverse("members_one", args=[community.slug, row.pk])).content.decode())


def test_search_and_its_feed_never_hold_the_name(visitor, member, exchange, asha):
    own, _reply = exchange
    leaves(asha)
    documents = source_for("question").documents([f"question:{own.pk}"])
    assert_nameless(" ".join(part.title + part.body for each in documents for part in each.parts), says=False)
    for client in (visitor, member):
        for address in ("/search/?q=Asha", "/search/?q=settling+tank"):
            text = client.get(address).content.decode()
            assert "Vishwakarma" not in text
            assert WORKPLACE not in text


def credited_page(asha, reply):
    """Return a live page that quotes and credits Asha."""
    quote = {
        "text": WORDS,
        "reply": reply.pk,
        "revision": reply.released_revision_id,
        "attribution": f"Agent, {WORKPLACE}",
    }
    credit = {"member": asha.pk, "name": NAME, "place": WORKPLACE, "part": "replied", "count": 1}
    return SolutionPageFactory(experiences=[("quote", quote)], contributors=[("contributor", credit)])


def test_a_published_solution_its_document_and_every_edition_of_it(visitor, exchange, asha):
    _own, reply = exchange
    page = credited_page(asha, reply)
    page.save_revision()
    page.save_revision()
    assert NAME in visitor.get(page.url).content.decode()
    entry = OutboxEntry.objects.filter(key=f"solution:{page.pk}")
    version = entry.get().version if entry.exists() else 0
    edited = SolutionPage.objects.get(pk=page.pk)
    dates = list(Revision.page_revisions.order_by("pk").values_list("pk", "created_at", "user"))

    leaves(asha)

    assert_nameless(visitor.get(page.url).content.decode())
    assert WORDS in visitor.get(page.url).content.decode()
    (document,) = source_for("solution").documents([f"solution:{page.pk}"])
    assert_nameless(" ".join(part.body for part in document.parts))
    assert entry.get().version > version
    assert_nameless("".join(map(str, Revision.page_revisions.values_list("content", flat=True))))
    assert list(Revision.page_revisions.order_by("pk").values_list("pk", "created_at", "user")) == dates
    stored = SolutionPage.objects.get(pk=page.pk)
    assert_nameless(str(list(stored.contributors.raw_data)) + str(list(stored.experiences.raw_data)))
    assert stored.last_published_at == edited.last_published_at
    assert stored.live


def test_an_editor_who_saves_an_old_form_does_not_bring_the_name_back(visitor, exchange, asha):
    _own, reply = exchange
    page = credited_page(asha, reply)
    leaves(asha)
    again = SolutionPage.objects.get(pk=page.pk)
    again.contributors = [
        ("contributor", {"member": asha.pk, "name": NAME, "place": WORKPLACE, "part": "asked", "count": 1})
    ]
    again.save()
    assert NAME in str(list(SolutionPage.objects.get(pk=page.pk).contributors.raw_data))
    assert_nameless(visitor.get(page.url).content.decode())


def test_credits_of_others_stay_as_they_are(visitor, exchange, asha, community):
    _own, reply = exchange
    ravi = make_member(community, name="Ravi")
    page = credited_page(asha, reply)
    both = [{"member": who.pk, "name": who.name, "place": "", "part": "asked", "count": 1} for who in (asha, ravi)]
    page.contributors = [("contributor", credit) for credit in both]
    page.save()
    leaves(asha)
    text = visitor.get(page.url).content.decode()
    assert "Ravi" in text
    assert_nameless(text)


def test_a_draft_that_was_begun_before_and_its_form_in_the_editor(exchange, asha, community):
    SolutionIndexPageFactory()
    own, _reply = exchange
    moderator = make_moderator(community)
    page = compiling.start_compilation(question=own, moderator=moderator.user, now=timezone.now())
    assert NAME in str(page.get_latest_revision().content)
    leaves(asha)
    assert Compilation.objects.filter(page=page).exists()
    page = SolutionPage.objects.get(pk=page.pk)
    assert_nameless(str(page.get_latest_revision().content))
    client = sign_in(moderator.user)
    assert_nameless(client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode())
    preview = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk])).content.decode()
    assert_nameless(preview)


def test_what_is_compiled_after_the_leaving_has_no_name(exchange, asha, community):
    SolutionIndexPageFactory()
    own, _reply = exchange
    leaves(asha)
    page = compiling.start_compilation(question=own, moderator=make_moderator(community).user, now=timezone.now())
    assert_nameless(str(page.get_latest_revision().content))


@pytest.mark.parametrize("mode", [DeliveryMode.AS_SENT, DeliveryMode.DAILY, DeliveryMode.DAILY_SUMMARY])
def test_a_mail_that_waits_is_written_anew_before_it_leaves(asha, mode):
    community = Membership.objects.get(member=asha).community
    reader = make_member(community, mode=mode)
    released_question(community=community, author=asha)
    now = timezone.now()
    distribution.fan_out_due(now=now)
    distribution.build_due(now=now + timedelta(days=2))
    mail = Envelope.objects.get(member=reader)
    before = read_message(bytes(mail.message))
    assert NAME in before.text

    leaves(asha, now + timedelta(days=2, hours=1))
    handover.hand_over(envelope_id=mail.pk, now=now + timedelta(days=3))

    mail.refresh_from_db()
    assert mail.state == "sent"
    after = read_message(bytes(mail.message))
    assert_nameless(after.text + after.html)


def test_what_is_mailed_after_the_leaving_has_no_name(asha, community):
    reader = make_member(community)
    released_question(community=community, author=asha)
    leaves(asha)
    now = timezone.now()
    distribution.fan_out_due(now=now)
    distribution.build_due(now=now)
    assert_nameless(read_message(bytes(Envelope.objects.get(member=reader, kind="as_sent").message)).text)


def test_an_invitation_that_has_not_left_does_not_leave_and_its_link_opens_nothing(community):
    lead = make_member(community, role=Role.LEAD, name=NAME)
    invitations.invite(
        community=community, address="new@example.org", role=Role.MEMBER, by=lead.user, now=timezone.now()
    )
    leaves(lead)
    assert Envelope.objects.get(key__startswith="n:invitation:").state == "dropped"
    assert Invitation.objects.get().revoked_at is not None


def test_what_waits_at_the_desk_names_nobody(moderator, asha, exchange, community):
    waiting = pending_reply(question=exchange[1].question, author=asha, reply_kind=ReplyKind.ADVICE)
    leaves(asha)
    assert_nameless(moderator.get(reverse("desk")).content.decode())
    assert_nameless(moderator.get(reverse("desk_item", args=[waiting.pk])).content.decode())


def test_nothing_is_left_of_the_address_and_of_other_communities(asha):
    elsewhere = CommunityFactory()
    communities.join(member=asha, community=elsewhere, now=timezone.now())
    email = asha.user.email
    leaves(asha)
    assert not Membership.objects.current().filter(member=asha).exists()
    asha.user.refresh_from_db()
    assert email not in (asha.user.email, asha.user.name)
    assert not asha.user.emailaddress_set.exists()
