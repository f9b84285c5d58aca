"""Members, their questions and what others replied. Nobody gets mail: all read on the site."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.contrib.auth import get_user_model
from django.utils.html import escape

from community.enums import DeliveryMode, Occupation, ReplyKind, Role, SubmissionKind
from community.models import Community, Compilation, Member, Membership, MeToo, Question, Reply, Revision, Submission
from community.services.revisions import Text
from community.states import SubmissionState, ThreadLife
from knowledge.models import SolutionPage
from knowledge.sanitize import RENDERER_VERSION

from . import DOMAIN, PREFIX
from .entries import Entry
from .rows import Rows
from .words import Writer
from .world import World

#: Every second community lets everybody read its threads.
COMMUNITIES = 6
#: Questions for each member, and the mean number of replies to a question.
QUESTIONS_EACH, REPLIES = 30, 2.2
_FEWEST_MEMBERS = 24
_MOST_REPLIES = 25


@dataclass(frozen=True)
class Circle:
    """A synthetic community with the numbers of its members."""

    community: int
    members: tuple[int, ...]


def communities(world: World) -> None:
    """Add the communities that are missing."""
    standing = set(Community.objects.filter(slug__startswith=PREFIX).values_list("slug", flat=True))
    for index in range(COMMUNITIES):
        slug = f"{PREFIX}community-{index}"
        if slug not in standing:
            writer = Writer(world.chance(slug))
            world.rows.add(
                Community(
                    pk=world.rows.number(Community),
                    slug=slug,
                    name=f"Synthetic community {index}",
                    about=writer.text(20),
                    threads_public=index % 2 == 0,
                )
            )


def members(world: World, questions: int) -> None:
    """Add members until there are enough for so many questions; each is in one community or two."""
    user_model = get_user_model()
    circles = list(Community.objects.filter(slug__startswith=PREFIX).order_by("slug").values_list("pk", flat=True))
    standing = user_model.objects.filter(email__endswith=f"@{DOMAIN}").count()
    for index in range(standing, max(_FEWEST_MEMBERS, questions // QUESTIONS_EACH)):
        chance = world.chance(f"member {index}")
        joined = world.today - timedelta(days=4100)
        user, member = world.rows.number(user_model), world.rows.number(Member)
        name = f"Synthetic member {index}"
        email = f"{PREFIX}member-{index}@{DOMAIN}"
        world.rows.add(user_model(pk=user, email=email, name=name, password="!", date_joined=joined))
        world.rows.add(
            Member(
                pk=member,
                user_id=user,
                name=name,
                occupation=chance.choice(Occupation.values),
                licence_accepted_at=joined,
                is_sample=True,
                joined_at=joined,
            )
        )
        first = index % len(circles)
        for circle in {first, (first + 1) % len(circles)} if chance.random() < 0.3 else {first}:
            world.rows.add(
                Membership(
                    member_id=member,
                    community_id=circles[circle],
                    role=Role.MEMBER,
                    delivery_mode=DeliveryMode.NONE,
                    wants_digest=False,
                    requested_at=joined,
                    started_at=joined,
                )
            )


def circles() -> list[Circle]:
    """Return the synthetic communities with their members."""
    found: dict[int, list[int]] = {}
    memberships = Membership.objects.current().filter(community__slug__startswith=PREFIX).order_by("member_id")
    for community, member in memberships.values_list("community_id", "member_id"):
        found.setdefault(community, []).append(member)
    return [Circle(community, tuple(found[community])) for community in sorted(found)]


#: No thread closes while it is measured.
LATEST_CLOSING = datetime(2099, 12, 31, tzinfo=UTC)


def question(entry: Entry, circles: list[Circle], solutions: list[int]) -> None:
    """Add a question with its replies; one that is not public waits for a moderator or is hidden."""
    chance, world, rows = entry.chance, entry.world, entry.world.rows
    circle = circles[entry.index % len(circles)]
    state = SubmissionState.RELEASED
    if not entry.public:
        state = SubmissionState.HIDDEN if entry.is_withdrawn else SubmissionState.PENDING
    pending = state == SubmissionState.PENDING
    number = rows.number(Submission)
    title = entry.writer.title(entry.writer.length("exchanges", "question", "subject"), str(entry.index))
    text = Text(title=title, body=_body(entry, "question", "body"), tried=_tried(entry))
    asked = entry.published_at - timedelta(hours=5)
    _submit(
        rows, number, SubmissionKind.QUESTION, circle, chance.choice(circle.members), state, text, asked, entry.slug
    )
    compiled = bool(solutions) and not pending and chance.random() < 0.06
    rows.add(
        Question(
            submission_id=number,
            pk=number,
            slug=None if pending else entry.slug,
            life=ThreadLife.COMPILED if compiled else ThreadLife.OPEN,
            closes_at=None if pending or compiled else LATEST_CLOSING,
            state_of_india_id=world.states.one(chance, 0.6),
            sector_id=world.sectors.one(chance, 0.7),
        )
    )
    rows.link(Question.themes.field, number, world.themes.draw(chance, 3, 1))
    if pending:
        return
    if compiled:
        page = chance.choice(solutions)
        when = entry.published_at + timedelta(hours=30)
        by = circle.members[0]
        rows.add(Compilation(question_id=number, page_id=page, started_by_id=by, started_at=when, published_at=when))
    for place in range(min(int(chance.expovariate(1 / REPLIES)), _MOST_REPLIES)):
        _reply(entry, circle, number, place)
    for member in set(chance.choices(circle.members, k=chance.choice((0, 0, 0, 1, 1, 2, 5)))):
        rows.add(MeToo(question_id=number, member_id=member, created_at=entry.published_at))


def solution_numbers() -> list[int]:
    """Return the synthetic solutions, which questions were written up in."""
    pages = SolutionPage.objects.live().filter(slug__startswith=PREFIX, withdrawn_at=None)
    return list(pages.order_by("pk").values_list("pk", flat=True))


def paragraphs_of(body: str) -> str:
    """Return the HTML of plain paragraphs, as the portal's Markdown makes it."""
    return "\n".join(f"<p>{escape(text)}</p>" for text in body.split("\n\n") if text)


def _reply(entry: Entry, circle: Circle, question: int, place: int) -> None:
    chance, rows = entry.chance, entry.world.rows
    number = rows.number(Submission)
    state = SubmissionState.PENDING if chance.random() < 0.02 else SubmissionState.RELEASED
    at = min(entry.published_at + timedelta(hours=3 + 7 * place), entry.world.today)
    text = Text(body=_body(entry, "replies", "body"))
    token = f"{entry.slug}-reply-{place}"
    _submit(rows, number, SubmissionKind.REPLY, circle, chance.choice(circle.members), state, text, at, token)
    rows.add(Reply(submission_id=number, pk=number, question_id=question, reply_kind=chance.choice(ReplyKind.values)))


def _submit(
    rows: Rows,
    number: int,
    kind: SubmissionKind,
    circle: Circle,
    author: int,
    state: SubmissionState,
    text: Text,
    at: datetime,
    token: str,
) -> None:
    """Add the moderated side of a submission and its one revision."""
    revision = rows.number(Revision)
    pending = state == SubmissionState.PENDING
    rows.add(
        Submission(
            pk=number,
            kind=kind,
            community_id=circle.community,
            author_id=author,
            state=state,
            version=1 if pending else 3,
            revision_id=revision,
            released_revision_id=None if pending else revision,
            form_token=token,
            submitted_at=at,
            due_at=at + timedelta(hours=24),
            release_at=None if pending else at + timedelta(hours=5),
            released_at=None if pending else at + timedelta(hours=5),
        )
    )
    rows.add(
        Revision(
            pk=revision,
            submission_id=number,
            number=1,
            title=text.title,
            body=text.body,
            tried=text.tried,
            body_html=paragraphs_of(text.body),
            tried_html=paragraphs_of(text.tried),
            renderer_version=RENDERER_VERSION,
            text_hash=text.hash,
            made_by_id=author,
            made_at=at,
        )
    )


def _body(entry: Entry, *path: str) -> str:
    length = entry.writer.length("exchanges", *path)
    if entry.chance.random() < 0.12:
        length *= entry.chance.choice((3, 5, 8))
    return "\n\n".join(entry.writer.paragraphs(length))


def _tried(entry: Entry) -> str:
    return entry.writer.text(entry.chance.randint(8, 40)) if entry.chance.random() < 0.4 else ""
