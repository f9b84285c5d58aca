"""The world: everybody, a question and a reply in every state, knowledge that is not out, mails, an index."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.contrib.auth.base_user import AbstractBaseUser
from django.urls import reverse
from django.utils import timezone

from community.enums import DeliveryMode, ReplyKind, Role, SubmissionKind
from community.mail.reading import read_message
from community.models import (
    Community,
    DecisionTime,
    Envelope,
    HoldingRule,
    Holiday,
    Membership,
    MeToo,
    Question,
    Submission,
)
from community.models.moderation.holding import HoldingCheck
from community.services import bootstrap as community_bootstrap
from community.services import compiling, contributing, distribution, moderation, threads
from community.services.communities import invitations
from community.states import SubmissionState
from knowledge.models import SolutionPage, Theme
from knowledge.services import bootstrap as site_bootstrap
from knowledge.services.scheme_updates import ensure_workflow
from search import indexing
from tests.factories.community import CommunityFactory
from tests.factories.knowledge import InstitutionFactory, ThemeFactory
from tests.flows.first_day import make_roots

from .knowledge_entries import Shelf
from .markers import COMMON_WORD, Secret, Secrets, word_for
from .other_kinds import write_other_kinds
from .submissions import Writer
from .viewers import AUTHOR_ADDRESS, DECIDING, EDITING, EVERYBODY, INSIDE, SOLUTION_STAFF, make_viewers


@dataclass(frozen=True)
class Mail:
    """A mail that was built: to whom, by the name of the viewer, and what it holds."""

    to: str
    subject: str
    found: frozenset[str]


@dataclass
class World:
    """What there is, for the walk: users by viewer, secrets, submissions by name, the things behind the addresses."""

    secrets: Secrets
    users: dict[str, AbstractBaseUser | None]
    closed: Community
    open: Community
    elsewhere: Community
    theme: Theme
    shelf: Shelf
    submissions: dict[str, Submission] = field(default_factory=dict)
    mails: list[Mail] = field(default_factory=list)
    invitation_secret: str = ""

    def question(self, name: str) -> Question:
        return self.submissions[name]

    @property
    def released(self) -> Question:
        """The question of the community for members that readers see."""
        return self.submissions["closed released question"]


def make_world() -> World:
    """Return a new world, made by the services of the portal."""
    now = timezone.now()
    make_roots()
    site_bootstrap.bootstrap(now=now)
    community_bootstrap.ensure_approval()
    ensure_workflow()
    theme = ThemeFactory(name="Water")
    closed, opened, elsewhere = (
        CommunityFactory(name=name, threads_public=public)
        for name, public in (("Closed circle", False), ("Open circle", True), ("Other circle", False))
    )
    closed.themes.add(theme)
    Holiday.objects.create(falls_on=now.date(), name="Local fair", community=closed)
    DecisionTime.objects.create(community=closed, kind=SubmissionKind.REPLY, hours=8)
    HoldingRule.objects.create(community=closed, looks_for=HoldingCheck.FIRST_POST)
    institution = InstitutionFactory(name="Ministry of the officer")
    users = make_viewers(inside=(closed, opened), elsewhere=elsewhere, institution=institution, now=now)
    _suspend_for_a_moment(users, closed, now)
    world = World(Secrets(), users, closed, opened, elsewhere, theme, Shelf(Secrets(), institution, theme, now))
    world.shelf.secrets = world.secrets
    _mark_author(world)
    _choose_modes(world)
    world.shelf.fill()
    writer = Writer(world.secrets, users, now)
    _write_submissions(world, writer)
    _tend_threads(world, writer)
    _compile(world, writer)
    write_other_kinds(world, writer)
    _invited, world.invitation_secret = invitations.invite(
        community=elsewhere, address=users["member"].email, role=Role.MEMBER, by=users["other moderator"], now=now
    )
    _send_mails(world, now)
    while indexing.drain(now=now + timedelta(days=30)).more:
        pass
    return world


def _suspend_for_a_moment(users: dict, community: Community, now: datetime) -> None:
    """Suspend the author and lift it again."""
    one = {"by": users["moderator"], "now": now}
    suspension = contributing.suspend(
        member=users["author"].member, community=community, reason="Adverts.", ends_at=now + timedelta(days=1), **one
    )
    contributing.lift(suspension=suspension, note="They explained it.", **one)


def _mark_author(world: World) -> None:
    """Name and address of who asks: the name stands with the body, the address nowhere."""
    moderators_and_who_appoints = INSIDE | EDITING
    world.secrets.add(Secret("name of the author", frozenset(moderators_and_who_appoints)))
    world.secrets.add(Secret("address of the author", frozenset({"author"}) | EDITING))
    author = world.users["author"]
    author.name = author.member.name
    author.save()
    assert author.email == AUTHOR_ADDRESS


def _choose_modes(world: World) -> None:
    for viewer, mode in (("lead", DeliveryMode.DAILY), ("moderator", DeliveryMode.WEEKLY_SUMMARY)):
        Membership.objects.filter(member=world.users[viewer].member).update(delivery_mode=mode)


def _write_submissions(world: World, writer: Writer) -> None:
    for community, side, author in ((world.closed, "closed", "author"), (world.open, "open", "member")):
        for state in SubmissionState.values:
            name = f"{side} {state} question"
            world.submissions[name] = writer.question(
                name=name, community=community, author=author, theme=world.theme, state=state
            )
        thread = world.submissions[f"{side} released question"]
        for state in SubmissionState.values:
            name = f"{side} {state} reply"
            world.submissions[name] = writer.reply(name=name, question=thread, author=author, state=state)
        _write_orphan(world, writer, side, community)


def _write_orphan(world: World, writer: Writer, side: str, community: Community) -> None:
    """Write a released reply of another member to a question that is hidden afterwards."""
    name = f"{side} reply of a hidden question"
    question = writer.question(
        name=f"{side} question hidden with its reply",
        community=community,
        author="author",
        theme=world.theme,
        state=SubmissionState.RELEASED,
    )
    reply = writer.reply(name=name, question=question, author="member", state=SubmissionState.RELEASED)
    MeToo.objects.create(question=question, member=world.users["member"].member, created_at=writer.now)
    Submission.objects.filter(pk=question.pk).update(state=SubmissionState.HIDDEN)
    question.refresh_from_db()
    insiders = frozenset({"moderator", "lead"})
    for part in ("title", "body", "tried"):
        _reword(world, f"{side} question hidden with its reply: {part}", insiders | {"author"}, ())
    _reword(world, f"{name}: body", insiders | {"member"}, ())
    world.submissions |= {name: reply, f"{side} question hidden with its reply": question}


def _tend_threads(world: World, writer: Writer) -> None:
    """Pin a summary and mark an answer in either community, give one question more time, let an asker close one."""
    moderator = world.users["moderator"]
    for side, readers in (("closed", INSIDE), ("open", EVERYBODY)):
        question = world.submissions[f"{side} released question"]
        name = f"{side} summary so far"
        question = threads.pin_summary(
            question=question,
            moderator=moderator,
            version=question.thread_version,
            body=f"{COMMON_WORD} {word_for(name)} helps.",
            tell=True,
            now=writer.now,
        )
        world.submissions[f"{side} released question"] = question
        world.secrets.add(Secret(name, readers, ((readers, question.get_absolute_url()),)))
    question, reply = world.released, world.submissions["closed released reply"]
    note, line = "note of a moderator", "line beside a mark"
    until = timezone.localdate(question.closes_at) + timedelta(days=1)
    world.submissions["closed released question"] = threads.extend(
        question=question,
        moderator=moderator,
        version=question.thread_version,
        until=until,
        note=word_for(note),
        now=writer.now,
    )
    world.secrets.add(Secret(note, INSIDE, ((INSIDE, question.get_absolute_url()),)))
    member = world.users["member"].member
    MeToo.objects.create(question=question, member=member, created_at=writer.now)
    threads.mark_use(reply=reply, member=member, mark="used", line=word_for(line), now=writer.now)
    world.secrets.add(Secret(line, DECIDING | {"member"}, ((DECIDING, question.get_absolute_url()),)))
    answered = writer.question(
        name="answered", community=world.closed, author="author", theme=world.theme, state=SubmissionState.RELEASED
    )
    world.submissions["answered"] = threads.answered(
        question=answered,
        asker=world.users["author"],
        version=answered.thread_version,
        note=word_for("note of the asker"),
        now=writer.now,
    )
    world.secrets.add(Secret("note of the asker", DECIDING, ((DECIDING, answered.get_absolute_url()),)))


def _reword(world: World, name: str, readers: frozenset[str], shown_at=None) -> None:
    """Let ``readers`` alone meet the secret ``name``."""
    secret = world.secrets.named(name)
    changed = replace(secret, readers=frozenset(readers), shown_at=secret.shown_at if shown_at is None else shown_at)
    world.secrets.by_word[secret.word] = changed


def _compile(world: World, writer: Writer) -> None:
    """Write one exchange up into a draft, and one into a page that a second person published."""
    for name, readers in (("drafted", SOLUTION_STAFF | INSIDE), ("published", EVERYBODY)):
        question = writer.question(
            name=name, community=world.closed, author="member", theme=world.theme, state=SubmissionState.RELEASED
        )
        reply = writer.reply(name=f"{name} reply", question=question, author="lead", state=SubmissionState.RELEASED)
        assert reply.reply_kind == ReplyKind.EXPERIENCE
        MeToo.objects.create(question=question, member=world.users["former member"].member, created_at=writer.now)
        moderator = world.users["moderator"]
        page = compiling.start_compilation(question=question, moderator=moderator, now=writer.now)
        edit = reverse("wagtailadmin_pages:edit", args=[page.pk])
        if name == "published":
            _publish(page, moderator, world.users["other moderator"])
            page = SolutionPage.objects.get(pk=page.pk)
        address = page.get_url_parts()[2]
        shown = (readers, address) if name == "published" else (SOLUTION_STAFF, edit)
        for part in (f"{name}: body", f"{name}: tried", f"{name} reply: body"):
            # What is drafted into a solution is read by everybody who may approve it.
            _reword(world, part, readers, (*world.secrets.named(part).shown_at[1:], shown))
        world.submissions |= {name: question, f"{name} reply": reply}
        world.shelf.pages[name] = page


def _publish(page: SolutionPage, moderator: AbstractBaseUser, second: AbstractBaseUser) -> None:
    draft = page.get_latest_revision_as_object()
    draft.solution = [("paragraph", "<p>Build a tank.</p>")]
    draft.save_revision(user=moderator)
    page = SolutionPage.objects.get(pk=page.pk)
    page.get_workflow().start(page, moderator)
    page = SolutionPage.objects.get(pk=page.pk)
    state = page.current_workflow_task_state
    state.task.specific.on_action(state, second, "approve")
    assert SolutionPage.objects.get(pk=page.pk).live


def _send_mails(world: World, now) -> None:
    """Build every mail that anybody is owed, today's, tomorrow's and next week's, also of what is late by then."""
    distribution.fan_out_due(now=now)
    for day in (0, 8):
        moderation.keep_deadlines(now=now + timedelta(days=day))
    for day in (0, 1, 8):
        distribution.build_due(now=now + timedelta(days=day))
    names = {user.email: viewer for viewer, user in world.users.items() if user}
    for envelope in Envelope.objects.all():
        read = read_message(envelope.message)
        headers = "\n".join(f"{name}: {value}" for name, value in read.headers if name not in ("To", "From"))
        found = world.secrets.found_in("\n".join((envelope.subject, headers, read.text, read.html)).encode())
        world.mails.append(Mail(names[envelope.address], envelope.subject, found))
