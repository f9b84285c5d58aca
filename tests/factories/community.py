"""Members and what they send, made through the real services so that every row is one the portal would write."""

from datetime import UTC, datetime, timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from community.enums import DeliveryMode, Occupation, ReplyKind, Role
from community.models import Community, Member, Membership, ModerationReason, Question, Reply, Submission
from community.services import communities, discussion, moderation, threads
from community.services.revisions import Text
from community.states import Action, SubmissionState
from knowledge.models import Theme
from tests.factories.knowledge import ThemeFactory
from tests.factories.users import UserFactory

LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


class MemberFactory(DjangoModelFactory):
    """A member with an account and a verified address."""

    class Meta:
        model = Member

    user = factory.SubFactory(UserFactory)
    name = factory.Sequence(lambda number: f"Member {number}")
    occupation = Occupation.CDA
    licence_accepted_at = LONG_AGO
    joined_at = LONG_AGO


class CommunityFactory(DjangoModelFactory):
    """A community whose threads members read."""

    class Meta:
        model = Community

    slug = factory.Sequence(lambda number: f"community-{number}")
    name = factory.Sequence(lambda number: f"Community {number}")
    about = "For tests."


class MembershipFactory(DjangoModelFactory):
    """A present membership that gets messages as sent; ``moderator`` and ``lead`` also join the derived group."""

    class Meta:
        model = Membership

    class Params:
        moderator = factory.Trait(role=Role.MODERATOR)
        lead = factory.Trait(role=Role.LEAD)

    member = factory.SubFactory(MemberFactory)
    community = factory.SubFactory(CommunityFactory)
    role = Role.MEMBER
    delivery_mode = DeliveryMode.AS_SENT
    requested_at = LONG_AGO
    started_at = LONG_AGO

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        membership = super()._create(model_class, *args, **kwargs)
        if membership.role != Role.MEMBER:
            communities.refresh_moderators_group()
        return membership


class ReasonFactory(DjangoModelFactory):
    """A reason for returning; ``action=Action.DECLINE`` makes one for declining."""

    class Meta:
        model = ModerationReason

    code = factory.Sequence(lambda number: f"reason-{number}")
    action = Action.RETURN
    name = "Personal data"
    text = "Please take out the phone number: answers become public."


def make_member(community: Community, *, role: str = Role.MEMBER, mode: str = DeliveryMode.AS_SENT, **member) -> Member:
    """Return a new member of ``community``."""
    membership = MembershipFactory(member=MemberFactory(**member), community=community, role=role, delivery_mode=mode)
    return membership.member


def make_moderator(community: Community, **member) -> Member:
    """Return a new moderator of ``community``."""
    return make_member(community, role=Role.MODERATOR, **member)


def pending_question(
    *,
    community: Community | None = None,
    author: Member | None = None,
    title: str = "Our dye house wastes water",
    body: str = "Forty dyers share one drain.",
    tried: str = "",
    themes: list[Theme] | None = None,
    now: datetime | None = None,
    **details,
) -> Question:
    """Return a question that waits for a moderator."""
    community = community or CommunityFactory()
    return discussion.submit_question(
        author=author or make_member(community),
        community=community,
        text=Text(title=title, body=body, tried=tried),
        themes=themes or [ThemeFactory()],
        now=now or timezone.now(),
        **details,
    )


def pending_reply(
    *,
    question: Question,
    author: Member | None = None,
    body: str = "We built a settling tank.",
    reply_kind: str = ReplyKind.EXPERIENCE,
    now: datetime | None = None,
    **details,
) -> Reply:
    """Return a reply that waits for a moderator."""
    return discussion.submit_reply(
        author=author or make_member(question.community),
        question=question,
        reply_kind=reply_kind,
        text=Text(body=body),
        now=now or timezone.now(),
        **details,
    )


def moderator_of(submission: Submission) -> Member:
    """Return somebody who may decide on ``submission``."""
    rows = Membership.objects.moderating().filter(community=submission.community).exclude(member=submission.author)
    first = rows.order_by("pk").first()
    return first.member if first else make_moderator(submission.community)


def approved(submission: Submission, now: datetime | None = None) -> Submission:
    """Approve ``submission``, unless its author is trusted; it is held."""
    if submission.state == SubmissionState.APPROVED:
        return submission
    moderation.approve(
        submission=submission,
        moderator=moderator_of(submission).user,
        version=submission.version,
        now=now or timezone.now(),
    )
    submission.refresh_from_db()
    return submission


def released(submission: Submission, now: datetime | None = None) -> Submission:
    """Approve ``submission`` and let its hold pass."""
    now = now or timezone.now()
    approved(submission, now - timedelta(hours=1))
    moderation.release(submission_id=submission.pk, now=max(now, submission.release_at))
    submission.refresh_from_db()
    return submission


def released_question(**details) -> Question:
    """Return a question that readers see."""
    return released(pending_question(**details), details.get("now"))


def released_reply(**details) -> Reply:
    """Return a reply that readers see."""
    return released(pending_reply(**details), details.get("now"))


def closed(question: Question, now: datetime | None = None) -> Question:
    """Close a released question, as a moderator does."""
    question.refresh_from_db()
    moderator, version = moderator_of(question), question.thread_version
    threads.close(question=question, moderator=moderator.user, version=version, now=now or timezone.now())
    question.refresh_from_db()
    return question


def in_state(state: str, **details) -> Question:
    """Return a question in ``state``, brought there by the services where they know the way."""
    now = details.get("now") or timezone.now()
    question = pending_question(**details)
    if state == SubmissionState.APPROVED:
        return approved(question, now)
    if state in (SubmissionState.RELEASED, SubmissionState.HIDDEN):
        released(question, now)
    moderator = moderator_of(question).user
    if state == SubmissionState.RETURNED:
        moderation.return_to_author(
            submission=question, moderator=moderator, version=1, reason=ReasonFactory(), message="", now=now
        )
    elif state == SubmissionState.DECLINED:
        reason = ReasonFactory(action=Action.DECLINE)
        moderation.decline(submission=question, moderator=moderator, version=1, reason=reason, message="", now=now)
    elif state == SubmissionState.WITHDRAWN:
        moderation.withdraw(submission=question, author=question.author.user, version=1, now=now)
    elif state not in (SubmissionState.PENDING, SubmissionState.RELEASED):
        # Ways that a later service opens: the row alone is set.
        Submission.objects.filter(pk=question.pk).update(state=state)
    question.refresh_from_db()
    return question
